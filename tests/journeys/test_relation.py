"""A coaching relation from the request to the objection, as two people walk it, and as programs do.

Request, question back, acceptance, a slot booked, three sessions, a move, a no-show, minutes,
feedback from both, looking back, the evaluation, and an objection to it.
"""

import json
import sqlite3
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from models.orm import new_public_id
from models.vocabulary import Role
from tests.journeys.conftest import PHONE_WIDTH, OpenPage
from tests.journeys.people import (
    choose_language,
    expect_state,
    give_feedback,
    log_in,
    press,
    propose_time,
)
from tests.journeys.site import make_token_of
from tests.journeys.test_main_job import MENTOR

NEED = "碳化硅MOSFET晶圆良率卡在五成八"
SHANGHAI = ZoneInfo("Asia/Shanghai")

# By language: what is said, on which days the two other times are proposed, and to which figure the
# mentor objects. Each walk leaves its times taken.
WALKS: dict[str, dict[str, Any]] = {
    "zh_Hans_CN": {
        "days": (16, 17, 18),
        "question": "缺陷图是外延之前还是之后的？",
        "reply": "外延之后，两批都有。",
        "minutes": "先看外延，再看栅氧。",
        "comment": "方向清楚了。",
        "objection": "有一次是园区停电，不该算。",
        "figure": "sessions",
    },
    "en": {
        "days": (23, 24, 25),
        "question": "Were the maps taken before or after epitaxy?",
        "reply": "After it, for both lots.",
        "minutes": "Epitaxy first, then the gate oxide.",
        "comment": "We know where to look now.",
        "objection": "One of these was a power cut.",
        "figure": "breadth",
    },
}
OF_PROGRAMS = (30, 31, 32)


@pytest.fixture(scope="module")
def own_encoder() -> str:
    """Whom to ask is known, and no ranking is looked at."""
    return "hashing"


@pytest.fixture(scope="module")
def site(own_site: str) -> str:
    """The calendars of two people, in which nobody else books."""
    return own_site


def read(folder: Path, query: str, *values: object) -> list[Any]:
    with sqlite3.connect(folder / "yinqiao.db", timeout=30) as database:
        return database.execute(query, values).fetchall()


def find_ids(folder: Path) -> tuple[str, str]:
    """Of the need and of the mentor."""
    ((need,),) = read(folder, "SELECT public_id FROM need WHERE title = ?", NEED)
    ((mentor,),) = read(folder, "SELECT public_id FROM provider WHERE name = ?", MENTOR)
    return need, mentor


def let_all_be_over(folder: Path, engagement: str) -> list[str]:
    """The confirmed times of the engagement are over; gives their ids in their order."""
    of_it = "engagement_id = (SELECT id FROM engagement WHERE public_id = ?)"
    read(
        folder,
        "UPDATE coaching_session SET starts_at = datetime(starts_at, '-60 days'),"
        f" ends_at = datetime(ends_at, '-60 days') WHERE state = 'confirmed' AND {of_it}",
        engagement,
    )
    rows = read(
        folder,
        "SELECT public_id FROM coaching_session WHERE state = 'confirmed'"
        f" AND {of_it} ORDER BY starts_at",
        engagement,
    )
    return [row[0] for row in rows]


def at_ten(days: int) -> datetime:
    there = datetime.now(SHANGHAI) + timedelta(days=days)
    return there.replace(hour=10, minute=0, second=0, microsecond=0)


def unfold(page: Page, path: str) -> None:
    """Open what folds away the form that sends to an address ending in `path`."""
    for fold in page.locator(f"main details:has(form[action$='{path}'])").all():
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()


def look_back(page: Page, address: str) -> None:
    page.goto(f"{address}/end-feedback")
    page.locator("[name=usefulness][value='5']").check()
    page.locator("[name=goal_reached][value=yes]").check()
    page.locator("[name=would_meet_again][value=yes]").check()
    page.locator("main form .btn-primary").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("locale", list(WALKS))
