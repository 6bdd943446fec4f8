"""The media type of this dialect, whatever a client says that it accepts."""

import json
from typing import Any

from flask import Response

MEDIA_TYPE = "application/vnd.cvat+json"


def answer(document: Any, status: int = 200) -> Response:
    """Return ``document`` as JSON of CVAT's own media type."""
    return Response(json.dumps(document), status, mimetype=MEDIA_TYPE)
