"""The rows of uploads."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.model import UserRow
from app.db import Database
from app.errors import CallerUnknown, UploadRefused
from app.library.contract import Upload
from app.library.model import UploadRow
from app.library.quota import room, within_quota

UNFINISHED_MAX = 1000
"""So many uploads may be one user's at once."""


class UploadStore:
    """Reads and writes rows of uploads. Thread-safe.

    Args:
        database: where they are.
        quota: LIBRARY_QUOTA.
    """

    def __init__(self, database: Database, quota: int | None) -> None:
        self._database = database
        self._quota = quota

    def add(self, upload: Upload) -> None:
        """Keep an upload; what of it has arrived is not kept here.

        Raises:
            QuotaExceeded: it is more than its owner may still have.
            UploadRefused: he has `UNFINISHED_MAX` of them.
            CallerUnknown: he was removed while it came.
        """
        with self._database.writing() as session, within_quota(session, upload.owner_id, self._quota):
            _require_there(session, upload.owner_id)
            _require_few(session, upload.owner_id)
            session.add(
                UploadRow(
                    id=upload.id,
                    owner_id=upload.owner_id,
                    name=upload.name,
                    size=upload.size,
                    created_at=upload.created_at,
                )
            )

    def find(self, upload_id: str) -> Upload | None:
        """Return an upload of which nothing has arrived, as far as its row tells; None: there is none."""
        with self._database.reading() as session:
            row = session.get(UploadRow, upload_id)
            return None if row is None else _upload(row)

    def all(self) -> Sequence[Upload]:
        """Return all uploads, as `find` does."""
        with self._database.reading() as session:
            return [_upload(row) for row in session.scalars(select(UploadRow))]

    def has(self, upload_id: str) -> bool:
        """Return whether there is such an upload."""
        return self.find(upload_id) is not None

    def remove(self, upload_id: str) -> None:
        """Forget an upload; harmless when it is forgotten already."""
        with self._database.writing() as session:
            session.execute(delete(UploadRow).where(UploadRow.id == upload_id))

    def room(self, owner_id: int) -> int | None:
        """Return how many bytes more may be a user's; None: no limit."""
        with self._database.reading() as session:
            return room(session, owner_id, self._quota)


def _require_there(session: Session, owner_id: int) -> None:
    if session.get(UserRow, owner_id) is None:
        raise CallerUnknown("You were removed, so nothing more of yours is kept.")


def _require_few(session: Session, owner_id: int) -> None:
    count = session.scalar(select(func.count()).select_from(UploadRow).where(UploadRow.owner_id == owner_id))
    if (count or 0) >= UNFINISHED_MAX:
        raise UploadRefused(f"{UNFINISHED_MAX} uploads of yours are unfinished. Finish or remove some.")


def _upload(row: UploadRow) -> Upload:
    return Upload(row.id, row.owner_id, row.name, row.size, 0, row.created_at)
