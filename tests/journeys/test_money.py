"""From a need to shares, as the people do it: proof, a voucher, two funds, a room, money.

The same chain by programs is walked in tests/app/verification/test_chain.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.clock import now, today
from app.demo.accounts import DEMO_PASSWORD
from tests.journeys.conftest import OpenPage
from tests.journeys.money_scene import MoneyScene, furnish
from tests.journeys.site import copy_instance

LOCALES = ["zh_Hans_CN", "en"]

pytestmark = [pytest.mark.browser, pytest.mark.funds, pytest.mark.verification]


@dataclass(frozen=True)
class Furnished:
    folder: Path
    scenes: dict[str, MoneyScene]


@pytest.fixture(scope="module")
def furnished(prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """The demonstration's instance with a scene for each language beside it."""
    folder = copy_instance(prepared_instance, tmp_path_factory.mktemp("money") / "instance")
    return Furnished(folder, furnish(folder, LOCALES))


@pytest.fixture(scope="module")
def own_folder(furnished: Furnished) -> Iterator[Path]:
    """Whatever else uses the site of this module has that instance."""
    yield furnished.folder


@pytest.fixture(scope="module")
def own_encoder() -> str:
    """Whom to ask is known, and no ranking is looked at."""
    return "hashing"


@pytest.fixture(scope="module")
def site(own_site: str) -> str:
    """The instance with the scenes is served."""
    return own_site


class People:
    """The four people of a scene, each at a window of their own."""

    def __init__(self, open_page: OpenPage, scene: MoneyScene, locale: str) -> None:
        self.scene = scene
        self.pages: dict[str, Page] = {}
        for name, email in scene.people.items():
            page = open_page(locale=locale)
            page.goto("/log-in")
            page.locator("main input[name=email]").first.fill(email)
            page.locator("main input[name=password]").first.fill(DEMO_PASSWORD)
            page.locator("main input[type=password]").first.press("Enter")
            page.wait_for_url("**/dashboard")
            self.pages[name] = page
        language = locale.replace("_", "-")
        expect(self.pages["founder"].locator("html")).to_have_attribute("lang", language)

    def send(self, who: str, path: str, action: str = "", /, **typed: str) -> Page:
        """`who` fills the form of `path` that sends to `action`, and presses its first button."""
        page = self.pages[who]
        page.goto(path)
        form = page.locator(f"main form[action$='{action}']" if action else "main form").first
        self._open_folds(form)
        for name, value in typed.items():
            field = form.locator(f"[name={name}]").first
            kind = field.evaluate("field => field.type")
            if kind.startswith("select"):
                field.select_option(value)
            elif kind in ("checkbox", "radio"):
                form.locator(f"[name={name}][value='{value}']").check()
            else:
                field.fill(value)
        with page.expect_response(lambda one: one.request.method == "POST") as sent:
            form.locator("button").last.click()
        # Done, and led on to what came of it; a page that is answered at once says what is wrong.
        assert sent.value.status == 303, (path, action, page.locator("main").inner_text())
        page.wait_for_load_state()
        return page

    @staticmethod
    def _open_folds(form: Locator) -> None:
        form.evaluate(
            "form => { for (let at = form; at; at = at.parentElement)"
            " if (at.tagName === 'DETAILS') at.open = true; }"
        )

    def count_open_funds(self) -> int:
        page = self.pages["founder"]
        page.goto(f"/needs/{self.scene.need}/funds")
        return int(page.locator("main dl.figures dd").first.inner_text())


