"""Holding the queue: while it is held no runner of any process claims a job. Those that run go on."""

from pathlib import Path

from app.errors import DatabaseUnavailable


class Holding:
    """Whether the queue is held: a file in DATA_DIR, so that asking costs no query and outlasts every process.

    Thread-safe, and one for all processes.

    Args:
        data_dir: DATA_DIR.
    """

    def __init__(self, data_dir: Path) -> None:
        self._mark = data_dir / "jobs-held"

    @property
    def is_active(self) -> bool:
        """Whether it is held now."""
        return self._mark.exists()

    def set(self, active: bool) -> None:
        """Hold the queue, or let it go; runners notice within a second, and start nothing that is submitted later.

        Raises:
            DatabaseUnavailable: DATA_DIR cannot be written.
        """
        try:
            if active:
                self._mark.touch()
            else:
                self._mark.unlink(missing_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(f"DATA_DIR cannot be written: {error.strerror}.") from None
