"""Users who are rows and nothing more (no password, no key), and connections to be made by them."""

import time

from app.accounts.caller import Caller, OrganisationRole, Role
from app.accounts.model import MembershipRow, OrganisationRow, UserRow
from app.connections.contract import CredentialsForm, NewConnection

CANARY = "canary-5e0c71"


class People:
    """Users and organisations of one database."""

    def __init__(self, database):
        self.database = database

    def user(self, name, role="user", **memberships):
        """Make a user who has these roles in these organisations; return him as a caller."""
        with self.database.writing() as session:
            row = UserRow(name=name, role=Role(role), created_at=time.time())
            session.add(row)
            session.flush()
            user_id = row.id
        caller = Caller(user_id, name, Role(role), {})
        for slug, member in memberships.items():
            caller = self.joins(caller, slug, member)
        return caller

    def organisation(self, slug):
        with self.database.writing() as session:
            row = session.query(OrganisationRow).filter_by(slug=slug).one_or_none()
            if row is None:
                row = OrganisationRow(slug=slug, name=slug, created_at=time.time())
                session.add(row)
                session.flush()
            return row.id

    def joins(self, caller, slug, role):
        organisation_id = self.organisation(slug)
        with self.database.writing() as session:
            key = {"organisation_id": organisation_id, "user_id": caller.user_id}
            session.merge(MembershipRow(**key, role=OrganisationRole(role), created_at=time.time()))
        memberships = {**caller.memberships, organisation_id: OrganisationRole(role)}
        return Caller(caller.user_id, caller.name, caller.role, memberships)

    def leaves(self, caller, slug):
        organisation_id = self.organisation(slug)
        with self.database.writing() as session:
            session.delete(session.get(MembershipRow, (organisation_id, caller.user_id)))

    def change(self, caller, **values):
        with self.database.writing() as session:
            row = session.get(UserRow, caller.user_id)
            for name, value in values.items():
                setattr(row, name, value)

    def remove(self, caller):
        with self.database.writing() as session:
            session.delete(session.get(UserRow, caller.user_id))


def new_connection(organisation_id=None, kind="s3", name="photos", credentials=None, form="keys", **address):
    """A connection to be made; what `NewConnection` has besides may be among the fields of the address."""
    beside = {field: address.pop(field) for field in ("description", "attributes", "manifests") if field in address}
    return NewConnection(
        kind=kind,
        name=name,
        address={"endpoint": "http://127.0.0.1:9", "bucket": "photos"} | address,
        credentials={"access_key": "AKIAEXAMPLE", "secret_key": CANARY} if credentials is None else credentials,
        organisation_id=organisation_id,
        form=CredentialsForm(form),
        **beside,
    )
