"""What opens a connection: its credentials, for whoever may use it as both stand now."""

from collections.abc import Mapping

from app.connections.contract import CredentialsForm
from app.connections.permissions import may_change, may_see
from app.connections.secrets import SecretBox
from app.connections.store import ConnectionStore, Kept
from app.errors import ConnectionUnusable, SettingsError


def usable_by(store: ConnectionStore, connection_id: str, owner_id: int | None, *, writes: bool) -> Kept:
    """Return a connection that the owner of a job may use.

    Args:
        store: of the connections.
        connection_id: the connection.
        owner_id: whose job it is; None: the command line's.
        writes: the job writes to the storage, and not just reads from it.

    Raises:
        NotFound: none has this id.
        ConnectionUnusable: the owner may not use it so, or is no user any more.
    """
    if owner_id is None:
        return store.get(connection_id)
    kept, owner = store.with_user(connection_id, owner_id)
    if owner is None:
        raise ConnectionUnusable("Whoever started this job is no user any more, or is disabled.")
    may_use = may_change if writes else may_see
    if not may_use(owner, kept.connection):
        raise ConnectionUnusable(f"{owner.name}, who started this job, may not use its connection any more.")
    return kept


def opened_credentials(box: SecretBox, kept: Kept) -> Mapping[str, str]:
    """Return what opens a connection; of the form ``oauth`` that is the id under which others keep its tokens.

    Raises:
        ConnectionUnusable: what is kept cannot be opened.
    """
    connection_id, form = kept.connection.id, kept.connection.form
    if form is CredentialsForm.ANONYMOUS:
        return {}
    if form is CredentialsForm.OAUTH:
        return {"grant": connection_id}
    if kept.sealed is None:
        raise ConnectionUnusable(f"The connection {connection_id} has no credentials any more. Give them again.")
    try:
        return box.open(kept.sealed, connection_id)
    except SettingsError as error:
        raise ConnectionUnusable(f"The connection {connection_id}: {error}") from None
