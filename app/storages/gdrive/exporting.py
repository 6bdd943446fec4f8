"""Documents of Google's, which have no bytes of their own: into what they are exported, and the export."""

from collections.abc import Mapping, Sequence

from app.errors import AccessDenied, ObjectMissing, RequestRefused
from app.storages.base import Content
from app.storages.contents import Version, WholeContent
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import NO_EXPORT, said
from app.storages.gdrive.requests import path_below
from app.storages.gdrive.resources import NATIVE, DriveFile
from app.storages.http_api.exchange import Request

PDF = "application/pdf"
PREFERRED = {
    f"{NATIVE}drawing": "image/png",
    f"{NATIVE}script": f"{NATIVE}script+json",
    f"{NATIVE}vid": "video/mp4",
}
"""What the library can show as a picture, and what there is no PDF of; everything else becomes a PDF."""

EXTENSIONS = {
    PDF: ".pdf",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/markdown": ".md",
    "application/rtf": ".rtf",
    "application/zip": ".zip",
    "application/epub+zip": ".epub",
    f"{NATIVE}script+json": ".json",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/x-vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}

USUAL: Mapping[str, Sequence[str]] = {
    f"{NATIVE}document": (PDF,),
    f"{NATIVE}spreadsheet": (PDF,),
    f"{NATIVE}presentation": (PDF,),
    f"{NATIVE}drawing": ("image/png", PDF),
    f"{NATIVE}script": (f"{NATIVE}script+json",),
    f"{NATIVE}vid": ("video/mp4",),
}
"""Where Google does not tell what it exports ("Export MIME types for Google Workspace documents")."""

Formats = Mapping[str, Sequence[str]]


class Exports:
    """Exports the documents of one account. Thread-safe.

    Args:
        api: sends the requests.
        address: of the account.
    """

    def __init__(self, api: Api, address: DriveAddress) -> None:
        self._api, self._address = api, address
        self._formats: Formats | None = None

    def type_of(self, found: DriveFile) -> str:
        """Return the type that a document is exported as.

        Raises:
            AccessDenied: none; forms, sites and maps are not exported.
        """
        offered = self._offered().get(found.mime_type, ())
        wanted = (PREFERRED.get(found.mime_type, PDF), PDF, *offered)
        chosen = next((one for one in wanted if one in offered and one in EXTENSIONS), None)
        if chosen is None:
            raise said(NO_EXPORT, self._address, found.name, found.mime_type)
        return chosen

    def name_of(self, found: DriveFile) -> str:
        """Return the document's name with the extension of its export behind; raises as `type_of`."""
        return found.name + EXTENSIONS[self.type_of(found)]

    def export(self, found: DriveFile) -> Content:
        """Return what the document is exported as now, all of it in memory: Google makes 10 MB at most.

        Each export has other bytes, so they have no mark.

        Raises:
            AccessDenied: it is too large, or cannot be exported.
        """
        path = path_below(self._address.endpoint, "files", found.id, "export")
        data = self._api.ask(
            Request("GET", path, {"mimeType": self.type_of(found)}, key=found.name, is_media=True)
        ).data
        return WholeContent(Version(found.name, len(data), found.modified_ns, None), data)

    def _offered(self) -> Formats:
        """Return what Google exports, asked once; by several threads at the same time perhaps, which does no harm."""
        if self._formats is None:
            self._formats = self._asked()
        return self._formats

    def _asked(self) -> Formats:
        request = Request("GET", path_below(self._address.endpoint, "about"), {"fields": "exportFormats"})
        try:
            told = self._api.told(request).get("exportFormats")
        except (ObjectMissing, RequestRefused, AccessDenied):
            return USUAL
        if not isinstance(told, dict) or not told:
            return USUAL
        return {source: [str(one) for one in types] for source, types in told.items() if isinstance(types, list)}
