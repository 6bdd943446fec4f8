"""A Google for tests: OAuth, userinfo and Drive on one port of this machine, as strict as Google documents them.

``with google() as fake:`` runs one. A service gets `FakeGoogle.settings`; a driver gets `FakeGoogle.tokens`. Its files
are `FakeGoogle.drive`; what goes wrong is told with `FakeGoogle.fail` and its neighbours, each of which says which
requests it meets: a pattern searched in ``METHOD /path?query`` as it was sent, or a function of the request.
"""

import json
import secrets
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.errors import ConsentRequired
from tests.support.gcs_answers import Answer, Seen
from tests.support.google_accounts import Account
from tests.support.google_consent import Consenting, walk
from tests.support.google_drive import DriveApi
from tests.support.google_faults import LONGEST, Fault, Faults, Held, Match, meets, told_headers
from tests.support.google_files import Drive
from tests.support.google_oauth import DRIVE, Grant, OAuth
from tests.support.google_wire import Handler, OAuthRefusal, Refusal, Server

AUTHORIZE, TOKEN, REVOKE, USERINFO = "/o/oauth2/v2/auth", "/token", "/revoke", "/v1/userinfo"


class FakeGoogle:
    """The server. Thread-safe.

    Attributes:
        url: of the server, without a slash at the end.
        oauth: knobs of its tokens (`OAuth.rotates`, `OAuth.expires_in`, ...), its grants and `OAuth.refreshes`.
        drive: its files, and knobs of its lists and uploads.
        person: the first account; whoever consents unless told otherwise.
        requests: all that came, oldest first: ``method``, ``path``, ``query``, ``headers`` and ``body`` of each.
        api_key, project_number: for the picker.
    """

    def __init__(self) -> None:
        self.url = ""
        self.oauth, self.drive = OAuth(), Drive()
        self.requests: list[Seen] = []
        self.api_key = f"AIza{secrets.token_urlsafe(26)}"
        self.project_number = f"{secrets.randbelow(10**12):012}"
        self._faults = Faults()
        self._came = threading.Condition()
        self._consenting = Consenting(self.oauth, AUTHORIZE)
        self._api = DriveApi(self.drive, self.oauth)
        self.person = self.account("ann@example.com", "Ann Example")

    @property
    def settings(self) -> dict[str, str]:
        """What a service that shall use this one instead of Google has in its environment."""
        return {
            "GOOGLE_CLIENT_ID": self.oauth.client_id,
            "GOOGLE_CLIENT_SECRET": self.oauth.client_secret,
            "GOOGLE_API_KEY": self.api_key,
            "GOOGLE_PROJECT_NUMBER": self.project_number,
            "GOOGLE_AUTHORIZE_URL": self.url + AUTHORIZE,
            "GOOGLE_TOKEN_URL": self.url + TOKEN,
            "GOOGLE_REVOKE_URL": self.url + REVOKE,
            "GOOGLE_USERINFO_URL": self.url + USERINFO,
            "GOOGLE_DRIVE_URL": f"{self.url}/drive/v3",
            "GOOGLE_UPLOAD_URL": f"{self.url}/upload/drive/v3",
        }

    @property
    def redirect_uris(self) -> set[str]:
        """The registered ones, to be added to; only exactly these are taken."""
        return self.oauth.redirect_uris

    def account(self, email: str, name: str) -> Account:
        """Add somebody with a Drive of his own."""
        account = Account(email, name)
        self.oauth.accounts[account.sub] = account
        self.drive.open_for(account)
        return account

    def consent(
        self,
        url: str,
        *,
        deny: bool | str = False,
        scopes: Collection[str] | None = None,
        account: Account | None = None,
    ) -> str:
        """Open an authorization URL as a person does, decide, and return where he is sent to: the ``Location``.

        Args:
            url: that the client made.
            deny: refuse; as a text, with this error in the place of ``access_denied``.
            scopes: those that stay ticked, by their long names; who a person is cannot be unticked.
            account: of the person.

        Raises:
            AssertionError: the page tells of an error instead; so does this.
        """
        error = "access_denied" if deny is True else (deny or None)
        return walk(url, account or self.person, scopes, error)

    def tokens(self, account: Account | None = None, scopes: Collection[str] = (DRIVE,)) -> "FakeTokens":
        """Return what a driver gets: good tokens of an account, which has granted these scopes."""
        return FakeTokens(self.oauth, self.oauth.grant(account or self.person, frozenset(scopes)), frozenset(scopes))

    def refresh_token(self, account: Account | None = None, scopes: Collection[str] = (DRIVE,)) -> str:
        """Return a refresh token of an account, which has granted these scopes."""
        return self.oauth.new_refresh_token(self.oauth.grant(account or self.person, frozenset(scopes)))

    def expire_tokens(self) -> None:
        """Make all access tokens of now old; refresh tokens stay good."""
        self.oauth.expire_tokens()

    def revoke(self, account: Account | None = None) -> None:
        """End what an account has granted, as its owner can at Google's pages: all its tokens die."""
        self.oauth.revoke(account or self.person)

    @property
    def open_uploads(self) -> int:
        """How many resumable uploads nobody has completed or cancelled."""
        return len(self._api.uploads.open())

    def lose_uploads(self) -> None:
        """Forget all resumable uploads: their addresses answer 404. For 410 use `fail` with ``upload_id=``."""
        self._api.uploads.lose()

    def fail(
        self,
        match: Match,
        status: int = 503,
        reason: str = "backendError",
        *,
        times: int = 1,
        message: str = "",
        headers: Mapping[str, str] | None = None,
        body: dict[str, Any] | str | None = None,
        after: bool = False,
    ) -> None:
        """Answer the next requests with an error.

        Args:
            match: which requests.
            status: of the answer; by default a 503 of Drive's.
            reason: of Drive's errors.
            times: how many of them.
            message: of Drive's errors.
            headers: such as ``Retry-After``.
            body: in the place of Drive's form: an object is sent as JSON, a text as HTML.
            after: the request takes effect all the same.
        """
        answer = Refusal(status, reason, message).answer()
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            answer = Answer(status, told_headers(None, body), text.encode())
        answer = answer._replace(headers={**answer.headers, **(headers or {})})
        self._faults.add(Fault(match, times, answer=answer, after=after))

    def drop(self, match: Match, *, times: int = 1, after: bool = False) -> None:
        """End the connection instead of answering; with ``after`` once the request has taken effect."""
        self._faults.add(Fault(match, times, drops=True, after=after))

    def hold(self, match: Match, *, times: int = 1, after: bool = False, drop: bool = False) -> Held:
        """Have requests wait until the test lets them go; with ``after`` their answers only.

        With ``drop`` their connections end then: without ``after`` they have never taken effect. What is returned knows
        when one has arrived, and as a context manager lets all go at its end.
        """
        held = Held()
        self._faults.add(Fault(match, times, held=held, after=after, drops=drop))
        return held

    def cut(self, match: Match, after_bytes: int, *, times: int = 1) -> None:
        """End the connection after so many bytes of the body of an answer."""
        self._faults.add(Fault(match, times, cut=after_bytes))

    def drip(self, match: Match, piece: int, *, times: int = 1) -> None:
        """Send the body of an answer in pieces of so many bytes, a hundred a second."""
        self._faults.add(Fault(match, times, piece=piece))

    def stall(self, match: Match, after_bytes: int, *, times: int = 1) -> Held:
        """Have the body of an answer wait after so many bytes, until the test lets it go on."""
        held = Held()
        self._faults.add(Fault(match, times, piece=after_bytes, stalled=held))
        return held

    def keep(self, count: int, *, match: Match = r"^PUT .*upload_id=", times: int = 1) -> None:
        """Store only the first ``count`` bytes of a piece of a resumable upload; of none the answer has no ``Range``."""
        self._faults.add(Fault(match, times, keep=count))

    def lawful(self) -> None:
        """Have nothing go wrong any more; what was held goes on."""
        self._faults.end()

    def asked(self, match: Match) -> list[Seen]:
        """Return the requests so far that are meant, oldest first."""
        with self._came:
            return [seen for seen in self.requests if meets(match, seen)]

    def wait_for(self, match: Match, count: int = 1, seconds: float = 90) -> list[Seen]:
        """Return the requests that are meant as soon as there are ``count``; AssertionError after ``seconds``."""
        deadline = time.monotonic() + min(seconds, LONGEST)
        with self._came:
            while len(met := [seen for seen in self.requests if meets(match, seen)]) < count:
                left = deadline - time.monotonic()
                assert left > 0, f"{len(met)} of {count} requests came within {seconds} s"
                self._came.wait(left)
        return met

    def arrived(self, seen: Seen) -> Fault:
        """Note a request, and return what is wrong with how it will be answered."""
        fault = self._faults.met_by(seen)
        with self._came:
            self.requests.append(seen)
            self._came.notify_all()
        return fault

    def answer(self, seen: Seen, fault: Fault) -> Answer:
        """Do what is asked for; `Handler` calls it."""
        oauth = {
            f"GET {AUTHORIZE}": self._consenting.page,
            f"POST {AUTHORIZE}/decision": self._consenting.decision,
            f"POST {TOKEN}": self.oauth.token_answer,
            f"POST {REVOKE}": self.oauth.revoke_answer,
            f"GET {USERINFO}": self.oauth.userinfo_answer,
        }
        answer = oauth.get(f"{seen.method} {seen.path}")
        try:
            return answer(seen) if answer else self._api.answer(seen, fault)
        except (Refusal, OAuthRefusal) as refusal:
            return refusal.answer()

    def serve_at(self, url: str) -> None:
        """Say where the server is."""
        self.url = self._api.uploads.url = url


