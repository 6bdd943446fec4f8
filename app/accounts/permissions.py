"""What a person's role and key let him do, whatever it is that he wants to make or change. Pure."""

from app.accounts.caller import Caller, Role
from app.errors import NotAllowed


def require_may_write(caller: Caller) -> None:
    """Return when the key that the caller came with may change something.

    Raises:
        NotAllowed: it may only read.
    """
    if caller.read_only:
        raise NotAllowed("You came with a key that may read and not change anything.")


def require_user(caller: Caller, what: str) -> None:
    """Return when the caller's role and key let him make or start something.

    Args:
        caller: who asks.
        what: what it is, in words for people, as "start copies".

    Raises:
        NotAllowed: his role is worker, or his key may only read.
    """
    if not caller.role.is_at_least(Role.USER):
        raise NotAllowed(f"Your role is worker, which may not {what}. Ask an admin.")
    require_may_write(caller)
