"""The page that Google sends a browser back to: it tells its opener how the consent ended, and closes. Pure.

What came in the address is in the script as JSON that cannot end the script, and nowhere else: nothing of it is HTML.
"""

import json
from collections.abc import Mapping

MESSAGE = "sluice:oauth"
"""The ``type`` of the message, and the name of the channel that pages of our own origin may listen to."""

_REFUSED = "This answer fits no consent that is under way. Begin again in your application."
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}
_REST = "default-src 'none'; {scripts}base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Google Drive</title></head>
<body><p id="told">{sentence}</p>{script}</body>
</html>
"""

_SCRIPT = """
<script nonce="{nonce}">
"use strict";
const told = {told}, origin = {origin};
history.replaceState(null, "", location.pathname);
if (window.opener) {{
  window.opener.postMessage(told, origin);
}} else if (origin === location.origin) {{
  const channel = new BroadcastChannel({channel});
  channel.postMessage(told);
  channel.close();
}}
window.close();
</script>
"""

RETURN = "You can close this window and return to the application."


def relaying_page(told: Mapping[str, str], origin: str, nonce: str) -> str:
    """Return the page that tells ``told`` to the page that opened it, if that is of ``origin``, and to none else."""
    script = _SCRIPT.format(
        nonce=nonce, told=script_json(told), origin=script_json(origin), channel=script_json(MESSAGE)
    )
    return _PAGE.format(sentence=RETURN, script=script)


def refusing_page() -> str:
    """Return the page for an answer that fits no consent; it has no script."""
    return _PAGE.format(sentence=_REFUSED, script="")


def content_policy(nonce: str | None) -> str:
    """Return the header Content-Security-Policy: one script runs, the one with this nonce; None: no script does."""
    return _REST.format(scripts=f"script-src 'nonce-{nonce}'; " if nonce else "")


def script_json(value: object) -> str:
    """Return JSON that stands in a script as it is: no character of it can end the script or a line of it."""
    return json.dumps(value).translate(_ESCAPES)
