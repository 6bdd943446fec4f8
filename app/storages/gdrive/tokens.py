"""Where the driver gets what it shows Google: something else keeps grants, renews them, and knows whose they are."""

from typing import Protocol


class Tokens(Protocol):
    """Access tokens of one account. Thread-safe, also between processes."""

    def current(self) -> str:
        """Return a token that is good for another minute, as far as is known.

        Raises:
            ConsentRequired: there is none, and none can be had.
            StorageUnreachable: who hands them out does not answer.
        """
        ...

    def instead_of(self, refused: str) -> str:
        """Return another one than ``refused``, which Google does not take; raises as `current`."""
        ...

    def give_up(self, refused: str) -> None:
        """Say that Google does not take ``refused`` either, though it was got in the place of another one.

        From then on there is no token, until the account's owner consents anew.
        """
        ...
