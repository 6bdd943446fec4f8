"""Asks Google for consents, tokens and accounts, by Authlib; what Google says against it becomes a product error.

Nothing that it raises or logs holds a token, a code, a verifier or a secret.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response

from app.errors import (
    ConsentRefused,
    ConsentRequired,
    InvalidCredentials,
    NotConfigured,
    SluiceError,
    StorageUnreachable,
)
from app.grants.answers import Account, Issued, account, is_token, issued
from app.grants.bounded import BoundedAdapter
from app.settings import Settings

logger = logging.getLogger(__name__)

_OF_THE_OPERATOR = frozenset(
    {
        "invalid_client",
        "unauthorized_client",
        "disabled_client",
        "deleted_client",
        "redirect_uri_mismatch",
        "unsupported_grant_type",
    }
)
"""What Google says of this service itself, whatever a user does."""

_OF_THE_MOMENT = frozenset({"temporarily_unavailable", "server_error", "internal_failure", "rate_limit_exceeded"})

_SILENT = "Google does not answer, or not as it should. Try again in a while."
_REFUSED_ITSELF = (
    "Google refuses this service itself ({word}). Its operator has to look at GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET "
    "and the redirect URIs that Google has for them."
)
_UNSET = (
    "This installation connects no accounts at Google: its operator has to set GOOGLE_CLIENT_ID and "
    "GOOGLE_CLIENT_SECRET."
)
_NO_CODE = (
    "Google does not take this code: it was used before, is too old, or was given for something else. Begin anew."
)
_NO_GRANT = "Google does not take what was granted any more. The account's owner has to connect it again."


class GoogleOAuth:
    """Google's endpoints. Thread-safe: each question is a session of its own.

    It ends within some 25 seconds, unless the headers of an answer come bit by bit: for these there is no such end.

    Every method but `authorization_url` may raise `StorageUnreachable`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def require_configured(self) -> None:
        """Return when this service is known to Google.

        Raises:
            NotConfigured: saying which settings are missing.
        """
        if not self._is_configured():
            raise NotConfigured(_UNSET)

    def authorization_url(self, redirect_uri: str, state: str, verifier: str) -> str:
        """Return where a person goes to consent; a refresh token comes only with what is asked for here."""
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._settings.google_authorize_url,
                state=state,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                scope=" ".join(self._settings.google_scopes),
                access_type="offline",
                prompt="consent",
                include_granted_scopes="true",
            )
        return str(url)

    def exchange(self, code: str, verifier: str, redirect_uri: str) -> Issued:
        """Return the tokens for a code.

        Raises:
            ConsentRefused: Google does not take the code.
            NotConfigured: Google does not take this service.
        """
        if not is_token(code):
            raise ConsentRefused(_NO_CODE)
        with self._asking(_not_exchanged) as session:
            answer = session.fetch_token(
                self._settings.google_token_url,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                allow_redirects=False,
            )
        return issued(answer)

    def renewed(self, refresh_token: str | None) -> Issued:
        """Return an access token that is new.

        Raises:
            ConsentRequired: there is no refresh token, or Google does not take it any more.
            InvalidCredentials: Google does not take this service, or the operator has not said how it is known there.
        """
        if refresh_token is None:
            raise ConsentRequired(_NO_GRANT)
        if not self._is_configured():
            raise InvalidCredentials(_UNSET)
        with self._asking(_not_renewed) as session:
            answer = session.refresh_token(
                self._settings.google_token_url, refresh_token=refresh_token, allow_redirects=False
            )
        return issued(answer)

    def account(self, access_token: str) -> Account:
        """Return whose token it is.

        Raises:
            ConsentRefused: Google does not tell.
        """

        def signed(request: PreparedRequest) -> PreparedRequest:
            request.headers["Authorization"] = f"Bearer {access_token}"
            return request

        with self._asking(_not_exchanged) as session:
            answer = session.get(self._settings.google_userinfo_url, auth=signed, allow_redirects=False)
            if answer.status_code in (401, 403):
                raise ConsentRefused("Google does not say whose account this is. Begin anew, and allow all of it.")
            told = answer.json() if answer.status_code == 200 else None
        return account(told)

    def revoke(self, token: str) -> None:
        """Have Google forget what was granted; it may have done so already."""
        with self._asking(_not_renewed) as session:
            answer = session.revoke_token(
                self._settings.google_revoke_url, token=token, auth=lambda request: request, allow_redirects=False
            )
        if answer.status_code not in (200, 400):
            raise StorageUnreachable(_SILENT)

    def _is_configured(self) -> bool:
        return bool(self._settings.google_client_id and self._settings.google_client_secret)

    @contextmanager
    def _asking(self, translated: Callable[[str], SluiceError]) -> Iterator[Any]:
        """Give a session, and raise what is translated from Google's word against it."""
        try:
            with self._session() as session:
                yield session
        except OAuthError as error:
            raise translated(_word(error)) from None
        except (RequestException, ValueError, RecursionError, TypeError, OverflowError):  # Authlib's own, of odd times
            raise StorageUnreachable(_SILENT) from None

    @contextmanager
    def _session(self) -> Iterator[Any]:
        session = OAuth2Session(
            self._settings.google_client_id,
            self._settings.google_client_secret,
            token_endpoint_auth_method="client_secret_post",  # noqa: S106  # the name of a way, and no secret
            code_challenge_method="S256",
        )
        session.trust_env = False  # neither proxies nor a netrc
        for scheme in ("https://", "http://"):
            session.mount(scheme, BoundedAdapter())
        for hook in ("access_token_response", "refresh_token_response"):
            session.register_compliance_hook(hook, _require_answer)
        with closing(session):
            yield session


def _require_answer(response: Response) -> Response:
    """Return what is an answer to the question, be it a refusal."""
    if response.status_code >= 500 or response.status_code == 429 or response.is_redirect:
        raise StorageUnreachable(_SILENT)
    return response


def _word(error: OAuthError) -> str:
    """Return Google's word for what is wrong; its description is not passed on."""
    return error.error if isinstance(error.error, str) else ""


def _not_exchanged(word: str) -> SluiceError:
    if word in _OF_THE_OPERATOR:
        logger.error("Google refuses this service itself: %s", word)
        return NotConfigured(_REFUSED_ITSELF.format(word=word))
    return StorageUnreachable(_SILENT) if word in _OF_THE_MOMENT or not word else ConsentRefused(_NO_CODE)


def _not_renewed(word: str) -> SluiceError:
    if word in _OF_THE_OPERATOR:
        logger.error("Google refuses this service itself: %s", word)
        return InvalidCredentials(_REFUSED_ITSELF.format(word=word))
    return ConsentRequired(_NO_GRANT) if word == "invalid_grant" else StorageUnreachable(_SILENT)
