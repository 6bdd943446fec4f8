"""Who asks: a token that is signed here for one endpoint, or nobody.

Nothing here asks anybody anything: a key file names addresses at which tokens are to be had, and whoever wrote the file
would have us call them. Nor is anything taken from the surroundings: no GOOGLE_APPLICATION_CREDENTIALS, no metadata
service.
"""

import threading
import time
from collections.abc import Mapping

from google.auth import crypt, jwt

from app.errors import InvalidCredentials
from app.storages.gcs.address import GcsAddress

LIFETIME = 3600
"""Seconds; Google takes no token that is valid for longer."""

_RENEWED_BEFORE = 600  # a large piece may be under way for long with the token that it was begun with


class Authorisation:
    """The header that tells who asks. Thread-safe.

    The token names the endpoint as its audience, so that it is worth nothing anywhere else (self-signed JWT, AIP-4111).

    Args:
        address: its key file is read when first needed.
    """

    def __init__(self, address: GcsAddress) -> None:
        self._key_file = address.key_file
        self._audience = address.endpoint.rstrip("/") + "/"
        self._lock = threading.Lock()
        self._signer: crypt.RSASigner | None = None
        self._token = ""
        self._renewal = 0.0

    def headers(self) -> Mapping[str, str]:
        """Return what goes with each request; nothing where requests are anonymous.

        Raises:
            InvalidCredentials: the key file holds no key.
        """
        if self._key_file is None:
            return {}
        with self._lock:
            now = time.time()
            if not self._renewal - LIFETIME < now < self._renewal:
                self._token = self._signed(self._key_file, int(now))
                self._renewal = now + LIFETIME - _RENEWED_BEFORE
            return {"Authorization": f"Bearer {self._token}"}

    def _signed(self, key_file: Mapping[str, str], now: int) -> str:
        try:
            account = key_file["client_email"]
            if self._signer is None:
                self._signer = _signer(key_file["private_key"], key_file["private_key_id"])
        except (KeyError, ValueError, TypeError, AttributeError):
            raise InvalidCredentials("The key file of the service account holds no usable key.") from None
        claims = {"iss": account, "sub": account, "aud": self._audience, "iat": now, "exp": now + LIFETIME}
        token: bytes = jwt.encode(self._signer, claims)  # type: ignore[no-untyped-call]  # google-auth's
        return token.decode()


def _signer(private_key: str, key_id: str) -> crypt.RSASigner:
    return crypt.RSASigner.from_string(private_key, key_id)  # type: ignore[no-untyped-call, no-any-return]  # the same
