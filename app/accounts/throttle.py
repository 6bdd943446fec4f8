"""How often one may be wrong: counts of wrong passwords in the database, so that they hold for all processes.

Three counts, each for another way to guess; ``docs/decisions/0013-the-login-throttle-is-ours.md`` has the why:

- of a name and an address together: one guesser at one user;
- of an address over all names: one guesser at many users;
- of a name over all addresses: many guessers at one user.

The last two do not hold where the user has signed in of late, or everybody could lock everybody out.
"""

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from typing import NamedTuple, Self

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.model import FailedLoginRow

FIRST_BLOCK = 30.0
LONGEST_BLOCK = 900.0
FORGOTTEN_AFTER = 86_400.0
FAMILIAR_FOR = 30 * 86_400.0
ROWS_MAX = 100_000


class _Count(NamedTuple):
    """Wrong passwords are counted under ``subject``; from the one numbered ``limit`` on, each blocks."""

    subject: str
    limit: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """Someone at an address who says that he is a user.

    Attributes:
        narrow: the count of this name from this address.
        wide: the counts of this address, and of this name.
        familiar: the subject of the row that says that this name has signed in from this address.
    """

    narrow: _Count
    wide: tuple[_Count, _Count]
    familiar: str

    @classmethod
    def of(cls, name: str, address: str) -> Self:
        """Return the attempt at ``name`` (in any case, existing or not) from the client's IP ``address``."""
        who, where = name.lower(), _neighbourhood(address)
        return cls(
            narrow=_Count(_subject("both", who, where), 5),
            wide=(_Count(_subject("address", where), 20), _Count(_subject("name", who), 50)),
            familiar=_subject("familiar", who, where),
        )

    @property
    def subjects(self) -> list[str]:
        """All its subjects."""
        return [self.narrow.subject, *(count.subject for count in self.wide), self.familiar]


class Look(NamedTuple):
    """What is known of an attempt before it is made.

    Attributes:
        blocked_seconds: for so many seconds more it must not be looked at; 0: it may.
        settled: when it succeeds, `count_success` would say nothing new.
    """

    blocked_seconds: int
    settled: bool


def look(session: Session, attempt: Attempt, now: float) -> Look:
    """Return what is known of an attempt; only reads."""
    rows = _rows(session, attempt)
    counts = _counts(rows, attempt, now)
    end = max(_blocked_until(rows.get(count.subject), now) for count in counts)
    settled = counts == [attempt.narrow] and attempt.narrow.subject not in rows
    return Look(math.ceil(end - now), settled)


def count_failure(session: Session, attempt: Attempt, now: float) -> None:
    """Note a wrong password, and block when it was one too many."""
    rows = _rows(session, attempt)
    for count in _counts(rows, attempt, now):
        row = rows.get(count.subject) or FailedLoginRow(subject=count.subject, failures=0, first_at=now)
        if not 0 <= now - row.first_at < FORGOTTEN_AFTER:
            row.failures, row.first_at = 0, now
        row.failures += 1
        row.blocked_until = now + _block(row.failures - count.limit) if row.failures >= count.limit else None
        session.add(row)


def count_success(session: Session, attempt: Attempt, now: float) -> None:
    """Forget this name's wrong passwords from this address, and remember that he signed in there."""
    session.execute(delete(FailedLoginRow).where(FailedLoginRow.subject == attempt.narrow.subject))
    session.merge(FailedLoginRow(subject=attempt.familiar, failures=0, first_at=now, blocked_until=None))


def prune(session: Session, now: float, rows_max: int = ROWS_MAX) -> None:
    """Remove what counts no more, and of more than ``rows_max`` counts those of the fewest wrong passwords."""
    failed = FailedLoginRow.failures > 0
    session.execute(delete(FailedLoginRow).where(failed, FailedLoginRow.first_at <= now - FORGOTTEN_AFTER))
    session.execute(delete(FailedLoginRow).where(~failed, FailedLoginRow.first_at <= now - FAMILIAR_FOR))
    excess = (session.scalar(select(func.count()).where(failed)) or 0) - rows_max
    if excess > 0:
        order = (FailedLoginRow.failures, FailedLoginRow.first_at)
        least = select(FailedLoginRow.subject).where(failed).order_by(*order).limit(excess)
        session.execute(delete(FailedLoginRow).where(FailedLoginRow.subject.in_(least)))


def _counts(rows: dict[str, FailedLoginRow], attempt: Attempt, now: float) -> list[_Count]:
    """Return the counts that hold for this attempt."""
    familiar = rows.get(attempt.familiar)
    if familiar is not None and now - familiar.first_at < FAMILIAR_FOR:
        return [attempt.narrow]
    return [attempt.narrow, *attempt.wide]


def _rows(session: Session, attempt: Attempt) -> dict[str, FailedLoginRow]:
    query = select(FailedLoginRow).where(FailedLoginRow.subject.in_(attempt.subjects))
    return {row.subject: row for row in session.scalars(query)}


def _blocked_until(row: FailedLoginRow | None, now: float) -> float:
    if row is None or row.blocked_until is None:
        return now
    if row.blocked_until > now + LONGEST_BLOCK:
        return now  # the clock was wrong when it was written, and went back since
    return max(now, row.blocked_until)


def _block(beyond: int) -> float:
    return min(FIRST_BLOCK * 2.0 ** min(beyond, 16), LONGEST_BLOCK)


def _neighbourhood(address: str) -> str:
    """Return what one machine cannot change at will: an IPv4 address, or the first half of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False))


def _subject(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
