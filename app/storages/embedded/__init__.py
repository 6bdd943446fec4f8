"""The S3 server of ``make run``: rclone from its PyPI wheel, with its files and keys under DATA_DIR."""

from app.storages.embedded.keys import EmbeddedKeys, load_or_create_keys
from app.storages.embedded.server import EmbeddedS3

__all__ = ["EmbeddedKeys", "EmbeddedS3", "load_or_create_keys"]
