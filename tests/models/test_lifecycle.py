"""What is true of every lifecycle, and of ours in particular."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lifecycle import (
    COACHING_SESSION,
    ENGAGEMENT,
    ENGAGEMENT_OPEN,
    ENGAGEMENT_TAKES_PLACE,
    LIFECYCLES,
    NEED,
    ActionNotAllowed,
    Lifecycle,
    Transition,
)

STATES = ("a", "b", "c", "d", "e")
ACTIONS = ("go", "stop", "turn")

# Tables that are good or bad by chance: the properties below say which must be refused.
TABLES = st.lists(
    st.builds(
        Transition,
        st.sampled_from(ACTIONS),
        st.lists(st.sampled_from(STATES), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(STATES),
    ),
    max_size=8,
)
STARTS = st.lists(st.sampled_from(STATES), min_size=1, max_size=2, unique=True)


def find_ambiguous(table: list[Transition]) -> bool:
    seen = [(t.action, source) for t in table for source in t.sources]
    return len(seen) != len(set(seen))


def find_unreached(starts: list[str], table: list[Transition]) -> set[str]:
    """By walking every edge as often as there are edges: slow, and plainly right."""
    reached = set(starts)
    for _ in range(len(table) + 1):
        for transition in table:
            if reached & set(transition.sources):
                reached.add(transition.target)
    named = {state for t in table for state in (*t.sources, t.target)}
    return named - reached


@given(STARTS, TABLES)
def test_bad_tables_are_refused_and_good_ones_are_not(
    starts: list[str], table: list[Transition]
) -> None:
    is_bad = find_ambiguous(table) or bool(find_unreached(starts, table))
    try:
        made = Lifecycle("test", starts=starts, transitions=table)
    except ValueError:
        assert is_bad
    else:
        assert not is_bad
        assert set(made.states) == {*starts, *(s for t in table for s in (*t.sources, t.target))}


@given(STARTS, TABLES)
def test_what_is_listed_is_allowed_and_can_be_followed(
    starts: list[str], table: list[Transition]
) -> None:
    try:
        lifecycle = Lifecycle("test", starts=starts, transitions=table)
    except ValueError:
        return
    check_consistent(lifecycle)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda each: each.name)
def test_ours_are_consistent(lifecycle: Lifecycle) -> None:
    check_consistent(lifecycle)


def check_consistent(lifecycle: Lifecycle) -> None:
    actions = {t.action for t in lifecycle.transitions}
    for state in lifecycle.states:
        listed = lifecycle.list_actions(state)
        assert len(listed) == len(set(listed))
        assert lifecycle.is_final(state) == (not listed)
        for action in actions:
            assert lifecycle.is_allowed(action, state) == (action in listed)
            if action in listed:
                assert lifecycle.follow(action, state) in lifecycle.states
            else:
                with pytest.raises(ActionNotAllowed) as refused:
                    lifecycle.follow(action, state)
                assert (refused.value.action, refused.value.state) == (action, state)


def test_names_of_ours_are_distinct() -> None:
    names = [lifecycle.name for lifecycle in LIFECYCLES]
    assert len(names) == len(set(names))


def test_an_unreachable_state_is_named() -> None:
    with pytest.raises(ValueError, match="nothing leads to island"):
        Lifecycle("test", starts=["a"], transitions=[Transition("go", ("island",), "a")])


def test_an_ambiguous_action_is_named() -> None:
    with pytest.raises(ValueError, match="go from a is ambiguous"):
        Lifecycle(
            "test",
            starts=["a"],
            transitions=[Transition("go", ("a",), "b"), Transition("go", ("a",), "c")],
        )


def test_a_drawing_has_every_edge() -> None:
    drawn = NEED.draw().splitlines()
    assert drawn == [
        "stateDiagram-v2",
        "    [*] --> draft",
        "    draft --> open: open",
        "    closed --> open: open",
        "    draft --> closed: close",
        "    open --> closed: close",
    ]


@pytest.mark.parametrize("state", ENGAGEMENT.states)
def test_an_engagement_is_over_exactly_when_nothing_follows(state: str) -> None:
    assert ENGAGEMENT.is_final(state) == (state not in ENGAGEMENT_OPEN)


def test_what_takes_a_place_is_open() -> None:
    assert set(ENGAGEMENT_TAKES_PLACE) == set(ENGAGEMENT_OPEN) - {"requested"}


@given(st.lists(st.sampled_from([t.action for t in ENGAGEMENT.transitions]), max_size=12))
def test_an_engagement_that_is_over_stays_over(actions: list[str]) -> None:
    state = "requested"
    for action in actions:
        before = state
        try:
            state = ENGAGEMENT.follow(action, before)
        except ActionNotAllowed:
            continue
        assert before in ENGAGEMENT_OPEN


def test_a_held_session_cannot_be_moved_or_cancelled() -> None:
    # What was recorded can be contradicted, and nothing else.
    assert COACHING_SESSION.list_actions("held") == ("contradict",)
    assert COACHING_SESSION.list_actions("missed") == ("contradict",)
    assert COACHING_SESSION.list_actions("confirmed") == (
        "move",
        "cancel",
        "record_held",
        "record_missed",
    )
