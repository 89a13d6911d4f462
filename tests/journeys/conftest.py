"""What journeys ask for: a browser, a site with demonstration data, pages that watch themselves.

Whatever uses the browser carries the marker `browser` and runs on SQLite alone.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser_setup import get_browser
from tests.journeys.site import copy_instance, prepare_instance, serve
from tests.sharing import make_once

LOCALES = {"zh_Hans_CN": "zh-CN", "en": "en-GB"}
PHONE_WIDTH = 390
DESK_WIDTH = 1280

# Chromium talks to its maker's servers unless told not to, and its sandbox refuses root.
BROWSER_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


class OpenPage(Protocol):
    """Opens a browser window of its own: another person, or the same one at another device."""

    def __call__(self, *, locale: str = "zh_Hans_CN", width: int = DESK_WIDTH) -> Page:
        """A blank page whose addresses start at the site's front page."""
        ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get_browser(), args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def prepared_instance(shared_folder: Path) -> Path:
    """An instance with the demonstration data, to be copied."""
    return make_once(shared_folder / "site", prepare_instance)


@pytest.fixture(scope="session")
def site(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that tests share which mind nothing that others leave there."""
    with serve(
        copy_instance(prepared_instance, tmp_path_factory.mktemp("site") / "all")
    ) as address:
        yield address


@pytest.fixture(scope="module")
def own_folder(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance of a site that one module has for itself."""
    return copy_instance(prepared_instance, tmp_path_factory.mktemp("site") / "instance")


@pytest.fixture(scope="module")
def own_encoder() -> str:
    """What that site encodes with. A module that minds no ranking names `hashing` in its place,
    which has no model that a process would load for seconds."""
    return "bundled"


@pytest.fixture(scope="module")
def own_site(own_folder: Path, own_encoder: str) -> Iterator[str]:
    """The address of that site; a module that changes much names it `site`."""
    with serve(own_folder, encoder=own_encoder) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[OpenPage]:
    """Opens windows; afterwards none of them has asked another host or met an error."""
    contexts = []
    complaints: list[str] = []

    def open_page(*, locale: str = "zh_Hans_CN", width: int = DESK_WIDTH) -> Page:
        context = browser.new_context(
            base_url=site,
            locale=LOCALES[locale],
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": 844 if width <= PHONE_WIDTH else 900},
        )
        contexts.append(context)
        # The first search of a process loads the encoders, while other tests take the cores.
        context.set_default_timeout(240_000)
        page = context.new_page()
        page.on("request", lambda request: _check_host(request.url, site, complaints))
        page.on("pageerror", lambda error: complaints.append(f"error in a script: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"the browser complains: {message.text}")
                if message.type == "error" and "the server responded with" not in message.text
                else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def _check_host(url: str, site: str, complaints: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.netloc != urlsplit(site).netloc:
        complaints.append(f"another host was asked: {url}")
