"""Renews the screenshots of the documentation: `python -m tests.journeys.screenshots FOLDER`.

A site with demonstration data is made, served and thrown away; nothing else is touched.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from models.vocabulary import Role
from tests.browser_setup import get_browser
from tests.journeys.conftest import BROWSER_ARGUMENTS, DESK_WIDTH, LOCALES, PHONE_WIDTH
from tests.journeys.people import choose_language, log_in, state_need
from tests.journeys.site import prepare_instance, serve
from tests.journeys.test_main_job import NEEDS


def take_screenshots(folder: Path) -> list[Path]:
    """The pages that the documentation shows, as PNG files in `folder`; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        instance = prepare_instance(Path(scratch) / "instance")
        browser = playwright.chromium.launch(executable_path=get_browser(), args=BROWSER_ARGUMENTS)
        with serve(instance) as address:
            for name, locale, width in (
                ("matches-zh-1280", "zh_Hans_CN", DESK_WIDTH),
                ("matches-en-1280", "en", DESK_WIDTH),
                ("matches-zh-390", "zh_Hans_CN", PHONE_WIDTH),
            ):
                taken.append(_show_matches(browser, address, folder / f"{name}.png", locale, width))
            taken.append(
                _show_dashboard(browser, address, folder / "operator-zh-1280.png", Role.OPERATOR)
            )
        browser.close()
    return taken


def _show_matches(browser: Browser, address: str, path: Path, locale: str, width: int) -> Path:
    page = browser.new_context(
        base_url=address, locale=LOCALES[locale], viewport={"width": width, "height": 900}
    ).new_page()
    log_in(page, Role.FOUNDER)
    choose_language(page, locale)
    title, text = NEEDS[locale]
    state_need(page, title=f"{title} ({width})" if width == PHONE_WIDTH else title, text=text)
    page.screenshot(path=path)
    page.context.close()
    return path


def _show_dashboard(browser: Browser, address: str, path: Path, role: Role) -> Path:
    page = browser.new_context(
        base_url=address,
        locale=LOCALES["zh_Hans_CN"],
        viewport={"width": DESK_WIDTH, "height": 900},
    ).new_page()
    log_in(page, role)
    page.screenshot(path=path)
    page.context.close()
    return path


if __name__ == "__main__":
    for made in take_screenshots(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots")):
        print(made)
