"""What is looked up of accounts: users, their API keys, organisations and their members."""

from collections.abc import Iterable, Mapping

from app.accounts import keys, organisations, users
from app.accounts.caller import Caller
from app.accounts.records import ApiKey, Member, Organisation, User
from app.db import Database
from app.errors import NotAllowed


class AccountLookup:
    """Finds accounts and changes nothing. Thread-safe; every method may raise `DatabaseUnavailable`.

    Names of users and slugs are found in any case. Who may know what is asked elsewhere, but where a caller is named.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self) -> list[User]:
        """Return all users by name."""
        with self._database.reading() as session:
            return users.everybody(session)

    def user(self, name: str) -> User:
        """Return one user.

        Raises:
            NotFound: there is no such user.
        """
        with self._database.reading() as session:
            return users.snapshot(users.by_name(session, name))

    def user_of(self, user_id: int) -> User:
        """Return the user of this id.

        Raises:
            NotFound: there is none.
        """
        with self._database.reading() as session:
            return users.snapshot(users.by_id(session, user_id))

    def users_named(self, user_ids: Iterable[int]) -> Mapping[int, User]:
        """Return the users of these ids by id; who was removed is not among them."""
        with self._database.reading() as session:
            return users.by_ids(session, user_ids)

    def seen_user(self, caller: Caller, user_id: int) -> User:
        """Return a user as the caller may see him: an admin sees all, everybody else himself.

        Raises:
            NotFound: there is no such user.
            NotAllowed: there is, and the caller may not see him.
        """
        found = self.user_of(user_id)
        require_himself_or_admin(caller, user_id)
        return found

    def seen_users(self, caller: Caller) -> list[User]:
        """Return the users whom the caller may see, by name."""
        return self.users() if caller.is_admin else [*self.users_named([caller.user_id]).values()]

    def keys(self, user_name: str | None = None) -> list[ApiKey]:
        """Return the keys of a user, or of all; oldest first.

        Raises:
            NotFound: there is no such user.
        """
        with self._database.reading() as session:
            return keys.all_of(session, user_name)

    def organisations(self) -> list[Organisation]:
        """Return all organisations by slug."""
        with self._database.reading() as session:
            return organisations.all_of_them(session)

    def organisation(self, slug: str) -> Organisation:
        """Return one organisation.

        Raises:
            NotFound: there is no such organisation.
        """
        with self._database.reading() as session:
            return organisations.snapshot(organisations.by_slug(session, slug))

    def organisation_of(self, organisation_id: int) -> Organisation:
        """Return the organisation of this id.

        Raises:
            NotFound: there is none.
        """
        with self._database.reading() as session:
            return organisations.snapshot(organisations.by_id(session, organisation_id))

    def members(self, slug: str) -> list[Member]:
        """Return the members of an organisation by name.

        Raises:
            NotFound: there is no such organisation.
        """
        with self._database.reading() as session:
            return organisations.members(session, slug)


def require_himself_or_admin(caller: Caller, user_id: int) -> None:
    """Let an admin, and a user himself.

    Raises:
        NotAllowed: the caller is neither.
    """
    if not caller.is_admin and caller.user_id != user_id:
        raise NotAllowed("Only an admin may do this to another user.")
