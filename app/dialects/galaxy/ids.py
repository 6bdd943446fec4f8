"""Ids as Galaxy writes them: numbers enciphered to 16 hexadecimal digits. Pure.

They protect nothing (who may see what is decided by ownership); they look, and with the default secret are, as in
Galaxy's own documentation. The form is that of Galaxy 24.1: Blowfish, the decimal digits padded in front with ``!``.
"""

import re
from functools import lru_cache

from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

_BLOCK = 8
_SHAPE = re.compile(r"(?:[0-9a-fA-F]{16})+", re.ASCII)
_LONGEST = 64


class MalformedId(ValueError):
    """A text that stands for no number."""


class Ids:
    """Turns numbers into ids and back. Thread-safe.

    Args:
        secret: 4 to 56 characters, as GALAXY_ID_SECRET.

    Raises:
        ValueError: the secret cannot be used.
    """

    def __init__(self, secret: str) -> None:
        self._cipher = Cipher(Blowfish(secret.encode()), ECB())  # noqa: S305  # as Galaxy does; nothing is kept secret

    def encode(self, number: int) -> str:
        """Return the id of a number that is not negative."""
        digits = str(number).encode()
        padding = b"!" * (_BLOCK - len(digits) % _BLOCK)
        encryptor = self._cipher.encryptor()
        return (encryptor.update(padding + digits) + encryptor.finalize()).hex()

    def decode(self, text: str) -> int:
        """Return the number of an id.

        Raises:
            MalformedId: it is none.
        """
        if len(text) > _LONGEST or _SHAPE.fullmatch(text) is None:
            raise MalformedId(text)
        decryptor = self._cipher.decryptor()
        digits = (decryptor.update(bytes.fromhex(text)) + decryptor.finalize()).lstrip(b"!")
        if not digits.isdigit() or self.encode(int(digits)) != text.lower():
            raise MalformedId(text)
        return int(digits)


@lru_cache(maxsize=4)
def ids_of(secret: str) -> Ids:
    """Return the ids of a secret, the same object for the same one."""
    return Ids(secret)
