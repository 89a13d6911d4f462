"""A messy workbook is brought in: shown as it was understood, corrected in place, and confirmed."""

import csv
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.vocabulary import Role
from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage
from tests.journeys.looking import list_faults
from tests.journeys.messy_workbook import make_messy_workbook
from tests.journeys.people import choose_language, log_in, press

# Where somebody wants to see the pages: a folder for their pictures.
_PICTURES = os.environ.get("YINQIAO_TEST_PICTURES", "")


def _look(page: Page, width: int, name: str) -> list[str]:
    """What is wrong with the page on a desk and on a phone; the journey goes on in `width`."""
    faults = []
    for shown in (DESK_WIDTH + PHONE_WIDTH - width, width):
        faults += list_faults(page, shown)
        if _PICTURES:
            page.screenshot(path=Path(_PICTURES) / f"{name}-{shown}.png", full_page=True)
    return faults


@pytest.mark.parametrize(("locale", "width"), [("zh_Hans_CN", PHONE_WIDTH), ("en", DESK_WIDTH)])
def test_a_messy_workbook_is_understood_corrected_and_discarded(
    open_page: OpenPage, tmp_path: Path, locale: str, width: int
) -> None:
    path = tmp_path / "导师名单.xlsx"
    path.write_bytes(make_messy_workbook())
    page = open_page(locale=locale, width=width)
    log_in(page, Role.OPERATOR)
    choose_language(page, locale)
    page.goto("/pool")
    page.locator("main a[href$='/import']").first.click()
    faults = _look(page, width, f"{locale}-start")
    page.locator("#file").set_input_files(path)
    page.locator("main form .btn-primary").first.click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f]{16}$"))
    faults += _look(page, width, f"{locale}-preview")
    # Sixty people, seven of whom are asked about or refused; the total and the note are no people.
    expect(page.locator("tbody tr")).to_have_count(60)
    expect(page.locator("tr:has(.field-error)")).to_have_count(7)
    expect(page.locator(".alert-info li")).to_have_count(3)

    # The first one that needs an answer gets it, beside its cell.
    page.locator("nav.tabs a[href*='outcome=refused']").click()
    faults += _look(page, width, f"{locale}-refused")
    expect(page.locator("tbody tr")).to_have_count(7)
    page.locator("tbody tr a[href*='/rows/']").first.click()
    faults += _look(page, width, f"{locale}-row")
    page.locator("#hours_per_month").fill("3")
    page.locator("main form .form-actions button").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f]{16}#row-\d+$"))
    expect(page.locator("tr:has(.field-error)")).to_have_count(6)
    with page.expect_download() as download:
        page.locator("main a[href$='/refused.csv']").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + 6
    press(page, "/discard")
    faults += _look(page, width, f"{locale}-discarded")

    # The same file again, and somebody says by hand which column is which.
    page.goto("/pool")
    page.locator("main a[href$='/import']").first.click()
    page.locator("#assigns").check()
    page.locator("#file").set_input_files(path)
    page.locator("main form .btn-primary").first.click()
    # It is the sheet with the list, and what is known of it is chosen already.
    expect(page.locator("#column-1")).to_have_value("name")
    faults += _look(page, width, f"{locale}-columns")
    assert faults == []
