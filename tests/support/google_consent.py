"""The page on which somebody consents at the fake Google, as browsers see it, and a person who walks through it."""

import http.client
import secrets
import threading
import time
from collections.abc import Collection
from html import escape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.gcs_answers import Answer, Seen
from tests.support.google_accounts import Account
from tests.support.google_oauth import CODE_SECONDS, IDENTITY, KNOWN, Code, OAuth, scopes_of
from tests.support.google_wire import OAuthRefusal, html_answer, once_each, target_of

PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Sign in - Google Accounts</title>
<h1>Sluice wants access to your Google Account</h1>
<form method="post" action="{action}">
<input type="hidden" name="request" value="{request}">
<label>Account <select name="account">{accounts}</select></label>
{scopes}
<button id="allow" name="decision" value="allow">Allow</button>
<button id="deny" name="decision" value="deny">Deny</button>
</form></html>
"""
REFUSED = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Error {status}: {error}</title>
<h1>Access blocked: authorization error</h1><p>Error {status}: {error}</p><p>{description}</p></html>
"""
REQUIRED = ("client_id", "redirect_uri", "response_type", "scope")


class Consenting:
    """Requests for authorization, from the address that a person opens to where he is sent. Thread-safe.

    Args:
        oauth: takes the codes.
        path: where the page is; what is submitted goes below it.
    """

    def __init__(self, oauth: OAuth, path: str) -> None:
        self._oauth, self._path = oauth, path
        self._asked: dict[str, dict[str, str]] = {}
        self._lock = threading.Lock()

    def page(self, seen: Seen) -> Answer:
        """Show what is asked for, or why nothing can be; nobody is sent anywhere yet."""
        try:
            asked = self._checked(once_each(parse_qs(urlsplit(target_of(seen)).query, keep_blank_values=True)))
        except OAuthRefusal as refusal:
            told = {"status": refusal.status, "error": refusal.error, "description": escape(refusal.description)}
            return html_answer(REFUSED.format(**told), refusal.status)
        request = secrets.token_urlsafe(16)
        with self._lock:
            self._asked[request] = asked
        accounts = (f'<option value="{one.sub}">{escape(one.email)}</option>' for one in self._oauth.accounts.values())
        scopes = (_checkbox(scope) for scope in sorted(scopes_of(asked["scope"])))
        told_page = PAGE.format(
            action=f"{self._path}/decision", request=request, accounts="".join(accounts), scopes="\n".join(scopes)
        )
        return html_answer(told_page)

    def decision(self, seen: Seen) -> Answer:
        """Take what a person decides, once, and send him back to the client."""
        fields = parse_qs(seen.body.decode())
        with self._lock:
            asked = self._asked.pop(fields.get("request", [""])[0], None)
        if asked is None:
            return html_answer(REFUSED.format(status=400, error="invalid_request", description="Unknown."), 400)
        if fields["decision"] == ["deny"]:
            return _sent(asked, {"error": fields.get("error", ["access_denied"])[0]})
        account = self._oauth.accounts[fields["account"][0]]
        scopes = scopes_of(asked["scope"]) & (IDENTITY | set(fields.get("scope", [])))
        return _sent(asked, self._granted(account, scopes, asked))

    def _granted(self, account: Account, scopes: frozenset[str], asked: dict[str, str]) -> dict[str, str]:
        refreshable = self._oauth.refreshable(account, scopes, asked)
        if asked.get("include_granted_scopes") == "true" and account.sub in self._oauth.grants:
            scopes |= self._oauth.grants[account.sub].scopes
        code = Code(
            account=account,
            scopes=scopes,
            redirect_uri=asked["redirect_uri"],
            challenge=asked.get("code_challenge"),
            method=asked.get("code_challenge_method", "plain"),
            refreshable=refreshable,
            ends=time.time() + CODE_SECONDS,
        )
        told = {"code": self._oauth.new_code(code), "scope": " ".join(sorted(scopes)), "authuser": "0"}
        return told | {"prompt": asked.get("prompt", "none")}

    def _checked(self, asked: dict[str, str]) -> dict[str, str]:
        for name in REQUIRED:
            if not asked.get(name):
                raise OAuthRefusal(400, "invalid_request", f"Missing required parameter: {name}")
        if asked["client_id"] != self._oauth.client_id:
            raise OAuthRefusal(401, "invalid_client", "The OAuth client was not found.")
        if asked["redirect_uri"] not in self._oauth.redirect_uris:
            raise OAuthRefusal(400, "redirect_uri_mismatch", f"redirect_uri={asked['redirect_uri']}")
        if asked["response_type"] != "code":
            raise OAuthRefusal(400, "unsupported_response_type", asked["response_type"])
        if unknown := scopes_of(asked["scope"]) - KNOWN:
            raise OAuthRefusal(400, "invalid_scope", f"Some requested scopes were invalid: {sorted(unknown)}")
        _require_choices(asked)
        return asked


def _require_choices(asked: dict[str, str]) -> None:
    if asked.get("access_type", "online") not in ("online", "offline"):
        raise OAuthRefusal(400, "invalid_request", f"Invalid access_type: {asked['access_type']}")
    if set(asked.get("prompt", "").split()) - {"none", "consent", "select_account"}:
        raise OAuthRefusal(400, "invalid_request", f"Invalid prompt: {asked['prompt']}")
    if asked.get("code_challenge_method", "plain") not in ("plain", "S256"):
        raise OAuthRefusal(400, "invalid_request", "Invalid code_challenge_method")
    if "code_challenge_method" in asked and not 43 <= len(asked.get("code_challenge", "")) <= 128:
        raise OAuthRefusal(400, "invalid_request", "Invalid code_challenge")


def _checkbox(scope: str) -> str:
    if scope in IDENTITY:
        return f"<p>{escape(scope)}</p>"
    return f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked> {escape(scope)}</label>'


def _sent(asked: dict[str, str], told: dict[str, str]) -> Answer:
    told = ({"state": asked["state"]} if "state" in asked else {}) | told
    joint = "&" if urlsplit(asked["redirect_uri"]).query else "?"
    return Answer(302, {"Location": f"{asked['redirect_uri']}{joint}{urlencode(told)}"}, b"")


class _Form(HTMLParser):
    """The form of the page: its action, the hidden fields and the scopes that can be ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.hidden, self.scopes = "", dict[str, str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = told["action"]
        elif told.get("type") == "hidden":
            self.hidden[told["name"]] = told["value"]
        elif told.get("type") == "checkbox":
            self.scopes.append(told["value"])


def walk(url: str, account: Account, scopes: Collection[str] | None, error: str | None) -> str:
    """Open the page as a person does, decide, and return the address that he is sent to.

    Args:
        url: that a client made.
        account: of the person.
        scopes: those of which he leaves the boxes ticked; None: all.
        error: refuse with it instead.

    Raises:
        AssertionError: the page is an error page; it says why.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        form = _Form(_page(connection, f"{parts.path}?{parts.query}"))
        ticked = [scope for scope in form.scopes if scopes is None or scope in scopes]
        decided = [("decision", "allow"), *(("scope", scope) for scope in ticked)]
        fields = [*form.hidden.items(), ("account", account.sub)]
        fields += decided if error is None else [("decision", "deny"), ("error", error)]
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", form.action, urlencode(fields), kind)
        response = connection.getresponse()
        response.read()
        return response.headers["Location"]
    finally:
        connection.close()


def _page(connection: http.client.HTTPConnection, target: str) -> str:
    connection.request("GET", target)
    response = connection.getresponse()
    page = response.read().decode()
    assert response.status == 200, page
    return page
