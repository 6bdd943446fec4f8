"""The OpenAPI documents of all dialects, shown by one Swagger UI at /docs that asks no other machine."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Flask, Response
from flask_smorest import Api
from flask_swagger_ui import get_swaggerui_blueprint

from app.web.credentials import security
from app.web.parameters import ParameterBlueprint

_FOLDER = "/openapi"

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What Swagger UI needs: its page has a script in it."""


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


def documented_api(
    app: Flask, document: Document, blueprint: ParameterBlueprint, version: str, *, optional_caller: bool = False
) -> Api:
    """Return the ``Api`` of one dialect, with its blueprint; it serves ``document``, with all forms of credentials.

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
    api = Api(config_prefix=prefix)
    api.ERROR_SCHEMA, api.DEFAULT_RESPONSE_CONTENT_TYPE = blueprint.ERROR_SCHEMA, blueprint.ERROR_TYPE
    if not blueprint.OTHER_ERRORS:
        api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.init_app(app)
    api.register_blueprint(blueprint)
    return api


def install_documents(app: Flask, documents: Sequence[Document]) -> None:
    """Serve Swagger UI at /docs; it opens with the first document."""
    config = {
        "app_name": "Sluice API",
        "urls": [{"name": document.title, "url": document.path} for document in documents],
        "oauth2RedirectUrl": "",  # the library would build it from the Host header, inside a script; we use no OAuth
        "validatorUrl": "none",
    }
    blueprint: Any = get_swaggerui_blueprint("/docs", documents[0].path, config=config)
    blueprint.after_request(_protect)
    app.register_blueprint(blueprint)


def _protect(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _POLICY
    return answer
