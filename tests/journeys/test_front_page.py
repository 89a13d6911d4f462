"""A visitor arrives."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage


@pytest.mark.parametrize("width", [PHONE_WIDTH, DESK_WIDTH])
@pytest.mark.parametrize(("locale", "tag"), [("zh_Hans_CN", "zh-Hans-CN"), ("en", "en")])
def test_the_front_page_speaks_the_visitors_language(
    open_page: OpenPage, locale: str, tag: str, width: int
) -> None:
    page = open_page(locale=locale, width=width)
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("html")).to_have_attribute("lang", tag)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    # Nothing sticks out: a phone does not have to be moved sideways to be read.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
