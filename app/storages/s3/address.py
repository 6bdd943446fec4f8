"""Where a bucket is and with which keys, if any, it is reached."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.cancellation import Cancelled, CancelToken


@dataclass(frozen=True, slots=True)
class S3Address:
    """One bucket of one endpoint.

    Attributes:
        endpoint: scheme, host and port, e.g. ``http://127.0.0.1:9000``.
        bucket: the bucket's name.
        access_key: shown by its first four characters at most; empty, as ``secret_key`` then is: requests go unsigned.
        secret_key: never shown.
        region: what requests are signed for; most S3-compatible servers take any.
        forbids: answers whether no connection may go to an IP address, where somebody else could move the endpoint's
            name; each connection is asked about then, which obstore cannot do. None: none need be asked about.
        session_token: goes with keys that are lent for a while; never shown.
        token: asks whoever waits for this bucket to stop; None: nobody does.
    """

    endpoint: str
    bucket: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    forbids: Callable[[str], bool] | None = field(default=None, compare=False, repr=False)
    session_token: str | None = field(default=None, repr=False)
    token: CancelToken | None = field(default=None, compare=False, repr=False)

    def require_wanted(self) -> None:
        """Raise `Cancelled` if a stop was asked for."""
        if self.token is not None and self.token.is_cancelled:
            raise Cancelled(self.token.reason or "cancelled")

    @property
    def is_anonymous(self) -> bool:
        """Whether there are no keys at all, so that requests go unsigned, as anybody's do."""
        return not (self.access_key or self.secret_key)

    @property
    def host(self) -> str:
        """Scheme, host and port of the endpoint, without anything secret that a URL could hold."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def key_hint(self) -> str:
        """The first four characters of the access key, for messages."""
        return self.access_key[:4] + "..."

    @property
    def location(self) -> str | None:
        """The region to name when a bucket is made: real AWS wants it (but for its first region), others refuse it."""
        host = urlsplit(self.endpoint).hostname or ""
        is_aws = host.endswith((".amazonaws.com", ".amazonaws.com.cn"))
        return self.region if is_aws and self.region != "us-east-1" else None
