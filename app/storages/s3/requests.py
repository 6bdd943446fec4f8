"""Signed requests for the pages of a listing, without the layers of boto3, which cost more than the page itself."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection
from botocore.handlers import validate_bucket_name
from botocore.response import StreamingBody
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_when_event_set,
    wait_exponential,
)

from app.errors import ListingBroken
from app.storages.s3.address import S3Address
from app.storages.s3.client import WORKING, Patience
from app.storages.s3.errors import PASSING, THROTTLING, code_of, status_of, translated
from app.storages.s3.health import Health, nap
from app.storages.s3.pages import CutShort, ErrorInstead, told_by
from app.storages.s3.peers import session_of

T = TypeVar("T")

# A page holds 1,000 keys of at most 1,024 bytes, which URL encoding makes three times as long, each with some 500
# bytes of other elements: 3.5 MB. The rest is for servers that send more keys than they were asked for.
PAGE_BYTES = 16 * 1024 * 1024
_ERROR_BYTES = 64 * 1024
_CHUNK = 64 * 1024
_WRONG_TOKEN = ("InvalidArgument", "InvalidToken")
"""AWS and MinIO say the first of a continuation token that is none of theirs, rclone 1.75 the second."""
_PAUSE = 0.1
"""Seconds before the second attempt; twice that before the third."""
_PASSING_CODES = (*THROTTLING, "InternalError", "ServiceUnavailable")
"""Where they come with another status than theirs, 200 too."""


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class TokenRefused(ListingBroken):
    """The server does not take a token as one of its own."""


class _OtherRegion(ClientError):
    """The server named the region that it wants requests to be signed for."""


class PageRequests:
    """Asks one bucket for pages of its listing. Thread-safe.

    Like the clients of `S3Clients` it takes neither credentials nor a proxy from the environment, only the
    certificates to trust, and it follows no redirect.

    Args:
        address: the bucket's address.
        connections: how many connections are kept for the next request.
        patience: how long, and how often, each page is tried.
    """

    def __init__(self, address: S3Address, connections: int, patience: Patience = WORKING) -> None:
        self._address = address
        self._region = address.region
        self._credentials = Credentials(address.access_key, address.secret_key, address.session_token)
        self._session = session_of(address.forbids, connections, patience[:2], address.host, address.token)
        self._attempts = patience[2]
        self._health = Health(address)

    def ask(self, query: Mapping[str, str], take: Callable[[Iterator[bytes]], T], stop: threading.Event) -> T:
        """Return what ``take`` makes of the chunks of the answer; what may pass is tried again from the start.

        Args:
            query: the parameters of the request, not encoded.
            take: called once per attempt that was answered.
            stop: set when nobody waits for the answer any more.

        Raises:
            StorageError: the server refused or failed, each time. What ``take`` raises passes.
            ListingBroken: the answer is longer than a page can be.
            TokenRefused: the server does not take the continuation token in ``query``.
            Abandoned: ``stop`` was set.
        """
        attempts = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(self._attempts) | stop_when_event_set(stop),
            wait=self._seconds,
            sleep=lambda seconds: nap(self._address, seconds, stop),
            reraise=True,
        )
        with translated(self._address):
            validate_bucket_name({"Bucket": self._address.bucket})
            return attempts(lambda: self._ask_once(query, take, stop))

    def _seconds(self, state: RetryCallState) -> float:
        error, least = state.outcome and state.outcome.exception(), float(wait_exponential(_PAUSE)(state))
        if not isinstance(error, ClientError):
            return least
        headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
        return max(least, self._health.pause(headers, code_of(error), status_of(error), state.attempt_number))

    def close(self) -> None:
        """Close the connections that are not in use; harmless when called twice."""
        self._session.close()

    def _ask_once(self, query: Mapping[str, str], take: Callable[[Iterator[bytes]], T], stop: threading.Event) -> T:
        region = self._region
        answer = self._session.send(self._signed(query, region).prepare())
        try:
            if answer.status_code != 200:
                raise self._refusal(answer, region, query)
            return take(self._chunks(answer, stop))
        except ErrorInstead as error:
            raise _refused(error.code, answer) from None
        finally:
            # A body that was read to its end has given its connection back before; any other one ends it here.
            answer.raw.close()

    def _signed(self, query: Mapping[str, str], region: str) -> AWSRequest:
        words = "&".join(f"{name}={quote(query[name], safe='-_.~')}" for name in sorted(query))
        url = f"{self._address.endpoint.rstrip('/')}/{quote(self._address.bucket, safe='')}?{words}"
        # http.client adds "Accept-Encoding: identity". It stays unsigned, since proxies are known to change it.
        request = AWSRequest("GET", url, {"User-Agent": "sluice"}, stream_output=True)
        if not self._address.is_anonymous:
            S3SigV4Auth(self._credentials, "s3", region).add_auth(request)
        return request

    def _chunks(self, answer: AWSResponse, stop: threading.Event) -> Iterator[bytes]:
        promised = str(answer.headers.get("Content-Length", ""))
        length = int(promised) if promised.isdecimal() else None
        self._require_page_size(length or 0)
        body, done = _body(answer, length), 0
        while chunk := body.read(_CHUNK):
            if stop.is_set():
                raise Abandoned
            done += len(chunk)
            self._require_page_size(done)
            yield chunk

    def _require_page_size(self, size: int) -> None:
        if size > PAGE_BYTES:
            raise ListingBroken(f"A page of the listing of {self._address.bucket!r} is longer than {PAGE_BYTES} bytes.")

    def _refusal(self, answer: AWSResponse, region: str, query: Mapping[str, str]) -> Exception:
        code, wanted = told_by(_body(answer, None).read(_ERROR_BYTES))
        if code in _WRONG_TOKEN and "continuation-token" in query:
            return TokenRefused(f"{self._address.bucket!r} does not take the token for the next page ({code}).")
        # boto3 does so too; without it, listing would be the one thing that fails on a MinIO with a region of its own.
        if code == "AuthorizationHeaderMalformed" and wanted != region and re.fullmatch(r"[a-z0-9-]{1,64}", wanted):
            self._region = wanted
            return _OtherRegion(_told(code, answer), "ListObjectsV2")
        return _refused(code, answer)


def _told(code: str, answer: AWSResponse) -> Any:
    """Return what botocore would make of an error."""
    metadata = {"HTTPStatusCode": answer.status_code, "HTTPHeaders": answer.headers}
    return {"Error": {"Code": code}, "ResponseMetadata": metadata}


def _refused(code: str, answer: AWSResponse) -> ClientError:
    return ClientError(_told(code, answer), "ListObjectsV2")


def _body(answer: AWSResponse, length: Any) -> StreamingBody:
    """Return the body, which raises botocore's exceptions; ``length`` is None where it must not be checked."""
    return StreamingBody(answer.raw, length)


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return isinstance(error, _OtherRegion) or status_of(error) in PASSING or code_of(error) in _PASSING_CODES
    return isinstance(error, NoConnection | HTTPClientError | IncompleteReadError | CutShort)
