"""A mandate judged for a need: clause by clause, with the gap and what would turn it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clauses import Verdict
from app.mandates.checking import (
    FIXED,
    Clause,
    Finding,
    Judgement,
    Move,
    Sought,
    Terms,
    judge,
    list_places_around,
    make_document,
)
from models.vocabulary import Field, FundingStage, Gate, Instrument
from tests.app.funds.scenes import ON, SOUGHT, TERMS

pytestmark = pytest.mark.funds

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


def find(judgement: Judgement, clause: Clause) -> Finding:
    (finding,) = (each for each in judgement.findings if each.clause is clause)
    return finding


def test_a_need_that_meets_every_clause_passes() -> None:
    judged = judge(TERMS, SOUGHT, ON)

    assert judged.verdict is PASS
    assert [each.clause for each in judged.findings] == list(Clause)
    assert (judged.moves, judged.is_closed, judged.list_open()) == ((), False, ())


def test_a_mandate_that_asks_for_nothing_lets_everything_pass() -> None:
    assert judge(Terms(), Sought(), ON) == Judgement(PASS, ())


# (what is otherwise than in a need that passes, the clause, verdict, gap, whether it is to rise)
CASES: list[tuple[dict[str, Any], Clause, Verdict, int | None, bool]] = [
    ({"fields": frozenset({"metaverse"})}, Clause.FIELDS, FAIL, None, False),
    ({"fields": None}, Clause.FIELDS, UNKNOWN, None, False),
    ({"stage": "growth"}, Clause.STAGE, FAIL, None, False),
    ({"stage": None}, Clause.STAGE, UNKNOWN, None, False),
    ({"amount_yuan": 499_999}, Clause.TICKET_MIN, FAIL, 1, True),
    ({"amount_yuan": 500_000}, Clause.TICKET_MIN, PASS, None, False),
    ({"amount_yuan": 3_000_000}, Clause.TICKET_MAX, PASS, None, False),
    ({"amount_yuan": 3_000_001}, Clause.TICKET_MAX, FAIL, 1, False),
    ({"amount_yuan": 3_400_000}, Clause.TICKET_MAX, FAIL, 400_000, False),
    ({"amount_yuan": None}, Clause.TICKET_MIN, UNKNOWN, None, False),
    ({"amount_yuan": None}, Clause.TICKET_MAX, UNKNOWN, None, False),
    ({"place_code": "310000"}, Clause.PLACE, PASS, None, False),
    ({"place_code": "320500"}, Clause.PLACE, FAIL, None, False),
    ({"place_code": None}, Clause.PLACE, UNKNOWN, None, False),
    ({"instruments": frozenset({"guarantee"})}, Clause.INSTRUMENTS, FAIL, None, False),
    ({"instruments": None}, Clause.INSTRUMENTS, UNKNOWN, None, False),
    ({"share_bp": 1500}, Clause.HOLDING, PASS, None, False),
    ({"share_bp": 1501}, Clause.HOLDING, FAIL, 1, False),
    ({"share_bp": None}, Clause.HOLDING, UNKNOWN, None, False),
    ({"topics": frozenset({"Yield", "ｍemory  CHIPS"})}, Clause.TOPICS, FAIL, None, False),
    ({"topics": frozenset({"Memory"})}, Clause.TOPICS, PASS, None, False),
    ({"topics": None}, Clause.TOPICS, UNKNOWN, None, False),
    ({"gate": "lab"}, Clause.GATE, FAIL, None, False),
    ({"gate": "prototype"}, Clause.GATE, PASS, None, False),
    ({"gate": "market"}, Clause.GATE, PASS, None, False),
    ({"gate": None}, Clause.GATE, UNKNOWN, None, False),
]


@pytest.mark.parametrize(("changes", "clause", "verdict", "gap", "is_raise"), CASES)
def test_one_clause_by_what_is_known(
    changes: dict[str, Any], clause: Clause, verdict: Verdict, gap: int | None, is_raise: bool
) -> None:
    judged = judge(TERMS, replace(SOUGHT, **changes), ON)

    assert find(judged, clause) == Finding(clause, verdict, gap, is_raise)
    others = {each.clause for each in judged.list_open()} - {clause}
    # An amount that nobody knows leaves both ends of the ticket open.
    assert others <= {Clause.TICKET_MIN, Clause.TICKET_MAX}


@pytest.mark.parametrize(
    ("sought", "verdict"),
    [
        # Three million are left of ten: the target is none of the fund's business.
        ({"amount_yuan": 10_000_000, "raised_yuan": 7_000_000}, PASS),
        ({"amount_yuan": 10_000_000, "raised_yuan": 6_999_999}, FAIL),
        # Ten million are left, and one fund may take two of them.
        ({"amount_yuan": 10_000_000, "least_part_yuan": 2_000_000}, PASS),
        ({"amount_yuan": 10_000_000, "least_part_yuan": 3_000_001}, FAIL),
        # Nothing is left: no ticket is small enough.
        ({"amount_yuan": 2_000_000, "raised_yuan": 2_000_000}, FAIL),
        ({"amount_yuan": 2_000_000, "raised_yuan": 2_500_000}, FAIL),
        # A part larger than the rest is the rest.
        ({"amount_yuan": 2_000_000, "least_part_yuan": 9_000_000}, PASS),
    ],
)
def test_tickets_are_compared_with_what_is_left(sought: dict[str, Any], verdict: Verdict) -> None:
    assert judge(TERMS, replace(SOUGHT, **sought), ON).verdict is verdict


@pytest.mark.parametrize(
    ("changes", "moves"),
    [
        ({"amount_yuan": 3_400_000}, (Move(Clause.TICKET_MAX, 3_000_000, 400_000),)),
        ({"amount_yuan": 100_000}, (Move(Clause.TICKET_MIN, 500_000, 400_000, True),)),
        ({"gate": "lab"}, (Move(Clause.GATE, "prototype"),)),
        ({"gate": None}, (Move(Clause.GATE, "prototype"),)),
        ({"instruments": frozenset({"relay"})}, (Move(Clause.INSTRUMENTS, "equity"),)),
        ({"instruments": None}, (Move(Clause.INSTRUMENTS, "equity"),)),
        ({"share_bp": 2000}, (Move(Clause.HOLDING, 1500, 500),)),
        ({"share_bp": None}, (Move(Clause.HOLDING, 1500),)),
        ({"amount_yuan": None}, (Move(Clause.TICKET_MIN),)),
        ({"stage": None}, (Move(Clause.STAGE),)),
        (
            {"amount_yuan": 3_400_000, "gate": "lab", "topics": None},
            (
                Move(Clause.TICKET_MAX, 3_000_000, 400_000),
                Move(Clause.TOPICS),
                Move(Clause.GATE, "prototype"),
            ),
        ),
    ],
)
def test_the_smallest_change_is_named(changes: dict[str, Any], moves: tuple[Move, ...]) -> None:
    judged = judge(TERMS, replace(SOUGHT, **changes), ON)

    assert judged.moves == moves
    assert not judged.is_closed


@pytest.mark.parametrize("clause", sorted(FIXED))
def test_what_no_startup_changes_for_a_fund_closes_it(clause: Clause) -> None:
    wrong: dict[Clause, dict[str, Any]] = {
        Clause.FIELDS: {"fields": frozenset({"metaverse"})},
        Clause.STAGE: {"stage": "growth"},
        Clause.PLACE: {"place_code": "440300"},
        Clause.TOPICS: {"topics": frozenset({"Memory chips"})},
    }
    judged = judge(TERMS, replace(SOUGHT, gate="lab", **wrong[clause]), ON)

    assert (judged.verdict, judged.is_closed, judged.moves) == (FAIL, True, ())
    assert find(judged, clause).verdict is FAIL


def test_one_failing_clause_outweighs_what_is_unknown() -> None:
    assert judge(TERMS, replace(SOUGHT, stage=None, gate="lab"), ON).verdict is FAIL
    assert judge(TERMS, replace(SOUGHT, stage=None), ON).verdict is UNKNOWN


def test_a_place_lies_in_its_city_and_province_also_by_an_old_code() -> None:
    assert list_places_around("320505") == {"320505", "320500", "320000"}
    # A district that is no more lies where its successor does.
    assert "310000" in list_places_around("310103")


def test_each_version_is_a_rule_of_its_own() -> None:
    one, other = make_document(TERMS), make_document(replace(TERMS, version=2))

    assert (one.version, other.version) == (1, 2)
    assert one.fingerprint != other.fingerprint
    assert [check.path for check in one.list_checks()] == [clause.value for clause in Clause]


def some(codes: Any, least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([c.value for c in codes]), min_size=least, max_size=4)


AMOUNTS = st.integers(0, 12_000_000)
TOPICS = st.frozensets(st.sampled_from(["SiC", "yield", "memory", "ALD"]), max_size=2)
PLACES = ["310115", "310000", "320500", "440300"]
ANY_TERMS = st.builds(
    lambda least, more, **others: Terms(
        ticket_min_yuan=least, ticket_max_yuan=least + more, **others
    ),
    least=AMOUNTS,
    more=AMOUNTS,
    fields=some(Field),
    stages=some(FundingStage),
    places=st.frozensets(st.sampled_from(PLACES), max_size=2),
    instruments=some(Instrument),
    holding_limit_bp=st.none() | st.integers(1, 10_000),
    excluded_topics=TOPICS,
    gate=st.none() | st.sampled_from([g.value for g in Gate]),
)
ANY_SOUGHT = st.builds(
    Sought,
    fields=st.none() | some(Field, 1),
    stage=st.none() | st.sampled_from([s.value for s in FundingStage]),
    amount_yuan=st.none() | AMOUNTS,
    raised_yuan=AMOUNTS,
    least_part_yuan=st.none() | st.integers(1, 9_000_000),
    place_code=st.none() | st.sampled_from(PLACES),
    instruments=st.none() | some(Instrument, 1),
    share_bp=st.none() | st.integers(1, 10_000),
    topics=st.none() | TOPICS,
    gate=st.none() | st.sampled_from([g.value for g in Gate]),
)


@given(ANY_TERMS, ANY_SOUGHT)
def test_the_verdict_is_that_of_the_clauses(terms: Terms, sought: Sought) -> None:
    judged = judge(terms, sought, ON)
    verdicts = {each.verdict for each in judged.findings}
    wanted = FAIL if FAIL in verdicts else UNKNOWN if UNKNOWN in verdicts else PASS

    assert judged.verdict is wanted
    assert (judged.moves == ()) is (judged.verdict is PASS or judged.is_closed)


@given(ANY_TERMS, ANY_SOUGHT)
def test_knowing_more_never_turns_a_verdict_round(terms: Terms, sought: Sought) -> None:
    before = {f.clause: f.verdict for f in judge(terms, sought, ON).findings}
    known = replace(
        sought,
        stage=sought.stage or "seed",
        gate=sought.gate or "lab",
        share_bp=sought.share_bp or 1000,
    )
    after = {f.clause: f.verdict for f in judge(terms, known, ON).findings}

    assert {c: v for c, v in before.items() if v is not UNKNOWN}.items() <= after.items()


@given(ANY_TERMS, ANY_SOUGHT)
def test_the_moves_do_what_they_say(terms: Terms, sought: Sought) -> None:
    judged = judge(terms, sought, ON)
    changed = sought
    for move in judged.moves:
        changed = make_move(changed, move)
    after = judge(terms, changed, ON)
    moved = {move.clause for move in judged.moves if move.wanted is not None}

    assert not [f for f in after.findings if f.clause in moved and f.verdict is not PASS]


def make_move(sought: Sought, move: Move) -> Sought:
    """The need once the move is made; what only has to be said is left."""
    match move.clause, move.wanted:
        case Clause.TICKET_MIN, int(amount):
            return replace(sought, amount_yuan=sought.raised_yuan + amount)
        case Clause.TICKET_MAX, int(amount):
            return replace(sought, least_part_yuan=amount)
        case Clause.HOLDING, int(share):
            return replace(sought, share_bp=share)
        case Clause.GATE, str(gate):
            return replace(sought, gate=gate)
        case Clause.INSTRUMENTS, str(instrument):
            return replace(sought, instruments=(sought.instruments or frozenset()) | {instrument})
    return sought
