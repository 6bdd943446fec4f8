"""Hashes of passwords for tests, with the costs of a real service, but made once for each password of a process.

argon2 takes a quarter of a second. Who has the same password has the same hash then, and so a service that has found it
right for one remembers it for the others; whatever is wrong costs what it always does.
"""

from argon2 import PasswordHasher

from app.accounts.passwords import Passwords


class _EachOnce(PasswordHasher):
    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str | bytes, str] = {}

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        if salt is not None:
            return super().hash(password, salt=salt)
        if password not in self._made:
            self._made[password] = super().hash(password)
        return self._made[password]


PASSWORDS = Passwords(_EachOnce())
