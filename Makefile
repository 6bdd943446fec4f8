# Every command of the project. `make` alone lists them.

VENV := .venv
PY := $(VENV)/bin/python
MADE := $(VENV)/.stamp-venv
RUN := $(VENV)/.stamp-run
DEV := $(VENV)/.stamp-dev
BENCH := $(VENV)/.stamp-bench
CVAL := $(VENV)/clients/cval
CVAT := $(VENV)/clients/cvat
BIOBLEND := $(VENV)/clients/bioblend
AION := $(VENV)/clients/aion
GOOGLE := $(VENV)/clients/google
AZURITE := $(VENV)/clients/azurite
EMULATE := $(VENV)/clients/emulate

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
# The first one that really starts and is new enough; `make setup PYTHON=...` takes another.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)

# The one place of the version is app/__init__.py.
VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' app/__init__.py)
REVISION = $(shell git rev-parse HEAD 2>/dev/null || echo unknown)

INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check -r
CLIENT := $(PY) -m pip --quiet --disable-pip-version-check --python
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m piptools compile --quiet --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help setup run worker scheduler check lint test bench screenshots lock hooks env image sbom audit licences reliability load clean

help: ## list these commands
	@echo "Usage: make <command>"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name what; do \
		printf '  %-11s %s\n' "$$name" "$$what"; done

setup: $(DEV) app/uploads ## make .venv with all that working on the project needs

run: $(RUN) app/uploads ## start the service and its S3 server; Ctrl-C stops both
	@exec $(PY) -m flask --app app serve

worker: $(RUN) app/uploads ## start a worker of JOB_RUNNER=celery; Ctrl-C stops it after the operations in hand
	@exec $(PY) -m app.worker

scheduler: $(RUN) app/uploads ## run schedules and webhooks without a web server, beside workers; Ctrl-C stops it
	@exec $(PY) -m flask --app app scheduler

check: lint ## format, lint, types, layers and the fast tests
	$(PY) -m pytest -q -m "not slow" --numprocesses 2 --dist loadfile

lint: $(DEV)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

# A file's tests stay in one process and share its servers. Many wait for something, so two cores carry three. The files
# come as they are found, the long ones of e2e before the short ones of unit: by default, those with few tests come last,
# and two processes would wait for the end of the longest.
test: setup $(BENCH) $(CVAL)/.stamp $(CVAT)/.stamp $(BIOBLEND)/.stamp $(AION)/.stamp $(GOOGLE)/.stamp $(AZURITE)/.stamp $(EMULATE)/.stamp ## every test, in three processes
	$(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder

bench: $(BENCH) ## measure beside other tools, some 50 minutes; OPTIONS="--cases small" for less, OPTIONS=--help tells
	@exec $(PY) -m bench $(OPTIONS)

load: $(DEV) ## let 200 clients in for three minutes while 20 jobs run; OPTIONS="--seconds 60" for less
	@exec $(PY) -m bench.load $(OPTIONS)

screenshots: setup ## take the pictures of the documentation anew; look at them before you commit them
	@exec $(PY) -m tests.support.screenshots

lock: $(DEV) ## pin again after a change to requirements*.in; UPGRADE=1 also takes newer releases
	@$(PY) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "Pin with Python 3.11, the oldest that is supported: make clean, then make lock PYTHON=python3.11" >&2; exit 1; }
	$(LOCK) --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in
	$(LOCK) --output-file requirements-tracing.txt requirements-tracing.in
	$(LOCK) --output-file requirements-bench.txt requirements-bench.in
	$(LOCK) --output-file requirements-clients/building.txt requirements-clients/building.in
	$(LOCK) --output-file requirements-clients/cval.txt requirements-clients/cval.in
	$(LOCK) --output-file requirements-clients/cvat.txt requirements-clients/cvat.in
	$(LOCK) --output-file requirements-clients/bioblend.txt requirements-clients/bioblend.in
	$(LOCK) --output-file requirements-clients/aion.txt requirements-clients/aion.in
	$(LOCK) --output-file requirements-clients/google.txt requirements-clients/google.in

hooks: $(DEV) ## have git run `make check` before each commit
	$(PY) -m pre_commit install

