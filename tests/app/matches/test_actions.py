"""Looking for matches with the real engine on the real database, and what is kept of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import ChangedMeanwhile
from app.matches.actions import (
    dismiss_kind,
    dismiss_match,
    find_suggestions,
    restore_match,
    store_suggestions,
    suggest,
)
from app.matches.queries.runs import find_latest_run
from app.needs.errors import NeedNotOpen
from matching.engine import Engine
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider
from models.revisions import mark_changed
from models.vocabulary import DismissReason, NeedKind, ProviderKind
from tests.factories import (
    AT,
    act_as,
    admit,
    make_centre,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

LATER = AT + timedelta(hours=1)


@pytest.fixture
def session(fresh_engine: DatabaseEngine) -> Iterator[Session]:
    """Really commits: the engine reads through a connection of its own."""
    with Session(fresh_engine) as session:
        yield session


@pytest.fixture
def need(session: Session) -> Need:
    founder = make_person(session)
    startup = make_startup(session, founder=founder, incubator=make_incubator(session))
    need = make_need(session, startup)
    session.commit()
    return need


@pytest.fixture
def actor(need: Need) -> Actor:
    return act_as(need.startup.memberships[0].person)


def look(session: Session, matching: Engine, need: Need, actor: Actor) -> MatchRun:
    session.commit()
    run = suggest(session, matching, need=need, actor=actor, at=AT)
    session.commit()
    return run


def list_providers(run: MatchRun, kind: ProviderKind) -> list[int]:
    return [m.provider_id for m in run.matches if m.kind is kind]


def test_all_kinds_are_suggested_with_literal_evidence_and_versions(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    mentor, fund, centre = make_mentor(session), make_investor(session), make_centre(session)
    run = look(session, matching, need, actor)
    assert {m.provider_id: (m.kind, m.rank) for m in run.matches} == {
        mentor.id: (ProviderKind.MENTOR, 1),
        fund.id: (ProviderKind.INVESTOR, 1),
        centre.id: (ProviderKind.CENTRE, 1),
    }
    assert run.considered == {"mentor": 1, "investor": 1, "centre": 1}
    assert run.excluded_by == {"mentor": {}, "investor": {}, "centre": {}}
    assert (run.need_version, run.actor_id, run.run_at) == (need.version, actor.person_id, AT)
    assert run.encoder_fingerprint == matching.encoder.fingerprint
    assert (run.background_version, run.weights_version) == (
        matching.background.version,
        matching.weights.version,
    )
    assert run.index_revision == mentor.revision
    quoted = [(match, evidence) for match in run.matches for evidence in match.evidence]
    assert quoted
    for match, evidence in quoted:
        text = match.provider.published_text
        assert evidence.need_slice == need.text[evidence.need_start : evidence.need_end]
        assert evidence.provider_slice == text[evidence.provider_start : evidence.provider_end]
        assert evidence.need_slice
        assert evidence.provider_slice


def test_a_seed_is_stored_with_the_probability_of_each_place(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    matching.weights = replace(matching.weights, chance=1.0, duplicate=0.0)
    mentors = [make_mentor(session) for _ in range(2)]
    session.commit()
    found = [find_suggestions(session, matching, need, at=AT, seed=seed) for seed in range(20)]
    session.commit()
    runs = [
        store_suggestions(session, need=need, suggestions=each, actor=actor, at=AT)
        for each in found
    ]
    assert [run.seed for run in runs] == list(range(20))
    first = {list_providers(run, ProviderKind.MENTOR)[0] for run in runs}
    assert first == {mentor.id for mentor in mentors}
    # Both say the same, and half of the seeds pair them: one swap in four.
    for run in runs:
        swapped = list_providers(run, ProviderKind.MENTOR)[0] != mentors[0].id
        assert [match.propensity for match in run.matches] == [0.25 if swapped else 0.75] * 2


def test_without_a_seed_nothing_is_left_to_chance(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    make_mentor(session)
    run = look(session, matching, need, actor)
    assert run.seed is None
    assert [match.propensity for match in run.matches] == [1.0]


def test_looking_stores_nothing(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    make_mentor(session)
    session.commit()
    found = find_suggestions(session, matching, need, at=AT)
    assert len(found.by_kind[ProviderKind.MENTOR].results) == 1
    session.commit()
    assert session.scalar(select(func.count()).select_from(MatchRun)) == 0


def test_only_the_own_pool_and_those_open_to_all(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    own, other = need.startup.incubator, make_incubator(session)
    assert own is not None
    admitted = make_mentor(session, open_to_all=False)
    admit(session, own, admitted)
    admit(session, other, make_mentor(session, open_to_all=False))
    admit(session, own, make_mentor(session, open_to_all=False), "paused")
    open_to_all = make_mentor(session)
    make_mentor(session, state="paused")
    run = look(session, matching, need, actor)
    assert set(list_providers(run, ProviderKind.MENTOR)) == {admitted.id, open_to_all.id}
    assert (run.considered["mentor"], run.excluded_by["mentor"]) == (4, {"pool": 2})


def test_hard_conditions_and_conflicts_are_counted(
    session: Session, matching: Engine, actor: Actor, need: Need
) -> None:
    need.startup.affiliations = ["River Fund"]
    asked = make_need(
        session,
        need.startup,
        kind=NeedKind.FUNDING,
        conditions=[("amount", ["9000000"], True), ("place", ["370200"], False)],
    )
    make_investor(session, name="river fund", investor={"ticket_max_yuan": 10_000_000})
    make_investor(session)
    fits = make_investor(session, investor={"ticket_max_yuan": 10_000_000})
    run = look(session, matching, asked, actor)
    assert list_providers(run, ProviderKind.INVESTOR) == [fits.id]
    assert run.excluded_by["investor"] == {"conflict": 1, "amount": 1}
    [match] = run.matches
    assert match.against[0] == {"code": "place", "wanted": ["370200"], "found": ["310115"]}


@pytest.mark.parametrize(("values", "found"), [(["370200"], 0), (["370200", "remote"], 1)])
def test_remote_is_as_near_where_the_need_says_so(
    session: Session, matching: Engine, need: Need, actor: Actor, values: list[str], found: int
) -> None:
    make_mentor(session, place_code="310115", remote=True)
    make_mentor(session, place_code="310115", remote=False)
    asked = make_need(session, need.startup, conditions=[("place", values, True)])
    run = look(session, matching, asked, actor)
    assert len(run.matches) == found
    assert run.excluded_by["mentor"] == {"place": 2 - found}


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_an_open_need_is_matched(
    session: Session, matching: Engine, need: Need, actor: Actor, state: str
) -> None:
    found = find_suggestions(session, matching, need, at=AT)
    need.state = state
    session.commit()
    with pytest.raises(NeedNotOpen):
        find_suggestions(session, matching, need, at=AT)
    with pytest.raises(NeedNotOpen):
        store_suggestions(session, need=need, suggestions=found, actor=actor, at=AT)


def test_matches_of_an_older_text_are_not_stored(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    found = find_suggestions(session, matching, need, at=AT)
    need.text = "Something else altogether, and long enough."
    session.commit()
    with pytest.raises(ChangedMeanwhile):
        store_suggestions(session, need=need, suggestions=found, actor=actor, at=AT)
    assert session.scalar(select(func.count()).select_from(MatchRun)) == 0


def test_a_profile_that_changed_during_the_search_is_left_out(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    changed, paused, kept = make_mentor(session), make_mentor(session), make_mentor(session)
    session.commit()
    found = find_suggestions(session, matching, need, at=AT)
    assert len(found.by_kind[ProviderKind.MENTOR].results) == 3
    changed.published_text = "A text in which those offsets mean nothing."
    paused.state = "paused"
    mark_changed(session, changed.id)
    session.commit()
    run = store_suggestions(session, need=need, suggestions=found, actor=actor, at=AT)
    assert [(m.provider_id, m.rank) for m in run.matches] == [(kept.id, 1)]


def get_match(run: MatchRun, provider: Provider) -> Match:
    return next(m for m in run.matches if m.provider_id == provider.id)


def test_what_was_set_aside_stays_so_in_the_next_run(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    wrong, right = make_mentor(session), make_mentor(session)
    run = look(session, matching, need, actor)
    dismiss_match(
        session,
        match=get_match(run, wrong),
        reason=DismissReason.OTHER_TOPIC,
        actor=actor,
        at=LATER,
    )
    again = look(session, matching, need, actor)
    latest = find_latest_run(session, need)
    assert latest is again
    assert (get_match(again, wrong).dismissed_at, get_match(again, wrong).dismissed_reason) == (
        LATER,
        "other_topic",
    )
    assert get_match(again, right).dismissed_at is None
    restore_match(session, match=get_match(again, wrong), actor=actor, at=LATER)
    third = look(session, matching, need, actor)
    assert [m.dismissed_at for m in third.matches] == [None, None]


def test_none_of_a_kind_leaves_the_other_kinds(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    first, second, fund = make_mentor(session), make_mentor(session), make_investor(session)
    run = look(session, matching, need, actor)
    early, late = DismissReason.ALREADY_KNOWN, DismissReason.TOO_GENERAL
    dismiss_match(session, match=get_match(run, first), reason=early, actor=actor, at=AT)

    def dismiss() -> int:
        return dismiss_kind(
            session, run=run, kind=ProviderKind.MENTOR, reason=late, actor=actor, at=LATER
        )

    assert dismiss() == 1
    assert dismiss() == 0
    assert [get_match(run, p).dismissed_reason for p in (first, second, fund)] == [early, late, ""]
