"""Who may do what with a collection and its items, and what a collection allows. Pure."""

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write, require_user
from app.errors import CallerUnknown, InvalidInput, NotAllowed
from app.library.contract import Collection
from app.library.model import CollectionRow


def require_may_see(caller: Caller | None, owner_id: int, *, published: bool) -> None:
    """Let the owner and admins; everybody where the collection is published.

    Raises:
        CallerUnknown: nobody said who he is.
        NotAllowed: it is somebody else's.
    """
    if published:
        return
    if caller is None:
        raise CallerUnknown("This is not published. Say who you are.")
    _require_owns(caller, owner_id)


def require_may_change(caller: Caller, owner_id: int) -> None:
    """Let the owner and admins, unless they came with a key that may only read.

    Raises:
        NotAllowed: the caller may not.
    """
    _require_owns(caller, owner_id)
    require_may_write(caller)


def require_may_make(caller: Caller) -> None:
    """Let whoever may make collections of his own.

    Raises:
        NotAllowed: the caller may not.
    """
    require_user(caller, "make collections")


def _require_owns(caller: Caller, owner_id: int) -> None:
    if not caller.is_admin and caller.user_id != owner_id:
        raise NotAllowed("This is somebody else's.")


def require_open(collection: Collection | CollectionRow) -> None:
    """Return when something may be put into a collection now.

    Raises:
        InvalidInput: it is deleted or purged.
    """
    if collection.deleted or collection.purged:
        raise InvalidInput("collection", "it is deleted, so nothing can be put into it")
