"""Whether the ports of the settings can be had, asked before anything is started."""

import errno
import socket

from app.errors import SettingsError
from app.settings import Settings


def require_free_ports(settings: Settings) -> None:
    """Return when every port that will be listened on is free just now.

    Raises:
        SettingsError: saying which setting to change, or what to stop.
    """
    if settings.embedded and settings.api_port == settings.minio_port:
        raise SettingsError(f"API_PORT and MINIO_PORT are both {settings.api_port}: change one of them.")
    _require_free("API", settings.api_host, settings.api_port)
    if settings.embedded:
        _require_free("MINIO", "127.0.0.1", settings.minio_port)


def address(host: str, port: int) -> str:
    """Return ``host:port`` as a URL has it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def reachable_host(host: str) -> str:
    """Return a host by which this machine reaches a server that listens on ``host``."""
    return {"0.0.0.0": "localhost", "": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104  # compared only


def _require_free(prefix: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does it: connections of an earlier run that still linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:  # a name that no host can have is a UnicodeError
            raise SettingsError(_explain(error, prefix, host, port)) from None


def _explain(error: Exception, prefix: str, host: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} is in use: set {prefix}_PORT to another one, or stop the other program."
    if number == errno.EACCES:
        return f"Port {port} needs privileges that this process lacks: set {prefix}_PORT to one above 1023."
    return f"{prefix}_HOST={host} is not an address of this machine."
