"""The queries of organisations and their members. Each function works in a session that its caller has opened."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts import names, users
from app.accounts.caller import OrganisationRole
from app.accounts.model import MembershipRow, OrganisationRow, UserRow
from app.accounts.records import Member, Organisation
from app.errors import AlreadyExists, NotAllowed, NotFound

_ID_MAX = 2**63 - 1


def snapshot(row: OrganisationRow) -> Organisation:
    """Return what may be known of an organisation."""
    return Organisation(row.id, row.slug, row.name, row.created_at)


def add(session: Session, slug: str, name: str, owner_name: str, now: float) -> Organisation:
    """Make an organisation with its first member.

    Args:
        session: in a write transaction.
        slug: as `names.slug` returns it.
        name: as `names.line` returns it.
        owner_name: the user who owns it.
        now: POSIX seconds.

    Raises:
        AlreadyExists: the slug is taken.
        NotFound: there is no such user.
        NotAllowed: the user is disabled.
    """
    owner = users.by_name(session, owner_name)
    if owner.disabled_at is not None:
        raise NotAllowed(f"{owner.name} is disabled, so nobody could own {slug}. Enable the user first.")
    if session.scalar(select(OrganisationRow.id).where(OrganisationRow.slug == slug)) is not None:
        raise AlreadyExists(f"There is an organisation {slug} already.")
    row = OrganisationRow(slug=slug, name=name, created_at=now)
    session.add(row)
    session.flush()
    _put(session, row, owner, OrganisationRole.OWNER, now)
    return snapshot(row)


def by_slug(session: Session, slug: str) -> OrganisationRow:
    """Return the organisation of that slug, in any case.

    Raises:
        NotFound: there is none.
    """
    kept = names.found_slug(slug)
    row = session.scalar(select(OrganisationRow).where(OrganisationRow.slug == kept)) if kept else None
    if row is None:
        raise NotFound(f"There is no organisation {slug[:16]!r}.")
    return row


def by_id(session: Session, organisation_id: int) -> OrganisationRow:
    """Return the organisation of that id.

    Raises:
        NotFound: there is none.
    """
    # SQLite raises an error for a number that no column of it can hold.
    row = session.get(OrganisationRow, organisation_id) if 0 < organisation_id <= _ID_MAX else None
    if row is None:
        raise NotFound(f"There is no organisation {organisation_id}.")
    return row


def all_of_them(session: Session) -> list[Organisation]:
    """Return all organisations by slug."""
    return [snapshot(row) for row in session.scalars(select(OrganisationRow).order_by(OrganisationRow.slug))]


def members(session: Session, slug: str) -> list[Member]:
    """Return the members by name.

    Raises:
        NotFound: there is no such organisation.
    """
    query = (
        select(UserRow.id, UserRow.name, MembershipRow.role)
        .join(UserRow, UserRow.id == MembershipRow.user_id)
        .where(MembershipRow.organisation_id == by_slug(session, slug).id)
        .order_by(UserRow.name)
    )
    return [Member(user_id, name, role) for user_id, name, role in session.execute(query)]


def set_member(session: Session, slug: str, user_name: str, role: OrganisationRole, now: float) -> None:
    """Make a user a member, or give a member another role.

    Raises:
        NotFound: there is no such organisation or user.
        NotAllowed: the organisation would have no owner any more.
    """
    organisation, user = by_slug(session, slug), users.by_name(session, user_name)
    if role is not OrganisationRole.OWNER:
        _require_other_owner(session, organisation, user)
    _put(session, organisation, user, role, now)


def remove_member(session: Session, slug: str, user_name: str) -> None:
    """Take a user out of an organisation.

    Raises:
        NotFound: there is no such organisation, or he is no member.
        NotAllowed: the organisation would have no owner any more.
    """
    organisation, user = by_slug(session, slug), users.by_name(session, user_name)
    row = session.get(MembershipRow, (organisation.id, user.id))
    if row is None:
        raise NotFound(f"{user.name} is no member of {organisation.slug}.")
    _require_other_owner(session, organisation, user)
    session.delete(row)


def remove(session: Session, slug: str) -> None:
    """Remove an organisation; its members stay users.

    Raises:
        NotFound: there is no such organisation.
    """
    session.execute(delete(OrganisationRow).where(OrganisationRow.id == by_slug(session, slug).id))


def _put(session: Session, organisation: OrganisationRow, user: UserRow, role: OrganisationRole, now: float) -> None:
    row = session.get(MembershipRow, (organisation.id, user.id))
    if row is None:
        row = MembershipRow(organisation_id=organisation.id, user_id=user.id, created_at=now)
        session.add(row)
    row.role = role


def _require_other_owner(session: Session, organisation: OrganisationRow, user: UserRow) -> None:
    owners = (
        select(MembershipRow.user_id)
        .join(UserRow, UserRow.id == MembershipRow.user_id)
        .where(
            MembershipRow.organisation_id == organisation.id,
            MembershipRow.role == OrganisationRole.OWNER,
            UserRow.disabled_at.is_(None),
        )
    )
    if list(session.scalars(owners)) == [user.id]:
        raise NotAllowed(
            f"{user.name} is the last owner of {organisation.slug} who is not disabled. "
            "Make another member its owner first."
        )
