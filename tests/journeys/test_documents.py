"""A document on its way: uploaded, shown, reported, stopped and resumed."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.vocabulary import Role
from tests.app.vault.scenes import PDF
from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage
from tests.journeys.looking import list_faults
from tests.journeys.people import choose_language, log_in, press


def _submit(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form .form-actions button").click()


@pytest.mark.parametrize(("locale", "width"), [("zh_Hans_CN", PHONE_WIDTH), ("en", DESK_WIDTH)])
def test_a_document_is_kept_shown_reported_and_looked_into(
    open_page: OpenPage, tmp_path: Path, locale: str, width: int
) -> None:
    faults: list[str] = []

    def look(page: Page) -> None:
        faults.extend(list_faults(page))

    founder = open_page(locale=locale, width=width)
    log_in(founder, Role.FOUNDER)
    choose_language(founder, locale)
    founder.goto("/documents")
    look(founder)
    founder.locator("main a[href$='/documents/new']").first.click()
    _submit(founder)
    # What is missing is said beside each field, before anything is kept.
    expect(founder.locator(".field-error")).to_have_count(2)
    look(founder)
    path = tmp_path / "商业计划书.pdf"
    path.write_bytes(PDF)
    founder.locator("#file").set_input_files(path)
    founder.locator("#title").fill(f"计划 {width}")
    founder.locator("#declared").check()
    _submit(founder)
    founder.wait_for_url(re.compile(r"/documents/[0-9a-f]{16}$"))
    address = founder.url
    look(founder)
    with founder.expect_download() as download:
        founder.locator("main a[href$='/file']").first.click()
    assert download.value.suggested_filename == "商业计划书.pdf"
    assert Path(download.value.path()).read_bytes() == PDF
    press(founder, "/show-incubator")

    founder.locator("main a[href$='/report']").click()
    look(founder)
    founder.locator("#reason").select_option("classified")
    _submit(founder)
    expect(founder.locator("h1 .tone-waits")).to_be_visible()
    look(founder)

    operator = open_page(locale=locale, width=width)
    log_in(operator, Role.OPERATOR)
    choose_language(operator, locale)
    operator.locator(f"main a[href='{address[address.index('/documents') :]}']").first.click()
    look(operator)
    operator.locator("main a[href$='/stop']").click()
    look(operator)
    operator.locator("#reason").fill("先停用，等核查结果。")
    _submit(operator)
    expect(operator.locator("h1 .tone-fails")).to_be_visible()
    look(operator)

    founder.goto(address)
    expect(founder.locator(".alert-danger")).to_contain_text("先停用")
    expect(founder.locator("main a[href$='/file']")).to_have_count(0)

    press(operator, "/resume")
    founder.goto(address)
    expect(founder.locator("h1 .tone-fits")).to_be_visible()
    assert faults == []
