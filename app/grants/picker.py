"""Sessions of Google's picker: what a page needs to show it, and the few questions that it may have Drive asked."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from app.accounts.caller import Caller
from app.db import Database
from app.errors import ConsentRequired, NotConfigured, StorageUnreachable
from app.grants import picker_store
from app.grants.contract import PickerSession
from app.grants.picker_asking import answer_to
from app.grants.proxying import question
from app.grants.service import GrantService
from app.grants.tokens import GrantTokens
from app.settings import Settings
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Waits
from app.storages.http_api.backoff import Backoff

LASTS = 3600.0
"""Seconds after which a session ends at the latest."""

TOKEN_LASTS = 300.0
"""Seconds for which the token that a page gets is good at least."""

_UNSET = "Google's picker needs GOOGLE_API_KEY and GOOGLE_PROJECT_NUMBER; the operator has not set both."
_REFUSED = "Google takes this grant no more. Connect the account again."
_NOT_RENEWED = "Google gives no new token for this account just now. Try again."


class PickerService:
    """Opens sessions of the picker, and asks for them. Thread-safe, also between processes.

    Every method may raise `DatabaseUnavailable`.

    Args:
        settings: the operator's key and project at Google, and where Drive is.
        database: where sessions are kept, by digests of their ids.
        grants: whose accounts they are for.
        tokens: of these accounts.
        clock: POSIX seconds.
        waits: makes what waits before Google is asked once more.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        grants: GrantService,
        tokens: GrantTokens,
        clock: Callable[[], float] = time.time,
        waits: Waits = Backoff,
    ) -> None:
        self._settings = settings
        self._database = database
        self._grants = grants
        self._tokens = tokens
        self._clock = clock
        self._waits = waits

    def open(self, caller: Caller, connection_id: str) -> PickerSession:
        """Open a session for one connected account of the caller's.

        Raises:
            NotConfigured: the operator has not set what the picker needs.
            NotFound: the caller has connected no such account.
            NotAllowed: the caller was removed while his token was renewed.
            ConsentRequired: its owner must consent anew.
            StorageUnreachable: its token is to be renewed, and Google does not answer.
        """
        app_id, developer_key = self._settings.google_project_number, self._settings.google_api_key
        if not app_id or not developer_key:
            raise NotConfigured(_UNSET)
        if not self._grants.get(caller, connection_id).is_active:
            raise ConsentRequired(_REFUSED)
        (token, good_until), now = self._tokens.token(connection_id, TOKEN_LASTS), self._clock()
        if good_until - now < TOKEN_LASTS:
            raise StorageUnreachable(_NOT_RENEWED)
        session_id, expires_at = picker_store.new_id(), min(good_until, now + LASTS)
        with self._database.writing() as session:
            picker_store.add(session, session_id, caller.user_id, connection_id, expires_at, now)
        return PickerSession(session_id, token, app_id, developer_key, expires_at)

    def ask(self, caller: Caller, session_id: str, endpoint: object, params: object) -> Mapping[str, Any]:
        """Ask Drive for a page; see `app.grants.proxying` for what may be asked.

        Returns:
            Google's JSON object; of an export ``mime_type``, ``size`` and ``content_base64``.

        Raises:
            InvalidInput: of ``endpoint`` or ``params``; nothing was sent.
            PickerSessionEnded: no session of this caller's has this id.
            TooBusy: the session asks too often.
            ConsentRequired, AccessDenied, ObjectMissing, Throttled, RequestRefused, StorageUnreachable: of Google.
        """
        asked = question(self._settings.google_drive_url, endpoint, params)
        with self._database.writing() as session:
            connection_id = picker_store.counted(session, session_id, caller.user_id, self._clock())
        return answer_to(asked, self._address(connection_id), self._waits)

    def prune(self) -> None:
        """Remove the sessions whose time is over."""
        with self._database.writing() as session:
            picker_store.prune(session, self._clock())

    def _address(self, connection_id: str) -> DriveAddress:
        endpoint, uploads = self._settings.google_drive_url, self._settings.google_upload_url
        return DriveAddress("", self._tokens.of(connection_id), endpoint=endpoint, uploads=uploads)
