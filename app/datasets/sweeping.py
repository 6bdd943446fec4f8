"""The folders that hold mirrored buckets, and how they go away. Knows no connection."""

import logging
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from app.errors import ScratchUnusable

logger = logging.getLogger(__name__)

MIRRORS = "mirrors"
_GONE = ".gone"


class MirrorFolders:
    """One folder below DATA_DIR for each connection that was ever mirrored. Thread-safe, also between processes.

    Args:
        data_dir: DATA_DIR.
    """

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / MIRRORS

    def folder(self, connection_id: str) -> Path:
        """Return the folder of a connection, which need not be there.

        Raises:
            ValueError: the id is no UUID, and could lead anywhere.
        """
        return self._root / str(UUID(connection_id))

    def make(self, connection_id: str) -> Path:
        """Return the folder of a connection, and make it if it is missing.

        Raises:
            ScratchUnusable: it cannot be made.
        """
        folder = self.folder(connection_id)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ScratchUnusable(f"{folder} cannot be made: {error.strerror}. Look at the disk of DATA_DIR.") from None
        return folder

    def ids(self) -> list[str]:
        """Return the connections that have a folder."""
        return [path.name for path in self._entries() if _is_id(path.name)]

    def put_away(self, connection_id: str) -> None:
        """Take the folder out of sight at once, to be removed by `clear`; harmless when there is none."""
        folder = self.folder(connection_id)
        with suppress(OSError):  # if it stays, the next sweep finds it
            folder.rename(folder.with_name(folder.name + _GONE))

    def clear(self) -> None:
        """Remove what was put away; what cannot be removed is logged, and tried again the next time."""
        for path in self._entries():
            if path.name.endswith(_GONE):
                try:
                    shutil.rmtree(path)
                except FileNotFoundError:
                    continue  # another process is at it too
                except OSError as error:
                    logger.warning("%s cannot be removed: %s", path, error)

    def _entries(self) -> list[Path]:
        try:
            return sorted(self._root.iterdir())
        except OSError:
            return []


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
