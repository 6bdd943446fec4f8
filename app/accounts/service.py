"""What is done with accounts: users, their API keys, organisations and their members."""

import math
import time
from collections.abc import Callable, Collection
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.accounts import keys, names, organisations, users
from app.accounts.caller import Caller, OrganisationRole, Role
from app.accounts.lookup import AccountLookup, require_himself_or_admin
from app.accounts.passwords import Passwords
from app.accounts.records import NO_QUOTA, NewKey, Organisation, User
from app.accounts.scopes import scopes_of
from app.db import Database
from app.errors import InvalidInput, NotAllowed

FIRST_ADMIN = "admin"

BeforeRemoval: TypeAlias = Callable[[Session, int], None]
"""Called with an organisation's id, in the transaction that removes it, while it and its members are still there."""


class AccountService(AccountLookup):
    """Keeps accounts. Thread-safe; every method may raise `DatabaseUnavailable` and then has changed nothing.

    Names of users and slugs are found in any case. Who may do what is asked elsewhere, but where a caller is named.

    Args:
        database: where they are.
        passwords: hashes new ones.
        clock: POSIX seconds.
    """

    def __init__(
        self, database: Database, passwords: Passwords | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(database)
        self._passwords = passwords or Passwords()
        self._clock = clock
        self._before_removals: list[BeforeRemoval] = []

    def tell(self, listener: BeforeRemoval) -> None:
        """Have ``listener`` called before an organisation is removed, from now on."""
        self._before_removals.append(listener)

    def create_user(self, name: str, role: Role, password: str | None = None) -> User:
        """Make a user.

        Args:
            name: up to 150 letters, digits and ``@.+-_``; kept in lower case.
            role: what he may do.
            password: 8 to 256 characters; None: he signs in with keys only.

        Raises:
            InvalidInput: such a name or password cannot be.
            AlreadyExists: somebody has this name.
        """
        kept = names.user_name(name)
        hashed = self._hashed(password)
        with self._database.writing() as session:
            return users.snapshot(users.add(session, kept, role, hashed, self._clock()))

    def set_password(self, name: str, password: str | None) -> None:
        """Give a user another password, or none (None); his sessions end, his keys stay.

        Raises:
            InvalidInput: such a password cannot be.
            NotFound: there is no such user.
        """
        hashed = self._hashed(password)
        with self._database.writing() as session:
            users.set_password(session, name, hashed)

    def set_role(self, name: str, role: Role) -> None:
        """Give a user another role; it counts from his next request on.

        Raises:
            NotFound: there is no such user.
            NotAllowed: nobody would be an admin any more.
        """
        with self._database.writing() as session:
            users.set_role(session, name, role)

    def set_quota(self, name: str, quota: int | None) -> None:
        """Say how much of the library may be a user's; files that he has already stay, even where they are more.

        Args:
            name: whose.
            quota: bytes; None: as many as LIBRARY_QUOTA says; `NO_QUOTA`: no limit.

        Raises:
            InvalidInput: it is no number of bytes.
            NotFound: there is no such user.
        """
        if quota is not None and not 0 <= quota <= NO_QUOTA:
            raise InvalidInput("quota", "use a number of bytes such as 500M, 10G or 1.5T")
        with self._database.writing() as session:
            users.by_name(session, name).quota = quota

    def disable(self, name: str) -> None:
        """Have nothing prove any more that somebody is this user; his sessions end. Twice changes nothing.

        Raises:
            NotFound: there is no such user.
            NotAllowed: nobody would be an admin any more, or an organisation would have no owner.
        """
        with self._database.writing() as session:
            users.disable(session, name, self._clock())

    def enable(self, name: str) -> None:
        """Undo `disable`; his keys and his password work again.

        Raises:
            NotFound: there is no such user.
        """
        with self._database.writing() as session:
            users.by_name(session, name).disabled_at = None

    def delete_user(self, name: str) -> None:
        """Remove a user with all that proves who he is, and his memberships.

        Raises:
            NotFound: there is no such user.
            NotAllowed: nobody would be an admin any more, or an organisation would have no owner.
        """
        with self._database.writing() as session:
            users.remove(session, name)

    def remove_user(self, caller: Caller, user_id: int) -> None:
        """Remove a user as `delete_user` does; an admin may, and the user himself.

        Raises:
            NotFound: there is no such user.
            NotAllowed: the caller may not, nobody would be an admin any more, or an organisation would have no owner.
        """
        if caller.read_only:
            raise NotAllowed("This key may only read. Use another one to remove a user.")
        with self._database.writing() as session:
            row = users.by_id(session, user_id)
            require_himself_or_admin(caller, user_id)
            users.remove_row(session, row)

    def create_key(
        self,
        user_name: str,
        label: str = "",
        expires_at: float | None = None,
        read_only: bool = False,
        scopes: Collection[str] | None = None,
    ) -> NewKey:
        """Make an API key. Only a digest of it is kept, so this is the only time that it can be had.

        Args:
            user_name: whose key.
            label: what it is for, up to 64 characters.
            expires_at: POSIX seconds; None: never.
            read_only: it must not change anything.
            scopes: words of `Scope` that it is held to, at least one; None: whatever its user may do.

        Raises:
            InvalidInput: the label cannot be, the time is not ahead, or the scopes are none or unknown.
            NotFound: there is no such user.
            NotAllowed: the user is disabled.
        """
        line, now = names.line("label", label), self._clock()
        if expires_at is not None and not now < expires_at < math.inf:
            raise InvalidInput("expires_at", "use a time that is still to come")
        held = None if scopes is None else scopes_of(scopes)
        with self._database.writing() as session:
            user = users.by_name(session, user_name)
            return keys.add(session, user, line, expires_at, now, read_only=read_only, scopes=held)

    def revoke_key(self, key_id: int) -> None:
        """Have a key prove nothing any more. Twice changes nothing.

        Raises:
            NotFound: no key has this id.
        """
        with self._database.writing() as session:
            keys.revoke(session, key_id, self._clock())

    def delete_key(self, key_id: int) -> None:
        """Remove a key and all that is known of it.

        Raises:
            NotFound: no key has this id.
        """
        with self._database.writing() as session:
            keys.remove(session, key_id)

    def create_organisation(self, slug: str, name: str, owner_name: str) -> Organisation:
        """Make an organisation.

        Args:
            slug: up to 16 letters, digits, ``-`` and ``_``; kept in lower case.
            name: up to 64 characters; empty: the slug.
            owner_name: the user who owns it.

        Raises:
            InvalidInput: such a slug or name cannot be.
            AlreadyExists: the slug is taken.
            NotFound: there is no such user.
            NotAllowed: the user is disabled.
        """
        kept = names.slug(slug)
        line = names.line("name", name) or kept
        with self._database.writing() as session:
            return organisations.add(session, kept, line, owner_name, self._clock())

    def set_member(self, slug: str, user_name: str, role: OrganisationRole) -> None:
        """Make a user a member, or give a member another role.

        Raises:
            NotFound: there is no such organisation or user.
            NotAllowed: the organisation would have no owner any more.
        """
        with self._database.writing() as session:
            organisations.set_member(session, slug, user_name, role, self._clock())

    def remove_member(self, slug: str, user_name: str) -> None:
        """Take a user out of an organisation.

        Raises:
            NotFound: there is no such organisation, or he is no member.
            NotAllowed: the organisation would have no owner any more.
        """
        with self._database.writing() as session:
            organisations.remove_member(session, slug, user_name)

    def delete_organisation(self, slug: str) -> None:
        """Remove an organisation; its members stay users, and what belonged to it stays its owner's if he is a member.

        Raises:
            NotFound: there is no such organisation.
        """
        with self._database.writing() as session:
            organisation_id = organisations.by_slug(session, slug).id
            for listener in self._before_removals:
                listener(session, organisation_id)
            organisations.remove(session, slug)

    def make_first_admin(self, hand_over: Callable[[str], None] | None = None) -> NewKey | None:
        """Make the user ``admin`` with a key and no password if there is no user; of several processes one does.

        Args:
            hand_over: called with the key before the two are kept; when it raises, neither is.

        Returns:
            The key; None when there are users.
        """
        with self._database.writing() as session:
            if users.exist(session):
                return None
            now = self._clock()
            admin = users.add(session, FIRST_ADMIN, Role.ADMIN, None, now)
            made = keys.add(session, admin, "made at the first start", None, now)
            if hand_over:
                hand_over(made.key)
            return made

    def _hashed(self, password: str | None) -> str | None:
        return None if password is None else self._passwords.hash(password)
