"""Who asks for something: the roles, and a user as the rest of the product sees him. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.accounts.scopes import Scope


class Role(StrEnum):
    """What a user may do on this installation; CVAT's groups, in the same order."""

    ADMIN = "admin"  #: everything, also with what others own
    USER = "user"  #: starts jobs, makes connections of his own
    WORKER = "worker"  #: reads what is shown to him, and changes what he owns

    @property
    def rank(self) -> int:
        """A number that is higher for more privilege."""
        return _ROLES.index(self)

    def is_at_least(self, other: "Role") -> bool:
        """Return whether this is as much as ``other``, or more."""
        return self.rank >= other.rank


class OrganisationRole(StrEnum):
    """What a member may do in one organisation; CVAT's roles, in the same order."""

    OWNER = "owner"  #: everything, and says who the members are
    MAINTAINER = "maintainer"  #: makes and changes what belongs to the organisation
    SUPERVISOR = "supervisor"  #: sees all that belongs to it
    WORKER = "worker"  #: sees what he made himself

    @property
    def rank(self) -> int:
        """A number that is higher for more privilege."""
        return _ORGANISATION_ROLES.index(self)

    def is_at_least(self, other: "OrganisationRole") -> bool:
        """Return whether this is as much as ``other``, or more."""
        return self.rank >= other.rank


_ROLES = (Role.WORKER, Role.USER, Role.ADMIN)
_ORGANISATION_ROLES = (
    OrganisationRole.WORKER,
    OrganisationRole.SUPERVISOR,
    OrganisationRole.MAINTAINER,
    OrganisationRole.OWNER,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who has proved who he is, as he stood at that moment.

    Attributes:
        memberships: his role in each organisation that he is a member of, by its id.
        read_only: he came with a key that must not change anything.
        scopes: what his key is held to; None: to nothing, or he came without one.
    """

    user_id: int
    name: str
    role: Role
    memberships: Mapping[int, OrganisationRole] = field(default_factory=dict)
    read_only: bool = False
    scopes: frozenset[Scope] | None = None

    @property
    def is_admin(self) -> bool:
        """Whether he may do everything, also with what others own."""
        return self.role is Role.ADMIN
