"""Conflicts of interest are found from names, topics and memberships, by indexes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.matches.queries.conflicts import (
    Conflict,
    ConflictReason,
    Connection,
    find_conflict,
    list_conflicts,
)
from models.credit_code import complete_credit_code
from models.organisations import Startup
from models.vocabulary import Field, Role
from tests.factories import (
    join,
    make_centre,
    make_investor,
    make_mentor,
    make_person,
    make_startup,
)


def found(reason: ConflictReason, *names: str) -> Conflict:
    return Conflict((Connection(reason, names),))


def test_every_way_of_being_connected_is_found(session: Session) -> None:
    founder = make_person(session, name="Founder")
    startup = make_startup(
        session,
        founder=founder,
        name="Bridge Devices",
        employers=["示例 大学"],
        shareholders=["River Fund"],
        competitors=["Rival Devices Inc."],
        affiliations=["Old lab (example)"],
    )
    same_person = make_centre(session)
    join(session, founder, Role.CENTRE, provider=same_person)
    cases = {
        make_mentor(session, mentor={"employer": "示例大学"}): found(
            ConflictReason.SAME_EMPLOYER, "示例大学"
        ),
        make_investor(session, name="RIVER  FUND"): found(
            ConflictReason.SHAREHOLDER, "RIVER  FUND"
        ),
        make_mentor(session, mentor={"employer": "River Fund Ltd"}): found(
            ConflictReason.SHAREHOLDER, "River Fund Ltd"
        ),
        make_investor(session, portfolio=["Other Co", "bridge devices"]): found(
            ConflictReason.SHAREHOLDER, "bridge devices"
        ),
        make_investor(session, shareholders=["River Fund"]): found(
            ConflictReason.SHAREHOLDER, "River Fund"
        ),
        make_centre(session, affiliations=["Old Lab (Example)"]): found(
            ConflictReason.SAME_ORGANISATION, "Old Lab (Example)"
        ),
        make_mentor(session, mentor={"employer": "Rival Devices"}): found(
            ConflictReason.COMPETITOR, "Rival Devices"
        ),
        make_investor(session, shareholders=["Rival Devices"]): found(
            ConflictReason.COMPETITOR, "Rival Devices"
        ),
        make_investor(session, portfolio=["Rival Devices GmbH"]): found(
            ConflictReason.PORTFOLIO_COMPETITOR, "Rival Devices GmbH"
        ),
        make_mentor(session, advised=["Rival Devices"]): found(
            ConflictReason.ADVISES_COMPETITOR, "Rival Devices"
        ),
        same_person: found(ConflictReason.SAME_PERSON, "Founder"),
    }
    unrelated = [
        make_mentor(session, mentor={"employer": "Another university"}),
        make_mentor(session, advised=["Bridge Devices", "River Fund"]),
        make_mentor(session, mentor={"employer": "无"}),
    ]
    draft = make_mentor(session, state="draft", mentor={"employer": "示例大学"})
    assert list_conflicts(session, startup) == {p.id: conflict for p, conflict in cases.items()}
    for provider, conflict in cases.items():
        assert find_conflict(session, startup, provider) == conflict
    for provider in unrelated:
        assert find_conflict(session, startup, provider) is None
    # Whoever is asked directly is checked whatever the state of the profile.
    assert find_conflict(session, startup, draft) == found(ConflictReason.SAME_EMPLOYER, "示例大学")


def test_all_that_connects_is_said_the_nearest_first(session: Session) -> None:
    founder = make_person(session, name="Founder")
    startup = make_startup(
        session, founder=founder, shareholders=["River Fund"], competitors=["Rival", "Other rival"]
    )
    fund = make_investor(
        session, name="River Fund", person=founder, portfolio=["Other rival", "Rival"]
    )
    conflict = find_conflict(session, startup, fund)
    assert conflict is not None
    assert [each.reason for each in conflict.connections] == [
        ConflictReason.SAME_PERSON,
        ConflictReason.SHAREHOLDER,
        ConflictReason.PORTFOLIO_COMPETITOR,
    ]
    assert conflict.because == ("Founder", "River Fund", "Other rival", "Rival")


FIELDS = [Field.INTEGRATED_CIRCUITS, Field.ADVANCED_MATERIALS]
TOPICS = ["SiC epitaxy", "ALD", "yield"]


def make_rival(session: Session, **values: Any) -> Startup:
    values = {
        "name": "上海对手器件有限公司",
        "fields": [Field.ADVANCED_MATERIALS],
        "topics": ["ＳＩＣ epitaxy", "yield", "packaging"],
    } | values
    return make_startup(session, **values)


@pytest.mark.privacy
def test_a_rival_is_told_by_topics_and_not_by_name(session: Session) -> None:
    startup = make_startup(session, fields=FIELDS, topics=TOPICS)
    make_rival(session)
    holder = make_investor(session, portfolio=["对手器件"])
    adviser = make_mentor(session, advised=["上海对手器件有限公司"])
    elsewhere = make_investor(session, portfolio=["北京对手器件有限公司"])
    assert list_conflicts(session, startup) == {
        holder.id: found(ConflictReason.PORTFOLIO_RIVAL, "SiC epitaxy", "yield"),
        adviser.id: found(ConflictReason.ADVISES_RIVAL, "SiC epitaxy", "yield"),
    }
    assert find_conflict(session, startup, elsewhere) is None


@pytest.mark.parametrize(
    "values",
    [
        {"topics": ["SiC epitaxy", "packaging"]},
        {"topics": []},
        {"fields": [Field.BIOMEDICINE]},
        {"state": "draft"},
    ],
)
def test_who_only_works_nearby_is_no_rival(session: Session, values: dict[str, Any]) -> None:
    startup = make_startup(session, fields=FIELDS, topics=TOPICS)
    make_rival(session, **values)
    holder = make_investor(session, portfolio=["对手器件"])
    assert find_conflict(session, startup, holder) is None


@pytest.mark.privacy
def test_what_others_name_as_competitors_is_no_reason(session: Session) -> None:
    startup = make_startup(session, name="Bridge Devices")
    make_startup(session, name="Rival", competitors=["Bridge Devices"])
    holder = make_investor(session, portfolio=["Rival"])
    assert find_conflict(session, startup, holder) is None


def test_changed_names_and_topics_are_compared_at_once(session: Session) -> None:
    startup = make_startup(session, fields=FIELDS, topics=TOPICS, shareholders=["River Fund"])
    rival = make_rival(session, topics=["other"])
    fund = make_investor(session, name="Hill Fund", portfolio=["对手器件", "Third"])
    assert list_conflicts(session, startup) == {}
    startup.shareholders = ["Hill Fund", " ", "Hill Fund"]
    rival.topics = [*TOPICS, "other"]
    session.flush()
    assert startup.shareholders == ("Hill Fund",)
    session.expire_all()
    conflict = find_conflict(session, startup, fund)
    assert conflict is not None
    assert conflict.because == ("Hill Fund", *TOPICS)
    fund.name, fund.portfolio = "Valley Fund", ["Third", "Fourth"]
    session.flush()
    session.expire_all()
    assert fund.portfolio == ("Third", "Fourth")
    assert list_conflicts(session, startup) == {}


_MANY = 3000


@pytest.fixture
def crowded(session: Session) -> Iterator[Session]:
    """So many providers and startups that a planner would rather use an index than read all."""
    values = "id, public_id, kind, state, name, name_key, headline, summary, can_help_with, "
    values += "fields, topics, remote, languages, capacity, open_to_all, published_text, "
    values += "published_at, revision, created_at, updated_at, version"
    session.execute(
        text(
            f"INSERT INTO provider ({values}) VALUES (:id, :p, 'mentor', 'published', :n, :n, '', "
            "'', '', '[]', '[]', true, '[]', 3, true, 'text', :at, 0, :at, :at, 1)"
        ),
        [
            {"id": 100_000 + i, "p": f"{i:016x}", "n": f"provider{i}", "at": "2026-03-03 02:00:00"}
            for i in range(_MANY)
        ],
    )
    session.execute(
        text(
            "INSERT INTO mentor (provider_id, experience, routes, help_modes, hours_per_month, "
            "employer, employer_key) VALUES (:id, '[]', '[]', '[]', 4, :n, :n)"
        ),
        [{"id": 100_000 + i, "n": f"employer{i}"} for i in range(_MANY)],
    )
    session.execute(
        text(
            "INSERT INTO affiliation (provider_id, kind, ordinal, name, name_key) "
            "VALUES (:id, 'portfolio', 0, :n, :n)"
        ),
        [{"id": 100_000 + i % _MANY, "n": f"company{i}"} for i in range(3 * _MANY)],
    )
    yield session


@pytest.mark.parametrize("is_analysed", [True, False])
def test_nobody_reads_through_all_providers(
    crowded: Session, dialect: str, is_analysed: bool
) -> None:
    if is_analysed:
        crowded.execute(text("ANALYZE"))
    startup = make_startup(
        crowded,
        fields=FIELDS,
        topics=TOPICS,
        employers=["employer7"],
        shareholders=["provider8"],
        competitors=["company9"],
    )
    asked: list[tuple[str, Any]] = []

    def listen(
        connection: DatabaseConnection, cursor: object, statement: str, values: Any, *_: object
    ) -> None:
        asked.append((statement, values))

    bind = crowded.connection()
    event.listen(bind, "before_cursor_execute", listen)
    try:
        conflicts = list_conflicts(crowded, startup)
    finally:
        event.remove(bind, "before_cursor_execute", listen)
    assert {each.because for each in conflicts.values()} == {
        ("employer7",),
        ("provider8",),
        ("company9",),
    }
    explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
    plan = "\n".join(
        str(tuple(row))
        for statement, values in asked
        if statement.startswith("SELECT")
        for row in bind.exec_driver_sql(explain + statement, values)
    )
    assert re.findall(r"(?:SCAN|Seq Scan on) (?:provider|mentor|affiliation)\b", plan) == []
    # All that are published would be nearly all.
    assert "ix_provider_state" not in plan
    for index in ("provider_name_key", "mentor_employer_key", "affiliation_name_key"):
        assert f"ix_{index}" in plan


OUR_CODE = complete_credit_code("91310115MA7A0001")
FUND_CODE = complete_credit_code("91310115MA7A0002")
OTHER_CODE = complete_credit_code("91310115MA7A0003")


def test_one_organisation_under_two_names_is_found_by_its_code(session: Session) -> None:
    startup = make_startup(
        session,
        name="Bridge Devices",
        credit_code=OUR_CODE,
        shareholders=[f"River Fund {FUND_CODE}"],
    )
    cases = {
        make_investor(session, name="Flood Capital", credit_code=FUND_CODE): found(
            ConflictReason.SHAREHOLDER, "Flood Capital"
        ),
        make_mentor(session, mentor={"employer": f"Flood Capital（{FUND_CODE.lower()}）"}): found(
            ConflictReason.SHAREHOLDER, f"Flood Capital（{FUND_CODE.lower()}）"
        ),
        make_centre(session, name="The same house", credit_code=OUR_CODE): found(
            ConflictReason.SAME_ORGANISATION, "The same house"
        ),
        make_investor(session, portfolio=[f"Their name for us {OUR_CODE}"]): found(
            ConflictReason.SHAREHOLDER, f"Their name for us {OUR_CODE}"
        ),
        # One side without a code: the names are compared.
        make_investor(session, name="River Fund Ltd"): found(
            ConflictReason.SHAREHOLDER, "River Fund Ltd"
        ),
    }
    assert list_conflicts(session, startup) == {p.id: conflict for p, conflict in cases.items()}


def test_one_name_of_two_organisations_connects_nobody(session: Session) -> None:
    startup = make_startup(
        session,
        name="Bridge Devices",
        credit_code=OUR_CODE,
        shareholders=[f"River Fund {FUND_CODE}"],
    )
    make_investor(session, name="River Fund", credit_code=OTHER_CODE)
    make_centre(session, name="Bridge Devices", credit_code=OTHER_CODE)
    make_investor(session, portfolio=[f"Bridge Devices {OTHER_CODE}"])
    assert list_conflicts(session, startup) == {}


def test_a_rival_is_found_by_its_code(session: Session) -> None:
    startup = make_startup(session, fields=FIELDS, topics=TOPICS)
    make_rival(session, credit_code=OTHER_CODE)
    renamed = make_investor(session, portfolio=[f"It was called this before {OTHER_CODE}"])
    make_investor(session, portfolio=[f"上海对手器件有限公司 {FUND_CODE}"])
    assert list(list_conflicts(session, startup)) == [renamed.id]
