"""``flask --app app connections``: makes, lists, checks and deletes them, whether the service runs or not.

No secret is ever printed; where they come from is the matter of ``credentials``.
"""

import sys
from typing import Any

import click
from flask.cli import with_appcontext

from app.accounts.caller import Caller
from app.bootstrap import Services
from app.cli.credentials import given_credentials, require_fitting
from app.cli.sentences import errors_as_sentences
from app.cli.telling import tell, tell_json
from app.connections.contract import OPERATOR, Changes, Connection, NewConnection, Status
from app.errors import InvalidInput, NotAllowed
from app.grants.contract import Grant
from app.web.services import current_services

_ADDRESS = ("endpoint", "bucket", "region", "account", "project", "location", "prefix")


@click.group("connections")
def connections() -> None:
    """Stored addresses and credentials of storages."""


@connections.command("add")
@click.option("--kind", type=click.Choice(["s3", "azure", "gcs"]), default="s3", show_default=True)
@click.option("--endpoint", metavar="URL", help="Such as http://minio:9000; the provider's own by default.")
@click.option("--bucket", required=True, help="The bucket; of azure the container.")
@click.option("--region", help="What requests are signed for; with an endpoint STORAGE_REGION by default (s3).")
@click.option("--account", help="The storage account (azure).")
@click.option("--project", help="Pays for requests where the requester does (gcs).")
@click.option("--location", help="Where a bucket is made (gcs).")
@click.option("--prefix", help="Where looking around begins.")
@click.option("--anonymous", is_flag=True, help="Without credentials.")
@click.option("--access-key", help="(s3)")
@click.option("--secret-key-stdin", is_flag=True, help="Read the secret key from standard input (s3).")
@click.option("--token-stdin", is_flag=True, help="Read a SAS token or the account's key from standard input (azure).")
@click.option("--connection-string-stdin", is_flag=True, help="Read a connection string from standard input (azure).")
@click.option(
    "--key-file",
    metavar="PATH",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="The JSON key of a service account; - for standard input (gcs).",
)
@click.option("--name", default="", help="What people call it; the bucket's name by default.")
@click.option("--description", default="")
@click.option("--owner", metavar="USER", help="Whose it shall be; otherwise no user's, and only admins see it.")
@click.option("--org", metavar="SLUG", help="The organisation that it shall belong to.")
@with_appcontext
@errors_as_sentences
def add(*, kind: str, name: str, description: str, owner: str | None, org: str | None, **options: Any) -> None:
    """Store a connection to a bucket; prints its id. Secrets that no option brings are asked for."""
    services: Services = current_services()
    require_fitting(kind, options)
    form, credentials = given_credentials(kind, options)
    new = NewConnection(
        kind=kind,
        name=name,
        address={field: options[field] for field in _ADDRESS if options[field] is not None},
        credentials=credentials,
        organisation_id=services.accounts.organisation(org).id if org else None,
        form=form,
        description=description,
    )
    click.echo(services.connections.create(_as(services, owner), new).id)


@connections.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@with_appcontext
@errors_as_sentences
def list_all(*, as_json: bool) -> None:
    """List all connections, oldest first."""
    services: Services = current_services()
    names = _Names(services)
    found = [names.document(connection) for connection in services.connections.list(OPERATOR)]
    if as_json:
        tell_json(found)
        return
    for one in found:
        place = f"{one['endpoint']}{one.get('path', '')}/{one['bucket']}"
        tell(f"{one['id']}  {one['owner'] or '-'}  {one['kind']}  {one['form']}  {one['name']}  {place}")
    if not found:
        click.echo("No connections.", err=True)


@connections.command("show")
@click.argument("connection_id", metavar="ID")
@with_appcontext
@errors_as_sentences
def show(connection_id: str) -> None:
    """Show all that is known of the connection ID but its credentials, as JSON."""
    services: Services = current_services()
    found = services.connections.get(OPERATOR, connection_id)
    grant = services.grants.of_connection(found.id)
    document = _Names(services).document(found) | ({"grant": _grant_document(grant)} if grant else {})
    tell_json(document)


@connections.command("folder")
@click.argument("connection_id", metavar="ID")
@click.argument("path")
@click.option("--drive", metavar="DRIVE_ID", help="The shared drive that the path begins in; My Drive by default.")
@with_appcontext
@errors_as_sentences
def folder(connection_id: str, path: str, drive: str | None) -> None:
    """Have the connection ID lead to another folder of the same account of Google Drive.

    PATH is made of the names of folders, joined by /. What the folder of before holds stays there.
    """
    services: Services = current_services()
    found = services.connections.get(OPERATOR, connection_id)
    if found.kind != "gdrive":
        raise InvalidInput("ID", f"This connection leads to {found.kind}; only those to Google Drive have a folder.")
    address = {"account": found.address["account"], "bucket": path} | ({"drive": drive} if drive else {})
    after = services.connections.change(OPERATOR, connection_id, Changes(address=address))
    tell(f"{after.id}  {after.name}  {after.bucket}")


@connections.command("check")
@click.argument("connection_id", metavar="ID")
@with_appcontext
@errors_as_sentences
def check(connection_id: str) -> None:
    """Ask the storage of the connection ID whether it is there and takes the credentials.

    Exit status: 0 available, 1 otherwise. It takes about ten seconds at most.
    """
    found = current_services().connections.check(OPERATOR, connection_id)
    tell(f"{found.status.value}: {found.message}")
    sys.exit(0 if found.status is Status.AVAILABLE else 1)


@connections.command("delete")
@click.argument("connection_id", metavar="ID")
@with_appcontext
@errors_as_sentences
def delete(connection_id: str) -> None:
    """Delete the connection ID and cancel the jobs that use it. What its bucket holds stays."""
    gone = current_services().connections.delete(OPERATOR, connection_id)
    tell(f"{gone.id}  {gone.name}  deleted")


def _as(services: Services, owner: str | None) -> Caller:
    """Return who makes a connection: the command line, or the user who shall own it, with no more than his rights."""
    if owner is None:
        return OPERATOR
    caller = services.authentication.caller_of(services.accounts.user(owner).id)
    if caller is None:
        raise NotAllowed(f"{owner} is disabled. Enable the user first.")
    return caller


def _grant_document(grant: Grant) -> dict[str, Any]:
    """Return what is shown of what an account has granted."""
    return {
        "account": grant.account,
        "email": grant.email,
        "display_name": grant.display_name,
        "scopes": [*grant.scopes],
        "is_active": grant.is_active,
        "last_used_at": grant.last_used_at,
    }


class _Names:
    """Users and organisations by their ids, as they were when this was made."""

    def __init__(self, services: Services) -> None:
        self._users = {user.id: user.name for user in services.accounts.users()}
        self._organisations = {one.id: one.slug for one in services.accounts.organisations()}

    def document(self, connection: Connection) -> dict[str, Any]:
        """Return what is shown of a connection."""
        return {
            "id": connection.id,
            "name": connection.name,
            "kind": connection.kind,
            "form": connection.form.value,
            **connection.address,
            "description": connection.description,
            "manifests": [*connection.manifests],
            "owner": self._users.get(connection.owner_id or 0),
            "organisation": self._organisations.get(connection.organisation_id or 0),
            "created_at": connection.created_at,
            "updated_at": connection.updated_at,
        }
