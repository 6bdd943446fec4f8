"""``flask --app app users``: who may use the service, beside one that runs."""

import json
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.accounts.caller import Role
from app.accounts.names import user_name
from app.accounts.records import NO_QUOTA, User
from app.accounts.service import AccountService
from app.cli.asking import new_password, require_yes
from app.cli.quotas import QuotaType, byte_text, quota_text
from app.cli.sentences import errors_as_sentences
from app.web.services import current_services
from app.web.timestamps import timestamp

_ROLES = click.Choice([role.value for role in (Role.ADMIN, Role.USER, Role.WORKER)])


@click.group("users")
def users() -> None:
    """Users: make, list, disable and delete them."""


def _accounts() -> AccountService:
    accounts: AccountService = current_services().accounts
    return accounts


@users.command("create")
@click.argument("name")
@click.option("--role", type=_ROLES, default=Role.USER.value, show_default=True, help="What the user may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--no-password", is_flag=True, help="The user signs in with keys only.")
@with_appcontext
@errors_as_sentences
def create(*, name: str, role: str, password_stdin: bool, no_password: bool) -> None:
    """Make the user NAME; asks for a password twice."""
    user_name(name)  # before anybody types a password
    made = _accounts().create_user(name, Role(role), new_password(from_stdin=password_stdin, none=no_password))
    click.echo(f"{made.name}  {made.role.value}  created")


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@with_appcontext
@errors_as_sentences
def list_all(*, as_json: bool) -> None:
    """List all users by name."""
    found = _accounts().users()
    if as_json:
        click.echo(json.dumps([_document(user) for user in found], indent=2))
        return
    for user in found:
        notes = [note for note, holds in _notes(user) if holds]
        click.echo("  ".join([f"{user.name:24}", f"{user.role.value:6}", ", ".join(notes)]).rstrip())
    if not found:
        click.echo("No users.", err=True)


@users.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--no-password", is_flag=True, help="Take the password away: the user signs in with keys only.")
@with_appcontext
@errors_as_sentences
def password(*, name: str, password_stdin: bool, no_password: bool) -> None:
    """Give the user NAME another password, and end the user's sessions. Keys stay."""
    user = _accounts().user(name)  # before anybody types a password
    _accounts().set_password(user.name, new_password(from_stdin=password_stdin, none=no_password))
    click.echo(f"{user.name}  {'has no password now' if no_password else 'has another password now'}")


@users.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@with_appcontext
@errors_as_sentences
def role(*, name: str, role: str) -> None:
    """Make the user NAME an admin, a user or a worker."""
    _accounts().set_role(name, Role(role))
    click.echo(f"{_accounts().user(name).name}  {role}")


@users.command("quota")
@click.argument("name")
@click.argument("quota", type=QuotaType(), metavar="BYTES|none|default")
@with_appcontext
@errors_as_sentences
def quota(*, name: str, quota: int | None) -> None:
    """Say how much of the library the user NAME may fill: 100G, none (no limit) or default (LIBRARY_QUOTA)."""
    _accounts().set_quota(name, quota)
    click.echo(f"{_accounts().user(name).name}  {quota_text(quota)}")


@users.command("usage")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, in bytes.")
@with_appcontext
@errors_as_sentences
def usage(*, name: str | None, as_json: bool) -> None:
    """Show how much of the library is the user NAME's, or everybody's."""
    found = [_accounts().user(name)] if name else _accounts().users()
    used = {user.name: current_services().library.usage(user.id) for user in found}
    if as_json:
        click.echo(json.dumps([{"name": each, **asdict(its)} for each, its in used.items()], indent=2))
        return
    for each, its in used.items():
        limit = "no limit" if its.quota is None else f"of {byte_text(its.quota)}"
        click.echo(f"{each:24}  {byte_text(its.used)}  {limit}")


@users.command("disable")
@click.argument("name")
@with_appcontext
@errors_as_sentences
def disable(*, name: str) -> None:
    """Lock the user NAME out at once; nothing is removed."""
    _accounts().disable(name)
    click.echo(f"{_accounts().user(name).name}  disabled")


@users.command("enable")
@click.argument("name")
@with_appcontext
@errors_as_sentences
def enable(*, name: str) -> None:
    """Let the disabled user NAME in again."""
    _accounts().enable(name)
    click.echo(f"{_accounts().user(name).name}  enabled")


@users.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@errors_as_sentences
def delete(*, name: str, yes: bool) -> None:
    """Remove the user NAME, with the user's keys, memberships and part of the library."""
    user = _accounts().user(name)
    require_yes(f"Remove the user {user.name} with all keys, memberships and files in the library?", yes=yes)
    _accounts().delete_user(user.name)
    click.echo(f"{user.name}  deleted")


def _notes(user: User) -> list[tuple[str, bool]]:
    return [
        ("disabled", user.disabled_at is not None),
        ("keys only", not user.has_password),
        (quota_text(user.quota), user.quota is not None),
    ]


def _document(user: User) -> dict[str, object]:
    times = {field: timestamp(getattr(user, field)) for field in ("created_at", "disabled_at", "last_login_at")}
    return asdict(user) | times | {"quota": "none" if user.quota == NO_QUOTA else user.quota}
