"""Where the JSON API has what."""

from urllib.parse import quote


def object_path(bucket: str, key: str) -> str:
    """Return the path of an object's resource; the whole key is one segment of it."""
    return f"{objects_path(bucket)}/{quote(key, safe='')}"


def rewrite_path(bucket: str, source: str, key: str) -> str:
    """Return the path that copies an object within a bucket."""
    return f"{object_path(bucket, source)}/rewriteTo{object_path(bucket, key).removeprefix('/storage/v1')}"


def objects_path(bucket: str) -> str:
    """Return the path of a bucket's objects."""
    return f"{bucket_path(bucket)}/o"


def bucket_path(bucket: str) -> str:
    """Return the path of a bucket's resource."""
    return f"/storage/v1/b/{quote(bucket, safe='')}"


def uploads_path(bucket: str) -> str:
    """Return the path to which a bucket's objects are uploaded."""
    return f"/upload{objects_path(bucket)}"
