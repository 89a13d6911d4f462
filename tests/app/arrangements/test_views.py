"""Pages and operations of arrangements, as a browser without JavaScript and a program use them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.clock import now, today
from models.arrangements import Arrangement
from models.log_ins import LogIn
from tests.app.financings.test_views import Site, site  # noqa: F401 (a fixture)
from tests.app.profiles.page_forms import read_action, read_form, send

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
]


def set_down(site: Site, path: str) -> None:  # noqa: F811 (the fixture's value)
    """The fund types a grant of two tranches, with a mistake first."""
    form = read_form(site.read(f"{path}/draft"), "words")
    typed = {
        "form": "grant_then_equity",
        "amount_1": "40",
        "amount_2": "60万",
        "gate_2": "prototype",
        "words": "Zzterms",
        "holding_bp": "10%",
        "trigger_yuan": "100",
        "due_on": "9999-12-31",
    }
    wrong = send(site.client, f"{path}/draft", form, typed)
    assert (wrong.status_code, "Give a day to come, within ten years." in wrong.text) == (422, True)
    day = (today(now()) + timedelta(days=90)).isoformat()
    made = send(site.client, f"{path}/draft", form, typed | {"due_on": day})
    assert made.status_code == 303


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_both_sides_agree_pay_and_end_on_pages(site: Site, locale: str) -> None:  # noqa: F811
    words = {
        "en": ("No arrangement yet", "Rests on the gate: Prototype", "Given up"),
        "zh_Hans_CN": ("还没有投资安排", "依据验证关口", "放弃"),
    }[locale]
    path = f"/engagements/{site.first}/arrangement"
    site.enter("first")
    set_down(site, path)
    site.enter("founder", locale)
    assert words[0] in site.read(path)
    assert words[0] in site.read("/arrangements")
    with site.open() as session:
        own = f"/arrangements/{session.scalars(select(Arrangement.public_id)).one()}"
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
    site.enter("first", locale)
    edit = f"{own}/edit"
    stale = send(
        site.client,
        edit,
        read_form(site.read(edit), "words"),
        {"words": "Zzmine", "version": "99"},
    )
    kept = read_form(stale.text, "words")
    assert (stale.status_code, kept["words"]) == (409, "Zzmine")
    assert send(site.client, edit, kept, {"words": "Zzterms"}).status_code == 303
    assert site.press(path, f"{own}/offer").status_code == 303
    with site.open() as session:
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
    site.enter("founder", locale)
    assert words[1] in site.read(path)
    assert site.press(path, f"{own}/agree").status_code == 303
    site.enter("first", locale)
    pay = f"{own}/pay"
    assert site.press(path, pay, paid_on="1999-01-01").status_code == 422
    assert site.press(path, pay, paid_on=today(now()).isoformat()).status_code == 303
    end = {"outcome": "waived", "words": ""}
    assert site.press(path, f"{own}/end", **end).status_code == 422
    with site.open() as session:
        session.execute(update(LogIn).values(confirmed_at=now() - timedelta(hours=1)))
    asked = site.press(path, f"{own}/end", **end | {"words": "Gone"})
    assert (asked.status_code, 'name="password"' in asked.text) == (403, True)
    site.enter("first", locale)
    stale = site.press(path, f"{own}/end", **end | {"words": "Gone", "version": "1"})
    kept = read_action(stale.text, f"{own}/end")
    assert (stale.status_code, kept["words"], kept["outcome"]) == (409, "Gone", "waived")
    assert '<details class="fold" id="propose" open>' in stale.text
    assert send(site.client, f"{own}/end", kept, {}).status_code == 303
    site.enter("founder", locale)
    assert site.press(path, f"{own}/end/refuse", words="").status_code == 422
    assert site.press(path, f"{own}/end/agree").status_code == 303
    page = site.read(path)
    assert words[2] in page and "Gone" in page
    site.enter("outsider")
    assert site.client.get(path).status_code == 404


@pytest.mark.api
def test_programs_set_down_and_answer_but_bind_nobody(site: Site) -> None:  # noqa: F811
    fund, founder = site.program("first"), site.program("founder")
    body: dict[str, Any] = {
        "form": "equity",
        "tranches": [{"amount_yuan": 500_000}],
        "words": "Shares at once.",
        "holding_bp": 500,
    }
    path = f"/engagements/{site.first}/arrangements"
    wrong: Any = fund.post(path, body | {"fee_bp": 9}, Idempotency_Key="w")
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "/fee_bp")
    assert founder.post(path, body, Idempotency_Key="f").status_code == 403
    made: Any = fund.post(path, body, Idempotency_Key="a")
    assert made.status_code == 201, made.text
    own = f"/arrangements/{made.json['id']}"
    assert founder.get(own).status_code == 404
    tag = fund.get(own).headers["ETag"]
    changed: Any = fund.patch(own, {"holding_bp": 600}, If_Match=tag)
    assert (changed.status_code, changed.json["holding_bp"]) == (200, 600)
    assert fund.patch(own, {"holding_bp": 700}, If_Match=tag).status_code == 412
    assert fund.post(f"{own}/offer").status_code == 404
    assert "offer" in changed.json["actions"]
    with site.open() as session:
        session.execute(update(Arrangement).values(state="offered", offered_at=now()))
    listed: Any = founder.get("/arrangements")
    assert listed.json["items"][0]["id"] == made.json["id"]
    back: Any = fund.post(f"{own}/take-back")
    assert back.json["state"] == "draft"
    with site.open() as session:
        session.execute(update(Arrangement).values(state="offered"))
    declined: Any = founder.post(f"{own}/decline", {"words": "Too early"})
    assert (declined.status_code, declined.json["state"]) == (200, "declined")
    assert fund.post(f"{own}/pay", {"tranche": 1, "paid_on": "2026-01-05"}).status_code == 409
