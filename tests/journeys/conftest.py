"""A real browser, and the demonstration network to walk through."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.conftest import academy_of
from tests.journeys.touring import Tour
from tests.making import settings_for
from tests.peopled import peopled
from tests.serving import Site, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    *("--no-sandbox", "--disable-background-networking", "--no-first-run", "--disable-quic"),
    # Nothing here may reach any other machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PATIENCE = 20_000
"""Milliseconds after which a browser gives up waiting for something to appear."""

OpenBrowser = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on the PATH: make browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[OpenBrowser]:
    """Open a browser of its own for somebody; keywords are those of a Playwright context."""
    opened: list[BrowserContext] = []

    def begin(*, width: int = 1280, **more: Any) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, timezone_id="Africa/Nairobi", **more
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context

    yield begin
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def showcase(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration network behind the real server, for tests that change nothing there."""
    home = tmp_path_factory.mktemp("showcase") / "home"
    shutil.copytree(demonstration_home, home)
    with serving(settings_for(home, development=True)) as running:
        yield running


@pytest.fixture(scope="session")
def tour(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    """A demonstration network where somebody has done everything, toured by everybody."""
    home = tmp_path_factory.mktemp("toured") / "home"
    with academy_of(demonstration_home, home, development=True) as app:
        by_mail = peopled(app)
        told = json.loads((home / "demonstration.json").read_text(encoding="utf-8"))
        going = Tour(app, told["password"], by_mail)
        going.go()
        yield going


@pytest.fixture(scope="session")
def town(tour: Tour) -> Iterator[Site]:
    """The academy of the tour behind the real server, for tests that change nothing there."""
    with serving(tour.app.config["SETTINGS"]) as running:
        yield running
