"""Google's OAuth endpoints for tests, strict as RFC 6749, RFC 7636 and Google's documentation are.

Who consents sees the page of `tests/support/google_consent.py`.
"""

import base64
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from tests.support.gcs_answers import Answer, Seen, json_answer
from tests.support.google_accounts import EMAIL, PROFILE, Account, identity_of, signed
from tests.support.google_wire import OAuthRefusal, form_of

AUTH = "https://www.googleapis.com/auth/"
DRIVE, DRIVE_FILE = f"{AUTH}drive", f"{AUTH}drive.file"
DRIVE_READONLY, DRIVE_METADATA = f"{AUTH}drive.readonly", f"{AUTH}drive.metadata.readonly"
IDENTITY = frozenset({"openid", EMAIL, PROFILE})
KNOWN = IDENTITY | {DRIVE, DRIVE_FILE, DRIVE_READONLY, DRIVE_METADATA}
ALIASES = {"email": EMAIL, "profile": PROFILE}
CODE_SECONDS = 600
LIVE_REFRESH_TOKENS = 100
"""How many an account has for one client; a new one more, and the oldest dies without a word."""


@dataclass(frozen=True)
class Code:
    """What a consent gives, to be exchanged once."""

    account: Account
    scopes: frozenset[str]
    redirect_uri: str
    challenge: str | None
    method: str
    refreshable: bool
    ends: float


@dataclass(eq=False)
class Grant:
    """What an account has granted to the client.

    Attributes:
        refresh_tokens: those that live, oldest first.
    """

    account: Account
    scopes: frozenset[str]
    refresh_tokens: list[str] = field(default_factory=list)


@dataclass(eq=False)
class AccessToken:
    """One token; it ends by time, or with its grant."""

    grant: Grant
    scopes: frozenset[str]
    ends: float


