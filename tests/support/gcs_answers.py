"""What a server of Google's JSON API answers about one bucket; `tests/support/gcs_fake.py` decides who may ask."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.support.gcs_model import Bucket, Refusal, Session, Stored, require_name, with_hash


class Seen(NamedTuple):
    """One request, as a test may look at it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes


class Answer(NamedTuple):
    """What is sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Uploads:
    """Requests that bring objects.

    Args:
        endpoint: of the server.
        bucket: gets them.
        held: permissions of who asks.
    """

    def __init__(self, endpoint: str, bucket: Bucket, held: frozenset[str]) -> None:
        self._endpoint, self._bucket, self._held = endpoint, bucket, held

    def answer(self, seen: Seen) -> Answer:
        """Answer one of them."""
        if "upload_id" in seen.query:
            return self._proceeded(seen)
        require(self._held, "storage.objects.create", seen)
        kind = seen.query.get("uploadType")
        if seen.method == "POST" and kind == "multipart":
            return self._multipart(seen)
        if seen.method == "POST" and kind == "resumable":
            return self._begun(seen)
        raise Refusal(400, "badRequest")

    def _multipart(self, seen: Seen) -> Answer:
        boundary = re.fullmatch(r'multipart/related; boundary="?([^"]+)"?', seen.headers["Content-Type"])
        if boundary is None:
            raise Refusal(400, "badContent")
        line = b"--" + boundary[1].encode()
        first, told, media, last = seen.body.split(line)
        if first not in (b"", b"\r\n") or last.strip() != b"--":
            raise Refusal(400, "badContent")
        properties = json.loads(told.partition(b"\r\n\r\n")[2])
        head, _, data = media.partition(b"\r\n\r\n")
        kind = re.search(rb"(?i)content-type: *([^\r]*)", head)
        properties.setdefault("contentType", kind[1].decode() if kind else "application/octet-stream")
        stored = self._bucket.put(properties["name"], data.removesuffix(b"\r\n"), properties, seen.query)
        return json_answer(chosen(stored.resource(self._bucket.name), seen))

    def _begun(self, seen: Seen) -> Answer:
        properties = json.loads(seen.body or b"{}") | ({"name": seen.query["name"]} if "name" in seen.query else {})
        require_name(properties.get("name"))
        upload = secrets.token_urlsafe(24)
        kind = seen.headers.get("X-Upload-Content-Type")
        self._bucket.sessions[upload] = Session(({"contentType": kind} if kind else {}) | properties, dict(seen.query))
        place = f"{self._endpoint}{seen.path}?uploadType=resumable&name={quote(properties['name'], safe='')}"
        return Answer(200, {"Location": f"{place}&upload_id={upload}", "X-GUploader-UploadID": upload}, b"")

    def _proceeded(self, seen: Seen) -> Answer:
        upload = seen.query["upload_id"]
        session = self._bucket.sessions.get(upload)
        if session is None:
            raise Refusal(404, "notFound")
        if seen.method == "DELETE":
            del self._bucket.sessions[upload]
            return Answer(499, {}, b"")
        if seen.method not in ("PUT", "POST"):  # Google's client for Go, and so rclone, says POST
            raise Refusal(405, "methodNotAllowed")
        return self._taken(session, seen)

    def _taken(self, session: Session, seen: Seen) -> Answer:
        pattern = r"bytes (?:\*|([0-9]+)-([0-9]+))/([0-9]+|\*)"
        match = re.fullmatch(pattern, seen.headers.get("Content-Range", ""))
        if match is None or (match[1] is None) != (not seen.body):
            raise Refusal(400, "invalid")
        span = None if match[1] is None else (int(match[1]), int(match[2]) + 1)
        if seen.headers.get("X-Goog-Hash"):
            with_hash(session, seen.headers["X-Goog-Hash"])
        total = None if match[3] == "*" else int(match[3])
        made = self._bucket.proceed(session, seen.body, span, total)
        if made is not None:
            return json_answer(chosen(made.resource(self._bucket.name), seen))
        arrived = len(session.data)
        headers = {"Range": f"bytes=0-{arrived - 1}"} if arrived else {}
        if seen.headers.get("X-GUploader-No-308") == "yes":  # as Google's client for Go wants it
            return Answer(200, headers | {"X-HTTP-Status-Code-Override": "308"}, b"")
        return Answer(308, headers, b"")


def listed(bucket: Bucket, seen: Seen) -> Answer:
    """Answer a request for a page."""
    page = bucket.list(seen.query)
    told: dict[str, Any] = {"kind": "storage#objects"}
    told |= {"nextPageToken": page.token} if page.token else {}
    told |= {"prefixes": list(page.folders)} if page.folders else {}
    told |= {"items": [item.resource(bucket.name) for item in page.items]} if page.items else {}
    return json_answer(chosen(told, seen))


def buckets_listed(names: Sequence[str], at_once: int, seen: Seen) -> Answer:
    """Answer a request for a page of the names of a project's buckets."""
    if "project" not in seen.query:
        raise Refusal(400, "required", "Required parameter: project")
    last = seen.query.get("pageToken", "")
    left = sorted(name for name in names if name > last)
    told: dict[str, Any] = {"kind": "storage#buckets"}
    told |= {"items": [{"kind": "storage#bucket", "name": name} for name in left[:at_once]]} if left else {}
    told |= {"nextPageToken": left[at_once - 1]} if left[at_once:] else {}
    return json_answer(chosen(told, seen))


