"""Which way a mirror goes, and the words that depend on it. Pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Direction(StrEnum):
    """Which way the objects go."""

    UPLOAD = "upload"  #: from the uploads folder into the bucket
    DOWNLOAD = "download"  #: from the bucket into the uploads folder

    @property
    def deletes_unless_told(self) -> bool:
        """Whether a mirror deletes what its source has not when nobody says otherwise: never a person's files."""
        return self is Direction.UPLOAD

    def action(self, action: str) -> str:
        """Return the word of the history for an action of the run, which calls both ways an upload."""
        return self.value if action == "upload" else action

    def why(self, reason: str) -> str:
        """Return the reason of a step such that ``edited`` is said of the file and ``replaced`` of the object.

        The run says them of its source and its target.
        """
        return _OF_A_DOWNLOAD.get(reason, reason) if self is Direction.DOWNLOAD else reason

    def said(self, sentence: str) -> str:
        """Return what the tally says in the words of this direction; the names in it stay as they are."""
        return re.sub(r"^((?:\d+ )?)upload(?=ing |ed)", rf"\1{self.value}", sentence)


_OF_A_DOWNLOAD = {"edited": "replaced", "replaced": "edited"}


def direction_of(arguments: Mapping[str, Any]) -> Direction:
    """Return a job's direction; jobs of versions that knew no downloads name none."""
    return Direction(arguments.get("direction", Direction.UPLOAD))
