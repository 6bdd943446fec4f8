"""Signs messages after Standard Webhooks (standardwebhooks.com), for which receivers have libraries."""

import base64
import hmac
import secrets

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """Return a new secret in the form in which people copy it into a receiver."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers that prove to a receiver who sent the message, and when.

    Args:
        secret: as `new_secret` returns it.
        message_id: the same at each attempt; without a full stop.
        timestamp: POSIX seconds of this attempt.
        body: the bytes as they are sent.
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode('ascii')}",
    }
