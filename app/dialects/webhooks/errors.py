"""How the dialect of webhooks spells errors."""

from app.web.json_errors import JsonErrorForm

ERROR_FORM = JsonErrorForm(
    blueprint="webhooks",
    prefixes=("/webhooks",),
    sentences={404: "There is nothing here. Webhooks are at /webhooks; see /docs/."},
    challenge='Bearer realm="Sluice"',
)
