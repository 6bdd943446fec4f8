"""What the product can do with authorizations: make, find, change and remove them, and open what they lead to."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from typing import TypeVar

from app.accounts.caller import Caller
from app.authorizations.contract import Authorization, AuthorizationChanges, Listener, NewAuthorization
from app.authorizations.drafts import Draft, drafted, redrafted
from app.authorizations.lending import Assume, Lending
from app.authorizations.opening import Opened, Opening
from app.authorizations.permissions import require_may_change, require_may_create, require_may_use
from app.authorizations.renewing import RenewingStorage
from app.authorizations.store import AuthorizationStore, Kept
from app.authorizations.using import Usable, Using
from app.connections.checking import PATIENCE_SECONDS
from app.connections.kind import Room
from app.connections.secrets import SecretBox
from app.connections.service import ConnectionService
from app.db import Database
from app.errors import AuthorizationUnusable, DatabaseUnavailable, SluiceError, StorageMissing
from app.settings import Settings
from app.storages.base import Storage
from app.storages.s3.identity import assume_role

logger = logging.getLogger(__name__)

T = TypeVar("T")

_REQUESTS = 8


class AuthorizationService:
    """The authorizations of all users. Thread-safe; any method may raise `DatabaseUnavailable`, having changed nothing.

    They are their owners', and admins may do what their owners may. What opens a storage may besides raise
    `AuthorizationUnusable` (`KeysMissing`, `ProviderUnsupported`), `IdentityRefused` and any other `StorageError`:
    nothing of that is looked at when an authorization is made.

    Args:
        assume: asks for credentials that are lent.
        clock: POSIX seconds, by which these end.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        settings: Settings,
        connections: ConnectionService,
        assume: Assume = assume_role,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = AuthorizationStore(database, box)
        self._using = Using(self._store, box, connections)
        self._clock = clock
        self._lending = Lending(settings.sts_url, assume, clock)
        self._opening = Opening(connections.kinds, self._lending)
        self._checker = connections.asking.checker
        self._listeners: list[Listener] = []

    def tell(self, listener: Listener) -> None:
        """Have ``listener`` told from now on."""
        self._listeners.append(listener)

    def create(self, caller: Caller, new: NewAuthorization) -> Authorization:
        """Make an authorization. The secrets of its config are kept sealed.

        Raises:
            InvalidInput: naming the first field that cannot be accepted.
            AlreadyExists: the caller has the same already, with the same third-party login.
            NotAllowed: the caller may make none.
        """
        require_may_create(caller)
        draft = drafted(new)
        return self._store.add(draft, caller.user_id, lambda kept: self._is_same(kept, draft))

    def get(self, caller: Caller, number: int) -> Authorization:
        """Return an authorization.

        Raises:
            NotFound: there is none of this number.
            NotAllowed: it is somebody else's.
        """
        found = self._store.get(number).authorization
        require_may_use(caller, found)
        return found

    def list(self, caller: Caller) -> Sequence[Authorization]:
        """Return the caller's own, oldest first; an admin's too are only his own."""
        return self._store.of(caller.user_id)

    def change(self, caller: Caller, number: int, changes: AuthorizationChanges) -> Authorization:
        """Change what is given, all of it or nothing.

        Raises:
            InvalidInput: naming the first field that cannot be accepted; ``config``: a secret that somebody else gave
                would be sent to another place.
            AuthorizationUnusable: secrets that shall stay cannot be opened.
            NotFound: there is none of this number.
            NotAllowed: it is somebody else's.
        """
        with self._store.changing(number) as change:
            before = change.kept.authorization
            require_may_change(caller, before)
            by_owner = caller.user_id == before.owner_id
            draft = redrafted(before, lambda: self._using.secrets(change.kept), changes, by_owner=by_owner)
            after = change.apply(draft)
        self._lending.forget(after.id)
        return after

    def remove(self, caller: Caller, number: int) -> Authorization:
        """Remove an authorization and return it as it was. Nothing is done to what it leads to.

        Raises:
            NotFound: there is none of this number.
            NotAllowed: it is somebody else's.
        """
        with self._store.changing(number) as change:
            before = change.kept.authorization
            require_may_change(caller, before)
            change.remove()
        self._lending.forget(before.id)
        self._tell_removed(number)
        return before

    def ask(
        self,
        caller: Caller,
        number: int,
        bucket: str,
        question: Callable[[Storage], T],
        seconds: float = PATIENCE_SECONDS,
    ) -> T:
        """Open a bucket for a short question that only reads, and return the answer.

        Args:
            caller: who asks.
            number: the authorization.
            bucket: of those that it leads to.
            question: runs on another thread, maybe longer than it is waited for; what it raises is raised here.
            seconds: how long to wait, for credentials too.

        Raises:
            NotFound, NotAllowed: as `get`.
            StorageError: of the storage; `StorageUnreachable` also when there is no answer in time.
            TooBusy: too much is being asked, by this caller or by all, so that nothing is known of the storage.
        """
        usable = self._using.by_caller(caller, number)

        def asked() -> T:
            opened = self._open(usable, bucket, Room(_REQUESTS), writes=False)
            with closing(opened.storage) as storage:
                return question(storage)

        return self._checker.answer(asked, seconds, caller.user_id)

    def buckets(self, caller: Caller, number: int) -> Sequence[str]:
        """Return the names of all buckets that an authorization leads to, ascending; raises as `ask`, in 10 seconds."""
        usable = self._using.by_caller(caller, number)

        def asked() -> Sequence[str]:
            found = self._opening.buckets(self._using.means(usable, writes=False), usable.authorization.id)
            self._note_use(number)
            return found

        return self._checker.answer(asked, who=caller.user_id)

    def target(self, number: int, owner_id: int | None, bucket: str) -> str:
        """Return what a job that writes to a bucket locks; nobody is asked anything.

        It is the same for the same bucket, whatever leads there. For a bucket that cannot be there it is the
        authorization's own: the job will fail.

        Raises:
            AuthorizationUnusable: nothing can be made of it, or whoever starts the job may not use it.
        """
        usable = self._using.by_job(number, owner_id)
        try:
            return self._opening.target(self._using.means(usable, writes=False), bucket)
        except StorageMissing:
            return f"authorization://{usable.authorization.id}"

    def opened(
        self, number: int, owner_id: int | None, bucket: str, room: Room, *, writes: bool, target: str | None = None
    ) -> Storage:
        """Open a bucket for a job, as the authorization, its owner and the job's owner stand now.

        Credentials that are lent are renewed while the storage is used, as all stand then.

        Args:
            number: the authorization.
            owner_id: whose job it is; a job of nobody opens nothing.
            bucket: of those that it leads to.
            room: what the storage may use of this machine.
            writes: the job writes to the bucket, and not just reads from it.
            target: what `target` returned when the job was made; None: anything.

        Raises:
            AuthorizationUnusable: also when it leads elsewhere now than to ``target``.
        """

        def again(expected: str | None) -> Opened:
            opened = self._open(self._using.by_job(number, owner_id), bucket, room, writes=writes)
            if expected is not None and opened.target != expected:
                opened.storage.close()
                raise AuthorizationUnusable("The authorization leads elsewhere than when this job was started.")
            return opened

        first = again(target)
        return first.storage if first.is_lasting else RenewingStorage(first, lambda: again(first.target), self._clock)

    def reseal(self, again: Callable[[str], str]) -> int:
        """Have all secrets sealed again; see `app.connections.secrets.Reseal`."""
        return self._store.reseal(again)

    def _tell_removed(self, number: int) -> None:
        for listener in self._listeners:
            try:
                listener.authorization_removed(number)
            except SluiceError as error:
                logger.warning("An authorization was removed, and not all who use it could be told: %s", error)

    def _open(self, usable: Usable, bucket: str, room: Room, *, writes: bool) -> Opened:
        authorization = usable.authorization
        opened = self._opening.opened(self._using.means(usable, writes=writes), bucket, room, authorization.id)
        self._note_use(authorization.number)
        return opened

    def _note_use(self, number: int) -> None:
        with suppress(DatabaseUnavailable):
            self._store.note_use(number)

    def _is_same(self, kept: Kept, draft: Draft) -> bool:
        found = kept.authorization
        if (found.provider, found.config) != (draft.provider, draft.config):
            return False
        with suppress(AuthorizationUnusable):
            return self._using.secrets(kept) == draft.secrets
        return False
