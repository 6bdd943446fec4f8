"""Where connections of the form ``oauth`` get their tokens from, and what stands there while nobody keeps grants."""

from collections.abc import Callable
from typing import TypeAlias

from app.errors import ConsentRequired
from app.storages.gdrive.tokens import Tokens

TokenSource: TypeAlias = Callable[[str], Tokens]
"""Returns the tokens of the connection of this id. It always does: only asking them tells whether there are any."""


class NoTokens:
    """See `app.storages.gdrive.tokens.Tokens`; of a connection for which nothing was granted."""

    def current(self) -> str:
        """Raise `ConsentRequired`."""
        raise ConsentRequired("Nothing was granted for this connection. Connect the account.")

    def instead_of(self, refused: str) -> str:  # noqa: ARG002
        """Raise `ConsentRequired`."""
        return self.current()

    def give_up(self, refused: str) -> None:
        """Do nothing."""


def nothing_granted(connection_id: str) -> Tokens:  # noqa: ARG001
    """Return tokens that nobody has."""
    return NoTokens()
