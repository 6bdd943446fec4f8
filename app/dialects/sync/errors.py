"""How the sync dialect spells errors, and every path that is no dialect's."""

from app.web.json_errors import JsonErrorForm

ERROR_FORM = JsonErrorForm(
    blueprint="sync",
    prefixes=("/sync", "/copy", "/runnings", "/get", "/cancel", "/events", "/steps"),
    sentences={
        404: "There is nothing here. Try /sync, /copy, /runnings, /get, /cancel, /events or /steps; see /docs/.",
        405: "This address does not take this method; use POST, or GET but for /copy.",
    },
    challenge='Basic realm="Sluice", charset="UTF-8"',  # it makes a browser ask for a name and a password
)
