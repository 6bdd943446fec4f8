"""The settings: read once from the environment and ``.env``, checked, then frozen.

Every field here has its line in ``.env.example`` (a test compares them). Nothing else reads the environment.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from app.errors import SettingsError

T = TypeVar("T")


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _flag(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return words[value.lower()]
    except KeyError:
        raise ValueError("use true or false") from None


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise ValueError(f"use a whole number from {low} to {high}")
        return number

    return parse


def _words(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _split(value: str, schemes: tuple[str, ...], example: str) -> SplitResult:
    """Split an address of one of these schemes that names a host, and a port only if that is one."""
    try:
        parts = urlsplit(value)
        if parts.scheme in schemes and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # whose own words may quote a password
        pass
    raise ValueError(f"use an address such as {example}")


def _url(value: str) -> str:
    parts = _split(value, ("http", "https"), "http://minio:9000")
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError("use scheme, host and port only; keys have settings of their own")
    return value.rstrip("/")


def _origins(value: str) -> tuple[str, ...]:
    """Read origins as browsers write them; ``null`` is that of any page that hides its own."""
    for word in _words(value):
        if not _is_address(word) or word != "{0.scheme}://{0.netloc}".format(urlsplit(word)):
            raise ValueError("use origins such as https://intranet.example, without a slash at the end")
    return _words(value)


def _addresses(value: str) -> tuple[str, ...]:
    for word in _words(value):
        is_of_an_app = re.match(r"(?!https?:)[a-z][a-z0-9+-]*\.[a-z0-9.+-]+:", word, re.IGNORECASE) is not None
        if not (is_of_an_app or _is_address(word)) or "#" in word:
            raise ValueError("use whole addresses such as https://your-app.example/callback")
    return _words(value)


def _is_address(word: str) -> bool:
    try:
        return "@" not in _split(word, ("http", "https"), "").netloc
    except ValueError:
        return False


def _endpoint(value: str) -> str:
    """Read the address of an operator's own choice, which may have a path."""
    parts = _split(value, ("http", "https"), "https://oauth2.example.org/token")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("use scheme, host, port and path only")
    return value.rstrip("/")


_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def byte_count(value: str) -> int:
    """Return a number of bytes as people write it: ``500M``, ``10G``, ``1.5T``; the units are powers of 1024.

    Raises:
        ValueError: saying what would be right.
    """
    found = re.fullmatch(r"(\d{1,15}(?:\.\d{1,3})?)\s*([KMGT]?)(?:i?B)?", value.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError("use a number of bytes such as 500M, 10G or 1.5T")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"use {' or '.join(words)}")
        return value.lower()

    return parse


# As SQLAlchemy reads it: the host begins after the first @, and a password has any character but that one.
_DATABASE = re.compile(r"postgresql\+psycopg://(?:[^:/]*(?::[^@]*)?@)?(?P<place>[^?]*)(?:\?.*)?")
_TWO_AT_SIGNS = "use %40 for an @ in the password; the host is what follows the only @"


def _database(value: str) -> str:
    """Read it as far as can be told without the library that connects, which sees to the rest."""
    found = _DATABASE.fullmatch(value)
    if found and "@" in found["place"]:
        raise ValueError(_TWO_AT_SIGNS)
    if found is None or not found["place"].partition("/")[2]:
        raise ValueError("use an address such as postgresql+psycopg://user:password@host:5432/sluice")
    return value


_BROKER = "redis://:password@host:6379/0, with %40 for an @ in the password (%2F for /, %23 for #)"


def _broker(value: str) -> str:
    if re.match(r"redis\+socket://.*/", value):  # which names a file
        return value
    parts = _split(value, ("redis", "rediss"), _BROKER)
    if "@" in f"{parts.netloc.partition('@')[2]}{parts.path}":
        raise ValueError(_TWO_AT_SIGNS)
    return value


def _deletion_limit(value: str) -> str:
    if not re.fullmatch(r"\d{1,12}|(100|\d{1,2})%", value):
        raise ValueError("use a number of files (500) or a percentage (10%)")
    return value


def _setting(name: str, default: str, parse: Callable[[str], T]) -> T:
    """Declare a field that is read from the environment variable ``name``."""
    declared: Any = field(metadata={"name": name, "default": default, "parse": parse})
    return declared  # type: ignore[no-any-return]  # a dataclass field stands for its future value


