"""A service with people, files, storages and jobs of every kind, all invented: for pictures, and to look at every page."""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw

from app.accounts.caller import Role
from app.bootstrap import build_services
from app.connections.contract import NewConnection
from app.settings import Settings
from tests.support.buckets import Bucket
from tests.support.servers import ACCESS_KEY, Server, free_port, rclone_server
from tests.support.service import Person, Service, eventually, running_service

PASSWORD = "a password of the showcase"

_SKIES = [("#1d3f72", "#f3b37c"), ("#5aa7d6", "#eef6fb"), ("#33244f", "#e5738a"), ("#7fb7a8", "#f7eccb")]
_LANDS = ["#2f5d50", "#8a5a36", "#1f2d3d", "#b08968", "#50723c"]


@dataclass
class Showcase:
    """What there is to see.

    Attributes:
        anna: an admin, whose almost everything is.
        jobs: the ids of jobs, by what each shows.
        connections: the ids of connections by name.
        webhook: the id of a webhook that could not be reached.
    """

    service: Service
    anna: Person
    jobs: dict[str, str] = field(default_factory=dict)
    connections: dict[str, str] = field(default_factory=dict)
    webhook: str = ""

    def uploads(self, name: str) -> int:
        """Return how many files a job has uploaded so far."""
        return _uploads(self.service, self.jobs[name])


@contextmanager
def showcase(folder: Path, pause: float) -> Iterator[Showcase]:
    """Start a service and its storage, fill both, and leave one job running and one that waits for it.

    Args:
        folder: of all that; empty.
        pause: seconds between two file operations of the job that runs: it has 24.
    """
    with (
        rclone_server(folder / "storage") as server,
        running_service(folder, server, WEBHOOK_HOSTS_ALLOWED="127.0.0.1") as service,
    ):
        _write_uploads(service.uploads)
        shown = Showcase(service, service.person("anna", Role.ADMIN, PASSWORD))
        service.session.headers.update(shown.anna.headers)
        _finish_jobs(shown, server)
        _connect(shown, server)
        _have_told(shown)
        _start_jobs(shown, pause)
        yield shown


def _finish_jobs(shown: Showcase, server: Server) -> None:
    service, jobs = shown.service, shown.jobs
    jobs["failed steps"] = _broken_download(service, server)
    service.mirrored(source="invoices", dest="invoices", max_delete="10%")
    jobs["succeeded"] = service.mirrored(source="website", dest="website-backup")["id"]
    service.mirrored(source="photos", dest="photo-archive")
    _edit(service.uploads)
    jobs["changes"] = service.mirrored(source="website", dest="website-backup")["id"]
    jobs["failed"] = service.mirrored(source="notes", dest="website-backup", max_delete="5")["id"]
    jobs["cancelled"] = _cancelled(service)
    jobs["plan"] = service.mirrored(source="photos", dest="photo-archive", dry_run=True)["id"]


def _have_told(shown: Showcase) -> None:
    """Make a webhook and send it a test, which nobody takes."""
    service, address = shown.service, f"{shown.service.url}/webhooks"
    given = {"url": f"http://127.0.0.1:{free_port()}/hooks/sluice", "description": "Tells the team"}
    made = service.session.post(address, json=given, timeout=30).json()
    shown.webhook = made["id"]
    service.session.post(f"{address}/{shown.webhook}/test", timeout=30).raise_for_status()
    log = f"/webhooks/{shown.webhook}/deliveries"
    eventually(lambda: "failed" in [each["state"] for each in service.get(log)], what="the end of the test")


def _start_jobs(shown: Showcase, pause: float) -> None:
    shown.jobs["running"] = running = shown.service.sync(source="camera", dest="camera-roll", wait=pause)["id"]
    shown.jobs["queued"] = shown.service.sync(source="notes", dest="camera-roll")["id"]
    eventually(lambda: shown.service.get("/get", id=running)["status"] == "running", what="the start of the job")


def _broken_download(service: Service, server: Server) -> str:
    """Download into a folder in which something else has taken the place of two files."""
    bucket = Bucket(server, "scans")
    bucket.put({f"2026/receipt-{n:02}.pdf": _content(n, 30_000 + 500 * n) for n in range(1, 13)})
    bucket.close()
    for taken in ("receipt-04.pdf", "receipt-09.pdf"):
        (service.uploads / "scans" / "2026" / taken).mkdir(parents=True)
        (service.uploads / "scans" / "2026" / taken / "page 1.txt").write_text("typed by hand")
    return str(service.mirrored(source="scans", dest="scans", direction="download")["id"])


