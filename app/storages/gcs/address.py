"""Where a bucket of Google Cloud Storage is, and with what it is reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

GOOGLE = "https://storage.googleapis.com"


@dataclass(frozen=True, slots=True)
class GcsAddress:
    """One bucket.

    Attributes:
        bucket: the bucket's name.
        endpoint: scheme, host and port; another one than Google's for what speaks its language.
        key_file: a service account's key file as it was read; None: requests are anonymous.
        project: pays for requests where the requester does, and owns a bucket that is made; None: the key file's.
        location: where a bucket is made; None: where Google does it unasked.
        forbids: answers whether no connection may go to an IP address, where somebody else could move the endpoint's
            name; each connection is asked about then. None: none need be asked about.
    """

    bucket: str
    endpoint: str = GOOGLE
    key_file: Mapping[str, str] | None = field(default=None, repr=False)
    project: str | None = None
    location: str | None = None
    forbids: Callable[[str], bool] | None = field(default=None, compare=False, repr=False)
