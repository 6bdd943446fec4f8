"""What a bucket may be called, whoever names it: a request or a connection."""

import re

from app.errors import InvalidInput

BUCKET_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
"""Amazon's rules for general purpose buckets, which every S3 server takes."""


CONTAINER_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]|\$root|\$web", re.ASCII)
"""Microsoft's rules for containers, with the two that it makes itself."""

GOOGLES_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", re.ASCII)
"""Google's rules, where a name with dots may be longer than one without."""


def container_name(text: str) -> str:
    """Return ``text`` when it is the name of a container of Azure.

    Raises:
        InvalidInput: for ``bucket``: it is not.
    """
    if not CONTAINER_NAME.fullmatch(text):
        raise InvalidInput(
            "bucket",
            "Not a container's name: use 3 to 63 lower-case letters, digits and single '-', a letter or digit at both "
            "ends.",
        )
    return text


def googles_bucket_name(text: str) -> str:
    """Return ``text`` when it is the name of a bucket of Google Cloud Storage.

    Raises:
        InvalidInput: for ``bucket``: it is not.
    """
    if not GOOGLES_NAME.fullmatch(text):
        raise InvalidInput(
            "bucket",
            "Not a bucket name: use 3 to 222 lower-case letters, digits, '.', '_' and '-', a letter or digit at both "
            "ends.",
        )
    return text


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
