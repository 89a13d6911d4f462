"""What the pages and the command line are given."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access import Actor
from app.matches.actions import dismiss_kind, suggest
from app.matches.queries.runs import KindView, list_kinds, order_kinds
from app.matches.queries.texts import match_text
from matching.engine import Engine
from models.matches import MatchRun
from models.needs import Need
from models.vocabulary import DismissReason, NeedKind, ProviderKind
from tests.factories import (
    AT,
    act_as,
    admit,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.waiting import make_lister

list_waiting = make_lister("matches")


@pytest.fixture
def session(fresh_engine: DatabaseEngine, app: Flask) -> Iterator[Session]:
    """Really commits, because the engine reads through a connection of its own; inside a
    request, because sentences are worded for a reader."""
    reader = app.test_request_context(headers={"Accept-Language": "en"})
    with reader, Session(fresh_engine) as session:
        yield session


@pytest.fixture
def need(session: Session) -> Need:
    startup = make_startup(session, founder=make_person(session), incubator=make_incubator(session))
    return make_need(session, startup)


@pytest.fixture
def actor(need: Need) -> Actor:
    return act_as(need.startup.memberships[0].person)


def look(session: Session, matching: Engine, need: Need, actor: Actor) -> MatchRun:
    session.commit()
    run = suggest(session, matching, need=need, actor=actor, at=AT)
    session.commit()
    return run


def get_kind(views: list[KindView], kind: ProviderKind) -> KindView:
    return next(view for view in views if view.kind is kind)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (NeedKind.MENTORING, ["mentor", "investor", "centre"]),
        (NeedKind.FUNDING, ["investor", "mentor", "centre"]),
        (NeedKind.VERIFICATION, ["centre", "mentor", "investor"]),
    ],
)
def test_the_kind_that_a_need_asks_for_comes_first(kind: NeedKind, expected: list[str]) -> None:
    assert list(order_kinds(kind)) == expected


def test_a_suggestion_says_what_a_founder_has_to_know(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    mentor = make_mentor(session, capacity=3, mentor={"hours_per_month": 6})
    fund, centre = make_investor(session), make_centre(session)
    other = make_need(session, make_startup(session))
    make_engagement(session, other, mentor, state="declined", answered_at=AT + timedelta(hours=3))
    make_engagement(session, other, mentor, state="active", answered_at=AT + timedelta(hours=9))
    run = look(session, matching, need, actor)
    asked = make_engagement(session, need, fund)
    views = list_kinds(session, run, need, actor)
    [seen] = get_kind(views, ProviderKind.MENTOR).suggestions
    assert (seen.name, seen.answer_hours, seen.free_places, seen.capacity) == (
        mentor.name,
        6.0,
        2,
        3,
    )
    assert (seen.hours_per_month, seen.place_code, seen.remote) == (6, "310115", True)
    assert seen.pairs
    assert all(pair.need in need.text for pair in seen.pairs)
    assert all(pair.provider in mentor.published_text for pair in seen.pairs)
    assert (seen.asked, seen.can_be_asked) == (None, True)
    [offer] = get_kind(views, ProviderKind.INVESTOR).suggestions
    assert (offer.ticket_min_yuan, offer.ticket_max_yuan) == (500_000, 3_000_000)
    assert offer.asked is not None
    assert (offer.asked.public_id, offer.can_be_asked) == (asked.public_id, False)
    [slot] = get_kind(views, ProviderKind.CENTRE).suggestions
    assert (slot.free_slots, slot.name, slot.answer_hours) == (2, centre.name, None)


def test_who_is_full_meanwhile_is_shown_and_cannot_be_asked(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    mentor = make_mentor(session, capacity=1)
    run = look(session, matching, need, actor)
    make_engagement(session, make_need(session, make_startup(session)), mentor, state="accepted")
    [seen] = get_kind(list_kinds(session, run, need, actor), ProviderKind.MENTOR).suggestions
    assert (seen.free_places, seen.can_be_asked) == (0, False)


@pytest.mark.privacy
def test_who_can_no_longer_be_seen_is_only_counted(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    assert need.startup.incubator is not None
    mentor = make_mentor(session, open_to_all=False, name="A mentor of one pool")
    entry = admit(session, need.startup.incubator, mentor)
    run = look(session, matching, need, actor)
    view = get_kind(list_kinds(session, run, need, actor), ProviderKind.MENTOR)
    assert [each.name for each in view.suggestions] == ["A mentor of one pool"]
    entry.state = "retired"
    session.commit()
    view = get_kind(list_kinds(session, run, need, actor), ProviderKind.MENTOR)
    assert (view.suggestions, view.dismissed, view.gone) == ((), (), 1)


def test_three_suggestions_cost_as_many_queries_as_one(
    session: Session, matching: Engine, need: Need, actor: Actor, fresh_engine: DatabaseEngine
) -> None:
    def count_queries(run: MatchRun) -> tuple[int, int]:
        session.expire_all()
        session.refresh(run)
        session.refresh(need)
        statements: list[object] = []

        def listen(*arguments: object) -> None:
            statements.append(arguments[2])

        event.listen(fresh_engine, "before_cursor_execute", listen)
        try:
            views = list_kinds(session, run, need, actor)
        finally:
            event.remove(fresh_engine, "before_cursor_execute", listen)
        return sum(len(view.suggestions) for view in views), len(statements)

    make_mentor(session)
    make_centre(session)
    two, cost = count_queries(look(session, matching, need, actor))
    for _ in range(2):
        make_mentor(session)
        make_centre(session)
    six, cost_of_more = count_queries(look(session, matching, need, actor))
    assert (two, six) == (2, 6)
    assert cost_of_more == cost


def test_an_open_need_with_matches_waits_until_somebody_is_asked(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    mentor = make_mentor(session)
    [item] = list_waiting(session, actor, AT)
    assert (item.kind, item.title) == ("need_unmatched", need.title)
    look(session, matching, need, actor)
    [item] = list_waiting(session, actor, AT)
    assert (item.kind, item.title) == ("need_matched", need.title)
    assert item.path_values == {"public_id": need.public_id}
    assert list_waiting(session, act_as(make_person(session)), AT) == []
    make_engagement(session, need, mentor)
    assert list_waiting(session, actor, AT) == []


def test_matches_that_were_all_set_aside_wait_no_longer(
    session: Session, matching: Engine, need: Need, actor: Actor
) -> None:
    make_mentor(session)
    look(session, matching, need, actor)
    # Looking again leaves the first run as it was: what counts is the latest.
    run = look(session, matching, need, actor)
    assert len(list_waiting(session, actor, AT)) == 1
    dismiss_kind(
        session,
        run=run,
        kind=ProviderKind.MENTOR,
        reason=DismissReason.TOO_GENERAL,
        actor=actor,
        at=AT,
    )
    assert list_waiting(session, actor, AT) == []


TEXT = "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line."


def test_a_bare_text_is_matched_to_all_that_are_published(
    session: Session, matching: Engine
) -> None:
    closed = make_mentor(session, open_to_all=False)
    fund, centre = make_investor(session), make_centre(session)
    make_mentor(session, state="paused")
    make_mentor(session, state="draft")
    session.commit()
    found = match_text(session, matching, text=TEXT, kind=None, limit=10)
    assert {row["id"] for row in found} == {closed.public_id, fund.public_id, centre.public_id}
    assert [row["score"] for row in found] == sorted((r["score"] for r in found), reverse=True)
    by_id = {p.public_id: p for p in (closed, fund, centre)}
    for row in found:
        provider = by_id[row["id"]]
        assert (row["kind"], row["name"]) == (provider.kind.value, provider.name)
        assert row["evidence"]
        for pair in row["evidence"]:
            assert pair["need"] in TEXT
            assert pair["provider"] in provider.published_text


def test_a_bare_text_can_ask_for_one_kind_and_a_few(session: Session, matching: Engine) -> None:
    for _ in range(3):
        make_mentor(session)
    make_investor(session)
    session.commit()
    found = match_text(session, matching, text=TEXT, kind="mentor", limit=2)
    assert [row["kind"] for row in found] == ["mentor", "mentor"]


@pytest.mark.fuzz
@pytest.mark.parametrize("text", ["?", "…", "\u202e\u200b", "碳" * 50_000, "👩‍🔬" * 300])
def test_no_text_breaks_the_command_line(session: Session, matching: Engine, text: str) -> None:
    make_mentor(session)
    session.commit()
    found = match_text(session, matching, text=text, kind=None, limit=3)
    assert len(found) <= 1
    for row in found:
        assert all(pair["need"] in text for pair in row["evidence"])
