"""The rules of axe for accessibility, asked of a page as a browser shows it."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it ships no type information
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}
_VIOLATIONS = "options => axe.run(options).then(found => found.violations)"


def serious_findings(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    """Return what axe finds that keeps people from using a page: the rule, where it is broken, and why.

    Args:
        page: as it is now.
        rules: only these; None: all of axe's.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules is not None:
        options["runOnly"] = {"type": "rule", "values": [*rules]}
    if not page.evaluate("'axe' in window"):  # half a megabyte, which one page is given once
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_VIOLATIONS, options)
    return [f"{rule['id']}: {_said(node)}" for rule in found if rule["impact"] in SERIOUS for node in rule["nodes"]]


def _said(node: dict[str, Any]) -> str:
    return f"{node['target']}: {' '.join(node['failureSummary'].split())}"
