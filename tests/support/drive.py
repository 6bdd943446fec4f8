"""The driver's files at the fake Google, and a clock that only its waits move."""

from typing import Any

from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.files import DriveFiles
from app.storages.http_api.backoff import Backoff, Rule
from tests.support.google_fake import FakeGoogle

MULTIPART_LIMIT = 1024 * 1024


class Waits:
    """Makes what waits between attempts: it takes no time, and is noted.

    Attributes:
        slept: seconds of each wait.
        spread: the random number of each.
        interrupted: waits end early, as at the closing of a storage.
    """

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()
        self.spread, self.interrupted = 0.5, False

    def __call__(self, rule: Rule) -> Backoff:
        """Return what waits after this rule."""
        return Backoff(rule, lambda: self.now, lambda: self.spread, self._sleep)

    def _sleep(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.now += seconds
        return not self.interrupted


def drive_address(fake: FakeGoogle, **others: Any) -> DriveAddress:
    """Return the address of the fake's first account; ``others`` are attributes of `DriveAddress`."""
    told = {
        "folder": "",
        "tokens": fake.tokens() if "tokens" not in others else None,
        "endpoint": fake.settings["GOOGLE_DRIVE_URL"],
        "uploads": fake.settings["GOOGLE_UPLOAD_URL"],
        "multipart_limit": MULTIPART_LIMIT,
    }
    return DriveAddress(**{**told, **others})


def drive_files(fake: FakeGoogle, waits: Waits | None = None, connections: int = 8, **others: Any) -> DriveFiles:
    """Return the files of an account at the fake, which the test closes."""
    return DriveFiles(drive_address(fake, **others), connections, waits or Waits())
