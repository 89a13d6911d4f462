"""What to prove next: which single change opens how many funds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clauses import Verdict
from app.mandates.checking import Clause, Move, Sought, Terms, judge
from app.mandates.openings import Opening, look_out, screen
from tests.app.funds.scenes import ON, SOUGHT, TERMS
from tests.app.mandates.test_checking import ANY_SOUGHT, ANY_TERMS, make_move

pytestmark = pytest.mark.funds

NO_GATE = replace(TERMS, gate=None)


def list_openings(mandates: list[Terms], sought: Sought) -> list[Opening]:
    return list(look_out(mandates, sought, ON).openings)


def test_a_gate_opens_all_funds_that_wait_for_it_or_an_earlier_one() -> None:
    mandates = [replace(TERMS, gate=gate) for gate in ("lab", "prototype", "pilot", "prototype")]

    found = list_openings(mandates, replace(SOUGHT, gate="lab"))

    assert found == [
        Opening(Move(Clause.GATE, "pilot"), (1, 2, 3)),
        Opening(Move(Clause.GATE, "prototype"), (1, 3)),
    ]


def test_the_change_that_opens_most_stands_first() -> None:
    mandates = [TERMS, TERMS, replace(NO_GATE, instruments=frozenset({"relay"}))]

    found = list_openings(mandates, replace(SOUGHT, gate="lab"))

    assert [(each.move.clause, each.opens) for each in found] == [
        (Clause.GATE, (0, 1)),
        (Clause.INSTRUMENTS, (2,)),
    ]


def test_equal_ones_stand_with_the_easier_first() -> None:
    mandates = [TERMS, replace(NO_GATE, instruments=frozenset({"relay"}))]

    found = list_openings(mandates, replace(SOUGHT, gate="lab"))

    assert [each.move.clause for each in found] == [Clause.INSTRUMENTS, Clause.GATE]


def test_a_fund_that_waits_for_two_things_is_opened_by_neither() -> None:
    found = list_openings([TERMS], replace(SOUGHT, gate="lab", share_bp=2000))

    assert found == []


def test_a_smaller_part_opens_funds_with_smaller_tickets() -> None:
    mandates = [replace(TERMS, ticket_max_yuan=most) for most in (3_000_000, 2_500_000, 9_000_000)]

    found = list_openings(mandates, replace(SOUGHT, amount_yuan=3_400_000))

    assert found == [
        Opening(Move(Clause.TICKET_MAX, 2_500_000, 900_000), (0, 1)),
        Opening(Move(Clause.TICKET_MAX, 3_000_000, 400_000), (0,)),
    ]


def test_seeking_more_says_what_it_closes() -> None:
    larger = replace(TERMS, ticket_min_yuan=4_000_000, ticket_max_yuan=9_000_000)

    (found,) = list_openings([TERMS, larger, larger], SOUGHT)

    assert found == Opening(Move(Clause.TICKET_MIN, 4_000_000, 2_000_000, True), (1, 2), (0,))
    assert found.gain == 1


def test_what_only_has_to_be_said_opens_up_to_so_many() -> None:
    mandates = [TERMS, TERMS, replace(TERMS, stages=frozenset())]

    found = list_openings(mandates, replace(SOUGHT, stage=None))

    assert found == [Opening(Move(Clause.STAGE), (0, 1), is_certain=False)]


def test_an_amount_that_is_not_said_is_asked_for_once() -> None:
    found = list_openings([TERMS], replace(SOUGHT, amount_yuan=None))

    assert found == [Opening(Move(Clause.TICKET_MIN), (0,), is_certain=False)]


def test_a_share_that_nobody_said_is_named() -> None:
    mandates = [TERMS, replace(TERMS, holding_limit_bp=1000)]

    found = list_openings(mandates, replace(SOUGHT, share_bp=None))

    assert found == [
        Opening(Move(Clause.HOLDING, 1000), (0, 1)),
        Opening(Move(Clause.HOLDING, 1500), (0,)),
    ]


def test_clauses_are_counted_over_all_funds() -> None:
    outlook = look_out([TERMS, TERMS, NO_GATE], replace(SOUGHT, gate=None, stage="growth"), ON)

    assert outlook.count_clauses(Verdict.FAIL) == {Clause.STAGE: 3}
    assert outlook.count_clauses(Verdict.UNKNOWN) == {Clause.GATE: 2}
    assert outlook.list_with(Verdict.FAIL) == [0, 1, 2]
    assert outlook.openings == ()


def test_without_mandates_there_is_nothing_to_open() -> None:
    assert look_out([], SOUGHT, ON).openings == ()


@given(st.lists(ANY_TERMS, max_size=6), ANY_SOUGHT)
def test_screening_says_what_judging_says(mandates: list[Terms], sought: Sought) -> None:
    assert screen(mandates, [sought], ON) == [[judge(t, sought, ON).verdict for t in mandates]]


@given(st.lists(ANY_TERMS, max_size=6), ANY_SOUGHT)
def test_every_opening_opens_what_it_says(mandates: list[Terms], sought: Sought) -> None:
    (before,) = screen(mandates, [sought], ON)
    for opening in look_out(mandates, sought, ON).openings:
        if not opening.is_certain:
            assert {before[place] for place in opening.opens} == {Verdict.UNKNOWN}
            continue
        (after,) = screen(mandates, [make_move(sought, opening.move)], ON)
        turned = [
            place
            for place, (old, new) in enumerate(zip(before, after, strict=True))
            if new is Verdict.PASS and old is not Verdict.PASS
        ]
        assert tuple(turned) == opening.opens
        assert [before[p] for p in opening.closes] == [Verdict.PASS] * len(opening.closes)
