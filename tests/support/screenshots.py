"""Takes the pictures of the documentation: ``python -m tests.support.screenshots [FOLDER]``; `make screenshots` runs it."""

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.support.browser import chromium
from tests.support.service import ROOT, eventually
from tests.support.showcase import PASSWORD, Showcase, showcase

PICTURES = ROOT / "docs" / "pictures"
LARGEST = 150_000
"""Bytes."""

_DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 1000}, "color_scheme": "light"}
_PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "color_scheme": "dark", "device_scale_factor": 2}
_PAUSE = 1.0  # seconds for each of 24 files: the job that runs is half-way while the pictures are taken
_PICTURES_LOADED = "[...document.querySelectorAll('main img')].every(each => each.complete && each.naturalWidth > 0)"

Go = Callable[[Showcase], str]

_RUNNING: dict[str, Go] = {"jobs": lambda _: "/", "job": lambda shown: f"/jobs/{shown.jobs['running']}"}
_ON_A_PHONE: dict[str, Go] = {"phone": lambda _: "/"}
_STANDING: dict[str, Go] = {
    "plan": lambda shown: f"/plans/{shown.jobs['plan']}",
    "browse": lambda shown: f"/connections/{shown.connections['Photo archive']}/browse?prefix=2026-06+Mountains%2F",
}

NAMES = (*_RUNNING, *_ON_A_PHONE, *_STANDING)
"""What is taken; the files are called so, with ``.png``."""


def take_all(folder: Path) -> None:
    """Write every picture to ``folder``, in the place of those that are there.

    Raises:
        RuntimeError: one of them is larger than `LARGEST`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, showcase(Path(scratch), _PAUSE) as shown, chromium() as browser:
        eventually(lambda: shown.uploads("running") >= 9, 60, "a third of the job that runs")
        _take(browser, shown, _DESKTOP, _RUNNING, folder)
        _take(browser, shown, _PHONE, _ON_A_PHONE, folder)
        _take(browser, shown, _DESKTOP, _STANDING, folder)


def _take(browser: Browser, shown: Showcase, window: dict[str, Any], wanted: dict[str, Go], folder: Path) -> None:
    context = browser.new_context(**window, locale="en-GB", timezone_id="UTC")
    try:
        page = context.new_page()
        _sign_in(page, shown)
        for name, go in wanted.items():
            page.goto(shown.service.url + go(shown))
            eventually(lambda: page.evaluate(_PICTURES_LOADED), what=f"the pictures on the page of {name}")
            (folder / f"{name}.png").write_bytes(_small(name, page.screenshot()))
    finally:
        context.close()


def _sign_in(page: Page, shown: Showcase) -> None:
    page.goto(f"{shown.service.url}/sign-in")
    page.fill("#username", shown.anna.name)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{shown.service.url}/")


def _small(name: str, screenshot: bytes) -> bytes:
    """Return the picture in 256 colours."""
    written = io.BytesIO()
    Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
        written, "PNG", optimize=True
    )
    if len(written.getvalue()) > LARGEST:
        raise RuntimeError(f"The picture {name} has {len(written.getvalue())} bytes; {LARGEST} are the limit.")
    return written.getvalue()


if __name__ == "__main__":
    take_all(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
