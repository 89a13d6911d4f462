"""The main job, from a need to feedback on both sides, as the people do it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from models.vocabulary import Role
from tests.journeys.conftest import DESK_WIDTH, PHONE_WIDTH, OpenPage
from tests.journeys.looking import list_faults
from tests.journeys.people import (
    choose_language,
    expect_state,
    give_feedback,
    log_in,
    press,
    propose_time,
    state_need,
)

NEEDS = {
    "zh_Hans_CN": (
        "碳化硅器件良率停在五成",
        "我们在六英寸线上做碳化硅MOSFET，栅氧之后的良率一直停在五成多。"
        "需要一位带过碳化硅晶圆产线的人，看缺陷分布图，判断先动外延还是先动刻蚀。",
    ),
    "en": (
        "Yield of silicon-carbide wafers",
        "We make silicon-carbide MOSFETs on six-inch wafers, and yield stays just above 50 %. "
        "We need someone who ran a silicon-carbide line to read our defect maps with us.",
    ),
}

# The mentor of the demonstration who ran such a line.
MENTOR = "碳化硅晶圆工艺导师"
PRIVATE = "nobody but the author reads this 7f3a"


@pytest.fixture(scope="module")
def site(own_site: str) -> str:
    """What becomes of a request is looked for on pages that show whatever there is."""
    return own_site


def _find_mentor_and_ask(page: Page, locale: str, screenshots: Path) -> str:
    """The first half of the job; gives the engagement's address."""
    log_in(page, Role.FOUNDER)
    choose_language(page, locale)
    title, text = NEEDS[locale]
    state_need(page, title=title, text=text)

    # Among the first three, whatever language the pool's mentors write in.
    match = page.locator(".match", has_text=MENTOR).first
    expect(match).to_be_visible()
    if locale == "zh_Hans_CN":
        expect(match.locator(".match-strength-strong")).to_be_visible()
    # The evidence is a sentence of the need, facing a sentence of the mentor.
    need_side = match.locator(".bridge-end").nth(0).inner_text()
    assert any(
        sentence.strip() in need_side for sentence in text.split("。" if "。" in text else ". ")
    )
    assert match.locator(".bridge-end").nth(1).inner_text().strip() != ""
    page.screenshot(path=screenshots / f"matches-{locale}.png", full_page=True)

    match.locator("a[href*='/request/']").click()
    page.locator("main textarea[name=message]").fill("能否请你看看我们的缺陷分布图？")
    page.locator("main form:has(textarea[name=message]) button.btn-primary").click()
    page.wait_for_url("**/engagements/*")
    expect_state(page, "requested")
    return page.url


def _let_time_pass(folder: Path, hours: int) -> None:
    """All confirmed sessions begin `hours` earlier: a browser test cannot wait for a meeting."""
    with sqlite3.connect(folder / "yinqiao.db", timeout=30) as database:
        database.execute(
            "UPDATE coaching_session SET starts_at = datetime(starts_at, ?),"
            " ends_at = datetime(ends_at, ?) WHERE state = 'confirmed'",
            (f"-{hours} hours", f"-{hours} hours"),
        )


def test_from_need_to_feedback_in_chinese(
    open_page: OpenPage, own_folder: Path, tmp_path: Path
) -> None:
    founder, mentor = open_page(), open_page(width=PHONE_WIDTH)
    address = _find_mentor_and_ask(founder, "zh_Hans_CN", tmp_path)

    log_in(mentor, Role.MENTOR)
    mentor.goto(address)
    press(mentor, "/accept")
    expect_state(mentor, "accepted")
    in_three_days = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=3)
    when = in_three_days.replace(minute=0, second=0, microsecond=0)
    propose_time(mentor, when, link="https://meet.example.org/sic")
    expect(mentor.locator("main [data-state=proposed]")).to_be_visible()

    founder.goto("/dashboard")
    expect(founder.locator("main")).to_contain_text(NEEDS["zh_Hans_CN"][0])
    founder.goto(address)
    press(founder, "/confirm")
    expect_state(founder, "active")
    with founder.expect_download() as download:
        founder.locator("a[href$='.ics']").first.click()
    calendar = Path(download.value.path()).read_text()
    assert f"DTSTART:{when.astimezone(UTC):%Y%m%dT%H%M%SZ}" in calendar
    assert "STATUS:CONFIRMED" in calendar

    _let_time_pass(own_folder, hours=24 * 4)
    mentor.goto(address)
    press(mentor, "/held")
    for page, comment in ((mentor, "缺陷图准备得很完整。"), (founder, "先动外延，方向清楚了。")):
        page.goto(address)
        page.locator("main a[href$='/feedback']").first.click()
        give_feedback(page, rating=5, comment=comment, private_note=PRIVATE)

    operator = open_page(width=DESK_WIDTH)
    log_in(operator, Role.OPERATOR)
    operator.goto("/engagements")
    operator.locator(f"main a[href$='{address.rsplit('/', 1)[1]}']").first.click()
    for said in ("缺陷图准备得很完整。", "先动外延，方向清楚了。"):
        expect(operator.locator("main")).to_contain_text(said)
    assert PRIVATE not in operator.content()
    operator.screenshot(path=tmp_path / "operator.png", full_page=True)


def test_from_need_to_request_in_english(open_page: OpenPage, tmp_path: Path) -> None:
    _find_mentor_and_ask(open_page(locale="en"), "en", tmp_path)


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_every_main_page_of_a_role_fits_and_is_accessible(
    open_page: OpenPage, role: Role, locale: str
) -> None:
    page = open_page(locale=locale, width=PHONE_WIDTH)
    log_in(page, role)
    choose_language(page, locale)
    links = page.locator("header nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    faults: list[str] = []
    for path in dict.fromkeys(links):
        page.goto(path)
        faults += list_faults(page, DESK_WIDTH, PHONE_WIDTH)
    assert faults == []