def prove(people: People) -> str:
    """Claim, quote, order with a voucher, sample, result, report; gives the order's path."""
    scene = people.scene
    claims = f"/startups/{scene.startup}/claims/new?need={scene.proof_need}&read=0&gate=prototype"
    claim = people.send("founder", claims, metric="Breakdown voltage").url
    path = people.send("founder", claim, "/ask", engagement=scene.engagement).url
    order = path[path.index("/orders/") :]
    words = ("method", "pass_rule", "sample_spec", "service_name")
    terms = ("service", "property", "secrecy", "damages", "breach", "dispute")
    quote = dict.fromkeys((*words, *(f"{name}_terms" for name in terms)), "Ten pieces")
    day = (today(now()) + timedelta(days=9)).isoformat()
    people.send(
        "analyst", f"{order}/quote", **quote, price="1.2345万", lead_days="10", valid_until=day
    )
    people.send("founder", f"{order}/voucher", "/quote/accept")
    people.send("founder", order, "/samples", description="Ten pieces")
    people.send("analyst", order, "/receive", note="Whole")
    people.send(
        "analyst",
        order,
        "/results",
        measured="1250 V",
        measured_on=today(now()).isoformat(),
        verdict="confirmed",
        passes_gate="y",
        readiness="5",
    )
    people.send("reviewer", order, "/results/verify")
    people.pages["reviewer"].goto(order)
    file = people.pages["reviewer"].locator("#publish option").nth(1).get_attribute("value")
    people.send("reviewer", order, "/reports", document=file or "")
    return order


def arrange(people: People) -> str:
    """The fund decides, sets its grant down and pays it; gives the page that both sides have."""
    deal = f"/engagements/{people.scene.deal}"
    path = f"{deal}/arrangement"
    people.send("fund", f"{deal}/deal", "/deal/advance")
    people.send("fund", f"{deal}/deal", "/deal/agree")
    people.send(
        "fund",
        f"{path}/draft",
        form="grant_then_equity",
        amount_1="100",
        gate_1="prototype",
        holding_bp="10",
        trigger_yuan="100",
        due_on=(today(now()) + timedelta(days=90)).isoformat(),
        words="The team keeps control.",
    )
    people.send("fund", path, "/offer")
    people.send("founder", path, "/agree")
    people.send("fund", path, "/pay", paid_on=today(now()).isoformat())
    return path


def show_room(people: People) -> None:
    room, visit = f"/startups/{people.scene.startup}/room", f"/engagements/{people.scene.deal}/room"
    people.send("founder", room, "/room/documents", document=people.scene.document)
    people.send("founder", room, "/room/agreement", text="Nothing leaves this room.")
    people.pages["founder"].goto(room)
    item = people.pages["founder"].locator("form[action$='/grants'] input[name=read]").first
    people.send("founder", room, "/room/grants", read=item.get_attribute("value") or "")
    people.send("fund", visit, "/room/accept")
    expect(people.pages["fund"].locator("main")).to_contain_text("Invoice")


def raise_money(people: People) -> None:
    need, commitment = people.scene.need, f"/engagements/{people.scene.deal}/commitment"
    day = (today(now()) + timedelta(days=20)).isoformat()
    made = people.send(
        "founder",
        f"/needs/{need}/financing",
        target="200",
        least="100",
        terms="Ten million before the money.",
        closes_on=day,
    ).url
    people.send("founder", made, "/open")
    people.send("fund", commitment, "/observe")
    people.send("fund", commitment, "/consider", amount="150")
    people.send("fund", commitment, "/commit")
    people.send("founder", made, "/close")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_need_becomes_shares_and_a_report_that_falls_closes_the_clause(
    open_page: OpenPage, furnished: Furnished, locale: str, tmp_path: Path
) -> None:
    people = People(open_page, furnished.scenes[locale], locale)
    before = people.count_open_funds()
    order = prove(people)
    assert people.count_open_funds() >= before + 2
    path = arrange(people)
    show_room(people)
    raise_money(people)
    page = people.send("fund", path, "/end", outcome="converted", valuation_yuan="1500")
    page.screenshot(path=tmp_path / f"arrangement-{locale}.png", full_page=True)
    ended = people.send("founder", path, "/end/agree")
    # One million in a company of fifteen before it: a sixteenth.
    expect(ended.locator("main")).to_contain_text("6.25")
    people.send("reviewer", order, "/reports/invalidate", note="Wrong fixture")
    assert people.count_open_funds() == before
    fallen = people.pages["founder"]
    fallen.goto(path)
    expect(fallen.locator("main [data-state=ended]").first).to_be_visible()