def test_a_relation_is_walked_to_its_end(
    open_page: OpenPage, own_folder: Path, locale: str
) -> None:
    said = WALKS[locale]
    need, provider = find_ids(own_folder)
    founder = open_page(locale=locale)
    mentor = open_page(locale=locale, width=PHONE_WIDTH)
    for page, role in ((founder, Role.FOUNDER), (mentor, Role.MENTOR)):
        log_in(page, role)
        choose_language(page, locale)

    founder.goto(f"/needs/{need}/request/{provider}")
    founder.locator("main textarea[name=message]").fill("…")
    founder.locator("main form:has(textarea[name=message]) button.btn-primary").click()
    founder.wait_for_url("**/engagements/*")
    expect_state(founder, "requested")
    address = founder.url
    mentor.goto(address)
    unfold(mentor, "/ask-back")
    mentor.locator("[name=question]").fill(said["question"])
    press(mentor, "/ask-back")
    founder.goto(address)
    expect(founder.locator("#reply-now")).to_contain_text(said["question"])
    founder.locator("#reply-now textarea").fill(said["reply"])
    press(founder, "/reply")
    mentor.goto(address)
    expect(mentor.locator("main")).to_contain_text(said["reply"])
    press(mentor, "/accept")
    expect_state(mentor, "accepted")

    founder.goto(f"{address}/free-times")
    founder.locator(".slots a").first.click()
    founder.locator("main form [name=place]").fill("3 号会议室 (room 3)")
    founder.locator("main form .btn-primary").click()
    founder.wait_for_load_state()
    expect_state(founder, "active")
    first, second, moved = said["days"]
    for days in (first, second):
        mentor.goto(address)
        propose_time(mentor, at_ten(days), link="https://meet.example.org/sic")
        founder.goto(address)
        press(founder, "/confirm")
    # The last one is moved, and confirmed again.
    founder.goto(address)
    founder.locator("main a[href$='/move']").last.click()
    founder.locator("main form [name=on]").fill(at_ten(moved).strftime("%Y-%m-%d"))
    founder.locator("main form .btn-primary").click()
    founder.wait_for_load_state()
    mentor.goto(address)
    press(mentor, "/confirm")

    times = let_all_be_over(own_folder, address.rpartition("/")[2])
    assert len(times) == 3
    for number in times[:2]:
        mentor.goto(address)
        press(mentor, f"/sessions/{number}/held")
        give_feedback(mentor, rating=4, comment=said["comment"], private_note="")
    mentor.goto(f"/sessions/{times[2]}/missed")
    mentor.locator("[name=missed_by][value=startup]").check()
    mentor.locator("main form .btn-primary").click()
    mentor.wait_for_load_state()
    mentor.goto(f"/sessions/{times[0]}/minutes")
    mentor.locator("[name=minutes]").fill(said["minutes"])
    mentor.locator("main form .btn-primary").click()
    mentor.wait_for_load_state()
    founder.goto(f"{address}/workspace")
    expect(founder.locator("#minutes-" + times[0])).to_contain_text(said["minutes"])
    founder.goto("/missed-times")
    expect(founder.locator("main [data-state=counted]").first).to_be_visible()
    for number in times[:2]:
        founder.goto(f"/sessions/{number}/feedback")
        give_feedback(founder, rating=5, comment=said["comment"], private_note="")
    founder.goto(address)
    expect_state(founder, "completed")
    for page in (founder, mentor):
        look_back(page, address)

    mentor.goto(f"/providers/{provider}/evaluation")
    expect(mentor.locator("main")).to_contain_text(NEED)
    unfold(mentor, "/objections")
    form = mentor.locator("main form[action$='/objections']")
    form.locator("[name=figure]").select_option(said["figure"])
    form.locator("[name=words]").fill(said["objection"])
    form.locator("button").click()
    mentor.wait_for_load_state()
    expect(mentor.locator("main")).to_contain_text(said["objection"])
    mentor.goto(f"{address}/story")
    assert mentor.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


