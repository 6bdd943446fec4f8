"""The OpenAPI documents of all dialects, shown by one Swagger UI at /docs that asks no other machine."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Flask
from flask_smorest import Api
from flask_swagger_ui import get_swaggerui_blueprint

from app.web.credentials import security

_FOLDER = "/openapi"


class Document(NamedTuple):
    """One dialect's OpenAPI document.

    Attributes:
        name: the dialect's, as in its paths and settings.
        title: what people read.
    """

    name: str
    title: str

    @property
    def path(self) -> str:
        """Where the document is served."""
        return f"{_FOLDER}/{self.name}.json"


def documented_api(app: Flask, document: Document, version: str, *, optional_caller: bool = False) -> Api:
    """Return the ``Api`` for the blueprints of one dialect; it serves ``document``, with all forms of credentials.

    Args:
        optional_caller: nobody needs to say who he is.
    """
    prefix = document.name.upper()
    app.config.update(
        {
            f"{prefix}_API_TITLE": document.title,
            f"{prefix}_API_VERSION": version,
            f"{prefix}_OPENAPI_VERSION": "3.0.3",
            f"{prefix}_OPENAPI_URL_PREFIX": _FOLDER,
            f"{prefix}_OPENAPI_JSON_PATH": f"{document.name}.json",
            f"{prefix}_API_SPEC_OPTIONS": security(optional=optional_caller),
        }
    )
    return Api(app, config_prefix=prefix)


def install_documents(app: Flask, documents: Sequence[Document]) -> None:
    """Serve Swagger UI at /docs; it opens with the first document."""
    config = {
        "app_name": "Sluice API",
        "urls": [{"name": document.title, "url": document.path} for document in documents],
        "oauth2RedirectUrl": "",  # the library would build it from the Host header, inside a script; we use no OAuth
        "validatorUrl": "none",
    }
    blueprint: Any = get_swaggerui_blueprint("/docs", documents[0].path, config=config)
    app.register_blueprint(blueprint)