# `make env SCALE=1` also writes what the profile `scale` needs; what .env says already stays.
KEY := umask 077 && key() { LC_ALL=C tr -dc 'a-z0-9' </dev/urandom | head -c "$$1"; }
SCALING := POSTGRES_PASSWORD DATABASE_URL VALKEY_PASSWORD CELERY_BROKER_URL JOB_RUNNER

env: ## write .env with new keys for docker-compose, unless there is one; SCALE=1: also what its profile scale needs
	@if [ -e .env ]; then echo "There is a .env already; it stays as it is."; else $(KEY) && printf '%s\n' \
			"# What can stand here, and the defaults: .env.example" "API_PORT=5000" "MINIO_PORT=9000" \
			"MINIO_ACCESS_KEY=sluice$$(key 14)" "MINIO_SECRET_KEY=$$(key 48)" >.env.new && mv .env.new .env && \
		echo "Wrote .env with new keys."; fi
	@$(if $(SCALE),$(SCALE_ENV))

define SCALE_ENV
found=; for name in $(SCALING); do ! grep -q "^ *\(export  *\)\?$$name *=" .env || found="$$found $$name"; done; added=; \
	if [ -z "$$found" ]; then $(KEY) && database=$$(key 48) && broker=$$(key 48) && added=$$(printf '%s\n' \
			"" "# The profile scale: docs/operations/several-machines.md" "POSTGRES_PASSWORD=$$database" \
			"DATABASE_URL=postgresql+psycopg://sluice:$$database@postgres:5432/sluice" "VALKEY_PASSWORD=$$broker" \
			"CELERY_BROKER_URL=redis://:$$broker@valkey:6379/0" "JOB_RUNNER=celery"); \
	elif [ "$$found" != " $(SCALING)" ]; then \
		echo "It has$$found, but all of these belong together: $(SCALING)." >&2; \
		echo "Take them out and do this again, or see docs/operations/several-machines.md." >&2; exit 1; fi; \
	profiles="^( *(export +)?COMPOSE_PROFILES *= *[\"']?)"; \
	grep -Eq "$$profiles" .env || added=$$(printf '%s\n' "$$added" "COMPOSE_PROFILES=scale"); \
	umask 077 && { LC_ALL=C sed -E "/$$profiles([a-zA-Z0-9_.,-]*,)?scale([^a-zA-Z0-9_.-]|\$$)/!s/$$profiles([a-zA-Z0-9_.,-]*)/\1\3,scale/; \
			s/$$profiles,scale/\1scale/" .env && { [ -z "$$added" ] || printf '%s\n' "$$added"; }; } >.env.new && \
	if cmp -s .env .env.new; then rm .env.new; echo "It has what the profile scale needs."; \
	else mv .env.new .env && echo "Added what the profile scale needs."; fi
endef

image: ## build the Docker image, tagged and labelled with the version
	docker build --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) --tag sluice:$(VERSION) .

sbom: $(DEV) ## write sbom.json, the CycloneDX bill of what the service is made of
	@sed 's/^dynamic = .*/version = "$(VERSION)"/' pyproject.toml >$(VENV)/sbom-pyproject.toml
	$(PY) -W ignore::UserWarning -m cyclonedx_py requirements requirements.txt --pyproject $(VENV)/sbom-pyproject.toml \
		--mc-type application --output-reproducible --output-file sbom.json

audit: $(DEV) ## ask the vulnerability database of PyPI about every pinned package
	@$(PY) -m tests.support.audit $(OPTIONS)

licences: $(DEV) ## write docs/licences.md, the licence of every package that the service runs on
	@$(PY) -m tests.support.licences

reliability: $(DEV) ## write docs/reliability.md from the marks of the tests
	@$(PY) -m tests.support.reliability

