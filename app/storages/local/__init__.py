"""The driver for folders of this machine."""

from app.storages.local.storage import LocalStorage

__all__ = ["LocalStorage"]
