"""The frame of every page: its menu, and what gets quicker with a script."""

import pytest
from playwright.sync_api import Browser, Dialog, expect

from models.vocabulary import Role
from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage
from tests.journeys.people import log_in

pytestmark = pytest.mark.browser


def test_the_menu_of_a_phone_opens_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(
        base_url=site, java_script_enabled=False, viewport={"width": PHONE_WIDTH, "height": 844}
    )
    page = context.new_page()
    page.goto("/")
    link = page.locator(".site-menu a[href='/log-in']")
    expect(link).to_be_hidden()

    page.locator(".site-menu > summary").click()
    link.click()

    assert page.url == f"{site}/log-in"
    context.close()


def test_a_wide_screen_shows_the_menu_at_once_and_where_one_is(open_page: OpenPage) -> None:
    page = open_page(width=DESK_WIDTH)
    log_in(page, Role.OPERATOR)

    expect(page.locator(".site-menu > summary")).to_be_hidden()
    expect(page.locator(".site-links a:visible")).to_have_count(9)
    expect(page.locator(".site-links a[aria-current=page]")).to_have_attribute("href", "/dashboard")

    page.goto("/providers")
    expect(page.locator(".site-links a[aria-current]")).to_have_attribute("href", "/providers")


def test_the_keyboard_reaches_the_content_first_and_closes_the_menu(open_page: OpenPage) -> None:
    page = open_page(width=PHONE_WIDTH)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    menu = page.locator(".site-menu")
    menu.locator("summary").press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_a_long_text_counts_its_characters_and_is_not_lost_by_a_slip(open_page: OpenPage) -> None:
    page = open_page()
    log_in(page, Role.FOUNDER)
    page.goto("/startups/new")
    area = page.locator("#description")
    count = area.locator("xpath=following-sibling::*[contains(@class, 'character-count')]")
    expect(count).to_have_text("0 / 8,000")

    area.press_sequentially("SiC")
    expect(count).to_have_text("3 / 8,000")

    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".site-links a[href='/dashboard']").click(no_wait_after=True)
    expect(area).to_have_value("SiC")
    assert asked == ["beforeunload"]
    assert page.url.endswith("/startups/new")


def test_what_was_refused_is_said_first_and_kept(open_page: OpenPage) -> None:
    page = open_page()
    log_in(page, Role.FOUNDER)
    page.goto("/startups/new")
    page.locator("#one_line").fill("x" * 300)
    page.locator("main form .btn-primary").first.click()

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#one_line")).to_have_value("x" * 300)
    page.locator(".error-summary a[href='#one_line']").click()
    expect(page.locator("#one_line")).to_be_focused()