class Caller:
    """A program of one person, against the running site."""

    def __init__(self, site: str, folder: Path, person: str) -> None:
        self.root = f"{site}/api/v1"
        self.token = make_token_of(folder, person)

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(  # noqa: S310  (our own address)
            self.root + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": new_public_id(),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()}") from error


@pytest.mark.api
def test_programs_walk_the_same_relation(site: str, own_folder: Path) -> None:
    need, provider = find_ids(own_folder)
    founder = Caller(site, own_folder, "founder@example.org")
    mentor = Caller(site, own_folder, "mentor@example.org")
    said = WALKS["en"]
    asked = {"need": need, "provider": provider, "message": "…"}
    path = f"/engagements/{founder('POST', '/engagements', asked)['id']}"
    mentor("POST", f"{path}/ask-back", {"question": said["question"]})
    founder("POST", f"{path}/reply", {"reply": said["reply"]})
    assert mentor("POST", f"{path}/accept", {"words": "Yes"})["state"] == "accepted"

    now = datetime.now(UTC)
    since, until = (quote((now + timedelta(days=days)).isoformat()) for days in (2, 30))
    free = founder("GET", f"{path}/free-times?since={since}&until={until}")["starts"]
    booked = {"starts_at": free[0], "minutes": 60, "place": "Room 3"}
    assert founder("POST", f"{path}/book", booked)["state"] == "confirmed"

    def plan(days: int) -> dict[str, str]:
        begins = at_ten(days)
        return {
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(hours=1)).isoformat(),
            "link": "https://meet.example.org/sic",
        }

    first, second, moved = OF_PROGRAMS
    for days in (first, second):
        made = mentor("POST", f"{path}/sessions", plan(days))
        last = f"/sessions/{made['id']}"
        founder("POST", f"{last}/confirm", {"sequence": made["sequence"]})
    again = founder("POST", f"{last}/move", plan(moved))
    assert mentor("POST", f"{last}/confirm", {"sequence": again["sequence"]})["state"] == (
        "confirmed"
    )

    times = let_all_be_over(own_folder, path.rpartition("/")[2])
    assert len(times) == 3
    for number in times[:2]:
        mentor("POST", f"/sessions/{number}/held", {})
    missed = mentor("POST", f"/sessions/{times[2]}/missed", {"missed_by": "startup"})
    assert [each["side"] for each in missed["missed"]] == ["startup"]
    written = {"text": said["minutes"], "version": 0}
    mentor("POST", f"/sessions/{times[0]}/minutes", written)
    for caller in (mentor, founder):
        for number in times[:2]:
            useful = {"rating": 5, "wants_to_continue": True, "comment": said["comment"]}
            caller("POST", f"/sessions/{number}/feedback", useful)
    assert founder("GET", path)["state"] == "completed"
    for caller in (mentor, founder):
        at_end = {"usefulness": 5, "goal_reached": "yes", "would_meet_again": True}
        caller("POST", f"{path}/end-feedback", at_end)
    own = f"/providers/{provider}"
    figures = mentor("GET", f"{own}/evaluation")["figures"]
    assert figures["sessions"] >= 2
    ((incubator,),) = read(
        own_folder,
        "SELECT incubator.public_id FROM pool_entry JOIN incubator"
        " ON incubator.id = pool_entry.incubator_id JOIN provider"
        " ON provider.id = pool_entry.provider_id WHERE provider.public_id = ?"
        " AND pool_entry.state = 'admitted' ORDER BY incubator.id LIMIT 1",
        provider,
    )
    objection = {"incubator": incubator, "figure": "goals", "words": said["objection"]}
    assert mentor("POST", f"{own}/objections", objection)["state"] == "open"
