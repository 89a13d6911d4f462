"""What was known when, of one and of many; and how rules read it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.clauses import Stated, Verdict, evaluate, parse
from app.facts.actions import withdraw_fact
from app.facts.clause_facts import VOCABULARY, list_clause_facts, make_clause_facts
from app.facts.queries import count_current, list_facts, list_known, list_known_of_many
from models.fact_types import FactType
from models.organisations import Startup
from models.providers import Provider
from tests.app.facts.scenes import Scene, confirm, make_scene, of_day, of_year, state
from tests.factories import AT, make_startup

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def test_as_known_on_a_day(session: Session, scene: Scene) -> None:
    first = state(session, scene, of_year(2025, 100), AT)
    confirm(session, scene, first, AT + DAY)
    second = state(session, scene, of_year(2025, 110), AT + 2 * DAY)
    confirm(session, scene, second, AT + 3 * DAY)
    withdraw_fact(session, fact=second, reason="Wrong", actor=scene.by_operator, at=AT + 4 * DAY)
    half = DAY / 2

    def know(days: int, confirmed: bool) -> list[object]:
        at = AT + days * DAY + half
        known = list_known(session, scene.startup, at=at, confirmed=confirmed)
        return [fact.value for fact in known]

    assert [know(days, False) for days in range(-1, 5)] == [
        [],
        [Decimal(100)],
        [Decimal(100)],
        [Decimal(110)],
        [Decimal(110)],
        [],
    ]
    assert [know(days, True) for days in range(-1, 5)] == [
        [],
        [],
        [Decimal(100)],
        [Decimal(100)],
        [Decimal(110)],
        [],
    ]
    assert list_known(session, scene.startup, confirmed=False) == []


def test_one_for_each_type_and_time_the_newest_or_the_confirmed(
    session: Session, scene: Scene
) -> None:
    old = state(session, scene, of_year(2025, 100))
    confirm(session, scene, old)
    new = state(session, scene, of_year(2025, 110), AT + DAY)
    year_before = state(session, scene, of_year(2024, 90))
    staff = state(session, scene, of_day(date(2026, 1, 31), FactType.STAFF, Decimal(9)))
    assert list_known(session, scene.startup, confirmed=False) == [year_before, new, staff]
    assert list_known(session, scene.startup, confirmed=True) == [old]
    assert count_current(session, scene.startup) == (4, 1)
    assert {fact.id for fact in list_facts(session, scene.startup)} == {
        each.id for each in (old, new, year_before, staff)
    }


def test_many_are_read_in_one_query_and_apart(session: Session, scene: Scene) -> None:
    state(session, scene, of_year(2025, 100))
    others = [make_startup(session) for _number in range(5)]
    ids = [scene.startup.id, *(each.id for each in others)]
    session.flush()
    asked: list[str] = []
    bind = session.connection()
    listen = lambda connection, cursor, statement, *rest: asked.append(statement)  # noqa: E731
    event.listen(bind, "before_cursor_execute", listen)
    try:
        known = list_known_of_many(session, Startup, ids, confirmed=False)
    finally:
        event.remove(bind, "before_cursor_execute", listen)
    assert len(asked) == 1
    assert list(known) == [scene.startup.id]
    assert list_known_of_many(session, Provider, ids, confirmed=False) == {}


RULE = parse(
    {
        "format": 1,
        "code": "sample",
        "version": 1,
        "clause": {
            "kind": "all",
            "of": [
                {
                    "kind": "check",
                    "fact": "research_by_accounts",
                    "over": "revenue",
                    "comparator": "at_least",
                    "bound": 5,
                    "unit": "percent",
                    "window": {"years": 2, "aggregate": "sum"},
                },
                {
                    "kind": "check",
                    "fact": "titles_held",
                    "comparator": "overlaps",
                    "codes": ["high_tech_enterprise", "gazelle"],
                },
            ],
        },
    },
    vocabulary=VOCABULARY,
)


def test_rules_are_judged_by_what_is_known(session: Session, scene: Scene) -> None:
    research = FactType.RESEARCH_BY_ACCOUNTS
    for year, revenue, spent in ((2024, 1000, 40), (2025, 2000, 110)):
        state(session, scene, of_year(year, revenue))
        state(session, scene, of_year(year, spent, fact_type=research))
    titles = state(session, scene, of_day(date(2026, 1, 31), FactType.TITLES_HELD, ("gazelle",)))
    on = AT.date()

    def judge(confirmed: bool = False) -> Verdict:
        known = list_known(session, scene.startup, confirmed=confirmed)
        return evaluate(RULE, make_clause_facts(known), on).verdict

    assert judge() is Verdict.PASS
    # Confirmed is none of it yet, and what is not confirmed is not failed.
    assert judge(confirmed=True) is Verdict.UNKNOWN
    withdraw_fact(session, fact=titles, reason="Lapsed", actor=scene.by_founder, at=AT)
    assert judge() is Verdict.UNKNOWN


def test_facts_keep_their_times_for_clauses(session: Session, scene: Scene) -> None:
    state(session, scene, of_year(2025, 100))
    found = list_clause_facts(session, Startup, [scene.startup.id, 0], confirmed=False)
    assert found == {
        scene.startup.id: {"revenue": [Stated(Decimal(100), date(2025, 1, 1), date(2025, 12, 31))]},
        0: {},
    }
