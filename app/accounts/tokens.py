"""API keys and session tokens: random, so that a fast digest of them is enough to keep. Pure but for the dice."""

import hashlib
import hmac
import re
import secrets

_KEY = re.compile(r"sluice_[0-9a-f]{64}")
_SESSION = re.compile(r"[0-9a-f]{64}")
_SESSION_KEY = re.compile(r"[0-9a-f]{40}")
_HINT = 4


def new_key() -> str:
    """Return a new API key: ``sluice_`` and 64 lower-case hexadecimal digits."""
    return f"sluice_{secrets.token_hex(32)}"


def new_session_token() -> str:
    """Return a new token for a session's cookie: 64 lower-case hexadecimal digits."""
    return secrets.token_hex(32)


def is_key(given: str) -> bool:
    """Return whether this can be an API key at all; cheap, whatever is given."""
    return _KEY.fullmatch(given) is not None


def is_session_token(given: str) -> bool:
    """Return whether this can be a session's token at all; cheap, whatever is given."""
    return _SESSION.fullmatch(given) is not None


def is_session_key(given: str) -> bool:
    """Return whether this can be the key of a session at all; cheap, whatever is given."""
    return _SESSION_KEY.fullmatch(given) is not None


def digest(token: str) -> str:
    """Return what is kept of a token. Guessing the token from it would take guessing 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint(key: str) -> str:
    """Return what may be shown of a key."""
    return key[-_HINT:]


def csrf(session_token: str) -> str:
    """Return what a page of ours sends to prove that it may read our cookies; the token cannot be found from it."""
    return hmac.digest(_bytes(session_token), b"csrf", "sha256").hex()


def session_key(session_token: str) -> str:
    """Return the session's key: 40 lower-case hexadecimal digits, from which the token cannot be found.

    CVAT's SDK takes no more of them; 160 random bits cannot be guessed either.
    """
    return hmac.digest(_bytes(session_token), b"key", "sha256").hex()[:40]


def is_same(given: str, expected: str) -> bool:
    """Return whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(_bytes(given), _bytes(expected))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # headers may bring anything
