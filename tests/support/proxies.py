"""Real reverse proxies for tests: nginx and Caddy with the examples of docs/operations; only ports and paths differ."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.servers import end, free_port, missing
from tests.support.service import ROOT, eventually

EXAMPLES = ROOT / "docs" / "operations" / "reverse-proxy"
NAME = "localhost"
PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Proxy:
    """A running proxy that answers for `NAME`.

    Attributes:
        folder: where it writes whatever it writes; its logs are the files there whose names end in ``.log``.
        certificate: what its clients have to trust.
    """

    folder: Path
    http_port: int
    https_port: int
    certificate: Path

    @property
    def origin(self) -> str:
        """What a browser calls its pages' origin."""
        return f"https://{NAME}:{self.https_port}"

    def client(self) -> requests.Session:
        """Return a client that trusts the certificate."""
        session = requests.Session()
        session.verify = str(self.certificate)
        session.trust_env = False
        return session

    def is_up(self) -> bool:
        """Whether it takes requests."""
        try:
            with self.client() as client:
                return client.get(self.origin, timeout=5, allow_redirects=False).status_code > 0
        except OSError:  # nobody listens, or there is no certificate yet
            return False

    def logs(self) -> str:
        """Return all that it has logged."""
        return "".join(path.read_text(errors="replace") for path in self.folder.rglob("*.log"))

    def stored_bytes(self) -> int:
        """Return how much it keeps on the disk now, logs apart."""
        total = 0
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # it removes what it needs no more
                total += path.stat().st_size if path.is_file() and path.suffix != ".log" else 0
        return total


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Proxy]:
    """Run nginx before ``upstream``, a host and port."""
    http, https = free_port(), free_port()
    proxy = Proxy(folder, http, https, folder / "certificate.pem")
    (folder / "spool").mkdir()
    make_certificate(proxy.certificate, folder / "key.pem")
    (folder / "site.conf").write_text(site(folder, upstream, http, https))
    main = folder / "nginx.conf"
    main.write_text(_MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""))
    command = [program("nginx"), "-e", str(folder / "start.log"), "-p", str(folder), "-c", str(main)]
    with _running([*command, "-g", "daemon off;"], {}, proxy):
        yield proxy


_MAIN = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/main.log;
events {{}}
http {{
    # As Debian has it, so that the example has to do better by itself.
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    access_log {folder}/access.log;
    gzip on;
    client_body_temp_path {folder}/spool/body;
    proxy_temp_path {folder}/spool/proxy;
    fastcgi_temp_path {folder}/spool/fastcgi;
    uwsgi_temp_path {folder}/spool/uwsgi;
    scgi_temp_path {folder}/spool/scgi;
    include {folder}/site.conf;
}}
"""


def site(folder: Path, upstream: str, http: int, https: int) -> str:
    """Return the example for nginx with the lines changed that are to be changed, ports and folders of Debian too."""
    text = (EXAMPLES / "nginx.conf").read_text()
    for old, (times, new) in {
        "listen [::]:80;": (1, ""),
        "listen 80;": (1, f"listen 127.0.0.1:{http};"),
        "listen [::]:443 ssl http2;": (1, ""),
        "listen 443 ssl http2;": (1, f"listen 127.0.0.1:{https} ssl http2;"),
        "server 127.0.0.1:5000;": (1, f"server {upstream};"),
        "/etc/letsencrypt/live/sluice.example.com/fullchain.pem": (1, f"{folder}/certificate.pem"),
        "/etc/letsencrypt/live/sluice.example.com/privkey.pem": (1, f"{folder}/key.pem"),
        "server_name sluice.example.com;": (2, f"server_name {NAME};"),
        "/var/log/nginx/": (4, f"{folder}/"),
        "/var/www/html": (1, f"{folder}/web"),
    }.items():
        assert text.count(old) == times, f"nginx.conf has {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return text


@contextmanager
def caddy(folder: Path, upstream: str, **variables: str) -> Iterator[Proxy]:
    """Run Caddy before ``upstream``, a host and port; for `NAME` it is its own certificate authority."""
    http, https = free_port(), free_port()
    environ = caddy_environ(folder) | {
        "SLUICE_UPSTREAM": upstream,
        "SLUICE_HTTP_PORT": str(http),
        "SLUICE_HTTPS_PORT": str(https),
        **variables,
    }
    proxy = Proxy(folder, http, https, folder / "data/caddy/pki/authorities/local/root.crt")
    command = [program("caddy"), "run", "--config", str(EXAMPLES / "Caddyfile"), "--adapter", "caddyfile"]
    with _running(command, environ, proxy):
        yield proxy


def caddy_environ(folder: Path) -> dict[str, str]:
    """Return the variables of the Caddyfile that have no default, and those that keep Caddy in ``folder``."""
    (folder / "tmp").mkdir()
    return {
        "SLUICE_DOMAIN": NAME,
        "SYNC_AUTH": "required",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TMPDIR": str(folder / "tmp"),
    }


START = {"nginx": nginx, "caddy": caddy}
"""How each proxy is started."""


class Upstream(ThreadingHTTPServer):
    """A tiny service behind a proxy that notes what reaches it, and when; as a block, it runs.

    Attributes:
        connections: the other ends of the open connections.
        served_by: the other end of each GET's connection, in their order.
        headers: those of the last GET.
        received: how many bytes of bodies have arrived.
        body_begins: set when the first of them do.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.connections: set[object] = set()
        self.served_by: list[object] = []
        self.headers: Message | None = None
        self.received = 0
        self.body_begins = threading.Event()

    def __enter__(self) -> "Upstream":
        self._serving = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._serving.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers everything but a GET of /dies, whose connection it closes."""

    protocol_version = "HTTP/1.1"
    server: Upstream

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.client_address)

    def finish(self) -> None:
        super().finish()
        self.server.connections.remove(self.client_address)

    def do_GET(self) -> None:
        self.server.headers = self.headers
        self.server.served_by.append(self.client_address)
        if self.path.startswith("/dies"):
            self.close_connection = True
        else:
            self._answer(b"here")

    def do_POST(self) -> None:
        rest = int(self.headers["Content-Length"])
        while rest and (block := self.rfile.read(min(rest, 1 << 16))):
            rest -= len(block)
            self.server.received += len(block)
            self.server.body_begins.set()
        self._answer(b"received")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def program(name: str) -> str:
    """Return the path of a program of the system; skip or fail the test when there is none."""
    # /usr/sbin is not on the path of ordinary users.
    found = shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + "/usr/sbin")
    if found is None:
        missing(f"{name} is not installed (on Debian: apt install {name}).")
    return found


def make_certificate(certificate: Path, key: Path, name: str = NAME, until: timedelta = timedelta(days=1)) -> None:
    """Write a certificate for a name, signed by itself, and its key; it is good from yesterday until then, from now."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name.from_rfc4514_string(f"CN={name}")
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(PEM))
    key.write_bytes(private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


@contextmanager
def _running(command: Sequence[str], environ: dict[str, str], proxy: Proxy) -> Iterator[None]:
    with (proxy.folder / "output.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environ, stdout=log, stderr=log)

    def is_up() -> bool:
        assert process.poll() is None, proxy.logs()
        return proxy.is_up()

    try:
        eventually(is_up, what=f"{command[0]} at {proxy.origin}")
        yield
    finally:
        end(process)
