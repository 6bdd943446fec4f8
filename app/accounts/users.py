"""The queries of users. Each function works in a session that its caller has opened."""

from collections.abc import Iterable

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts import names
from app.accounts.caller import Caller, OrganisationRole, Role
from app.accounts.model import MembershipRow, OrganisationRow, SessionRow, UserRow
from app.accounts.records import User
from app.errors import AlreadyExists, NotAllowed, NotFound

_ID_MAX = 2**63 - 1
_ASKED_AT_ONCE = 10_000  # SQLite takes 32,766 values in one query


def snapshot(row: UserRow) -> User:
    """Return what may be known of a user."""
    return User(
        row.id,
        row.name,
        row.role,
        row.created_at,
        row.disabled_at,
        row.last_login_at,
        has_password=row.password is not None,
        quota=row.quota,
    )


def caller(session: Session, row: UserRow) -> Caller:
    """Return a user as he stands now."""
    query = select(MembershipRow.organisation_id, MembershipRow.role).where(MembershipRow.user_id == row.id)
    memberships = {row.organisation_id: row.role for row in session.execute(query)}
    return Caller(row.id, row.name, row.role, memberships)


def by_name(session: Session, name: str) -> UserRow:
    """Return the user of that name, in any case.

    Raises:
        NotFound: there is none.
    """
    row = found(session, name)
    if row is None:
        raise NotFound(f"There is no user {name[:150]!r}.")
    return row


def found(session: Session, name: str) -> UserRow | None:
    """Return the user of that name, in any case, or None."""
    kept = names.found_user(name)
    return session.scalar(select(UserRow).where(UserRow.name == kept)) if kept else None


def by_id(session: Session, user_id: int) -> UserRow:
    """Return the user of that id.

    Raises:
        NotFound: there is none.
    """
    # SQLite raises an error for a number that no column of it can hold.
    row = session.get(UserRow, user_id) if 0 < user_id <= _ID_MAX else None
    if row is None:
        raise NotFound(f"There is no user {user_id}.")
    return row


def by_ids(session: Session, user_ids: Iterable[int]) -> dict[int, User]:
    """Return the users of these ids by id; without those that there are not."""
    wanted = sorted(user_id for user_id in set(user_ids) if 0 < user_id <= _ID_MAX)
    parts = [wanted[start : start + _ASKED_AT_ONCE] for start in range(0, len(wanted), _ASKED_AT_ONCE)]
    rows = (row for part in parts for row in session.scalars(select(UserRow).where(UserRow.id.in_(part))))
    return {row.id: snapshot(row) for row in rows}


def everybody(session: Session) -> list[User]:
    """Return all users by name."""
    return [snapshot(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]


def exist(session: Session) -> bool:
    """Return whether there is any user."""
    return session.scalar(select(UserRow.id).limit(1)) is not None


def add(session: Session, name: str, role: Role, password: str | None, now: float) -> UserRow:
    """Make a user.

    Args:
        session: in a write transaction.
        name: as `names.user_name` returns it.
        role: what he may do.
        password: its hash.
        now: POSIX seconds.

    Raises:
        AlreadyExists: somebody has this name.
    """
    if found(session, name) is not None:
        raise AlreadyExists(f"There is a user {name} already.")
    row = UserRow(name=name, role=role, password=password, created_at=now)
    session.add(row)
    session.flush()
    return row


def set_password(session: Session, name: str, password: str | None) -> None:
    """Replace the hash of a user's password, and end his sessions."""
    row = by_name(session, name)
    row.password = password
    end_sessions(session, row)


def set_role(session: Session, name: str, role: Role) -> None:
    """Give a user another role.

    Raises:
        NotAllowed: nobody would be an admin any more.
    """
    row = by_name(session, name)
    if role is not Role.ADMIN:
        _require_other_admin(session, row)
    row.role = role


def disable(session: Session, name: str, now: float) -> None:
    """Have nothing prove any more that somebody is this user. Twice changes nothing.

    Raises:
        NotAllowed: an organisation would have no owner, or nobody would be an admin any more.
    """
    row = by_name(session, name)
    _require_dispensable(session, row)
    row.disabled_at = row.disabled_at or now
    end_sessions(session, row)


def remove(session: Session, name: str) -> None:
    """Remove a user with his keys, sessions and memberships.

    Raises:
        NotAllowed: an organisation would have no owner, or nobody would be an admin any more.
    """
    remove_row(session, by_name(session, name))


def remove_row(session: Session, row: UserRow) -> None:
    """Remove this user with his keys, sessions and memberships.

    Raises:
        NotAllowed: an organisation would have no owner, or nobody would be an admin any more.
    """
    _require_dispensable(session, row)
    session.execute(delete(UserRow).where(UserRow.id == row.id))


def end_sessions(session: Session, row: UserRow) -> None:
    """Sign a user out everywhere."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == row.id))


def _require_dispensable(session: Session, row: UserRow) -> None:
    _require_other_admin(session, row)
    slug = _owned_alone(session, row)
    if row.disabled_at is None and slug is not None:
        raise NotAllowed(
            f"{row.name} is the last owner of {slug} who is not disabled. "
            "Make another member its owner first, or delete the organisation."
        )


def _require_other_admin(session: Session, row: UserRow) -> None:
    if row.role is not Role.ADMIN or row.disabled_at is not None:
        return
    others = select(func.count()).where(UserRow.role == Role.ADMIN, UserRow.disabled_at.is_(None), UserRow.id != row.id)
    if not session.scalar(others):
        raise NotAllowed(f"{row.name} is the last admin who is not disabled. Make another user an admin first.")


def _owned_alone(session: Session, row: UserRow) -> str | None:
    """Return an organisation of which this user is an owner, and no other user who is enabled."""
    other = aliased(MembershipRow)
    others = (
        select(other.user_id)
        .join(UserRow, UserRow.id == other.user_id)
        .where(
            other.organisation_id == OrganisationRow.id,
            other.user_id != row.id,
            other.role == OrganisationRole.OWNER,
            UserRow.disabled_at.is_(None),
        )
    )
    owned = (
        select(OrganisationRow.slug)
        .join(MembershipRow, MembershipRow.organisation_id == OrganisationRow.id)
        .where(MembershipRow.user_id == row.id, MembershipRow.role == OrganisationRole.OWNER, ~others.exists())
        .order_by(OrganisationRow.slug)
    )
    return session.scalars(owned.limit(1)).first()
