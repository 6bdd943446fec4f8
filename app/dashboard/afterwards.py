"""Where a person goes after signing in: to a page of ours, whatever else an address may name."""

from urllib.parse import parse_qsl, unquote, urlencode

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from app.web.credentials import Place

START = "/"
"""Where who wanted nothing in particular goes: the list of jobs."""

_LONGEST = 2000
_NO_PAGES = ("/live/", "/sign-in", "/static/")


def page_of(address: str) -> str:
    """Return an address of a page of ours, without a key that may stand in it; `START` for any other address.

    Another host is none, whatever a browser makes of slashes and spaces. Neither is a route of a dialect: who opens
    /sync has started a job.
    """
    path, _, query = address.partition("?")
    if len(address) > _LONGEST or not _is_path(path) or not _is_page(unquote(path)):
        return START
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != Place.QUERY]
    return f"{path}?{urlencode(kept)}" if kept else path


def this_page() -> str:
    """Return the page that this request asks for, or whose form it sends; `START` where that is none."""
    query = urlencode([*request.args.items(multi=True)]) if request.method in ("GET", "HEAD") else ""
    return page_of(f"{request.path}?{query}")


def _is_path(text: str) -> bool:
    return text.startswith("/") and not text.startswith("//") and text.isascii() and text.isprintable()


def _is_page(path: str) -> bool:
    if path.startswith(_NO_PAGES):
        return False
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path, method="GET") if adapter is not None else ("", {})
    except HTTPException:  # nothing, something that is not asked for, or the address of another spelling
        return False
    return str(endpoint).startswith("dashboard.")
