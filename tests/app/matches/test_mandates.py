"""What funds ask for by their mandates, inside the search: passed, left out, not known."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy.orm import Session

from app.clauses import Verdict
from app.funds.actions import publish_mandate, withdraw_mandate
from app.mandates.judging import judge_again
from app.matches.actions import suggest
from app.matches.queries.left_out import list_left_out
from app.matches.queries.previews import preview_matches
from app.matches.queries.runs import SuggestionView, list_kinds
from matching.engine import Engine
from models.matches import MatchRun
from models.vocabulary import Field, FundingStage, Gate, NeedKind, ProviderKind
from tests.app.funds.scenes import Scene, draft, make_scene, prove_gate, publish
from tests.factories import AT, make_investor, make_need, make_person

pytestmark = pytest.mark.funds


@pytest.fixture
def session(fresh_engine: DatabaseEngine) -> Iterator[Session]:
    """Really commits: the engine reads through a connection of its own."""
    with Session(fresh_engine) as session:
        yield session


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def look(session: Session, matching: Engine, scene: Scene) -> MatchRun:
    session.commit()
    run = suggest(session, matching, need=scene.need, actor=scene.by_founder, at=AT)
    session.commit()
    return run


def list_funds(session: Session, run: MatchRun, scene: Scene) -> dict[str, SuggestionView]:
    views = list_kinds(session, run, scene.need, scene.by_founder)
    (funds,) = [view for view in views if view.kind is ProviderKind.INVESTOR]
    return {each.name: each for each in funds.suggestions}


def tell_left_out(session: Session, matching: Engine, scene: Scene) -> dict[str, tuple[str, ...]]:
    page = list_left_out(
        session,
        matching,
        need=scene.need,
        kind=ProviderKind.INVESTOR,
        code="mandate",
        viewer=scene.by_founder,
        at=AT,
        number=1,
    )
    return {each.name: each.reasons for each in page.shown}


def test_a_mandate_that_does_not_pass_leaves_its_fund_out_with_the_gap_and_what_would_do(
    session: Session, matching: Engine, scene: Scene
) -> None:
    prove_gate(session, scene, "lab")
    publish(session, scene, ticket_max_yuan=1_500_000, holding_limit_bp=None)
    run = look(session, matching, scene)
    assert run.excluded_by["investor"] == {"mandate": 1}
    assert list(list_funds(session, run, scene)) == ["Another fund (example)"]
    assert tell_left_out(session, matching, scene) == {
        "First fund (example)": (
            "Its mandate, Largest ticket: asks for at most 150 万元, here is 200 万元"
            " (50 万元 less)",
            "Its mandate, Verified gate: asks for Prototype, here is Lab",
            "What would do: Let one fund take no more than 150 万元 (50 万元 less) and Have"
            " the gate “Prototype” verified",
        )
    }


def test_what_is_not_known_is_shown_and_named(
    session: Session, matching: Engine, scene: Scene
) -> None:
    mandate = publish(session, scene)
    shown = list_funds(session, look(session, matching, scene), scene)["First fund (example)"]
    assert shown.against == (
        "Its mandate, Holding limit: asks for at most 15%, which is not known of you",
        "Its mandate, Verified gate: asks for Prototype, which is not known of you",
    )
    assert shown.mandate is not None
    assert (shown.mandate.public_id, shown.mandate.number) == (mandate.public_id, 1)
    assert shown.mandate.verdict is Verdict.UNKNOWN
    assert shown.mandate.unknown == ("holding", "gate")
    assert (shown.ticket_min_yuan, shown.ticket_max_yuan) == (500_000, 3_000_000)


def test_a_mandate_stands_in_the_place_of_the_profile_until_it_is_withdrawn(
    session: Session, matching: Engine, scene: Scene
) -> None:
    investor = scene.fund.investor
    assert investor is not None
    # The need requires seed money: the profile alone would leave the fund out.
    investor.funding_stages = [FundingStage.GROWTH]
    run = look(session, matching, scene)
    assert run.excluded_by["investor"] == {"funding_stage": 1}
    assert (run.mandates, list(list_funds(session, run, scene))) == ({}, ["Another fund (example)"])
    mandate = publish(session, scene, holding_limit_bp=None, gate=None)
    run = look(session, matching, scene)
    found = list_funds(session, run, scene)["First fund (example)"]
    assert found.mandate is not None
    assert (found.mandate.verdict, found.against) == (Verdict.PASS, ())
    withdraw_mandate(session, mandate=mandate, actor=scene.by_fund, at=AT)
    run = look(session, matching, scene)
    assert run.excluded_by["investor"] == {"funding_stage": 1}


def test_conditions_of_other_needs_are_compared_with_what_was_published(
    session: Session, matching: Engine, scene: Scene
) -> None:
    publish(session, scene, fields=(Field.BIOMEDICINE,))
    need = make_need(
        session,
        scene.startup,
        kind=NeedKind.MENTORING,
        conditions=[("fields", ["biomedicine"], True)],
    )
    session.commit()
    run = suggest(session, matching, need=need, actor=scene.by_founder, at=AT)
    shown = [each.provider.name for each in run.matches if each.kind is ProviderKind.INVESTOR]
    assert (shown, run.mandates, run.sought) == (["First fund (example)"], {}, None)


def test_who_does_not_pass_takes_no_place_of_who_does(
    session: Session, matching: Engine, scene: Scene
) -> None:
    text = scene.need.text
    for number in range(12):
        person = make_person(session)
        fund = make_investor(session, person=person, name=f"Near {number}", summary=text)
        scene_of = replace(scene, fund=fund, investor=person)
        publish(session, scene_of, fields=(Field.BIOMEDICINE,))
    publish(session, scene)
    run = look(session, matching, scene)
    assert set(list_funds(session, run, scene)) == {
        "First fund (example)",
        "Another fund (example)",
    }
    assert run.excluded_by["investor"] == {"mandate": 12}


def test_the_same_comes_out_again_whatever_has_changed_since(
    session: Session, matching: Engine, scene: Scene
) -> None:
    prove_gate(session, scene, "prototype")
    publish(session, scene, holding_limit_bp=None)
    run = look(session, matching, scene)
    (first,) = judge_again(session, run.mandates, run.sought)
    assert (first.stored, first.again.verdict, first.mandate.number) == ("pass", "pass", 1)
    newer = draft(session, scene, holding_limit_bp=None, gate=Gate.MARKET)
    publish_mandate(session, mandate=newer, version=newer.version, actor=scene.by_fund, at=AT)
    scene.startup.fields = [Field.BIOMEDICINE]
    session.commit()
    session.expire_all()
    (again,) = judge_again(session, run.mandates, run.sought)
    assert (again.stored, again.again, again.mandate.number) == ("pass", first.again, 1)
    # And now another list says another thing, by the version of now.
    later = look(session, matching, scene)
    (now,) = judge_again(session, later.mandates, later.sought)
    assert (now.stored, now.again.verdict, now.mandate.number) == ("fail", "fail", 2)


def test_a_need_that_is_being_written_is_judged_by_the_profile_alone(
    session: Session, matching: Engine, scene: Scene
) -> None:
    publish(session, scene, fields=(Field.BIOMEDICINE,))
    session.commit()

    def preview(kind: str | None) -> list[str]:
        found = preview_matches(
            session, matching, startup=scene.startup, text="seed", kind=kind, limit=9, at=AT
        )
        return sorted(each["name"] for each in found)

    assert preview("investor") == ["Another fund (example)"]
    assert preview(None) == ["Another fund (example)", "First fund (example)"]
