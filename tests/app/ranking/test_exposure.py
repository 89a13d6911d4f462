"""Recent attention as it is counted from stored matches, and who is still new."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.jobs import update_exposure
from app.ranking.exposure import (
    NEEDS_OF_ONE_STARTUP,
    WINDOW,
    ExposureChange,
    list_exposure_changes,
    store_exposure,
)
from app.ranking.indexing import DatabaseChangeSource
from app.transactions import writing
from matching.ranking.exposure import LEVELS, NEWCOMER_DAYS, NEWCOMER_NEEDS
from matching.records import StandingChange
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import EXPOSURE_LEVELS, Provider
from models.revisions import get_latest_revision
from models.vocabulary import Strength
from tests.factories import (
    AT,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_startup,
)

DAY = timedelta(days=1)


@pytest.fixture
def startup_need(session: Session) -> Need:
    return make_need(session, make_startup(session, incubator=make_incubator(session)))


def show(session: Session, need: Need, *providers: Provider, at: datetime = AT) -> None:
    """A stored run in which `providers` stand in this order."""
    run = MatchRun(
        need_id=need.id,
        run_at=at,
        need_version=1,
        encoder_fingerprint="",
        background_version="",
        weights_version="",
        index_revision=0,
    )
    for rank, provider in enumerate(providers, start=1):
        run.matches.append(
            Match(
                provider_id=provider.id,
                kind=provider.kind,
                rank=rank,
                score=0.5,
                strength=Strength.WEAK,
            )
        )
    session.add(run)
    session.flush()


def make_needs(session: Session, number: int) -> list[Need]:
    """As many needs, each of a startup of its own."""
    return [make_need(session, make_startup(session)) for _ in range(number)]


def settle(session: Session, *providers: Provider) -> None:
    """`providers` are no newcomers, so that only their levels can change."""
    for provider in providers:
        provider.is_newcomer = False
    session.flush()


def count(session: Session, *, at: datetime = AT) -> dict[int, tuple[int, bool]]:
    changes = list_exposure_changes(session, at=at)
    return {change.provider_id: (change.level, change.is_newcomer) for change in changes}


def test_both_sides_know_the_same_levels() -> None:
    assert EXPOSURE_LEVELS == LEVELS


def test_who_is_shown_more_than_others_of_the_kind_has_a_level(
    session: Session, startup_need: Need
) -> None:
    first, second, third = (make_mentor(session) for _ in range(3))
    fund = make_investor(session)
    settle(session, first, second, third, fund)
    for need in [startup_need, *make_needs(session, 19)]:
        show(session, need, first, second)
    changes = count(session)
    # Attention of 20, 12.6 and 0; the mean of the three is 10.9, and 3 is added to it. The first
    # is at 1.44 of that and the second at 0.91, which a logistic curve makes 12.5 and 6.5 of 16.
    assert changes == {first.id: (12, False), second.id: (6, False)}


def test_asking_again_counts_once_and_only_lists_of_the_window_count(
    session: Session, startup_need: Need
) -> None:
    mentor, other = make_mentor(session), make_mentor(session)
    settle(session, mentor, other)
    for _ in range(50):
        show(session, startup_need, other, mentor)
        show(session, startup_need, mentor)
    once = count(session)
    assert once == {mentor.id: (1, False), other.id: (1, False)}
    assert count(session, at=AT + WINDOW) == {}
    assert count(session, at=AT - DAY) == {}


def test_needs_without_end_of_one_startup_neither_sink_anybody_nor_end_newness(
    session: Session,
) -> None:
    mentor, newcomer, fund = make_mentor(session), make_mentor(session), make_investor(session)
    settle(session, mentor, fund)
    startup = make_startup(session)
    endless = [make_need(session, startup) for _ in range(3 * NEWCOMER_NEEDS)]
    for need in endless[:NEEDS_OF_ONE_STARTUP]:
        show(session, need, mentor, newcomer)
    few = count(session)
    # The best places count, and these are worse.
    for need in endless[NEEDS_OF_ONE_STARTUP:]:
        show(session, need, fund, mentor, newcomer)
    many = count(session)
    # Attention of 3 and 1.9; with the mean and 3 added to it 0.55 and 0.35, which the curve makes
    # 2.7 and 1.3 of 16.
    assert [few[each.id] for each in (mentor, newcomer)] == [(3, False), (1, True)]
    assert (many[mentor.id], many[newcomer.id]) == (few[mentor.id], few[newcomer.id])


def test_a_level_holds_while_it_is_about_right(session: Session, startup_need: Need) -> None:
    mentor = make_mentor(session)
    settle(session, mentor)
    show(session, startup_need, mentor)
    # The exact figure is 0.8: at a quarter of the mean and what is added to it.
    for level, expected in ((0, 1), (1, None), (2, 1), (3, 1)):
        mentor.exposure = level
        session.flush()
        assert count(session) == ({} if expected is None else {mentor.id: (expected, False)})


def test_nobody_is_new_for_ever_or_again(session: Session, startup_need: Need) -> None:
    mentor = make_mentor(session)
    assert mentor.is_newcomer
    assert count(session, at=AT + NEWCOMER_DAYS * DAY - DAY) == {}
    assert count(session, at=AT + NEWCOMER_DAYS * DAY) == {mentor.id: (0, False)}
    settle(session, mentor)
    assert count(session, at=AT) == {}


def test_who_was_shown_often_is_new_no_longer(session: Session, startup_need: Need) -> None:
    mentor = make_mentor(session)
    needs = [startup_need, *make_needs(session, NEWCOMER_NEEDS - 1)]
    for need in needs[:-1]:
        show(session, need, mentor, at=AT)
        show(session, need, mentor, at=AT)
    late = AT + WINDOW + DAY
    assert count(session, at=late) == {}
    show(session, needs[-1], mentor, at=AT)
    assert count(session, at=late) == {mentor.id: (0, False)}


def test_a_draft_waits_for_its_time(session: Session) -> None:
    make_mentor(session, state="draft")
    assert count(session, at=AT + 2 * NEWCOMER_DAYS * DAY) == {}


@pytest.fixture
def fresh_session(fresh_engine: DatabaseEngine) -> Iterator[Session]:
    """Really commits: indexes read through a connection of their own."""
    with Session(fresh_engine) as session:
        yield session


def test_only_who_changed_is_read_again_and_no_form_becomes_outdated(
    fresh_session: Session, fresh_engine: DatabaseEngine
) -> None:
    session = fresh_session
    shown, unshown = make_mentor(session), make_mentor(session)
    session.commit()
    before = get_latest_revision(session)
    version = shown.version
    session.commit()
    with writing(session):
        store_exposure(session, [ExposureChange(shown.id, 7, False)])
    session.refresh(shown)
    assert (shown.exposure, shown.is_newcomer, shown.version) == (7, False, version)
    changes = list(DatabaseChangeSource(fresh_engine).changes_after(before, "any"))
    records = [change for change in changes if isinstance(change, StandingChange)]
    assert [(r.id, r.standing.recent_exposure, r.standing.is_newcomer) for r in records] == [
        (shown.id, 7, False)
    ]
    assert unshown.exposure == 0


def test_storing_nothing_takes_no_revision(fresh_session: Session) -> None:
    before = get_latest_revision(fresh_session)
    fresh_session.commit()
    with writing(fresh_session):
        store_exposure(fresh_session, [])
    assert get_latest_revision(fresh_session) == before


def test_the_job_stores_what_changed_and_then_finds_nothing_to_do(app: Flask) -> None:
    late = AT + 2 * NEWCOMER_DAYS * DAY
    with app.app_context(), writing(db.session):
        need = make_need(db.session, make_startup(db.session, incubator=make_incubator(db.session)))
        mentor = make_mentor(db.session)
        show(db.session, need, mentor, at=late)
        mentor_id = mentor.id
    assert update_exposure(app, at=late) == 1
    assert update_exposure(app, at=late) == 0
    with app.app_context():
        stored = db.session.get_one(Provider, mentor_id)
        assert (stored.exposure, stored.is_newcomer) == (1, False)


def test_counting_takes_three_reads_however_many_there_are(
    session: Session, engine: DatabaseEngine, startup_need: Need
) -> None:
    def count_statements() -> int:
        statements: list[str] = []

        def note(*args: object) -> None:
            statements.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        list_exposure_changes(session, at=AT)
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    show(session, startup_need, make_mentor(session))
    few = count_statements()
    for _ in range(3):
        need = make_need(session, startup_need.startup)
        show(session, need, *(make_mentor(session) for _ in range(4)))
    assert few == count_statements() == 3
