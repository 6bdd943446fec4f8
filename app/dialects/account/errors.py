"""How the account dialect spells errors."""

from app.web.json_errors import JsonErrorForm

ERROR_FORM = JsonErrorForm(
    blueprint="account",
    prefixes=("/session",),
    sentences={404: "There is nothing here. The route is /session; see /docs/."},
    challenge='Bearer realm="Sluice"',  # a page asks these routes, and its browser must not open a window of its own
)
