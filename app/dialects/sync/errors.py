"""How the sync dialect spells errors, and every path that is no dialect's."""

from app.web.json_errors import JsonErrorForm

ERROR_FORM = JsonErrorForm(
    blueprint="sync",
    prefixes=("/sync", "/runnings", "/get", "/cancel", "/events", "/steps"),
    sentences={
        404: "There is nothing here. The routes are /sync, /runnings, /get, /cancel, /events and /steps; see /docs/.",
        405: "This address does not take this method; use GET or POST.",
    },
    challenge='Basic realm="Sluice", charset="UTF-8"',  # it makes a browser ask for a name and a password
)