_SCOPES = (
    "openid",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "https://www.googleapis.com/auth/drive.file",
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one process. What each means is told to users in ``.env.example``."""

    api_host: str = _setting("API_HOST", "127.0.0.1", _text)
    api_port: int = _setting("API_PORT", "5000", _number(1, 65535))
    web_workers: int = _setting("WEB_WORKERS", "1", _number(1, 64))
    web_threads: int = _setting("WEB_THREADS", "32", _number(4, 1024))
    shutdown_seconds: int = _setting("SHUTDOWN_SECONDS", "30", _number(1, 3600))
    trusted_hosts: tuple[str, ...] = _setting("TRUSTED_HOSTS", "", _words)
    trusted_origins: tuple[str, ...] = _setting("TRUSTED_ORIGINS", "", _origins)

    trusted_proxies: int = _setting("TRUSTED_PROXIES", "0", _number(0, 8))

    sync_auth: str = _setting("SYNC_AUTH", "open", _one_of("open", "required"))
    session_hours: int = _setting("SESSION_HOURS", "336", _number(1, 8760))
    sealing_keys: tuple[str, ...] = field(repr=False, metadata={"name": "SEALING_KEYS", "default": "", "parse": _words})
    cval_secrets: str = _setting("CVAL_SECRETS", "masked", _one_of("masked", "clear"))

    data_dir: Path = _setting("DATA_DIR", "./var", _path)
    uploads_dir: Path = _setting("UPLOADS_DIR", "./app/uploads", _path)

    storage_url: str = _setting("STORAGE_URL", "", lambda value: _url(value) if value else "")
    storage_region: str = _setting("STORAGE_REGION", "us-east-1", _text)
    storage_hosts_allowed: tuple[str, ...] = _setting("STORAGE_HOSTS_ALLOWED", "", _words)
    storage_hosts_denied: tuple[str, ...] = _setting("STORAGE_HOSTS_DENIED", "", _words)
    storage_private_networks: bool = _setting("STORAGE_PRIVATE_NETWORKS", "true", _flag)
    minio_port: int = _setting("MINIO_PORT", "9000", _number(1, 65535))
    minio_access_key: str = _setting("MINIO_ACCESS_KEY", "", _text)
    minio_secret_key: str = field(repr=False, metadata={"name": "MINIO_SECRET_KEY", "default": "", "parse": _text})

    bucket_delete_enabled: bool = _setting("BUCKET_DELETE_ENABLED", "true", _flag)
    max_delete: str = _setting("MAX_DELETE", "", lambda value: _deletion_limit(value) if value else "")

    library_quota: int | None = _setting("LIBRARY_QUOTA", "", lambda value: byte_count(value) if value else None)
    fetch_hosts_allowed: tuple[str, ...] = _setting("FETCH_HOSTS_ALLOWED", "", _words)
    webhook_hosts_allowed: tuple[str, ...] = _setting("WEBHOOK_HOSTS_ALLOWED", "", _words)
    sts_url: str = _setting("STS_URL", "https://sts.amazonaws.com", _url)
    galaxy_id_secret: str = _setting("GALAXY_ID_SECRET", "USING THE DEFAULT IS NOT SECURE!", _text)

    public_url: str = _setting("PUBLIC_URL", "", lambda value: _url(value) if value else "")
    google_client_id: str = _setting("GOOGLE_CLIENT_ID", "", _text)
    google_client_secret: str = field(
        repr=False, metadata={"name": "GOOGLE_CLIENT_SECRET", "default": "", "parse": _text}
    )
    google_api_key: str = field(repr=False, metadata={"name": "GOOGLE_API_KEY", "default": "", "parse": _text})
    google_project_number: str = _setting("GOOGLE_PROJECT_NUMBER", "", _text)
    google_scopes: tuple[str, ...] = _setting("GOOGLE_SCOPES", " ".join(_SCOPES), lambda value: tuple(value.split()))
    google_authorize_url: str = _setting(
        "GOOGLE_AUTHORIZE_URL", "https://accounts.google.com/o/oauth2/v2/auth", _endpoint
    )
    google_token_url: str = _setting("GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token", _endpoint)
    google_revoke_url: str = _setting("GOOGLE_REVOKE_URL", "https://oauth2.googleapis.com/revoke", _endpoint)
    google_userinfo_url: str = _setting(
        "GOOGLE_USERINFO_URL", "https://openidconnect.googleapis.com/v1/userinfo", _endpoint
    )
    google_drive_url: str = _setting("GOOGLE_DRIVE_URL", "https://www.googleapis.com/drive/v3", _endpoint)
    google_upload_url: str = _setting("GOOGLE_UPLOAD_URL", "https://www.googleapis.com/upload/drive/v3", _endpoint)
    oauth_redirect_uris: tuple[str, ...] = _setting("OAUTH_REDIRECT_URIS", "", _addresses)
    drive_folder: str = _setting("DRIVE_FOLDER", "Sluice", _text)
    drive_multipart_limit: int = _setting("DRIVE_MULTIPART_LIMIT", "5M", byte_count)
    import_at_once: int = _setting("IMPORT_AT_ONCE", "5", _number(0, 100))
    describer: str = _setting("DESCRIBER", "", _text)

    database_url: str = field(
        repr=False, metadata={"name": "DATABASE_URL", "default": "", "parse": lambda value: value and _database(value)}
    )
    database_connections: int = _setting("DATABASE_CONNECTIONS", "20", _number(2, 1000))
    job_runner: str = _setting("JOB_RUNNER", "threads", _one_of("threads", "celery"))
    celery_broker_url: str = field(
        repr=False,
        metadata={"name": "CELERY_BROKER_URL", "default": "", "parse": lambda value: value and _broker(value)},
    )
    worker_processes: int = _setting("WORKER_PROCESSES", "0", _number(0, 256))
    batch_files: int = _setting("BATCH_FILES", "1000", _number(1, 100_000))
    batch_bytes: int = _setting("BATCH_BYTES", "256M", byte_count)
    batch_seconds: int = _setting("BATCH_SECONDS", "20", _number(1, 3600))
    transfers_per_storage: int = _setting("TRANSFERS_PER_STORAGE", "0", _number(0, 100_000))

    jobs_running_limit: int = _setting("JOBS_RUNNING_LIMIT", "4", _number(1, 256))
    jobs_queued_limit: int = _setting("JOBS_QUEUED_LIMIT", "100", _number(1, 100_000))
    transfers_per_job: int = _setting("TRANSFERS_PER_JOB", "16", _number(1, 256))
    heartbeat_seconds: int = _setting("HEARTBEAT_SECONDS", "2", _number(1, 60))
    stale_seconds: int = _setting("STALE_SECONDS", "15", _number(3, 3600))
    multipart_keep_hours: int = _setting("MULTIPART_KEEP_HOURS", "48", _number(1, 8760))
    synchronise_seconds: int = _setting("SYNCHRONISE_SECONDS", "300", _number(1, 604_800))
    history_days: int = _setting("HISTORY_DAYS", "30", _number(1, 36_500))

    log_format: str = _setting("LOG_FORMAT", "text", _one_of("text", "json"))
    log_level: str = _setting("LOG_LEVEL", "info", _one_of("debug", "info", "warning", "error"))
    metrics_token: str = field(repr=False, metadata={"name": "METRICS_TOKEN", "default": "", "parse": _text})
    metrics_host: str = _setting("METRICS_HOST", "127.0.0.1", _text)
    metrics_port: int = _setting("METRICS_PORT", "9464", _number(0, 65_535))
    otel_exporter_otlp_endpoint: str = _setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "", lambda value: _endpoint(value) if value else ""
    )

    def __post_init__(self) -> None:
        if bool(self.minio_access_key) != bool(self.minio_secret_key):
            raise SettingsError("Set both MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or neither of them.")
        if self.storage_url and not self.minio_access_key:
            raise SettingsError(
                "STORAGE_URL names a storage of your own, so set its keys too: MINIO_ACCESS_KEY and MINIO_SECRET_KEY."
            )
        if self.job_runner == "celery" and not (self.database_url and self.celery_broker_url):
            raise SettingsError(
                "JOB_RUNNER=celery needs a database and a broker that all machines reach: set DATABASE_URL "
                "(postgresql+psycopg://...) and CELERY_BROKER_URL (redis://...)."
            )
        if self.stale_seconds < 3 * self.heartbeat_seconds:
            raise SettingsError("STALE_SECONDS must be at least three times HEARTBEAT_SECONDS.")

    @property
    def embedded(self) -> bool:
        """Whether the S3 server of ``make run`` is the storage (no STORAGE_URL is set)."""
        return not self.storage_url

    @property
    def default_storage_url(self) -> str:
        """The endpoint that a job uses when it names none."""
        return self.storage_url or f"http://127.0.0.1:{self.minio_port}"

    @property
    def own_url(self) -> str:
        """Where browsers reach this service, without a path."""
        return self.public_url or f"http://localhost:{self.api_port}"

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the API."""
        try:
            return ipaddress.ip_address(self.api_host).is_loopback
        except ValueError:
            return self.api_host == "localhost"

    @classmethod
    def names(cls) -> dict[str, str]:
        """Return every environment variable that is read, with its default."""
        return {f.metadata["name"]: f.metadata["default"] for f in cls.__dataclass_fields__.values()}

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> "Settings":
        """Read the settings; the environment wins over ``.env``; an empty value means the default.

        Args:
            environ: instead of ``os.environ``.
            dotenv: instead of ``.env`` in the working directory.

        Raises:
            SettingsError: naming the variable and what it would take.
        """
        given: dict[str, str | None] = dict(dotenv_values(dotenv or Path(".env"), interpolate=False))
        given.update(os.environ if environ is None else environ)
        values: dict[str, Any] = {}
        for attribute, declared in cls.__dataclass_fields__.items():
            name, default, parse = (declared.metadata[key] for key in ("name", "default", "parse"))
            raw = (given.get(name) or "").strip() or default
            try:
                values[attribute] = parse(raw)
            except ValueError as error:
                raise SettingsError(f"{name} is unusable: {error}.") from None
        return cls(**values)
