"""What pages of funds, financings and arrangements say in figures, added up in plain Python."""

from collections import Counter
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.financings.trace import count_taken
from models.arrangements import Arrangement, Tranche
from models.deals import Deal, Funnel
from models.engagements import Engagement
from models.financings import Interest
from models.lifecycle import DEAL, INTEREST, INTEREST_COUNTS, TRANCHE
from models.vocabulary import PassReason
from tests.app.arrangements.scenes import make_arrangement
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import Scene, make_money_need, make_scene
from tests.app.home.page_figures import (
    read_cards,
    read_facts,
    read_headings,
    read_section,
    say,
    visit,
)
from tests.factories import AT, log_in, make_engagement, make_investor

pytestmark = [
    pytest.mark.funds,
    pytest.mark.parametrize("dialect", ["sqlite"], indirect=True),
    pytest.mark.parametrize("seed", [3, 8]),
]

TARGET = 20_000_000
STEPS = ["First look", "Papers", "Committee"]
# One of them is no step of the fund any more, and has its column while a deal stands there.
STOOD_AT = [*STEPS, "An older step"]
HEADINGS = {
    "inbox": "Inbox",
    "agreed": "Agreed",
    "passed": "Decided against",
    "withdrawn": "Withdrawn by the startup",
    "done": "Done",
}
REASONS = {PassReason.OUTSIDE_MANDATE: "Outside the mandate", PassReason.TEAM: "Team"}


def draw_deals(session: Session, scene: Scene, chance: Random) -> None:
    session.add(Funnel(provider_id=scene.fund.id, steps=STEPS, updated_at=AT))
    states = ["accepted", "active", "completed", "cancelled", "requested", "declined"]
    for _ in range(40):
        need = make_money_need(session, scene.startup)
        state = chance.choice(states)
        answered_at = None if state == "requested" else AT
        asked = make_engagement(session, need, scene.fund, state=state, answered_at=answered_at)
        if state in ("requested", "declined") or chance.random() < 0.2:
            continue
        stands = chance.choice(DEAL.states)
        session.add(
            Deal(
                engagement=asked,
                state=stands,
                step=chance.choice(STOOD_AT) if stands == "review" else "",
                pass_reason=chance.choice(list(REASONS)) if stands == "passed" else None,
                received_at=AT,
                changed_at=AT,
            )
        )


def draw_interests(session: Session, scene: Scene, chance: Random) -> None:
    others = [make_investor(session) for _ in range(3)]
    for number in range(6):
        need = make_money_need(session, scene.startup)
        if number % 2:
            # An earlier request about the same need: the commitment is one all the same.
            make_engagement(session, need, scene.fund, state="completed", answered_at=AT)
        make_engagement(session, need, scene.fund, state="accepted", answered_at=AT)
        financing = make_financing(
            session,
            need,
            target_yuan=TARGET,
            least_yuan=TARGET // 2,
            places=chance.choice([None, 4]),
        )
        for fund in [scene.fund, *others]:
            amount = chance.randrange(1, 4_000_000)
            interest = make_interest(session, financing, fund, "considering", amount)
            interest.state, interest.paid_on = chance.choice(INTEREST.states), AT.date()
        count_taken(session, financing)


def test_deals_and_commitments_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        draw_deals(session, scene, chance)
        draw_interests(session, scene, chance)
        log_in(client, scene.investor)
        fund = scene.fund
        address = f"/providers/{fund.public_id}"
        funnel = visit(client, f"{address}/deals")
        columns: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        deals = {deal.engagement_id: deal for deal in session.scalars(select(Deal))}
        for asked in session.scalars(select(Engagement)):
            if asked.state in ("requested", "declined"):
                assert asked.id not in deals
                continue
            deal = deals.get(asked.id)
            state = "inbox" if deal is None else deal.state
            columns[deal.step if deal and state == "review" else HEADINGS[state]] += 1
            if deal and deal.pass_reason:
                reasons[REASONS[deal.pass_reason]] += 1
        shown = [heading for heading in read_headings(funnel) if heading != "Why you passed"]
        assert sorted(shown) == sorted(f"{word} {count}" for word, count in columns.items())
        for word, count in reasons.items():
            assert f"<li>{word} {count}</li>" in read_section(funnel, "reasons")
        cards = read_cards(visit(client, f"{address}/commitments"))
        interests = session.scalars(select(Interest).where(Interest.provider_id == fund.id)).all()
        assert len(cards) == len(interests)
        for interest in interests:
            assert interest.amount_yuan is not None
            assert sum(say(interest.amount_yuan) in card for card in cards) == 1
            check_terms(session, client, interest)


def check_terms(session: Session, client: FlaskClient, own: Interest) -> None:
    """What the fund reads of the financing, and of the other funds in it while it takes part."""
    financing = own.financing
    all_of_it = session.scalars(select(Interest).where(Interest.financing_id == financing.id))
    counted = [each for each in all_of_it if each.state in INTEREST_COUNTS]
    taken = sum(each.amount_yuan or 0 for each in counted)
    newest = session.scalars(
        select(Engagement).where(Engagement.need_id == financing.need_id).order_by(Engagement.id)
    ).all()[-1]
    page = visit(client, f"/engagements/{newest.public_id}/commitment")
    facts = read_facts(page)
    remaining = say(financing.target_yuan - taken)
    if financing.places is not None:
        places = financing.places - len(counted)
        remaining += f" · {places} place{'' if places == 1 else 's'}"
    assert (facts["Committed or paid"], facts["Remaining"]) == (say(taken), remaining)
    if own.state not in ("observing", "considering", *INTEREST_COUNTS):
        assert 'id="parties"' not in page
        return
    others = [each for each in counted if each is not own]
    together = say(sum(each.amount_yuan or 0 for each in others))
    word = f"1 fund with {together}" if len(others) == 1 else f"{len(others)} funds with {together}"
    assert word in read_section(page, "parties")


def draw_arrangements(session: Session, scene: Scene, chance: Random) -> None:
    for _ in range(6):
        need = make_money_need(session, scene.startup)
        deal = make_engagement(session, need, scene.fund, state="accepted", answered_at=AT)
        parts = [chance.randrange(1, 900_000) for _ in range(chance.randrange(1, 5))]
        arrangement = make_arrangement(
            session, deal, state="running", offered_at=AT, agreed_at=AT, amount_yuan=sum(parts)
        )
        for number, amount in enumerate(parts, start=1):
            state = chance.choice(TRANCHE.states)
            tranche = Tranche(number=number, amount_yuan=amount, state=state)
            tranche.paid_on = AT.date() if state == "paid" else None
            arrangement.tranches.append(tranche)
    session.flush()


def test_arrangements_add_up(app: Flask, client: FlaskClient, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  (no secret)
    with app.app_context():
        session = db.session
        scene = make_scene(session)
        draw_arrangements(session, scene, chance)
        for person in (scene.founder, scene.investor):
            log_in(client, person)
            cards = read_cards(visit(client, "/arrangements"))
            found = session.scalars(select(Arrangement)).all()
            for each in found:
                rows = session.scalars(select(Tranche).where(Tranche.arrangement_id == each.id))
                tranches = rows.all()
                paid = say(sum(part.amount_yuan for part in tranches if part.state == "paid"))
                whole = say(sum(part.amount_yuan for part in tranches))
                assert any(f"{paid} of {whole} paid" in card for card in cards)
                page = visit(client, f"/engagements/{each.engagement.public_id}/arrangement")
                facts = read_facts(page)
                assert (facts["Amount"], facts["Paid of it"]) == (whole, paid)
