"""Needs beside mandates in the database: what counts as known, who sees what, what is counted."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.clauses import Verdict
from app.facts.actions import confirm_fact, withdraw_fact
from app.funds.actions import state_ask
from app.funds.queries.board import Board, BoardRow, read_board
from app.funds.queries.comparing import Comparison, compare, count_verdicts
from app.funds.queries.gates import GateCount, count_gates
from app.mandates.checking import Clause, Move
from app.mandates.seeking import list_passed_gates, list_seeking
from app.mandates.values import AskValues
from models.engagements import Engagement
from models.facts import Fact
from models.vocabulary import Gate, Release
from tests.app.funds.scenes import (
    ON,
    VALUES,
    Scene,
    make_money_need,
    make_scene,
    prove_gate,
    publish,
    state_gate,
)
from tests.factories import AT, make_engagement, make_startup

pytestmark = pytest.mark.funds

ORDER = list(Gate)


def say_share(session: Session, scene: Scene, **values: bool) -> None:
    state_ask(
        session,
        need=scene.need,
        values=AskValues(share_bp=1000, **values),
        actor=scene.by_founder,
        at=AT,
    )


def get_gate_verdict(comparison: Comparison) -> Verdict:
    (judgement,) = comparison.outlook.judgements
    (verdict,) = (f.verdict for f in judgement.findings if f.clause is Clause.GATE)
    return verdict


def test_a_need_passes_by_need_profile_ask_and_confirmed_fact(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    say_share(session, scene)
    prove_gate(session, scene, "pilot")

    comparison = compare(session, scene.need, ON)

    assert [each.fund.name for each in comparison.list_with(Verdict.PASS)] == [scene.fund.name]
    assert (comparison.openings, comparison.count_against()) == ((), [])


def test_a_gate_counts_once_it_is_confirmed_and_until_it_is_withdrawn(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    say_share(session, scene)
    fact = state_gate(session, scene, "prototype")

    stated = compare(session, scene.need, ON)
    assert (get_gate_verdict(stated), stated.is_gate_stated) == (Verdict.UNKNOWN, True)
    assert [opening.move for opening in stated.openings] == [Move(Clause.GATE, "prototype")]

    confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
    confirmed = compare(session, scene.need, ON)
    assert (get_gate_verdict(confirmed), confirmed.is_gate_stated) == (Verdict.PASS, False)

    withdraw_fact(session, fact=fact, reason="The report is void", actor=scene.by_operator, at=AT)
    assert get_gate_verdict(compare(session, scene.need, ON)) is Verdict.UNKNOWN


def test_a_gate_that_a_profile_says_of_itself_is_no_proof(session: Session) -> None:
    scene = make_scene(session, gate=Gate.MARKET)
    publish(session, scene)

    assert get_gate_verdict(compare(session, scene.need, ON)) is Verdict.UNKNOWN


def test_an_earlier_gate_stays_passed_when_a_later_proof_falls(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    prove_gate(session, scene, "lab", date(2025, 6, 1))
    later = prove_gate(session, scene, "pilot", date(2026, 1, 1))
    assert get_gate_verdict(compare(session, scene.need, ON)) is Verdict.PASS

    withdraw_fact(session, fact=later, reason="Void", actor=scene.by_founder, at=AT)

    assert get_gate_verdict(compare(session, scene.need, ON)) is Verdict.FAIL


def test_a_later_report_of_a_lower_gate_takes_none_away(session: Session) -> None:
    scene = make_scene(session)
    prove_gate(session, scene, "pilot", date(2025, 6, 1))
    prove_gate(session, scene, "lab", date(2026, 1, 1))

    assert list_passed_gates(session, [scene.startup.id], ON) == {scene.startup.id: "pilot"}
    # Before the day of the report nothing was passed.
    assert list_passed_gates(session, [scene.startup.id], date(2025, 5, 31)) == {
        scene.startup.id: None
    }


@pytest.mark.parametrize("seed", range(8))
def test_no_clause_passes_on_a_fact_that_was_withdrawn(session: Session, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    scene = make_scene(session)
    publish(session, scene)
    alive: list[Fact] = []
    confirmed: list[Fact] = []
    for step in range(14):
        act = chance.choice(["state", "confirm", "withdraw"])
        if act == "state" or not alive:
            day = date(2025, 1, 1) + timedelta(days=step)
            alive.append(state_gate(session, scene, chance.choice(ORDER).value, day))
        elif act == "confirm":
            waiting = [fact for fact in alive if fact not in confirmed]
            if waiting:
                fact = chance.choice(waiting)
                confirm_fact(session, fact=fact, actor=scene.by_operator, at=AT)
                confirmed.append(fact)
        else:
            fact = alive.pop(chance.randrange(len(alive)))
            withdraw_fact(session, fact=fact, reason="Void", actor=scene.by_founder, at=AT)
            confirmed = [each for each in confirmed if each is not fact]
        passed = [ORDER.index(Gate(str(each.value))) for each in confirmed]
        wanted = Verdict.UNKNOWN
        if passed:
            enough = max(passed) >= ORDER.index(Gate.PROTOTYPE)
            wanted = Verdict.PASS if enough else Verdict.FAIL
        assert get_gate_verdict(compare(session, scene.need, ON)) is wanted


def test_what_a_profile_leaves_out_is_unknown_and_never_passed(session: Session) -> None:
    scene = make_scene(session, fields=[], topics=[], place_code=None)
    publish(session, scene)

    (judgement,) = compare(session, scene.need, ON).outlook.judgements

    unknown = {f.clause for f in judgement.findings if f.verdict is Verdict.UNKNOWN}
    assert unknown == {Clause.FIELDS, Clause.PLACE, Clause.TOPICS, Clause.HOLDING, Clause.GATE}


def test_a_fund_in_conflict_is_left_out(session: Session) -> None:
    scene = make_scene(session, shareholders=("First fund (example)",))
    publish(session, scene)

    comparison = compare(session, scene.need, ON)

    assert (list(comparison.funds), comparison.in_conflict) == ([], 1)
    counted = count_verdicts(session, [scene.need], ON)[scene.need.id]
    assert sum(counted.values()) == 0


def test_counts_over_needs_are_those_of_each_page(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    needs = [scene.need, make_money_need(session, scene.startup, 9_000_000)]
    prove_gate(session, scene, "pilot")
    say_share(session, scene)

    counted = count_verdicts(session, needs, ON)

    assert counted[needs[0].id] == {Verdict.PASS: 1}
    assert counted[needs[1].id] == {Verdict.FAIL: 1}


@pytest.mark.permissions
def test_needs_are_listed_for_their_founders_and_operators_alone(session: Session) -> None:
    scene = make_scene(session)

    assert list_seeking(session, scene.by_founder) == [scene.need]
    assert list_seeking(session, scene.by_operator) == [scene.need]
    assert list_seeking(session, scene.by_fund) == []
    assert list_seeking(session, scene.by_outsider) == []
    scene.need.state = "closed"
    session.flush()
    assert list_seeking(session, scene.by_founder) == []


# ---- The board -----------------------------------------------------------------------------------


def ask_fund(session: Session, scene: Scene, *released: Release, state: str) -> Engagement:
    return make_engagement(session, scene.need, scene.fund, released=list(released), state=state)


def get_row(board: Board) -> BoardRow:
    (row,) = board.rows
    return row


@pytest.mark.privacy
def test_a_fund_sees_no_need_whose_founder_did_not_ask_it(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)

    assert read_board(session, scene.fund, ON).rows == []


@pytest.mark.privacy
def test_of_a_request_that_releases_nothing_nothing_is_told(session: Session) -> None:
    scene = make_scene(session, gate=Gate.MARKET)
    publish(session, scene)
    say_share(session, scene, shows_gate=True)
    prove_gate(session, scene, "pilot")
    ask_fund(session, scene, state="requested")

    row = get_row(read_board(session, scene.fund, ON))

    assert (row.title, row.startup_name, list(row.shown)) == ("", "", [])
    assert set(row.hidden) == set(Clause)


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("released", "shown"),
    [
        (
            (Release.NEED_TEXT,),
            {
                Clause.STAGE,
                Clause.TICKET_MIN,
                Clause.TICKET_MAX,
                Clause.INSTRUMENTS,
                Clause.HOLDING,
            },
        ),
        ((Release.STARTUP_PROFILE,), {Clause.FIELDS, Clause.STAGE, Clause.PLACE, Clause.TOPICS}),
        ((Release.STARTUP_NAME, Release.CONTACT), set()),
        (tuple(Release), set(Clause) - {Clause.GATE}),
    ],
)
def test_before_it_accepts_a_fund_is_told_by_what_is_released(
    session: Session, released: tuple[Release, ...], shown: set[Clause]
) -> None:
    scene = make_scene(session)
    publish(session, scene)
    say_share(session, scene, shows_gate=True)
    prove_gate(session, scene, "pilot")
    ask_fund(session, scene, *released, state="requested")

    row = get_row(read_board(session, scene.fund, ON))

    assert {finding.clause for finding in row.shown} == shown
    assert bool(row.startup_name) is (Release.STARTUP_NAME in released)


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("gate", "shows", "told"),
    [
        ("pilot", True, Verdict.PASS),
        ("pilot", False, None),
        # A proof that is not enough, or missing, stays the founder's own.
        ("lab", True, None),
        ("lab", False, None),
        (None, True, None),
    ],
)
def test_after_it_accepts_a_fund_is_told_of_a_proof_that_is_enough(
    session: Session, gate: str | None, shows: bool, told: Verdict | None
) -> None:
    scene = make_scene(session)
    publish(session, scene)
    say_share(session, scene, shows_gate=shows)
    if gate is not None:
        prove_gate(session, scene, gate)
    ask_fund(session, scene, state="accepted")

    row = get_row(read_board(session, scene.fund, ON))

    found = {finding.clause: finding.verdict for finding in row.shown}
    assert found.get(Clause.GATE) is told
    assert row.is_passing
    assert (row.title, row.startup_name) == (scene.need.title, scene.startup.name)


def test_what_fails_stands_last_and_what_is_over_is_not_there(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene, gate=None)
    say_share(session, scene)
    large = make_money_need(session, scene.startup, 9_000_000)
    make_engagement(session, large, scene.fund, released=list(Release))
    ask_fund(session, scene, *Release, state="requested")
    other = make_money_need(session, scene.startup)
    make_engagement(session, other, scene.fund, state="declined", released=list(Release))

    rows = read_board(session, scene.fund, ON).rows

    assert [row.is_passing for row in rows] == [True, False]
    gaps = [f.gap for f in rows[1].shown if f.verdict is Verdict.FAIL]
    assert gaps == [6_000_000]


def test_without_a_mandate_requests_stand_unjudged(session: Session) -> None:
    scene = make_scene(session)
    ask_fund(session, scene, *Release, state="requested")

    board = read_board(session, scene.fund, ON)

    assert (board.mandate, get_row(board).judgement) == (None, None)


# ---- Gates ---------------------------------------------------------------------------------------


def test_gates_ahead_are_counted_by_startup(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene, holding_limit_bp=None)
    prove_gate(session, scene, "lab")
    second = make_startup(session, incubator=scene.incubator)
    make_money_need(session, second)
    make_money_need(session, second)
    make_startup(session, incubator=scene.incubator)

    ahead = count_gates(session, scene.by_operator, ON)

    assert (ahead.startups, ahead.unconfirmed) == (2, 1)
    assert list(ahead.rows) == [
        GateCount(Gate.PRINCIPLE, 1, 0),
        GateCount(Gate.LAB, 0, 0),
        GateCount(Gate.PROTOTYPE, 1, 1),
        GateCount(Gate.PILOT, 0, 0),
        GateCount(Gate.MARKET, 0, 0),
        GateCount(None, 0, 0),
    ]
    assert count_gates(session, scene.by_outsider, ON).startups == 0


def test_who_has_passed_every_gate_stands_before_none(session: Session) -> None:
    scene = make_scene(session)
    publish(session, scene)
    prove_gate(session, scene, "market")

    ahead = count_gates(session, scene.by_operator, ON)

    assert [row.startups for row in ahead.rows] == [0, 0, 0, 0, 0, 1]
    assert VALUES.gate is Gate.PROTOTYPE
