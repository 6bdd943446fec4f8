"""CRC32C as Google spells it: the checksum that every object has there, composed ones too."""

import base64

import google_crc32c


class Checksum:
    """Takes bytes and gives their CRC32C. Used by one thread."""

    def __init__(self, data: bytes = b"") -> None:
        self._value = google_crc32c.value(data)

    def update(self, data: bytes) -> None:
        """Take more bytes."""
        self._value = google_crc32c.extend(self._value, data)

    @property
    def spelt(self) -> str:
        """Big-endian, in base64."""
        return base64.b64encode(self._value.to_bytes(4, "big")).decode()
