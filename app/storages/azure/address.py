"""Where a container is, and with what it is reached."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class AzureAddress:
    """One container of one account.

    Attributes:
        url: of the account: scheme, host and port, and the account as a path where the host does not name it, e.g.
            ``https://mystore.blob.core.windows.net`` or ``http://127.0.0.1:10000/devstoreaccount1``.
        account: the account's name.
        container: the container's name.
        account_key: signs requests; base64, never shown.
        sas_token: goes along with requests, without a leading ``?``; never shown. With neither, requests are anonymous.
        forbids: answers whether no connection may go to an IP address, where somebody else could move the host's
            name; each connection is asked about then. None: none need be asked about.
    """

    url: str
    account: str
    container: str
    account_key: str | None = field(default=None, repr=False)
    sas_token: str | None = field(default=None, repr=False)
    forbids: Callable[[str], bool] | None = field(default=None, compare=False, repr=False)

    @property
    def host(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"