clean: ## remove .venv and caches; your data in DATA_DIR stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find app bench tests -path app/uploads -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so what was interrupted is done again.
$(MADE):
	@rm -rf $(VENV)
	@python='$(PYTHON)'; \
	if ! $$python -c '$(NEW_ENOUGH)' 2>/dev/null; then \
		echo "Sluice needs Python 3.11 or newer; found: $${python:-none}." >&2; \
		echo "Install one (on Debian: apt install python3 python3-venv), or name one: make PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$python --version)"; \
	said=$$( { \
		$$python -m venv $(VENV) \
		|| { rm -rf $(VENV); $$python -m venv --without-pip $(VENV) && python3 -m pip --python $(PY) install --quiet pip; } \
		|| { rm -rf $(VENV); virtualenv --quiet --python $$python $(VENV); } \
		|| { rm -rf $(VENV); uv venv --quiet --seed --python $$python $(VENV); }; } 2>&1 ) || { \
		rm -rf $(VENV); echo "$$said" >&2; \
		echo "No virtual environment could be made. On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; \
	}
	@touch $@

app/uploads:
	@mkdir -p $@

$(RUN): requirements.txt $(MADE)
	@echo "Installing what the service needs (once)"
	@$(INSTALL) requirements.txt
	@touch $@

$(DEV): requirements-dev.txt requirements.txt $(MADE)
	@echo "Installing what working on the project needs (once)"
	@$(INSTALL) requirements-dev.txt
	@touch $(RUN) $@

$(BENCH): requirements-bench.txt requirements.txt $(MADE)
	@echo "Installing what the benchmark needs (once)"
	@$(INSTALL) requirements-bench.txt
	@touch $(RUN) $@

# A client of other people's, whose pins clash with ours. pip builds it with what is there: it fetches nothing unpinned.
$(CVAL)/.stamp: requirements-clients/building.txt requirements-clients/cval.txt $(MADE)
	@echo "Installing the cval dialect's client, for the tests (once)"
	@rm -rf $(CVAL)
	@$(PY) -m venv --without-pip $(CVAL)
	@$(CLIENT) $(CVAL)/bin/python install -r requirements-clients/building.txt
	@$(CLIENT) $(CVAL)/bin/python install --no-build-isolation -r requirements-clients/cval.txt
	@touch $@

$(CVAT)/.stamp: requirements-clients/cvat.txt $(MADE)
	@echo "Installing the CVAT dialect's client, for the tests (once)"
	@rm -rf $(CVAT)
	@$(PY) -m venv --without-pip $(CVAT)
	@$(CLIENT) $(CVAT)/bin/python install -r requirements-clients/cvat.txt
	@touch $@

$(BIOBLEND)/.stamp: requirements-clients/bioblend.txt $(MADE)
	@echo "Installing the Galaxy dialect's client, for the tests (once)"
	@rm -rf $(BIOBLEND)
	@$(PY) -m venv --without-pip $(BIOBLEND)
	@$(CLIENT) $(BIOBLEND)/bin/python install -r requirements-clients/bioblend.txt
	@touch $@

$(AION)/.stamp: requirements-clients/aion.txt $(MADE)
	@echo "Installing the Aionvision dialect's client and tester, for the tests (once)"
	@rm -rf $(AION)
	@$(PY) -m venv --without-pip $(AION)
	@$(CLIENT) $(AION)/bin/python install -r requirements-clients/aion.txt
	@touch $@

$(GOOGLE)/.stamp: requirements-clients/google.txt $(MADE)
	@echo "Installing Google's own clients, for the tests (once)"
	@rm -rf $(GOOGLE)
	@$(PY) -m venv --without-pip $(GOOGLE)
	@$(CLIENT) $(GOOGLE)/bin/python install -r requirements-clients/google.txt
	@touch $@

# A server from npm, of which the lock file has all hashes and no address. Without npm its tests skip, and fail in CI.
$(AZURITE)/.stamp: requirements-clients/azurite/package.json requirements-clients/azurite/package-lock.json $(MADE)
	@if command -v npm >/dev/null; then \
		echo "Installing azurite, a server for the tests of the azure driver (once)"; \
		rm -rf $(AZURITE) && mkdir -p $(AZURITE) && cp $(filter %.json,$^) $(AZURITE) \
		&& npm ci --prefix $(AZURITE) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && touch $@; \
	else echo "Without npm there is no azurite, so the tests of the azure driver are left out."; fi

$(EMULATE)/.stamp: requirements-clients/emulate/package.json requirements-clients/emulate/package-lock.json $(MADE)
	@if command -v npm >/dev/null; then \
		echo "Installing emulate, a server for the tests of OAuth and the gdrive driver (once)"; \
		rm -rf $(EMULATE) && mkdir -p $(EMULATE) && cp $(filter %.json,$^) $(EMULATE) \
		&& npm ci --prefix $(EMULATE) --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null && touch $@; \
	else echo "Without npm there is no emulate, so the tests against it are left out."; fi
