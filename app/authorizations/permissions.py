"""Who may do what with an authorization: its owner and admins everything, nobody else anything. Pure."""

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write, require_user
from app.authorizations.contract import Authorization
from app.errors import NotAllowed


def may_use(caller: Caller, authorization: Authorization) -> bool:
    """Return whether the caller may see it, and open what it leads to."""
    return caller.is_admin or authorization.owner_id == caller.user_id


def require_may_use(caller: Caller, authorization: Authorization) -> None:
    """Return when the caller may see the authorization, and open what it leads to.

    Raises:
        NotAllowed: it is somebody else's; the words are Galaxy's, whose clients alone get to see them.
    """
    if not may_use(caller, authorization):
        raise NotAllowed(
            f"The request authorization configuration (with ID:`{authorization.number}`) is not accessible for user "
            f"with ID:`{caller.user_id}`."
        )


def require_may_create(caller: Caller) -> None:
    """Return when the caller may make one.

    Raises:
        NotAllowed: he may not.
    """
    require_user(caller, "make authorizations")


def require_may_change(caller: Caller, authorization: Authorization) -> None:
    """Return when the caller may change or remove the authorization.

    Raises:
        NotAllowed: he may not.
    """
    require_may_use(caller, authorization)
    require_may_write(caller)
