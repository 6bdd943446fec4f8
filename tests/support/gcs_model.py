"""Buckets in this process, strict where Google's documentation of the JSON API is; `tests/support/gcs_fake.py` serves them."""

import base64
import hashlib
import itertools
import secrets
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import google_crc32c

QUANTUM = 256 * 1024
"""Every piece of a resumable upload but the last one is a multiple of it."""


class Refusal(Exception):
    """An error answer, in Google's form."""

    def __init__(self, status: int, reason: str, message: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason, self.message = status, reason, message or reason


def crc32c_of(data: bytes) -> str:
    """Return the checksum as Google spells it."""
    return base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode()


def md5_of(data: bytes) -> str:
    """Return the MD5 as Google spells it."""
    return base64.b64encode(hashlib.md5(data).digest()).decode()


@dataclass(frozen=True)
class Stored:
    """One version of an object.

    Attributes:
        told_crc32c: another checksum than that of the bytes, for objects that are damaged.
    """

    name: str
    data: bytes
    generation: int
    properties: Mapping[str, Any]
    told_crc32c: str = ""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    def resource(self, bucket: str) -> dict[str, Any]:
        """Return what is told of it."""
        created = self.created.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        told = {key: value for key, value in self.properties.items() if key not in ("name", "crc32c", "md5Hash")}
        return {
            "kind": "storage#object",
            "id": f"{bucket}/{self.name}/{self.generation}",
            "name": self.name,
            "bucket": bucket,
            "generation": str(self.generation),
            "metageneration": "1",
            "size": str(len(self.data)),
            "crc32c": self.crc32c,
            "md5Hash": self.md5,
            "etag": base64.b64encode(str(self.generation).encode()).decode(),
            "timeCreated": created,
            "updated": created,
            **told,
        }

    @cached_property
    def crc32c(self) -> str:
        """The checksum that is told."""
        return self.told_crc32c or crc32c_of(self.data)

    @cached_property
    def md5(self) -> str:
        """The MD5 of the bytes."""
        return md5_of(self.data)

    @property
    def unpacked(self) -> bytes:
        """The bytes that are sent to who does not take what is compressed."""
        if self.properties.get("contentEncoding") != "gzip":
            return self.data
        return zlib.decompress(self.data, wbits=31)


@dataclass
class Session:
    """A resumable upload."""

    properties: Mapping[str, Any]
    preconditions: Mapping[str, str]
    data: bytearray = field(default_factory=bytearray)
    made: Stored | None = None


class Rewriting(NamedTuple):
    """How far a copy is: bytes that were copied, what asks for the next round, and the object once it is made."""

    copied: int
    token: str
    made: Stored | None


class Names(NamedTuple):
    """One page of a listing."""

    items: Sequence[Stored]
    folders: Sequence[str]
    token: str


class Bucket:
    """Objects, their versions told apart by generations, and the uploads under way. Thread-safe.

    Attributes:
        page: how many names an answer has at most, whatever is asked for.
        pays: who asks must name a project.
        public: permissions of the anonymous.
        damages: other bytes arrive than were sent.
        compares: checksums are compared; Google always does.
        rewritten_at_once: how many bytes are copied in one round.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.RLock()
        self.objects: dict[str, Stored] = {}
        self.sessions: dict[str, Session] = {}
        self.page = 1000
        self.pays = False
        self.public: frozenset[str] = frozenset()
        self.damages = False
        self.compares = True
        self.rewritten_at_once = 1 << 30
        self.rewrites: dict[str, tuple[str, str, int, int]] = {}
        self._generations = itertools.count(time.time_ns() // 1000)

    def put(self, name: str, data: bytes, properties: Mapping[str, Any], preconditions: Mapping[str, str]) -> Stored:
        """Make a new version, if the checksums are right and the preconditions hold."""
        require_name(name)
        data = data[:-1] + b"\x00\x01" if self.damages else data
        for field_name, digest_of in (("crc32c", crc32c_of), ("md5Hash", md5_of)):
            if self.compares and field_name in properties and properties[field_name] != digest_of(data):
                raise Refusal(400, "invalid", f"Provided {field_name} does not match what was calculated.")
        with self.lock:
            self._require(self.objects.get(name), preconditions)
            made = Stored(name, data, next(self._generations), properties)
            self.objects[name] = made
        return made

    def get(self, name: str, query: Mapping[str, str]) -> Stored:
        """Return the version that is asked for."""
        found = self.objects.get(name)
        if found is None or query.get("generation", str(found.generation)) != str(found.generation):
            raise Refusal(404, "notFound", f"No such object: {self.name}/{name}")
        self._require(found, query)
        return found

    def rewrite(self, source: str, name: str, query: Mapping[str, str]) -> Rewriting:
        """Copy an object, or go on with that; a token is good for one copy of one version."""
        require_name(name)
        with self.lock:
            found = self.get(source, {})
            if query.get("ifSourceGenerationMatch", str(found.generation)) != str(found.generation):
                raise Refusal(412, "conditionNotMet")
            *begun, copied = self.rewrites.pop(query.get("rewriteToken", ""), (source, name, found.generation, 0))
            if begun != [source, name, found.generation] or (copied == 0) != ("rewriteToken" not in query):
                raise Refusal(400, "invalid", "Invalid rewrite token")
            copied += self.rewritten_at_once
            if copied < len(found.data):
                token = secrets.token_urlsafe(16)
                self.rewrites[token] = (source, name, found.generation, copied)
                return Rewriting(copied, token, None)
            made = self.put(name, found.data, {**found.properties, "name": name}, {})
            return Rewriting(len(found.data), "", made)

    def delete(self, name: str, query: Mapping[str, str]) -> None:
        """Delete an object."""
        with self.lock:
            del self.objects[self.get(name, query).name]

    def list(self, query: Mapping[str, str]) -> Names:
        """Return a page: names by their UTF-8 bytes, those below a folder as one."""
        asked = int(query.get("maxResults", "1000"))
        if asked < 1:
            raise Refusal(400, "invalid")
        with self.lock:
            names = list(self._names(query))
            page, rest = names[: min(asked, self.page, 1000)], names[min(asked, self.page, 1000) :]
            items = [self.objects[name] for name, is_folder in page if not is_folder]
        token = base64.b64encode(page[-1][0].encode()).decode() if rest else ""
        return Names(items, [name for name, is_folder in page if is_folder], token)

    def _names(self, query: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
        prefix, delimiter, start = query.get("prefix", ""), query.get("delimiter", ""), query.get("startOffset", "")
        last = _last_of(query.get("pageToken", ""))
        folder = ""
        for name in sorted(self.objects, key=str.encode):
            if not name.startswith(prefix) or name.encode() < start.encode() or (folder and name.startswith(folder)):
                continue
            end = name.find(delimiter, len(prefix)) if delimiter else -1
            folder = name[: end + len(delimiter)] if end >= 0 else ""
            shown = folder or name
            if shown.encode() > last.encode() and not (folder and last == folder):
                yield shown, bool(folder)

    @staticmethod
    def _require(found: Stored | None, query: Mapping[str, str]) -> None:
        wanted = query.get("ifGenerationMatch")
        if wanted is not None and int(wanted) != (found.generation if found else 0):
            raise Refusal(412, "conditionNotMet")

    def proceed(self, session: Session, data: bytes, span: tuple[int, int] | None, total: int | None) -> Stored | None:
        """Take one piece of an upload; return the object once all are there.

        Args:
            session: the upload.
            data: the piece.
            span: the first byte and the one behind the last; None: it is only asked how far it got.
            total: bytes of the whole; None: not known yet.
        """
        with self.lock:
            if session.made is not None:
                return session.made
            if span is not None:
                self._append(session, data, span, total)
            if total is None or len(session.data) < total:
                return None
            name, properties = str(session.properties["name"]), session.properties
            session.made = self.put(name, bytes(session.data), properties, session.preconditions)
            return session.made

    @staticmethod
    def _append(session: Session, data: bytes, span: tuple[int, int], total: int | None) -> None:
        begin, end = span
        has = len(session.data)
        if len(data) != end - begin or begin > has or (total is not None and end > total):
            raise Refusal(400, "invalid", "The piece does not fit.")
        if end != total and len(data) % QUANTUM:
            raise Refusal(400, "invalid", "A piece that is not the last one must be a multiple of 256 KiB.")
        session.data += data[has - begin :]


def with_hash(session: Session, told: str) -> Session:
    """Take in the checksum that goes with the last piece."""
    named = dict(part.split("=", 1) for part in told.replace(" ", "").split(",") if "=" in part)
    hashes = {
        field_name: named[word] for word, field_name in (("crc32c", "crc32c"), ("md5", "md5Hash")) if word in named
    }
    session.properties = {**session.properties, **hashes}
    return session


def require_name(name: Any) -> None:
    """Refuse what Google documents as no name of an object."""
    ill = not isinstance(name, str) or not 0 < len(name.encode()) <= 1024 or name in (".", "..")
    if ill or "\r" in name or "\n" in name or name.startswith(".well-known/acme-challenge/"):
        raise Refusal(400, "invalid", "Invalid object name")


def _last_of(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except ValueError:
        raise Refusal(400, "invalid", "Invalid pageToken") from None
