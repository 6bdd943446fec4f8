"""From users, usage and tools to the wire of the Galaxy dialect. Pure, but that ids need the settings' secret."""

from typing import Any

from app.accounts.caller import Role
from app.accounts.records import User
from app.dialects.galaxy.translate_datasets import nice_size
from app.dialects.galaxy.translate_jobs import SEND_TOOL, TOOLS, UPLOAD_TOOL
from app.dialects.galaxy.wire import encoded
from app.library.contract import Usage

VERSION = {"version_major": "24.1", "version_minor": "4", "extra": {}}
"""The last version of Galaxy that had the routes of cloud storage."""

_VERSIONS = dict(TOOLS.values())


def _tool(tool_id: str, name: str, description: str, section: str) -> dict[str, Any]:
    return {
        "model_class": "Tool",
        "id": tool_id,
        "name": name,
        "version": _VERSIONS[tool_id],
        "description": description,
        "panel_section_id": section.lower().replace(" ", "_"),
        "panel_section_name": section,
    }


TOOL_LIST = (
    _tool(UPLOAD_TOOL, "Upload File", "from your computer, the web, or cloud storage", "Get Data"),
    _tool(SEND_TOOL, "Send to cloud", "storage", "Send Data"),
)
"""What makes datasets here, and what stores them elsewhere."""


def tool_panel() -> list[dict[str, Any]]:
    """Return the tools in their sections."""
    return [
        {
            "model_class": "ToolSection",
            "id": tool["panel_section_id"],
            "name": tool["panel_section_name"],
            "version": "",
            "elems": [tool],
        }
        for tool in TOOL_LIST
    ]


def user_document(user: User) -> dict[str, Any]:
    """Return a user; there are no e-mail addresses here, but a name may be one."""
    return {
        "model_class": "User",
        "id": encoded(user.id),
        "username": user.name,
        "email": user.name if "@" in user.name else "",
        "active": user.disabled_at is None,
        "deleted": False,
        "is_admin": user.role is Role.ADMIN,
    }


def usage_document(usage: Usage) -> dict[str, Any]:
    """Return how much of the library is a user's."""
    limit = usage.quota
    return {
        "total_disk_usage": usage.used,
        "nice_total_disk_usage": nice_size(usage.used),
        "quota_bytes": limit,
        "quota": "unlimited" if limit is None else nice_size(limit),
        "quota_percent": None if limit is None else min(100, 100 * usage.used // limit if limit else 100),
    }


def configuration_document(*, quotas: bool) -> dict[str, Any]:
    """Return what clients may know of this service."""
    return {
        "brand": "Sluice",
        "version_major": VERSION["version_major"],
        "version_minor": VERSION["version_minor"],
        "allow_user_creation": False,
        "allow_user_deletion": False,
        "enable_quotas": quotas,
        "logo_url": None,
    }
