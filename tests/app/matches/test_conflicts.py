"""Conflicts of interest are found from names and memberships."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.matches.conflicts import (
    Conflict,
    find_conflict,
    find_shared_names,
    list_conflicts,
    normalise_name,
)
from models.vocabulary import Role
from tests.factories import (
    join,
    make_centre,
    make_investor,
    make_mentor,
    make_person,
    make_startup,
)


@pytest.mark.parametrize(
    ("ours", "theirs", "shared"),
    [
        (["Bridge Fund"], ["bridge  fund"], ("bridge  fund",)),
        (["ＢＲＩＤＧＥ基金（示例）"], ["Bridge基金(示例)"], ("Bridge基金(示例)",)),
        (["示例大学 微电子学院"], ["示例大学微电子学院"], ("示例大学微电子学院",)),
        (["Bridge"], ["Bridge Fund"], ()),
        (["", "  "], ["", " "], ()),
        (["A", "B"], ["b", "a", "B"], ("b", "a")),
    ],
)
def test_names_are_compared_without_case_width_and_blanks(
    ours: list[str], theirs: list[str], shared: tuple[str, ...]
) -> None:
    assert find_shared_names(ours, theirs) == shared


@given(st.lists(st.text(max_size=8)), st.lists(st.text(max_size=8)))
def test_sharing_goes_both_ways(ours: list[str], theirs: list[str]) -> None:
    there = {normalise_name(name) for name in find_shared_names(ours, theirs)}
    back = {normalise_name(name) for name in find_shared_names(theirs, ours)}
    assert there == back
    assert "" not in there


def test_every_way_of_being_connected_is_found(session: Session) -> None:
    founder = make_person(session, name="Founder")
    startup = make_startup(
        session, founder=founder, name="Bridge Devices", affiliations=["示例 大学", "River Fund"]
    )
    employer = make_mentor(session, mentor={"employer": "示例大学"})
    shareholder = make_investor(session, name="RIVER  FUND")
    portfolio = make_investor(session, affiliations=["Other Co", "bridge devices"])
    same_person = make_centre(session)
    join(session, founder, Role.CENTRE, provider=same_person)
    unrelated = make_mentor(session, mentor={"employer": "Another university"})
    draft = make_mentor(session, state="draft", mentor={"employer": "示例大学"})
    assert list_conflicts(session, startup) == {
        employer.id: Conflict(organisations=("示例大学",)),
        shareholder.id: Conflict(organisations=("RIVER  FUND",)),
        portfolio.id: Conflict(organisations=("bridge devices",)),
        same_person.id: Conflict(people=("Founder",)),
    }
    assert find_conflict(session, startup, unrelated) is None
    # Whoever is asked directly is checked whatever the state of the profile.
    assert find_conflict(session, startup, draft) == Conflict(organisations=("示例大学",))


def test_all_that_connects_is_said(session: Session) -> None:
    founder = make_person(session, name="Founder")
    startup = make_startup(session, founder=founder, affiliations=["River Fund"])
    fund = make_investor(session, name="River Fund", person=founder)
    conflict = find_conflict(session, startup, fund)
    assert conflict is not None
    assert conflict.because == "Founder、River Fund"
