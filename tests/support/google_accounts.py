"""Who somebody at the fake Google is: accounts, and what is told of them."""

import base64
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.support.gcs_keys import KEY_ID, PRIVATE_KEY

EMAIL, PROFILE = (f"https://www.googleapis.com/auth/userinfo.{part}" for part in ("email", "profile"))
_sequence = itertools.count(1)


@dataclass(frozen=True)
class Account:
    """Somebody with an account at Google."""

    email: str
    name: str
    sub: str = field(default_factory=lambda: f"10000000000000000{next(_sequence):04}")


def identity_of(account: Account, scopes: frozenset[str]) -> dict[str, Any]:
    """Return what a token with these scopes lets its holder know."""
    told: dict[str, Any] = {"sub": account.sub}
    if PROFILE in scopes:
        told |= {"name": account.name, "given_name": account.name.partition(" ")[0]}
    return told | ({"email": account.email, "email_verified": True} if EMAIL in scopes else {})


def signed(claims: dict[str, Any]) -> str:
    """Return claims as an ID token, signed by a key of this run."""
    key = load_pem_private_key(PRIVATE_KEY.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT", "kid": KEY_ID}, claims)]
    text = b".".join(_encoded(part) for part in parts)
    return (text + b"." + _encoded(key.sign(text, PKCS1v15(), SHA256()))).decode()


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