def _cancelled(service: Service) -> str:
    job_id = str(service.sync(source="camera", dest="camera-copy", wait=1)["id"])
    eventually(lambda: _uploads(service, job_id) >= 2, what="the first uploads")
    service.session.post(f"{service.url}/cancel", json={"id": job_id}, timeout=30).raise_for_status()
    service.finished(job_id)
    return job_id


def _uploads(service: Service, job_id: str) -> int:
    return int(service.get("/get", id=job_id)["done"]["uploads"])


def _connect(shown: Showcase, server: Server) -> None:
    services = build_services(Settings.load(shown.service.environ, shown.service.uploads / "no.env"))
    anna = services.authentication.by_key(shown.anna.key)
    credentials = {"access_key": ACCESS_KEY, "secret_key": server.secret_key}
    try:
        for name, bucket in (
            ("Photo archive", "photo-archive"),
            ("Invoices", "invoices"),
            ("Website", "website-backup"),
        ):
            address = {"endpoint": server.endpoint, "bucket": bucket}
            made = services.connections.create(anna, NewConnection("s3", name, address, credentials))
            shown.connections[name] = made.id
    finally:
        services.database.close()


def _write_uploads(uploads: Path) -> None:
    _write(uploads / "photos" / "2026-05 Lisbon", {f"IMG_40{n:02}.jpg": _photo(n) for n in range(1, 10)})
    _write(uploads / "photos" / "2026-06 Mountains", {f"IMG_41{n:02}.jpg": _photo(20 + n) for n in range(1, 13)})
    _write(uploads / "photos", {f"sunset {n}.jpg": _photo(40 + n) for n in range(1, 8)})
    _write(
        uploads / "invoices" / "2026", {f"{1200 + n} Northwind.pdf": _content(n, 90_000 + 700 * n) for n in range(30)}
    )
    _write(uploads / "website", {f"page-{n:02}.html": _content(n, 4000 + 90 * n) for n in range(40)})
    _write(uploads / "notes", {f"note-{n:02}.md": _content(n, 900 + 13 * n) for n in range(12)})
    _write(uploads / "camera", {f"DSC_{7300 + n}.raw": _content(n, 400_000 + 97_000 * (n * 5 % 8)) for n in range(24)})


def _edit(uploads: Path) -> None:
    """Change what the next job and the plan then find: new files, other contents, and some that are gone."""
    _write(uploads / "website", {f"page-{n:02}.html": _content(100 + n, 4000 + 90 * n) for n in (3, 7, 8)})
    _write(uploads / "website", {f"news-{n}.html": _content(200 + n, 7000) for n in range(1, 4)})
    (uploads / "website" / "page-39.html").unlink()
    _write(uploads / "photos" / "2026-07 Coast", {f"IMG_42{n:02}.jpg": _photo(60 + n) for n in range(1, 7)})
    for number in range(1, 8):
        (uploads / "photos" / "2026-05 Lisbon" / f"IMG_40{number:02}.jpg").unlink()


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _content(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def _photo(seed: int) -> bytes:
    """Return a landscape that nobody has seen: a sky, a sun and three rows of hills."""
    dice, size = random.Random(seed), (480, 360)
    above, below = (Image.new("RGB", size, colour) for colour in _SKIES[seed % len(_SKIES)])
    image = Image.composite(below, above, Image.linear_gradient("L").resize(size))
    draw = ImageDraw.Draw(image)
    x, y, r = dice.randrange(60, 420), dice.randrange(50, 170), dice.randrange(18, 40)
    draw.ellipse((x - r, y - r, x + r, y + r), fill="#fff3d0")
    for row in range(3):
        points = [(step * 60, 190 + row * 50 + dice.randrange(-40, 40)) for step in range(9)]
        draw.polygon([(0, 360), *points, (480, 360)], fill=_LANDS[(seed + row * 2) % len(_LANDS)])
    written = io.BytesIO()
    image.save(written, "JPEG", quality=82)
    return written.getvalue()