class FakeTokens:
    """Tokens of one account for a driver, without anything that keeps them. Thread-safe.

    Attributes:
        refused: the tokens that the driver said are not taken, in this order.
        given_up: those that it gave up with.
    """

    def __init__(self, oauth: OAuth, grant: Grant, scopes: frozenset[str]) -> None:
        self._oauth, self._grant, self._scopes = oauth, grant, scopes
        self._token = oauth.new_access_token(grant, scopes)
        self._lock = threading.Lock()
        self.refused: list[str] = []
        self.given_up: list[str] = []

    def current(self) -> str:
        """Return the token of now, be it good or not."""
        with self._lock:
            return self._token

    def instead_of(self, refused: str) -> str:
        """Return another one than ``refused``; ConsentRequired where the grant has been revoked."""
        with self._lock:
            self.refused.append(refused)
            if refused == self._token:
                if self._grant not in list(self._oauth.grants.values()):
                    raise ConsentRequired("Google does not take the grant any more.")
                self._token = self._oauth.new_access_token(self._grant, self._scopes)
            return self._token

    def give_up(self, refused: str) -> None:
        """Note that the driver gave up with this token."""
        with self._lock:
            self.given_up.append(refused)


@contextmanager
def google(*redirect_uris: str) -> Iterator[FakeGoogle]:
    """Run a Google on a free port; these are the first of its registered redirect URIs."""
    fake = FakeGoogle()
    fake.redirect_uris.update(redirect_uris)
    handler = type("FakesHandler", (Handler,), {"fake": fake})
    with Server(("127.0.0.1", 0), handler) as server:
        fake.serve_at(f"http://127.0.0.1:{server.server_address[1]}")
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield fake
        finally:
            fake.lawful()
            server.shutdown()
            serving.join()
