"""What a program of the vendor's users does, told by a test: runs in the client's own virtual environment.

On its input comes a JSON object with base addresses and keys. It prints what the vendor's client says of each pair, as
one line of JSON. The package that the vendor has published can do no more: what would send anything is left out of it.
"""

import json
import sys
import warnings
from typing import Any

from aion import ClientConfig  # type: ignore[import-not-found]  # not in our environment


def outcome(base_url: str, api_key: str) -> dict[str, Any]:
    """Return what the client has taken, or what it raises."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            config = ClientConfig(api_key=api_key, base_url=base_url)
        except Exception as error:  # noqa: BLE001 - any is of interest
            return {"raised": type(error).__name__, "text": str(error)}
    return {"base_url": config.base_url, "warned": [warning.category.__name__ for warning in told]}


if __name__ == "__main__":
    print(json.dumps([outcome(*pair) for pair in json.load(sys.stdin)]))  # noqa: T201