def of_object(bucket: Bucket, name: str, held: frozenset[str], seen: Seen) -> Answer:
    """Answer a request about one object."""
    if seen.method == "DELETE":
        require(held, "storage.objects.delete", seen)
        bucket.delete(name, seen.query)
        return Answer(204, {}, b"")
    require(held, "storage.objects.get", seen)
    found = bucket.get(name, seen.query)
    if seen.query.get("alt") != "media":
        return json_answer(chosen(found.resource(bucket.name), seen))
    return _media(found, seen)


def rewritten(
    bucket: Bucket, target: Bucket | None, source: str, name: str, held: frozenset[str], seen: Seen
) -> Answer:
    """Answer a request to copy an object, within one bucket."""
    require(held, "storage.objects.get", seen)
    require(held, "storage.objects.create", seen)
    if target is not bucket:
        raise Refusal(404, "notFound", "The specified bucket does not exist.")
    if name in bucket.objects:
        require(held, "storage.objects.delete", seen)
    rewriting = bucket.rewrite(source, name, seen.query)
    told: dict[str, Any] = {"kind": "storage#rewriteResponse", "done": rewriting.made is not None}
    told |= {"totalBytesRewritten": str(rewriting.copied)}
    told |= {"rewriteToken": rewriting.token} if rewriting.token else {}
    resource = rewriting.made.resource(bucket.name) if rewriting.made else None
    return json_answer(chosen(told | ({"resource": resource} if resource else {}), seen))


def _media(found: Stored, seen: Seen) -> Answer:
    """Return the bytes; without metadata, which Google sends with them in its XML API only."""
    headers = {
        "Content-Type": str(found.properties.get("contentType", "application/octet-stream")),
        "X-Goog-Generation": str(found.generation),
        "X-Goog-Hash": f"crc32c={found.crc32c},md5={found.md5}",
        "X-Goog-Stored-Content-Length": str(len(found.data)),
    }
    is_packed = found.properties.get("contentEncoding") == "gzip"
    if is_packed and "gzip" not in seen.headers.get("Accept-Encoding", ""):
        return Answer(200, headers, found.unpacked)
    headers |= {"Content-Encoding": "gzip"} if is_packed else {}
    match = re.fullmatch(r"bytes=([0-9]+)-([0-9]*)", seen.headers.get("Range", ""))
    if match is None:
        return Answer(200, headers, found.data)
    begin, end = int(match[1]), min(int(match[2] or len(found.data)) + 1, len(found.data))
    if begin >= len(found.data):
        raise Refusal(416, "requestedRangeNotSatisfiable")
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{len(found.data)}"
    return Answer(206, headers, found.data[begin:end])


def chosen(told: dict[str, Any], seen: Seen) -> dict[str, Any]:
    """Return the fields that are asked for, and all where none are."""
    asked = seen.query.get("fields")
    if asked is None:
        return told
    chosen: dict[str, Any] = {}
    for name, below in re.findall(r"([A-Za-z0-9]+)(?:\(([^()]*)\))?", asked):
        if name in told:
            chosen[name] = _of_each(told[name], below.split(",")) if below else told[name]
    return chosen


def _of_each(told: Any, names: list[str]) -> Any:
    if isinstance(told, list):
        return [_of_each(one, names) for one in told]
    return {name: told[name] for name in names if name in told}


def require(held: frozenset[str], permission: str, seen: Seen) -> None:
    """Refuse who does not hold a permission; to the anonymous Google says that they must say who they are."""
    if permission not in held:
        is_known = "Authorization" in seen.headers
        raise Refusal(403 if is_known else 401, "forbidden" if is_known else "required", f"no {permission}")


def json_answer(told: Mapping[str, Any], status: int = 200) -> Answer:
    """Return an answer in JSON."""
    return Answer(status, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(told).encode())
