"""What a bucket may be called, whoever names it: a request or a connection."""

import re

from app.errors import InvalidInput

BUCKET_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
"""Amazon's rules for general purpose buckets, which every S3 server takes."""


def bucket_name(text: str, field: str = "dest") -> str:
    """Return ``text`` when it is a bucket name.

    Raises:
        InvalidInput: for ``field``: it is not.
    """
    if not BUCKET_NAME.fullmatch(text):
        raise InvalidInput(
            field,
            "Not a bucket name: use 3 to 63 lower-case letters, digits, '.' and '-', a letter or digit at both ends.",
        )
    return text
