"""Where a folder of Google Drive is, and who may look at it."""

from dataclasses import dataclass, field

from app.storages.gdrive.tokens import Tokens

GOOGLE = "https://www.googleapis.com/drive/v3"
GOOGLES_UPLOADS = "https://www.googleapis.com/upload/drive/v3"
MULTIPART_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DriveAddress:
    """A folder of an account.

    Attributes:
        folder: the path of the folder, its names joined by ``/``; empty: the root itself.
        tokens: of the account.
        account: tells it from others; who share a folder make what is in it in turns.
        drive: the id of the shared drive that the path begins in; None: it begins in My Drive.
        endpoint, uploads: where the API is, without a slash at the end.
        multipart_limit: bytes up to which a file is sent in one request.
    """

    folder: str
    tokens: Tokens = field(repr=False)
    account: str = ""
    drive: str | None = None
    endpoint: str = GOOGLE
    uploads: str = GOOGLES_UPLOADS
    multipart_limit: int = MULTIPART_LIMIT
