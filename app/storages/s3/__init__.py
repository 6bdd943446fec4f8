"""The driver for S3 and S3-compatible storages."""

from app.storages.s3.address import S3Address
from app.storages.s3.storage import S3Storage

__all__ = ["S3Address", "S3Storage"]
