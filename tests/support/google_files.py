"""The files of the fake Google Drive: folders, blobs, documents of Google's, shortcuts, shared drives, and who sees which."""

import hashlib
import itertools
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from tests.support.google_accounts import Account
from tests.support.google_wire import Refusal

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
NATIVE = "application/vnd.google-apps."


@dataclass(eq=False)
class Stored:
    """A file, or anything else that has an id.

    Attributes:
        data: its bytes; None where it has none of its own.
        exports: of a document of Google's: its bytes in each format.
        parent: the id of its folder; None: of a root, and of what was shared with the account.
        owner: ``sub`` of the account; of a file in a shared drive who made it.
        drive: the shared drive that it is in.
        made_by_app, picked: what a token for ``drive.file`` alone sees.
        denied: capabilities that are taken away, such as ``canDownload``.
        told_md5: another checksum than that of the bytes.
        explicitly_trashed: it was put into the bin itself, not with a folder.
    """

    id: str
    name: str
    mime_type: str
    owner: str
    parent: str | None = None
    data: bytes | None = None
    exports: Mapping[str, bytes] = field(default_factory=dict)
    drive: str | None = None
    target: str | None = None
    made_by_app: bool = False
    picked: bool = False
    denied: frozenset[str] = frozenset()
    told_md5: str = ""
    explicitly_trashed: bool = False
    starred: bool = False
    description: str = ""
    app_properties: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    created_time: str = ""
    modified_time: str = ""
    version: int = 1
    revision: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def is_folder(self) -> bool:
        """Whether files can be in it."""
        return self.mime_type == FOLDER

    @property
    def is_native(self) -> bool:
        """Whether it is a document of Google's, which has no bytes but can be exported."""
        return self.mime_type.startswith(NATIVE) and self.mime_type not in (FOLDER, SHORTCUT)

    @property
    def md5(self) -> str:
        """Of the bytes."""
        return self.digests["md5Checksum"]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The checksums of the bytes as Drive names them; made once, for lists ask for them again and again."""
        kinds = ("md5", "sha1", "sha256")
        return {f"{kind}Checksum": hashlib.new(kind, self.data or b"").hexdigest() for kind in kinds}

    def put(self, data: bytes) -> None:
        """Have other bytes from now on."""
        self.data, self.revision = data, secrets.token_urlsafe(24)
        self.__dict__.pop("digests", None)


def now() -> str:
    """Return the time as Drive spells it: UTC, milliseconds."""
    return spelt(time.time())


def spelt(seconds: float) -> str:
    """Return a POSIX time as Drive spells it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Drive:
    """All files of all accounts. Thread-safe; what a test does here is not bound by what tokens allow.

    Attributes:
        files: by id.
        lock: held by whoever looks at more than one file.
        limit: bytes that an account may keep; None: no limit.
        page: files that a page of a list has at most, whatever is asked for; Google may send fewer than it was asked for.
        empty_pages: each page but the last is preceded by one with nothing in it, as Google also may.
        incomplete: lists say that they do not have all.
        damages: how many of the next uploads are stored with other bytes than were sent.
    """

    def __init__(self) -> None:
        self.files: dict[str, Stored] = {}
        self.lock = threading.RLock()
        self.limit: int | None = None
        self.page = 1000
        self.empty_pages = False
        self.incomplete = False
        self.damages = 0
        self.reserved: set[str] = set()
        self.used: set[str] = set()
        self.members: dict[str, set[str]] = {}
        self._roots: dict[str, str] = {}
        self._default: Account | None = None
        self._versions = itertools.count(1)

    def open_for(self, account: Account) -> str:
        """Give an account its My Drive, and return the id of its root; the first account is who `add` adds for."""
        with self.lock:
            self._default = self._default or account
            root = self._keep(Stored(f"0A{secrets.token_urlsafe(12)}PVA", "My Drive", FOLDER, account.sub))
            self._roots[account.sub] = root.id
            return root.id

    def root(self, account: Account | None = None) -> str:
        """Return the id of the root of an account, which is an alias of ``root``."""
        return self._roots[self._who(account).sub]

    def add(
        self,
        name: str,
        data: bytes | None = None,
        mime_type: str = "application/octet-stream",
        *,
        parent: str | None = None,
        account: Account | None = None,
        **others: object,
    ) -> str:
        """Add a file that the app did not make, and return its id.

        Args:
            name: any text.
            data: its bytes; by default none, and none at all for what is Google's own.
            mime_type: of it.
            parent: the id of its folder; by default the root.
            account: whose it is, by default the first one's.
            others: attributes of `Stored`, such as ``exports``, ``picked``, ``denied`` and ``modified_time``.
        """
        with self.lock:
            folder = self.files[parent or self.root(account)]
            owned = data if data is not None or mime_type.startswith(NATIVE) else b""
            made = Stored(self.new_id(), name, mime_type, self._who(account).sub, folder.id, owned, drive=folder.drive)
            for attribute, value in others.items():
                assert hasattr(made, attribute), attribute
                setattr(made, attribute, value)
            return self._keep(made).id

    def add_folder(self, name: str, parent: str | None = None, **others: object) -> str:
        """Add a folder, and return its id; otherwise as `add`."""
        return self.add(name, None, FOLDER, parent=parent, **others)  # type: ignore[arg-type]

    def add_shortcut(self, name: str, target: str, parent: str | None = None, **others: object) -> str:
        """Add a shortcut to ``target``, and return its id; otherwise as `add`."""
        return self.add(name, None, SHORTCUT, parent=parent, target=target, **others)  # type: ignore[arg-type]

    def add_shared_drive(self, name: str, *accounts: Account, picked: bool = False) -> str:
        """Add a shared drive of these accounts, by default the first; return its id, which is that of its root."""
        with self.lock:
            members = {account.sub for account in accounts} or {self._who(None).sub}
            key = f"0A{secrets.token_urlsafe(12)}Uk9PVA"
            self.members[key] = members
            return self._keep(Stored(key, name, FOLDER, next(iter(members)), drive=key, picked=picked)).id

    def named(self, name: str, parent: str | None = None) -> list[Stored]:
        """Return the files of a name that are not in the bin, also from all folders."""
        with self.lock:
            alike = (file for file in self.files.values() if file.name == name and not self.is_trashed(file))
            return [file for file in alike if parent is None or file.parent == parent]

    def tree(self, parent: str | None = None) -> dict[str, bytes | None]:
        """Return what is below a folder, by default the root: paths and bytes, without folders and what is in the bin.

        Raises:
            AssertionError: two have the same path.
        """
        found: dict[str, bytes | None] = {}
        with self.lock:
            for path, file in self._below(parent or self.root(), ""):
                assert path not in found, f"{path} is there twice"
                found[path] = file.data
        return found

    @property
    def bin(self) -> list[Stored]:
        """What is in the bin, also with a folder."""
        with self.lock:
            return [file for file in self.files.values() if self.is_trashed(file)]

    def children(self, folder: str) -> list[Stored]:
        """Return what is in a folder, in the bin or not."""
        with self.lock:
            return [file for file in self.files.values() if file.parent == folder]

    def is_trashed(self, file: Stored) -> bool:
        """Tell whether a file is in the bin, by itself or with a folder."""
        with self.lock:
            while not file.explicitly_trashed:
                if file.parent is None:
                    return False
                file = self.files[file.parent]
            return True

    def write(self, file_id: str, data: bytes) -> None:
        """Give a file other bytes, as somebody else does."""
        with self.lock:
            self.files[file_id].put(data)
            self.touch(self.files[file_id])

    def touch(self, file: Stored, modified_time: str = "") -> None:
        """Note that a file was changed; its version grows."""
        file.version += next(self._versions)
        file.modified_time = modified_time or now()

    def trash(self, file_id: str) -> None:
        """Put a file into the bin, as somebody does by hand."""
        with self.lock:
            self.files[file_id].explicitly_trashed = True

    def erase(self, file_id: str) -> None:
        """Delete a file for good, with all that is in it."""
        with self.lock:
            for child in self.children(file_id):
                self.erase(child.id)
            del self.files[file_id]

    def new_id(self) -> str:
        """Return an id that nobody has used."""
        return f"1{secrets.token_urlsafe(24)}"

    def usage(self, sub: str) -> int:
        """Return the bytes that an account keeps in its own drive."""
        with self.lock:
            own = [file for file in self.files.values() if file.owner == sub and file.drive is None]
            return sum(len(file.data or b"") for file in own)

    def keep(self, file: Stored) -> Stored:
        """Add a file that a request makes; Refusal where its id is taken."""
        with self.lock:
            if file.id in self.used:
                raise Refusal(409, "fileIdInUse", "A file already exists with the provided ID.", "file.id")
            return self._keep(file)

    def _keep(self, file: Stored) -> Stored:
        self.files[file.id] = file
        self.used.add(file.id)
        file.created_time = file.created_time or now()
        file.modified_time = file.modified_time or file.created_time
        return file

    def _below(self, folder: str, path: str) -> Iterator[tuple[str, Stored]]:
        for file in self.children(folder):
            if file.explicitly_trashed:
                continue
            if file.is_folder:
                yield from self._below(file.id, f"{path}{file.name}/")
            else:
                yield f"{path}{file.name}", file

    def _who(self, account: Account | None) -> Account:
        who = account or self._default
        assert who is not None, "there is no account yet"
        return who
