"""A real browser for tests: the system's Chromium, driven by Playwright; it never looks beyond this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.support.servers import missing

PROGRAMS = ["chromium-headless-shell", "chromium", "google-chrome"]
"""What is looked for, the one that takes the least first: the shell has no windows, which nobody sees here."""

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; what it shows and remembers, it does in contexts, of which none knows of another."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        missing("Chromium is not installed (on Debian: apt install chromium).")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET + root, timeout=60_000)
        try:
            yield browser
        finally:
            browser.close()
