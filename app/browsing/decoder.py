"""Has images made small, and tells whoever asks why one cannot be."""

from app.browsing.places import RETRY_AFTER, Places
from app.errors import ImageUnusable, TooBusy
from app.pictures.process import NoAnswer, NotStarted, TooSlow, answer_of

AT_ONCE = 2
SECONDS = 12.0


class Decoder:
    """Makes small images, two at once. Thread-safe.

    Args:
        places: how many may be under way.
    """

    def __init__(self, places: Places | None = None) -> None:
        self._places = places or Places(AT_ONCE)

    def thumbnail(self, data: bytes) -> bytes:
        """Return a JPEG that fits into 256 x 256 pixels; see `app.pictures.thumbnail`.

        Raises:
            ImageUnusable: it is no image, an unknown one, broken, or too large.
            TooBusy: others are being made, and none of them was ready in time; or the system can start no process.
        """
        with self._places.taken():
            return _made(data)


def _made(data: bytes) -> bytes:
    try:
        return answer_of("thumbnail", seconds=SECONDS, data=data)
    except TooSlow:
        raise ImageUnusable("The image takes too long to be made small.") from None
    except NotStarted:
        raise TooBusy(RETRY_AFTER) from None
    except NoAnswer:
        raise ImageUnusable(
            "The image cannot be shown: it is broken, too large, or none of JPEG, PNG, WebP, GIF, BMP, TIFF and PPM."
        ) from None
