"""What is read of the lists that led somewhere."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.ranking.outcomes import LEFT, REFUSED, Outcomes, judge_engagement, read_outcomes
from matching.learning.preferences import Grade
from models.engagements import CoachingSession, Engagement, Feedback
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider
from models.vocabulary import DismissReason, Side, Strength
from tests.app.lived_history import BACKGROUND, ENCODER, live_through, make_run
from tests.factories import AT, make_engagement, make_investor, make_mentor, make_need, make_startup

FEATURES = {
    "score": 0.45,
    "relevance": 0.5,
    "whole": 0.5,
    "late": 0.6,
    "back": 0.4,
    "words": 0.2,
    "one_language": 1.0,
}


def read(session: Session) -> Outcomes:
    return read_outcomes(session, fingerprint=ENCODER, background=BACKGROUND)


def show(run: MatchRun, *providers: Provider, **values: object) -> list[Match]:
    """`providers` stand in `run`, in this order."""
    given = {"score": 0.44, "strength": Strength.POSSIBLE, "features": FEATURES} | values
    matches = [
        Match(provider=provider, kind=provider.kind, rank=rank, **given)
        for rank, provider in enumerate(providers, start=1)
    ]
    run.matches.extend(matches)
    return matches


def ask(session: Session, need: Need, match: Match, state: str) -> Engagement:
    return make_engagement(session, need, match.provider, match=match, state=state)


@pytest.mark.parametrize(
    ("state", "was_held", "rating", "span"),
    [
        ("requested", False, None, (Grade.ASKED, Grade.RATED_WELL)),
        ("withdrawn", False, None, (Grade.ASKED, Grade.ASKED)),
        ("declined", False, None, REFUSED),
        ("expired", False, None, REFUSED),
        ("accepted", False, None, (Grade.ACCEPTED, Grade.RATED_WELL)),
        ("cancelled", False, None, (Grade.ACCEPTED, Grade.ACCEPTED)),
        ("active", True, None, (Grade.HELD, Grade.RATED_WELL)),
        ("completed", True, None, (Grade.HELD, Grade.HELD)),
        ("active", True, 3.0, (Grade.HELD, Grade.HELD)),
        ("completed", True, 4.0, (Grade.RATED_WELL, Grade.RATED_WELL)),
        ("completed", True, 2.0, (Grade.ASKED, Grade.ASKED)),
    ],
)
def test_an_engagement_is_judged_by_how_far_it_went(
    state: str, was_held: bool, rating: float | None, span: tuple[Grade, Grade]
) -> None:
    assert judge_engagement(state, was_held=was_held, rating=rating) == span


def test_a_list_of_which_somebody_was_asked_is_read_whole(session: Session) -> None:
    need = make_need(session, make_startup(session))
    run = make_run(session, need)
    matches = show(run, *[make_mentor(session) for _ in range(3)], propensity=0.7)
    ask(session, need, matches[1], "accepted")

    found = read(session)

    assert found.shown.places.tolist() == [1, 2, 3]
    assert set(found.shown.askers.tolist()) == {need.startup_id}
    assert found.shown.propensities.tolist() == [0.7] * 3
    assert found.shown.least.tolist() == [LEFT[0], Grade.ACCEPTED, LEFT[0]]
    assert found.shown.most.tolist() == [LEFT[1], Grade.RATED_WELL, LEFT[1]]
    assert found.shown.late.tolist() == [0.6] * 3
    assert found.shown.one_language.tolist() == [True] * 3
    assert found.shown.rest.tolist() == pytest.approx([-0.05] * 3)
    assert (found.counts, found.left_out) == ({"accepted": 1}, {})
    assert found.first_at == found.last_at == AT


def test_sessions_and_the_ratings_of_startups_count(session: Session) -> None:
    need = make_need(session, make_startup(session))
    (match,) = show(make_run(session, need), make_mentor(session))
    engagement = ask(session, need, match, "completed")
    meeting = CoachingSession(
        state="held",
        starts_at=AT,
        ends_at=AT + timedelta(hours=1),
        link="https://meet.example.org/1",
        proposed_by_side=Side.STARTUP,
        created_at=AT,
    )
    engagement.sessions.append(meeting)
    session.flush()
    assert read(session).counts == {"held": 1}
    for side, rating in ((Side.STARTUP, 5), (Side.PROVIDER, 1)):
        engagement.feedback.append(
            Feedback(
                coaching_session_id=meeting.id,
                side=side,
                rating=rating,
                wants_to_continue=True,
                given_at=AT,
            )
        )
    session.flush()
    assert read(session).counts == {"rated_well": 1}


def test_kinds_are_lists_of_their_own_and_those_without_a_request_say_nothing(
    session: Session,
) -> None:
    need = make_need(session, make_startup(session))
    run = make_run(session, need)
    mentors = show(run, make_mentor(session), make_mentor(session))
    show(run, make_investor(session), make_investor(session))
    ask(session, need, mentors[0], "declined")
    found = read(session)
    assert len(found.shown.lists) == 2
    assert found.counts == {"refused": 1}


def test_only_a_reason_about_the_topic_speaks_against_a_match(session: Session) -> None:
    need = make_need(session, make_startup(session))
    run = make_run(session, need)
    asked, unfit, known, carried = show(run, *[make_mentor(session) for _ in range(4)])
    ask(session, need, asked, "accepted")
    for match, reason, at in (
        (unfit, DismissReason.OTHER_TOPIC, AT),
        (known, DismissReason.ALREADY_KNOWN, AT),
        # Set aside in an earlier run, and only carried over into this one.
        (carried, DismissReason.OTHER_TOPIC, AT - timedelta(days=1)),
    ):
        match.dismissed_at, match.dismissed_reason = at, reason.value
    session.flush()
    found = read(session)
    assert found.shown.places.tolist() == [1, 2]
    assert found.shown.most.tolist() == [Grade.RATED_WELL, Grade.REFUSED]


def test_who_was_asked_from_another_list_was_not_left_in_this_one(session: Session) -> None:
    need = make_need(session, make_startup(session))
    mentors = [make_mentor(session) for _ in range(3)]
    first = show(make_run(session, need), *mentors)
    second = show(make_run(session, need, run_at=AT + timedelta(days=1)), *mentors)
    ask(session, need, first[0], "accepted")
    ask(session, need, second[1], "accepted")
    found = read(session)
    assert found.shown.places.tolist() == [1, 3, 2, 3]
    assert found.shown.least.tolist() == [Grade.ACCEPTED, 0, Grade.ACCEPTED, 0]


def test_figures_of_other_encoders_and_of_earlier_times_are_left_out_and_counted(
    session: Session,
) -> None:
    need = make_need(session, make_startup(session))
    other = make_run(session, need, encoder_fingerprint="another")
    earlier = make_run(session, need)
    matches = [
        *show(other, make_mentor(session)),
        *show(earlier, make_mentor(session), features={"meaning": 0.5, "words": 0.1}),
    ]
    for match in matches:
        ask(session, need, match, "declined")
    found = read(session)
    assert len(found.shown.lists) == 0
    assert found.left_out == {"another_encoder": 1, "without_parts": 1}


def test_a_whole_history_comes_back_as_it_was_lived(session: Session) -> None:
    lived = live_through(session, 20)
    steps: list[tuple[int, int]] = []

    found = read_outcomes(
        session,
        fingerprint=ENCODER,
        background=BACKGROUND,
        progress=lambda _, done, total: steps.append((done, total)),
    )

    asked = lived.least == lived.most
    read_asked = found.shown.least == found.shown.most
    assert sum(found.counts.values()) == asked.sum() == read_asked.sum()
    assert sorted(found.shown.whole[read_asked]) == pytest.approx(sorted(lived.whole[asked]))
    assert sorted(found.shown.rest[read_asked]) == pytest.approx(sorted(lived.rest[asked]))
    assert steps[-1][0] == steps[-1][1]
