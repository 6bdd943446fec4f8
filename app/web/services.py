"""Where the views find the product: the services object of the running application. Knows no service by type."""

from typing import Any

from flask import Flask, current_app

EXTENSION = "sluice"

STARTED = "sluice_started"
"""The event of `Flask.extensions` that is set once this process's runner was started."""


def attach(app: Flask, services: Any) -> None:
    """Make ``services`` the ones that ``app``'s views use."""
    app.extensions[EXTENSION] = services


def current_services() -> Any:
    """Return the services of the application that handles this request."""
    return current_app.extensions[EXTENSION]
