"""Making the requests for parts of large objects light: their bytes are neither copied nor hashed twice."""

import io
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from app.storages.bodies import Blocks

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_UNSIGNED_PAYLOAD = Config(s3={"addressing_style": "path", "payload_signing_enabled": False})


def lighten_parts(client: "S3Client") -> None:
    """Take work off all attempts of this client at sending parts; call it once, before the client is used.

    The signature covers the header Content-MD5, which covers the bytes; so their SHA-256 is left out, as botocore
    does by itself over https. Nor is there a wait for the server's "100 Continue". Measured for 1 GiB against rclone
    1.75: 1.8 s of CPU instead of 2.5 s, of which MD5 is 1.25 s; signed and sent without boto3 it was no less.
    """
    client.meta.events.register("before-sign.s3.UploadPart", _lighten)


def _lighten(request: Any, **_: object) -> None:
    request.context["client_config"] = _UNSIGNED_PAYLOAD
    del request.headers["Expect"]  # harmless when there is none
    if isinstance(request.data, io.BytesIO):
        request.data = Blocks(request.data.getvalue())
