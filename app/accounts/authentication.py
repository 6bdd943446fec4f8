"""Who somebody is: proved by an API key, a password or a session, as the user stands at that moment."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from app.accounts import keys, sessions, throttle, tokens, users
from app.accounts.caller import Caller
from app.accounts.model import UserRow
from app.accounts.names import found_user
from app.accounts.passwords import Passwords, readable
from app.accounts.records import Session
from app.accounts.throttle import Attempt
from app.db import Database
from app.errors import DatabaseUnavailable, InvalidLogin, TooManyAttempts
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class _Standing:
    """A name as it was found; with neither caller nor hash when nobody can sign in by it.

    Attributes:
        settled: a success of this attempt needs no note.
    """

    caller: Caller | None
    kept: str | None = field(repr=False)
    settled: bool


class Authentication:
    """Proves who is calling. Thread-safe; every method may raise `DatabaseUnavailable`.

    What is presented may be anything, and of any length: it is refused like any other wrong one.

    Args:
        database: where accounts are.
        settings: how long sessions last.
        passwords: verifies them.
        clock: POSIX seconds.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        passwords: Passwords | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._session_seconds = settings.session_hours * 3600.0
        self._passwords = passwords or Passwords()
        self._clock = clock

    def by_key(self, key: str) -> Caller:
        """Return whose API key this is, or whose session it is the key of.

        Raises:
            InvalidLogin: nobody's, not any more, or a disabled user's.
        """
        if tokens.is_session_key(key):
            return self._by_session_key(key)
        if not tokens.is_key(key):
            raise keys.unknown()
        now = self._clock()
        with self._database.reading() as session:
            row, user = keys.proved(session, key, now)
            caller = replace(users.caller(session, user), **keys.limits(row))
        if keys.is_use_to_be_noted(row, now):
            self._note_use(row.id, now)
        return caller

    def by_password(self, name: str, password: str, address: str) -> Caller:
        """Return the user of this name, if this is his password.

        Unknown users, users without a password and disabled ones cost and are answered like a wrong password.

        Args:
            name: in any case.
            password: as it was typed.
            address: the IP address from which it came.

        Raises:
            InvalidLogin: it is not.
            TooManyAttempts: too many wrong ones came of late, or too many wait to be verified just now; this one was
                not looked at, right or wrong.
        """
        text = readable(password)
        if text is None:
            raise _wrong()
        attempt = Attempt.of(name, address)
        remembered = self._remembered(self._standing(name, attempt), text, attempt)
        if remembered is not None:
            return remembered
        # All of it in the turn: what waits for its turn sees the failures of those before.
        with self._passwords.turn():
            standing = self._standing(name, attempt)
            return self._remembered(standing, text, attempt) or self._verified(standing, text, attempt)

    def by_session(self, token: str) -> Caller:
        """Return whose session this is.

        Raises:
            InvalidLogin: it has ended, or never was.
        """
        if not tokens.is_session_token(token):
            raise sessions.ended()
        with self._database.reading() as session:
            return sessions.caller_of(session, token, self._clock())

    def sign_in(self, name: str, secret: str, address: str) -> Session:
        """Sign in who proves to be the user of this name, for SESSION_HOURS.

        Args:
            name: in any case; spaces around it do not count.
            secret: his password or an API key of his; a session that is opened with a key may do what the key may, and
                ends with it.
            address: the IP address from which it came.

        Raises:
            InvalidLogin: it is neither.
            TooManyAttempts: as `by_password`.
        """
        kept = name.strip()
        if tokens.is_key(secret.strip()):
            return self._open_session_with_key(kept, secret.strip())
        return self.open_session(self.by_password(kept, secret, address).user_id)

    def open_session(self, user_id: int) -> Session:
        """Sign a user in, for SESSION_HOURS; what he has proved before is not asked.

        Raises:
            InvalidLogin: there is no such user any more, or he is disabled.
        """
        with self._database.writing() as session:
            return sessions.open_one(session, user_id, self._clock(), self._session_seconds)

    def close_session(self, token: str) -> None:
        """Sign out; harmless when the session has ended, or never was."""
        if tokens.is_session_token(token):
            with self._database.writing() as session:
                sessions.close(session, token)

    def close_session_key(self, key: str) -> None:
        """End the session of this key; harmless when it is none, as an API key."""
        if tokens.is_session_key(key):
            with self._database.writing() as session:
                sessions.close_by_key(session, key)

    def csrf_of(self, token: str) -> str:
        """Return what a page must send along to change something in this session."""
        return tokens.csrf(token)

    def is_csrf(self, token: str, given: str) -> bool:
        """Return whether ``given`` is that, in a time that does not tell how much of it is right."""
        return tokens.is_same(given, tokens.csrf(token))

    def caller_of(self, user_id: int) -> Caller | None:
        """Return a user as he stands now; None when he was removed or disabled."""
        with self._database.reading() as session:
            row = session.get(UserRow, user_id)
            return users.caller(session, row) if row is not None and row.disabled_at is None else None

    def prune(self, now: float | None = None) -> None:
        """Remove the sessions that have expired and the wrong passwords that count no more.

        Args:
            now: POSIX seconds; the time of the call when None.
        """
        now = self._clock() if now is None else now
        with self._database.writing() as session:
            sessions.prune(session, now)
            throttle.prune(session, now)

    def _open_session_with_key(self, name: str, key: str) -> Session:
        if self.by_key(key).name != found_user(name):
            raise _wrong()
        now = self._clock()
        with self._database.writing() as session:
            row, user = keys.proved(session, key, now)
            return sessions.open_one(session, user.id, now, self._session_seconds, row.id)

    def _by_session_key(self, key: str) -> Caller:
        with self._database.reading() as session:
            return sessions.caller_of_key(session, key, self._clock())

    def _standing(self, name: str, attempt: Attempt) -> _Standing:
        with self._database.reading() as session:
            look = throttle.look(session, attempt, self._clock())
            if look.blocked_seconds > 0:
                raise TooManyAttempts(look.blocked_seconds)
            row = users.found(session, name)
            if row is None or row.disabled_at is not None or row.password is None:
                return _Standing(None, None, look.settled)
            return _Standing(users.caller(session, row), row.password, look.settled)

    def _remembered(self, standing: _Standing, password: str, attempt: Attempt) -> Caller | None:
        if not self._passwords.remembers(standing.kept, password):
            return None
        if not standing.settled:
            with self._database.writing() as session:
                throttle.count_success(session, attempt, self._clock())
        return standing.caller

    def _verified(self, standing: _Standing, password: str, attempt: Attempt) -> Caller:
        right = self._passwords.verify(standing.kept, password)
        if not right or standing.caller is None or standing.kept is None:
            with self._database.writing() as session:
                throttle.count_failure(session, attempt, self._clock())
            raise _wrong()
        renewed = self._passwords.renewed(standing.kept, password)
        self._note_login(standing.caller.user_id, standing.kept, renewed, attempt)
        self._passwords.remember(renewed or standing.kept, password)
        return standing.caller

    def _note_login(self, user_id: int, kept: str, renewed: str | None, attempt: Attempt) -> None:
        with self._database.writing() as session:
            row = session.get(UserRow, user_id)
            if row is None or row.disabled_at is not None or row.password != kept:
                raise _wrong()  # it was changed while it was verified
            row.last_login_at = self._clock()
            row.password = renewed or kept
            throttle.count_success(session, attempt, self._clock())

    def _note_use(self, key_id: int, now: float) -> None:
        # Who only reads must not be kept from it by somebody else's long write.
        with suppress(DatabaseUnavailable), self._database.writing() as session:
            keys.note_use(session, key_id, now)


def _wrong() -> InvalidLogin:
    return InvalidLogin("The name or the password is wrong.")
