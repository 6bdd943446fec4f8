"""Rotates the key that seals secrets, beside a service that runs. Interrupted anywhere, it has lost nothing."""

from typing import NamedTuple

from app.bootstrap import Services
from app.connections.key_file import KEY_FILE, KeyFile
from app.connections.secrets import SecretBox
from app.upkeep.turns import own_turn


class Rotated(NamedTuple):
    """What a rotation did.

    Attributes:
        resealed: how many values are sealed with the new key now.
        lost: how many could not be opened, as no key had sealed them; they are as they were.
    """

    resealed: int
    lost: int


def rotate_key(services: Services, *, keep_old: bool) -> Rotated:
    """Seal with a new key from now on, seal again what is kept, and then forget the old keys.

    Where SEALING_KEYS is set, its first key is the new one, and the file is not touched.

    Args:
        services: of this process; others may run, with the same SEALING_KEYS.
        keep_old: keep the old keys in the file, behind the new one.

    Raises:
        SettingsError: the key file cannot be used, or other upkeep is under way.
        DatabaseUnavailable: some values may still need an old key, and all keys are kept.
    """
    with own_turn(services.settings.data_dir):
        if services.settings.sealing_keys:
            return _seal_again(services)
        file = KeyFile(services.settings.data_dir / KEY_FILE)
        file.add_key()
        done = _seal_again(services)
        if not keep_old:
            file.drop_old_keys()
        return done


def _seal_again(services: Services) -> Rotated:
    again = _Resealer(services.box)
    resealed = sum(reseal(again) for reseal in services.sealed)
    services.database.settle()  # or a power failure might bring back what only an old key opens
    return Rotated(resealed, again.lost)


class _Resealer:
    """Seals again what can be opened, and counts what cannot."""

    def __init__(self, box: SecretBox) -> None:
        self._box = box
        self.lost = 0

    def __call__(self, sealed: str) -> str:
        again = self._box.reseal(sealed)
        self.lost += again is None
        return again or sealed
