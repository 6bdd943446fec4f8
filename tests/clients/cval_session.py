"""What a program of cval-lib's users does, told by a test: runs in the client's own virtual environment.

On its input comes a JSON object: the base address, the key, the lines to run and the values that they name. It prints
what the lines hand to ``show``, as one line of JSON.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import requests
from cval_lib.configs.main_config import MainConfig  # type: ignore[import-not-found]  # not in our environment
from cval_lib.connection import CVALConnection  # type: ignore[import-not-found]


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what a call returns, or the name and the text of what it raises."""
    try:
        return {"returned": call()}
    except Exception as error:  # noqa: BLE001 - any is of interest
        return {"raised": type(error).__name__, "text": str(error)}


def plain(found: Any) -> Any:
    """Return a model of the client as JSON has it."""
    return found.dict() if hasattr(found, "dict") else str(found)


def show(found: Any) -> None:
    """Print the one line that the test reads."""
    sys.stdout.write(json.dumps(found, default=plain) + "\n")


def main() -> None:
    told = json.load(sys.stdin)
    if told["main_url"]:
        MainConfig.main_url = told["main_url"]
    conn = CVALConnection(told["key"])
    if told["rewritten_to"]:
        conn.session.mount("https://cval.ai/", Rewriting(told["rewritten_to"]))
    exec(told["lines"], {"conn": conn, "show": show, "outcome": outcome, "requests": requests, **told["values"]})


class Rewriting(requests.adapters.HTTPAdapter):
    """Sends what is meant for the original to another place; only scheme and host are others then."""

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        request.url = str(request.url).replace("https://cval.ai", self._place)
        return super().send(request, *args, **named)


if __name__ == "__main__":
    main()
