"""A real browser: the Chromium that is on the machine, told to go nowhere by itself."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE, DESKTOP = (375, 740), (1200, 900)


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Only for modules whose tests are all synchronous: while it is open, no other event loop can run. Skips the test
    where there is no browser, but in CI, where there has to be one."""
    path = os.environ.get("MONITOR_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, which CI has to have")
        pytest.skip("no Chromium: set MONITOR_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that is open, and what it did besides showing itself."""

    page: Page
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def opens(self, file: Path) -> None:
        """Go to a file. That request is not counted."""
        self.page.goto(file.as_uri())
        self.requests.remove(file.as_uri())

    def meets(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def visit(browser: Browser, file: Path, *, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Iterator[Visit]:
    """Open a file as somebody would who was sent it."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
    )
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("console", lambda message: seen.said.append(message.text))
    seen.page.on("dialog", seen.meets)
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.opens(file)
    yield seen
    context.close()
