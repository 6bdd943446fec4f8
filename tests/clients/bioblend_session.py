"""What a program of bioblend's users does, told by a test: runs in the client's own virtual environment.

On its input comes a JSON object: where the service is, the user's key, the lines to run and the values that they name.
It prints what the lines hand to ``show``, as one line of JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bioblend  # type: ignore[import-not-found]  # not in our environment
from bioblend.galaxy import GalaxyInstance  # type: ignore[import-not-found]


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what a call answers, or with what it is refused."""
    try:
        return {"answer": call()}
    except bioblend.ConnectionError as error:
        return {"status": error.status_code, "body": json.loads(error.body)}


def show(found: Any) -> None:
    """Print the one line that the test reads; bytes are spelt in hexadecimal."""
    sys.stdout.write(json.dumps(found, default=bytes.hex) + "\n")


def main() -> None:
    told = json.load(sys.stdin)
    known = {
        "gi": GalaxyInstance(told["url"], key=told["key"]),
        "connect": lambda key: GalaxyInstance(told["url"], key=key),
        "bioblend": bioblend,
        "json": json,
        "Path": Path,
        "show": show,
        "outcome": outcome,
    }
    exec(told["lines"], known | told["values"])


if __name__ == "__main__":
    main()
