"""A headless Chromium for tests that look at pages: Debian's, driven by Playwright.

Where it is missing the test is skipped, but never in CI.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from tests.servers import IN_CI

# No sandbox inside a container; no talk to anybody while the page is looked at.
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; skips where there is none, fails in CI."""
    if CHROMIUM is None:
        if IN_CI:
            pytest.fail("Chromium is missing; `make servers` installs it")
        pytest.skip("Chromium is not installed (`make servers`)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Watch:
    """What a page said and asked for while it was open."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """Watch a page from now on."""
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: self._dismiss(dialog))  # noqa: PLW0108 - Playwright marks bound methods, a slotted one takes no mark
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.errors.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()
