"""Has images made small by a process of their own, so that none can harm this one: not by its size, not by a crash."""

import os
import subprocess
import sys
from pathlib import Path

from app.browsing.places import RETRY_AFTER, Places
from app.errors import ImageUnusable, TooBusy

AT_ONCE = 2
SECONDS = 12.0

_PROGRAM = Path(__file__).with_name("decoding.py")
_PASSED_ON = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")


class Decoder:
    """Makes small images, two at once. Thread-safe.

    Args:
        places: how many may be under way.
    """

    def __init__(self, places: Places | None = None) -> None:
        self._places = places or Places(AT_ONCE)

    def thumbnail(self, data: bytes) -> bytes:
        """Return a JPEG that fits into 256 x 256 pixels; see `app.browsing.decoding`.

        Raises:
            ImageUnusable: it is no image, an unknown one, broken, or too large.
            TooBusy: others are being made, and none of them was ready in time; or the system can start no process.
        """
        with self._places.taken():
            return _made(data)


def _made(data: bytes) -> bytes:
    try:
        ended = subprocess.run(  # noqa: S603  # our own program, and the image goes to its standard input
            [sys.executable, "-P", str(_PROGRAM)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},  # and no secret
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImageUnusable("The image takes too long to be made small.") from None
    except OSError:  # no process can be started just now
        raise TooBusy(RETRY_AFTER) from None
    if ended.returncode or not ended.stdout:
        raise ImageUnusable(
            "The image cannot be shown: it is broken, too large, or none of JPEG, PNG, WebP, GIF, BMP, TIFF and PPM."
        )
    return ended.stdout
