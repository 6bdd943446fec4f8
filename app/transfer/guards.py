"""The checks that stand between a plan and its first deletion. Pure."""

import math
import re
from dataclasses import dataclass

from app.errors import InvalidInput, TooManyDeletions


@dataclass(frozen=True, slots=True)
class DeletionLimit:
    """How much one job may delete: a number of objects, or a share of those listed in the target.

    Attributes:
        amount: objects, or percent when ``is_percentage``.
    """

    amount: int
    is_percentage: bool

    @classmethod
    def parse(cls, text: str) -> "DeletionLimit":
        """Read ``500`` or ``10%``.

        Raises:
            InvalidInput: for ``max_delete``, when it is neither.
        """
        match = re.fullmatch(r"(\d{1,12})(%?)", text.strip(), re.ASCII)
        if not match or (match[2] and int(match[1]) > 100):
            raise InvalidInput("max_delete", "Use a number of files such as 500, or a percentage such as 10%.")
        return cls(int(match[1]), bool(match[2]))

    def objects(self, listed: int) -> int:
        """Return how many of ``listed`` objects may go, rounded down."""
        return math.floor(listed * self.amount / 100) if self.is_percentage else self.amount

    def check(self, deletions: int, listed: int) -> None:
        """Raise `TooManyDeletions` when ``deletions`` of ``listed`` objects are over the limit."""
        allowed = self.objects(listed)
        if deletions > allowed:
            raise TooManyDeletions(
                f"The plan deletes {deletions} of {listed} objects and max_delete allows {allowed}. "
                "Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want."
            )
