"""What a program of cvat-sdk's users does, told by a test: runs in the client's own virtual environment.

On its input comes a JSON object: where the service is, the lines to run and the values that they name. It prints what
the lines hand to ``show``, as one line of JSON.
"""

import base64
import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import cvat_sdk  # type: ignore[import-not-found]  # not in our environment
from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models  # type: ignore[import-not-found]
from cvat_sdk.core import filters  # type: ignore[import-not-found]
from cvat_sdk.core.helpers import get_paginated_collection  # type: ignore[import-not-found]


class Logged(logging.Handler):
    """Keeps what the client warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what a call of the API answers, or what it raises."""
    try:
        parsed, raw = call()
    except exceptions.ApiException as error:
        headers = {name.lower(): value for name, value in dict(error.headers or {}).items()}
        return {"raised": type(error).__name__, "status": error.status, "body": error.body, "headers": headers}
    return {"status": raw.status, "parsed": parsed, "type": raw.headers.get("Content-Type"), "body": raw.data}


def plain(found: Any) -> Any:
    """Return a model of the client as JSON has it; bytes as their text, or as base64 where they are none."""
    if isinstance(found, bytes):
        try:
            return found.decode()
        except UnicodeDecodeError:
            return base64.b64encode(found).decode()
    return found.to_dict() if hasattr(found, "to_dict") else str(found)


def show(found: Any) -> None:
    """Print the one line that the test reads."""
    sys.stdout.write(json.dumps(found, default=plain) + "\n")


def main() -> None:
    told = json.load(sys.stdin)
    logged = Logged()
    logging.getLogger().addHandler(logged)
    known = {
        "url": told["url"],
        "make_client": cvat_sdk.make_client,
        "ApiClient": ApiClient,
        "Configuration": Configuration,
        "exceptions": exceptions,
        "models": models,
        "filters": filters,
        "get_paginated_collection": get_paginated_collection,
        "warned": logged.messages,
        "show": show,
        "outcome": outcome,
    }
    exec(told["lines"], known | told["values"])


if __name__ == "__main__":
    main()