class OAuth:
    """Grants, codes and tokens of one client. Thread-safe.

    Attributes:
        client_id, client_secret: of the client.
        redirect_uris: the registered ones; only exactly these are taken.
        accounts: who can consent, by ``sub``.
        grants: by ``sub``; gone when revoked.
        expires_in: seconds that an access token is told to live.
        rotates: a refresh brings a new refresh token, and the old one dies.
        refreshes: how many times a token was refreshed.
        tells_scope: the answers to exchanges name the scopes.
    """

    def __init__(self) -> None:
        self.client_id = f"{secrets.randbelow(10**12):012}-sluice.apps.googleusercontent.com"
        self.client_secret = f"GOCSPX-{secrets.token_urlsafe(21)}"
        self.redirect_uris: set[str] = set()
        self.accounts: dict[str, Account] = {}
        self.grants: dict[str, Grant] = {}
        self.expires_in = 3599
        self.rotates = False
        self.tells_scope = True
        self.refreshes = 0
        self.codes: dict[str, Code] = {}
        self.access_tokens: dict[str, AccessToken] = {}
        self._lock = threading.RLock()

    def new_code(self, code: Code) -> str:
        """Return a code for a consent; a slash in it shows who does not encode it."""
        with self._lock:
            text = f"4/0A{secrets.token_urlsafe(45)}"
            self.codes[text] = code
        return text

    def refreshable(self, account: Account, scopes: frozenset[str], asked: dict[str, str]) -> bool:
        """Tell whether the code of a consent also brings a refresh token."""
        grant = self.grants.get(account.sub)
        is_first = grant is None or not scopes <= grant.scopes
        return asked.get("access_type") == "offline" and (is_first or "consent" in asked.get("prompt", "").split())

    def grant(self, account: Account, scopes: frozenset[str]) -> Grant:
        """Return the grant of an account, which has these scopes from now on, besides those that it had."""
        with self._lock:
            grant = self.grants.setdefault(account.sub, Grant(account, scopes))
            grant.scopes |= scopes
            return grant

    def new_access_token(self, grant: Grant, scopes: frozenset[str]) -> str:
        """Return a new token of a grant."""
        with self._lock:
            text = f"ya29.{secrets.token_urlsafe(60)}"
            self.access_tokens[text] = AccessToken(grant, scopes, time.time() + self.expires_in)
        return text

    def new_refresh_token(self, grant: Grant) -> str:
        """Return a new refresh token of a grant."""
        with self._lock:
            text = f"1//0{secrets.token_urlsafe(60)}"
            grant.refresh_tokens = [*grant.refresh_tokens, text][-LIVE_REFRESH_TOKENS:]
        return text

    def bearer(self, authorization: str | None) -> AccessToken | None:
        """Return the token of an ``Authorization`` header; None for one that is unknown, over or revoked."""
        kind, _, text = (authorization or "").partition(" ")
        with self._lock:
            token = self.access_tokens.get(text) if kind == "Bearer" else None
            is_good = token is not None and token.ends > time.time() and token.grant in self.grants.values()
            return token if is_good else None

    def expire_tokens(self) -> None:
        """Make all access tokens of now old."""
        with self._lock:
            for token in self.access_tokens.values():
                token.ends = 0

    def expire_codes(self) -> None:
        """Make all codes of now old."""
        with self._lock:
            self.codes.clear()

    def revoke(self, account: Account) -> None:
        """End the grant of an account, as its owner can at Google's pages."""
        with self._lock:
            self.grants.pop(account.sub, None)

    def token_answer(self, seen: Seen) -> Answer:
        """Answer an exchange or a refresh."""
        fields = form_of(seen)
        self._require_client(fields, seen.headers.get("Authorization", ""))
        kinds = {"authorization_code": self._exchanged, "refresh_token": self._refreshed}
        kind = fields.get("grant_type")
        if kind is None:
            raise OAuthRefusal(400, "invalid_request", "Missing required parameter: grant_type")
        if kind not in kinds:
            raise OAuthRefusal(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")
        with self._lock:
            told = kinds[kind](fields)
        answer = json_answer(told)
        return answer._replace(headers={**answer.headers, "Cache-Control": "no-store"})

    def revoke_answer(self, seen: Seen) -> Answer:
        """Answer a revocation, by either kind of token."""
        fields = form_of(seen) | dict(seen.query)
        if "token" not in fields:
            raise OAuthRefusal(400, "invalid_request", "Missing required parameter: token")
        with self._lock:
            grant = self._grant_of(fields["token"])
            if grant is None:
                raise OAuthRefusal(400, "invalid_token", "Token expired or revoked")
            self.revoke(grant.account)
        return json_answer({})

    def userinfo_answer(self, seen: Seen) -> Answer:
        """Answer who the token's account is, as far as its scopes let it."""
        token = self.bearer(seen.headers.get("Authorization"))
        if token is None:
            raise OAuthRefusal(401, "invalid_request", "Invalid Credentials")
        if not token.scopes & IDENTITY:
            raise OAuthRefusal(403, "insufficient_scope", "Request had insufficient authentication scopes.")
        return json_answer(identity_of(token.grant.account, token.scopes))

    def _require_client(self, fields: dict[str, str], authorization: str) -> None:
        known = (fields.get("client_id"), fields.get("client_secret"))
        if authorization.startswith("Basic "):
            spelt = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            known = (unquote_plus(spelt[0]), unquote_plus(spelt[2]))
        if not known[0]:
            raise OAuthRefusal(400, "invalid_request", "Could not determine client ID from request.")
        if known[0] != self.client_id:
            raise OAuthRefusal(401, "invalid_client", "The OAuth client was not found.")
        if known[1] != self.client_secret:
            raise OAuthRefusal(401, "invalid_client", "The provided client secret is invalid.")

    def _exchanged(self, fields: dict[str, str]) -> dict[str, Any]:
        for name in ("code", "redirect_uri"):
            if not fields.get(name):
                raise OAuthRefusal(400, "invalid_request", f"Missing required parameter: {name}")
        code = self.codes.pop(fields["code"], None)
        if code is None or code.ends < time.time():
            raise OAuthRefusal(400, "invalid_grant", "Malformed auth code.")
        if fields["redirect_uri"] != code.redirect_uri:
            raise OAuthRefusal(400, "redirect_uri_mismatch", "Bad Request")
        _require_verifier(code, fields.get("code_verifier"))
        grant = self.grant(code.account, code.scopes)
        told = {"refresh_token": self.new_refresh_token(grant)} if code.refreshable else {}
        return self._token(grant, code.scopes) | told

    def _refreshed(self, fields: dict[str, str]) -> dict[str, Any]:
        text = fields.get("refresh_token")
        if not text:
            raise OAuthRefusal(400, "invalid_request", "Missing required parameter: refresh_token")
        grant = next((one for one in self.grants.values() if text in one.refresh_tokens), None)
        if grant is None:
            raise OAuthRefusal(400, "invalid_grant", "Token has been expired or revoked.")
        scopes = scopes_of(fields.get("scope", "")) or grant.scopes
        if not scopes <= grant.scopes:
            raise OAuthRefusal(400, "invalid_scope", "Bad Request")
        self.refreshes += 1
        told = {}
        if self.rotates:
            grant.refresh_tokens.remove(text)
            told = {"refresh_token": self.new_refresh_token(grant)}
        return self._token(grant, scopes) | told

    def _token(self, grant: Grant, scopes: frozenset[str]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "access_token": self.new_access_token(grant, scopes),
            "expires_in": self.expires_in,
            "token_type": "Bearer",
        }
        told |= {"scope": " ".join(sorted(scopes))} if self.tells_scope else {}
        return told | ({"id_token": self._id_token(grant.account, scopes)} if "openid" in scopes else {})

    def _id_token(self, account: Account, scopes: frozenset[str]) -> str:
        now = int(time.time())
        claims = {"iss": "https://accounts.google.com", "azp": self.client_id, "aud": self.client_id}
        return signed(claims | identity_of(account, scopes) | {"iat": now, "exp": now + 3600})

    def _grant_of(self, text: str) -> Grant | None:
        token = self.bearer(f"Bearer {text}")
        if token is not None:
            return token.grant
        return next((grant for grant in self.grants.values() if text in grant.refresh_tokens), None)


def scopes_of(text: str) -> frozenset[str]:
    """Return the scopes that a parameter names, the aliases by their long names."""
    return frozenset(ALIASES.get(scope, scope) for scope in text.split())


def _require_verifier(code: Code, verifier: str | None) -> None:
    if code.challenge is None:
        if verifier is not None:
            raise OAuthRefusal(400, "invalid_grant", "code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise OAuthRefusal(400, "invalid_grant", "Missing code verifier.")
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    is_long_enough = 43 <= len(verifier) <= 128
    if not is_long_enough or code.challenge != (digest if code.method == "S256" else verifier):
        raise OAuthRefusal(400, "invalid_grant", "Invalid code verifier.")
