"""What one user has, one of each kind, and how each route of the application names it: in its path and beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy.orm import Session

from app.connections.contract import Connection, CredentialsForm, NewConnection
from app.dialects.galaxy.ids import Ids
from app.grants.answers import Account, Issued
from app.grants.contract import Provider
from app.grants.store import GrantStore
from app.mirrors.request import MirrorRequest
from app.webhooks.contract import Draft
from tests.support.inhabited import Inhabited
from tests.support.people import new_connection
from tests.support.routes import Route

SECRET = "hers-5e0c71a9"
"""Is in all that she has and can name: nobody else is shown it."""

TUS = {"Tus-Resumable": "1.0.0"}

OWNED = {
    "connection_id": {"dashboard": "connection", "aion": "drive"},
    "job_id": {"dashboard": "job", "galaxy": "tool_job", "aion": "import_job"},
    "dataset_id": {"cval": "dataset", "galaxy": "item"},
    "storage_id": {"cval": "connection"},
    "number": {"cvat": "number"},
    "user_id": {"cvat": "user"},
    "file_id": {"aion": "image"},
    "history_id": {"galaxy": "history"},
    "authz_id": {"galaxy": "authorization"},
    "upload_id": {"galaxy": "upload"},
    "webhook_id": {"dashboard": "webhook", "webhooks": "webhook"},
    "delivery_id": {"dashboard": "delivery", "webhooks": "delivery"},
}
"""The parameters of paths that are ids of what somebody has: what of it, by dialect."""

NOBODYS = {
    "part": "training",
    "form": "detection",
    "frame_id": "x",
    "embedding_id": "x",
    "tag_name": "t",
    "provider": "google_drive",
    "tool_id": "upload1",
    "encoded_id": "f2db41e1fa331b3e",
    "filename": "sluice.css",
    "path": "index.html",
}
"""The parameters of paths that are none, with a value that is good."""

NUMBERS = {("galaxy", "number")}
"""Names that are ids in one dialect and none in another."""


@dataclass(frozen=True)
class Belongings:
    """The ids of what one user has.

    Attributes:
        ids: by kind, as in `OWNED`; of ``picker`` no path says it.
    """

    ids: Mapping[str, str]

    def address(self, route: Route) -> str:
        """Return the address at which a route finds them."""
        return route.at({name: self._value(route.dialect, name) for name in route.names})

    def _value(self, dialect: str, name: str) -> str:
        return self.ids[OWNED[name][dialect]] if is_owned(dialect, name) else NOBODYS.get(name, "7")

    def instead(self, **ids: str) -> "Belongings":
        """Return these with others of some kinds."""
        return replace(self, ids={**self.ids, **ids})


def is_owned(dialect: str, name: str) -> bool:
    """Whether a parameter of a path of this dialect is the id of what somebody has.

    Raises:
        KeyError: nobody has said yet whether it is: say so in `OWNED` or `NOBODYS`.
    """
    if name in NOBODYS or (dialect, name) in NUMBERS:
        return False
    return dialect in OWNED[name] or _unknown(dialect, name)


def _unknown(dialect: str, name: str) -> bool:
    raise KeyError(f"{name} of {dialect}")


_ENCODED = Ids("USING THE DEFAULT IS NOT SECURE!").encode
"""Ids as Galaxy's dialect writes them with the default secret."""

NOTHING = Belongings(
    {kind: str(uuid4()) for by_dialect in OWNED.values() for kind in by_dialect.values()}
    | {"number": "4000000", "user": "4000000", "picker": "nobody-has-opened-this"}
    | dict.fromkeys(["tool_job", "item", "history", "authorization"], _ENCODED(4_000_000))
)
"""Ids as good ones are written, of what nobody has."""


def belongings(house: Inhabited, who: str) -> Belongings:
    """Give a user one thing of each kind."""
    caller, services = house.caller(who), house.services
    connection = services.connections.create(caller, new_connection(name=SECRET))
    webhook = services.webhooks.create(caller, Draft(f"https://8.8.8.8/{SECRET}", description=SECRET)).webhook
    made = {
        "user": str(caller.user_id),
        "connection": connection.id,
        "number": str(connection.number),
        "job": services.mirrors.submit(MirrorRequest(dest=SECRET, dry_run=True), caller=caller).id,
        "webhook": webhook.id,
        "delivery": services.webhooks.test(caller, webhook.id).id,
        "dataset": house.told(who, "POST", "/dataset", json={"dataset_name": SECRET})["dataset_id"],
    }
    return Belongings({**made, **_in_galaxy(house, who), **_of_drive(house, who)})


def _in_galaxy(house: Inhabited, who: str) -> dict[str, str]:
    history = house.told(who, "POST", "/api/histories", json={"name": SECRET})["id"]
    inputs = {"files_0|url_paste": SECRET, "files_0|NAME": SECRET}
    run = house.told(who, "POST", "/api/tools", json={"history_id": history, "tool_id": "upload1", "inputs": inputs})
    config = {"access_key": f"{SECRET}-{uuid4()}", "secret_key": "x"}
    wanted = {"provider": "aws", "config": config, "authn_id": _ENCODED(77)}
    upload = house.ask(who, "POST", "/api/upload/resumable_upload", headers={**TUS, "Upload-Length": "5"})
    return {
        "history": history,
        "item": run["outputs"][0]["id"],
        "tool_job": run["jobs"][0]["id"],
        "authorization": house.told(who, "POST", "/api/cloud/authz", json=wanted)["id"],
        "upload": upload.headers["Location"].rpartition("/")[2],
    }


def _of_drive(house: Inhabited, who: str) -> dict[str, str]:
    drive = _connected_drive(house, who)
    files = [{"id": "abc", "name": SECRET, "mime_type": "image/png", "size_bytes": 1}]
    wanted = {"connection_id": drive, "files": files}
    imported = house.told(who, "POST", "/api/v2/cloud-storage/import", json=wanted)
    picker = house.services.picker.open(house.caller(who), drive).id
    return {"drive": drive, "import_job": imported["job_id"], "image": imported["image_ids"][0], "picker": picker}


def _connected_drive(house: Inhabited, who: str) -> str:
    """Connect an account at Google as a consent of its owner does; return the connection's id."""
    caller, services, account = house.caller(who), house.services, Account(str(uuid4()), f"{SECRET}@x", SECRET)
    issued = Issued(f"ya29.{SECRET}", f"1//{SECRET}", 3599.0, ("https://www.googleapis.com/auth/drive.file",))
    new = NewConnection("gdrive", SECRET, {"account": account.id}, {}, form=CredentialsForm.OAUTH)
    store, drive = GrantStore(services.database, services.box), Provider.GOOGLE_DRIVE

    def grant(session: Session, connection: Connection) -> None:
        store.add(session, connection.id, caller.user_id, drive, account, issued)

    return services.connections.create(caller, new, beside=grant).id
