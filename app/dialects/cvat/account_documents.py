"""From accounts to the wire of the CVAT dialect. Pure."""

from typing import Any

from app.accounts.caller import Role
from app.accounts.records import User
from app.web.timestamps import timestamp

ABOUT = {
    "name": "Sluice",
    "description": "Sluice answers the API of CVAT's cloud storages. It has no tasks and no annotations.",
    "version": "2.80.0",  # the SDK calls 2.80 and 2.81 compatible, and warns of all others
    "logo_url": "",
    "subtitle": "",
}


def user_document(user: User, host_url: str) -> dict[str, Any]:
    """Return a user as the wire has him.

    Args:
        user: with or without a password.
        host_url: where this service is, with a slash at its end.
    """
    is_admin = user.role is Role.ADMIN
    return basic_user(user, host_url) | {
        "email": "",
        "groups": [user.role.value],
        "is_staff": is_admin,
        "is_superuser": is_admin,
        "is_active": user.disabled_at is None,
        "last_login": timestamp(user.last_login_at),
        "date_joined": timestamp(user.created_at),
        "has_analytics_access": False,
    }


def basic_user(user: User, host_url: str) -> dict[str, Any]:
    """Return of a user what others see of him, as of the owner of a storage."""
    return {
        "url": f"{host_url}api/users/{user.id}",
        "id": user.id,
        "username": user.name,
        "first_name": "",
        "last_name": "",
    }
