"""``flask --app app keys``: the API keys of users, beside a service that runs."""

import time
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.accounts.records import ApiKey
from app.accounts.scopes import Scope, changes_nothing
from app.accounts.service import AccountService
from app.cli.asking import require_yes
from app.cli.sentences import errors_as_sentences
from app.cli.telling import tell, tell_json
from app.web.services import current_services
from app.web.timestamps import timestamp

_DAY = 86_400.0
_SCOPES = [scope.value for scope in Scope]  # of members themselves click takes the names


@click.group("keys")
def keys() -> None:
    """API keys: make, list, revoke and delete them."""


def _accounts() -> AccountService:
    accounts: AccountService = current_services().accounts
    return accounts


@keys.command("create")
@click.argument("name")
@click.option("--label", default="", help="What the key is for.")
@click.option(
    "--days", type=click.IntRange(1, 36_500), help="After so many days it is worth nothing.  [default: never]"
)
@click.option("--read-only", is_flag=True, help="The key cannot change anything.")
@click.option("scopes", "--scope", multiple=True, type=click.Choice(_SCOPES), help="Hold it to this; may be repeated.")
@with_appcontext
@errors_as_sentences
def create(*, name: str, label: str, days: int | None, read_only: bool, scopes: tuple[str, ...]) -> None:
    """Make a key of the user NAME and print it, and nothing else, on standard output."""
    expires_at = None if days is None else time.time() + days * _DAY
    made = _accounts().create_key(name, label, expires_at, read_only, scopes or None)
    click.echo(made.key)
    click.echo(
        f"Key {made.record.id} of {made.record.user_name}. It is not kept, so it cannot be shown again.", err=True
    )


@keys.command("list")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@with_appcontext
@errors_as_sentences
def list_all(*, name: str | None, as_json: bool) -> None:
    """List the keys of the user NAME, or of all users; oldest first."""
    found, now = _accounts().keys(name), time.time()
    if as_json:
        tell_json([_document(key, now) for key in found])
        return
    for key in found:
        tell(_line(key, now))
    if not found:
        click.echo("No keys.", err=True)


@keys.command("revoke")
@click.argument("key_id", metavar="ID", type=int)
@with_appcontext
@errors_as_sentences
def revoke(*, key_id: int) -> None:
    """Have the key ID be worth nothing from now on; it stays in the list."""
    _accounts().revoke_key(key_id)
    click.echo(f"{key_id}  revoked")


@keys.command("delete")
@click.argument("key_id", metavar="ID", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@errors_as_sentences
def delete(*, key_id: int, yes: bool) -> None:
    """Remove the key ID; nothing tells any more that it was there."""
    require_yes(f"Remove the key {key_id}?", yes=yes)
    _accounts().delete_key(key_id)
    click.echo(f"{key_id}  deleted")


def _line(key: ApiKey, now: float) -> str:
    """Return the key as a line of the list."""
    end = f"until {_day(key.expires_at)}" if key.expires_at is not None else "for ever"
    used = f"used {_day(key.last_used_at)}" if key.last_used_at is not None else "never used"
    standing = key.standing(now)
    whose = [f"{key.id:5}", f"{key.user_name:24}", f"...{key.hint}"]
    columns = [*whose, f"{standing:7}", _access(key), end, used, key.label]
    return "  ".join(columns).rstrip()


def _access(key: ApiKey) -> str:
    access = "read-only" if key.read_only or changes_nothing(key.scopes) else "read-write"
    return access if key.scopes is None else f"{access}  {','.join(sorted(key.scopes)) or 'no scope'}"


def _day(seconds: float | None) -> str:
    return (timestamp(seconds) or "")[:10]


def _document(key: ApiKey, now: float) -> dict[str, object]:
    fields = ("created_at", "expires_at", "revoked_at", "last_used_at")
    times = {field: timestamp(getattr(key, field)) for field in fields}
    scopes = None if key.scopes is None else sorted(key.scopes)
    return asdict(key) | times | {"scopes": scopes} | {"standing": key.standing(now)}
