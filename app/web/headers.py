"""Response headers that every answer gets."""

from flask import Flask, Response

HEADERS = {
    "Cache-Control": "no-store",  # answers are live, and a query string may hold keys
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install_headers(app: Flask) -> None:
    """Add `HEADERS` to every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response
