"""Temporary keys for a role of Amazon's, in exchange for a token that proves who somebody is (STS).

The endpoint is the operator's, and the token and the role are a user's. No message has any of the token or of the
endpoint's own words.
"""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.httpsession import URLLib3Session
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from app.errors import IdentityRefused, StorageUnreachable
from app.storages.peers import Forbids
from app.storages.s3.client import Patience, shared_session
from app.storages.s3.errors import code_of, status_of
from app.storages.s3.peers import keep_body, session_of

EXCHANGE: Patience = (5, 20, 2)
"""Of the second one, an answer may take as long in all, however steadily it comes."""

ANSWER_BYTES = 256 * 1024
"""Session tokens have no fixed length; Amazon's documents speak of some 4 KiB."""

_REGION = "us-east-1"  # unsigned requests have none, and botocore wants one
_CHUNK = 64 * 1024

REASONS = {
    "ExpiredTokenException": "the token has expired. Renew it",
    "InvalidIdentityToken": "the token proves nothing there. Check who issued it, and for whom",
    "IDPRejectedClaim": "whoever issued the token does not stand by it any more. Renew it",
    "AccessDenied": "the role does not trust this identity. Check the role's trust policy",
    "ValidationError": "the role, its session's name or the duration is not as it must be",
    "PackedPolicyTooLarge": "the role's session would be too large",
}
"""What a refusal means, by the code of Amazon's that is in it."""

_PASSING = ("IDPCommunicationError", "Throttling", "ThrottlingException", "RequestLimitExceeded", "ServiceUnavailable")
"""Codes that say nothing about who asks."""


@dataclass(frozen=True, slots=True)
class TemporaryKeys:
    """Keys that are lent for a while.

    Attributes:
        access_key: goes with the two others.
        secret_key: never shown.
        session_token: never shown.
        expires_at: POSIX seconds.
    """

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expires_at: float


def assume_role(
    url: str,
    role_arn: str,
    session_name: str,
    token: str,
    seconds: int,
    forbids: Forbids | None = None,
    patience: Patience = EXCHANGE,
) -> TemporaryKeys:
    """Return keys for a role (AssumeRoleWithWebIdentity); thread-safe, and nothing is kept.

    No credentials of the surroundings are used: the request is not signed, the token in it is all there is.

    Args:
        url: of the service that lends keys: scheme, host and port.
        role_arn: the role.
        session_name: 2 to 64 letters, digits and ``_+=,.@-``, by which the role's owner finds this in his logs.
        token: proves who somebody is; a JSON web token mostly.
        seconds: for how long: 900, to what the role allows, an hour where nobody said more.
        forbids: asked with an IP address, before each connection; None: none need be asked about.
        patience: how long, and how often, it is tried.

    Raises:
        IdentityRefused: the token or the role is not accepted, saying which where that was told.
        StorageUnreachable: no answer, or none of such a service.
    """
    asked = {
        "RoleArn": role_arn,
        "RoleSessionName": session_name,
        "WebIdentityToken": token,
        "DurationSeconds": seconds,
    }
    with _translated(url), closing(session_of(forbids, 1, patience[:2])) as session:
        with closing(_client(url, session, patience)) as client:
            keys = client.assume_role_with_web_identity(**asked)["Credentials"]
        return TemporaryKeys(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], keys["Expiration"].timestamp()
        )


def _client(url: str, session: URLLib3Session, patience: Patience) -> Any:
    connect, read, attempts = patience
    config = Config(
        connect_timeout=connect,
        read_timeout=read,
        retries={"mode": "standard", "total_max_attempts": attempts},
        signature_version=UNSIGNED,
        proxies={},
        use_fips_endpoint=False,
        use_dualstack_endpoint=False,
        user_agent_extra="sluice",
    )
    with shared_session() as maker:
        client: Any = maker.client("sts", endpoint_url=url, region_name=_REGION, config=config)

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        request.stream_output = True
        answer = session.send(request)
        keep_body(answer, _bounded(answer, read, url))
        return answer

    client.meta.events.register("before-send.sts", send)
    return client


def _bounded(answer: AWSResponse, seconds: float, url: str) -> bytes:
    """Return the body; it has so many seconds, however steadily it drips, and `ANSWER_BYTES`."""
    body, end = bytearray(), time.monotonic() + seconds
    try:
        while chunk := answer.raw.read1(_CHUNK):
            body += chunk
            if len(body) > ANSWER_BYTES or time.monotonic() > end:
                raise _not_such(url)
    except HTTPError:
        raise _silent(url) from None
    finally:
        answer.raw.close()
    return bytes(body)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        told = _refusal(url, code_of(error), status_of(error))
    except ParamValidationError:
        told = _refused(url, "ValidationError")
    except (ResponseParserError, KeyError, ValueError, TypeError, AttributeError):
        told = _not_such(url)
    except BotoCoreError:
        told = _silent(url)
    else:
        return
    raise told from None


def _refusal(url: str, code: str, status: int) -> IdentityRefused | StorageUnreachable:
    if code in _PASSING or status >= 500:
        return StorageUnreachable(f"{_host(url)} is not ready to answer ({code or status}). Try again later.")
    return _refused(url, code) if code and status >= 400 else _not_such(url)


def _refused(url: str, code: str) -> IdentityRefused:
    why = REASONS.get(code, "it does not accept this identity")
    return IdentityRefused(f"{_host(url)} lends no keys for the role ({code}): {why}.")


def _not_such(url: str) -> StorageUnreachable:
    return StorageUnreachable(f"{_host(url)} answers, but not as a service that lends keys. Check STS_URL.")


def _silent(url: str) -> StorageUnreachable:
    return StorageUnreachable(f"{_host(url)} cannot be reached, or does not answer in time. Check STS_URL.")


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
