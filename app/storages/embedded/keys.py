"""The keys of the embedded S3 server: made once, kept in one file that only its owner can read."""

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import SettingsError

FOLDER = "embedded-s3"
ACCESS_KEY_MIN = 3
SECRET_KEY_MIN = 8
_REFUSED = frozenset(",\"'")


@dataclass(frozen=True, slots=True)
class EmbeddedKeys:
    """An access key and its secret."""

    access_key: str
    secret_key: str = field(repr=False)


def keys_path(data_dir: Path) -> Path:
    """Return where the keys are kept that nobody gave."""
    return data_dir / FOLDER / "keys.json"


def load_or_create_keys(data_dir: Path, given: tuple[str, str] | None) -> EmbeddedKeys:
    """Return the keys of the embedded S3 server. Several processes may ask at once and get the same.

    Args:
        data_dir: DATA_DIR.
        given: the keys that the settings hold, which win over the kept ones.

    Raises:
        SettingsError: the server cannot take the keys, or they cannot be kept or read.
    """
    if given:
        return _usable(EmbeddedKeys(*given), "MINIO_ACCESS_KEY and MINIO_SECRET_KEY")
    path = keys_path(data_dir)
    try:
        if not path.exists():
            _create(path)
        kept = json.loads(path.read_text("utf-8"))
        return _usable(EmbeddedKeys(str(kept["access_key"]), str(kept["secret_key"])), str(path))
    except OSError as error:
        raise SettingsError(f"{path} cannot be used: {error.strerror}. Check DATA_DIR and its permissions.") from None
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{path} is damaged. Delete it, and new keys are made at the next start.") from None


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {"access_key": "sluice" + secrets.token_hex(7), "secret_key": secrets.token_urlsafe(30)}
    draft = path.with_name(f"keys.{secrets.token_hex(4)}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(made, file)
        # A link, unlike a rename, never replaces: the first of two processes wins and the second reads its keys.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)


def _usable(keys: EmbeddedKeys, where: str) -> EmbeddedKeys:
    if len(keys.access_key) < ACCESS_KEY_MIN or len(keys.secret_key) < SECRET_KEY_MIN:
        raise SettingsError(
            f"{where}: the embedded S3 server needs an access key of at least {ACCESS_KEY_MIN} "
            f"and a secret key of at least {SECRET_KEY_MIN} characters."
        )
    both = keys.access_key + keys.secret_key
    if _REFUSED.intersection(both) or not (both.isascii() and both.isprintable()):
        raise SettingsError(f"{where}: use plain ASCII without commas and quotes for the embedded S3 server.")
    return keys
