"""Which needs who sees, and that a list costs the same however long it is."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.access import Actor
from app.needs.queries import (
    NeedFilter,
    count_needs_by_state,
    list_needs,
    list_own_startups,
)
from models.vocabulary import NeedKind
from tests.factories import (
    AT,
    act_as,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.waiting import make_lister

list_waiting = make_lister("needs")

EVERYTHING = NeedFilter()


def test_founders_see_their_own_and_operators_those_they_host(session: Session) -> None:
    founder, operator = make_person(session), make_person(session)
    host = make_incubator(session, operator=operator)
    hosted = make_startup(session, founder=founder, incubator=host, name="Hosted")
    alone = make_startup(session, founder=founder, name="Alone")
    elsewhere = make_startup(session, incubator=make_incubator(session), name="Elsewhere")
    for startup in (hosted, alone, elsewhere):
        make_need(session, startup, title=f"Need of {startup.name}")

    def titles(actor: Actor) -> set[str]:
        return {row.title for row in list_needs(session, actor, EVERYTHING)}

    assert titles(act_as(founder)) == {"Need of Hosted", "Need of Alone"}
    assert titles(act_as(operator)) == {"Need of Hosted"}
    assert titles(act_as(make_person(session))) == set()
    # Whoever stands in for the founder does so within one incubator.
    stand_in = Actor(
        person_id=operator.id,
        founds=frozenset({hosted.id, alone.id}),
        on_behalf_of_id=founder.id,
        within_incubator_id=host.id,
    )
    assert titles(stand_in) == {"Need of Hosted"}
    assert [s.name for s in list_own_startups(session, stand_in)] == ["Hosted"]
    assert [s.name for s in list_own_startups(session, act_as(founder))] == ["Alone", "Hosted"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (EVERYTHING, ["late", "closed", "funding", "early"]),
        (NeedFilter(state="open"), ["late", "funding", "early"]),
        (NeedFilter(kind=NeedKind.FUNDING), ["funding"]),
        (NeedFilter(state="closed", kind=NeedKind.FUNDING), []),
    ],
)
def test_filters_and_order(session: Session, chosen: NeedFilter, expected: list[str]) -> None:
    founder = make_person(session)
    startup = make_startup(session, founder=founder)
    make_need(session, startup, title="early", updated_at=AT)
    make_need(session, startup, title="funding", kind=NeedKind.FUNDING, updated_at=AT)
    make_need(session, startup, title="closed", state="closed", updated_at=AT + timedelta(days=1))
    make_need(session, startup, title="late", updated_at=AT + timedelta(days=2))
    actor = act_as(founder)
    assert [row.title for row in list_needs(session, actor, chosen)] == expected
    assert count_needs_by_state(session, actor) == {"open": 3, "closed": 1}


def test_a_row_counts_only_open_engagements(session: Session) -> None:
    founder = make_person(session)
    startup = make_startup(session, founder=founder)
    need = make_need(session, startup)
    make_engagement(session, need, make_mentor(session))
    make_engagement(session, need, make_mentor(session), state="declined")
    [row] = list_needs(session, act_as(founder), EVERYTHING)
    assert (row.open_engagements, row.matched_at, row.startup_name) == (1, None, startup.name)


def test_drafts_wait_for_their_founder(session: Session) -> None:
    founder = make_person(session)
    startup = make_startup(session, founder=founder)
    draft = make_need(session, startup, state="draft", title="Draft")
    make_need(session, startup)
    [item] = list_waiting(session, act_as(founder), AT)
    assert (item.title, item.path_endpoint, item.path_values) == (
        "Draft",
        "needs.edit_need",
        {"public_id": draft.public_id},
    )
    assert list_waiting(session, act_as(make_person(session)), AT) == []


def test_three_rows_cost_as_many_queries_as_one(session: Session, engine: Engine) -> None:
    founder = make_person(session)
    startup = make_startup(session, founder=founder)
    actor = act_as(founder)

    def count_queries() -> tuple[int, int]:
        session.flush()
        session.expire_all()
        statements: list[str] = []

        def listen(*arguments: object) -> None:
            statements.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", listen)
        try:
            rows = list_needs(session, actor, EVERYTHING)
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return len(rows), len(statements)

    make_need(session, startup)
    assert count_queries() == (1, 1)
    make_need(session, startup)
    make_need(session, startup)
    assert count_queries() == (3, 1)
