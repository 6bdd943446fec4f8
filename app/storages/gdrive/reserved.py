"""Ids for files and folders to be made, fetched many at a time: one request for each would be one of three."""

import threading
from collections import deque

from app.storages.gdrive.files import DriveFiles

AT_ONCE = 100
"""Ids that nobody uses cost nothing."""


class Reserved:
    """Gives ids of one account, each once. Thread-safe.

    Args:
        files: fetches them.
    """

    def __init__(self, files: DriveFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._ids: deque[str] = deque()

    def next(self) -> str:
        """Return an id that no file has; raises as `DriveFiles.new_ids`."""
        with self._lock:
            if self._ids:
                return self._ids.popleft()
        fetched = deque(self._files.new_ids(AT_ONCE))  # several threads may do so at the same time, which does no harm
        with self._lock:
            taken = fetched.popleft()
            self._ids += fetched
        return taken
