"""``flask --app app orgs``: organisations and their members, beside a service that runs."""

from dataclasses import asdict

import click
from flask.cli import with_appcontext

from app.accounts.caller import OrganisationRole
from app.accounts.records import Organisation
from app.accounts.service import AccountService
from app.cli.asking import require_yes
from app.cli.sentences import errors_as_sentences
from app.cli.telling import tell, tell_json
from app.web.services import current_services
from app.web.timestamps import timestamp


@click.group("orgs")
def orgs() -> None:
    """Organisations: make them, and say who their members are."""


def _accounts() -> AccountService:
    accounts: AccountService = current_services().accounts
    return accounts


@orgs.command("create")
@click.argument("slug")
@click.option("--owner", required=True, metavar="NAME", help="The user who owns it.")
@click.option("--name", default="", help="How people call it; the slug by default.")
@with_appcontext
@errors_as_sentences
def create(*, slug: str, owner: str, name: str) -> None:
    """Make the organisation SLUG."""
    made = _accounts().create_organisation(slug, name, owner)
    tell(f"{made.slug}  created")


@orgs.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@with_appcontext
@errors_as_sentences
def list_all(*, as_json: bool) -> None:
    """List all organisations by slug."""
    found = _accounts().organisations()
    if as_json:
        tell_json([_document(one) for one in found])
        return
    for one in found:
        tell(f"{one.slug:16}  {one.name}")
    if not found:
        click.echo("No organisations.", err=True)


@orgs.command("show")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@with_appcontext
@errors_as_sentences
def show(*, slug: str, as_json: bool) -> None:
    """Show the organisation SLUG and its members."""
    found, members = _accounts().organisation(slug), _accounts().members(slug)
    if as_json:
        document = _document(found) | {"members": [asdict(member) for member in members]}
        tell_json(document)
        return
    tell(f"{found.slug}  {found.name}")
    for member in members:
        tell(f"  {member.user_name:24}  {member.role.value}")


@orgs.command("add")
@click.argument("slug")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in OrganisationRole]), required=True)
@with_appcontext
@errors_as_sentences
def add(*, slug: str, name: str, role: str) -> None:
    """Make the user NAME a member of the organisation SLUG, or give the member another role."""
    _accounts().set_member(slug, name, OrganisationRole(role))
    tell(f"{_accounts().user(name).name}  {role} of {_accounts().organisation(slug).slug}")


@orgs.command("remove")
@click.argument("slug")
@click.argument("name")
@with_appcontext
@errors_as_sentences
def remove(*, slug: str, name: str) -> None:
    """Take the user NAME out of the organisation SLUG."""
    _accounts().remove_member(slug, name)
    tell(f"{_accounts().user(name).name}  no member of {_accounts().organisation(slug).slug} any more")


@orgs.command("delete")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
@errors_as_sentences
def delete(*, slug: str, yes: bool) -> None:
    """Remove the organisation SLUG; its members stay users."""
    found = _accounts().organisation(slug)
    require_yes(f"Remove the organisation {found.slug}?", yes=yes)
    _accounts().delete_organisation(found.slug)
    tell(f"{found.slug}  deleted")


def _document(one: Organisation) -> dict[str, object]:
    return asdict(one) | {"created_at": timestamp(one.created_at)}
