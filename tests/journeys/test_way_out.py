"""A founder whom nobody fits sees why, takes the way out with one press, and corrects a reading."""

import pytest
from playwright.sync_api import expect

from models.vocabulary import Role
from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage
from tests.journeys.looking import list_faults
from tests.journeys.people import choose_language, log_in, press

# A place where nobody of the demonstration is: Tibet.
NOWHERE = "540000"


@pytest.mark.parametrize(("locale", "width"), [("zh_Hans_CN", DESK_WIDTH), ("en", PHONE_WIDTH)])
def test_a_condition_that_shuts_everybody_out_is_found_and_given_up(
    open_page: OpenPage, locale: str, width: int
) -> None:
    page = open_page(locale=locale, width=width)
    log_in(page, Role.FOUNDER)
    choose_language(page, locale)
    page.locator("main a[href$='/needs/new']").first.click()
    page.locator("#title").fill(f"Far away ({width})")
    page.locator("#text").fill("我们的碳化硅良率停在五成多，需要带过晶圆产线的人看缺陷分布图。")
    for fold in page.locator("main details").all():
        fold.evaluate("fold => { fold.open = true }")
    page.locator("#place").select_option(NOWHERE)
    page.locator("[name=place_weight]").select_option("hard")
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/needs/*")
    address = page.url

    expect(page.locator(".match")).to_have_count(0)
    expect(page.locator(".way-out")).to_have_count(3)
    assert list_faults(page) == []

    page.locator("main a[href*='/left-out']").first.click()
    expect(page.locator(".left-out-reasons").first).not_to_be_empty()
    assert list_faults(page) == []

    page.goto(address)
    press(page, "/relax")
    expect(page.locator(".match").first).to_be_visible()
    expect(page.locator(".way-out")).to_have_count(0)

    # How the need was read is corrected in place, without a mouse.
    page.locator(".read-correct > summary").first.press("Enter")
    page.locator(".read-correct button[value=condition]").first.press("Enter")
    page.wait_for_url(address)
    expect(page.locator(".read-sentence [data-role=condition]")).to_have_count(1)
    assert list_faults(page) == []
    page.goto(f"{address}/reading")
    expect(page.locator(".read-sentence [data-role=condition]")).to_have_count(1)
    assert list_faults(page) == []
