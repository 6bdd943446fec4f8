"""Accounts that are connected, as rows and nothing more, and a picker over them with a clock that tests move."""

import secrets
import time
from uuid import uuid4

from app.connections.contract import CredentialsForm
from app.connections.model import ConnectionRow
from app.connections.secrets import SecretBox
from app.connections.service import ConnectionService
from app.grants.answers import Account, Issued
from app.grants.contract import Provider
from app.grants.model import GrantRow
from app.grants.picker import PickerService
from app.grants.service import GrantService
from app.grants.store import GrantStore
from app.grants.tokens import GrantTokens
from tests.support.empty_database import opened_database
from tests.support.jobs import settings_for
from tests.support.people import People

SCOPES = ("https://www.googleapis.com/auth/drive.file",)


class Picking:
    """One database with a picker. ``settings`` are names of the environment, in lower case, as `settings_for` takes."""

    def __init__(self, data_dir, **settings):
        given = {"google_api_key": "AIzaExample", "google_project_number": "123456789012"} | settings
        self.settings = settings_for(data_dir, **given)
        self.now = time.time()
        self.database = opened_database(self.settings)
        self.people = People(self.database)
        box = SecretBox.from_file(data_dir / "secret.key")
        self.store = GrantStore(self.database, box, self.clock)
        self.tokens = GrantTokens(self.settings, self.database, box, self.clock)
        connections = ConnectionService(self.database, box, self.settings, tokens=self.tokens.of)
        grants = GrantService(self.settings, self.database, box, connections, self.clock)
        self.picker = PickerService(self.settings, self.database, grants, self.tokens, self.clock)

    def clock(self):
        return self.now

    def connect(self, caller, access_token=None, refresh_token="1//refresh", seconds=3599.0):
        """Make a connection of the caller's with a grant; return its id."""
        connection_id, account = str(uuid4()), secrets.token_hex(8)
        issued = Issued(access_token or f"ya29.{account}", refresh_token, seconds, SCOPES)
        with self.database.writing() as session:
            session.add(
                ConnectionRow(
                    id=connection_id,
                    kind="gdrive",
                    name="anna@example.org",
                    address={"endpoint": self.settings.google_drive_url, "account": account},
                    owner_id=caller.user_id,
                    created_at=self.now,
                    updated_at=self.now,
                    form=CredentialsForm.OAUTH,
                    manifests=[],
                )
            )
            named = Account(account, "anna@example.org", "Anna")
            self.store.add(session, connection_id, caller.user_id, Provider.GOOGLE_DRIVE, named, issued)
        return connection_id

    def change_grant(self, connection_id, **values):
        """Have the row of a grant say something else."""
        with self.database.writing() as session:
            row = session.query(GrantRow).filter_by(connection_id=connection_id).one()
            for name, value in values.items():
                setattr(row, name, value)

    def drop_connection(self, connection_id):
        """Remove a connection and leave its grant, as it stands while the tokens are being revoked."""
        with self.database.writing() as session:
            session.query(ConnectionRow).filter_by(id=connection_id).delete()

    def close(self):
        self.database.close()
