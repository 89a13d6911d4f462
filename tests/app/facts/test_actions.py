"""Stating, confirming and withdrawing facts: what stands afterwards, and who may."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import make_actor
from app.errors import NotFound, NotPermitted, ReasonMissing
from app.facts.actions import confirm_fact, state_fact, withdraw_fact
from app.facts.errors import FactDocumentUnfit, FactTimeUnfit, FactUnfit, OwnFact
from app.facts.values import StatedFact
from models.audit import AuditEntry
from models.documents import Document, DocumentVersion
from models.fact_types import FACT_SPECS, FactSource, FactType
from models.facts import Fact
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.vocabulary import DocumentKind, FileType
from tests.app.facts.scenes import Scene, confirm, make_scene, of_day, of_year, state
from tests.factories import AT, act_as, make_investor, make_person
from tests.waiting import make_lister

list_waiting = make_lister("facts")

DAY = timedelta(days=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


VALUES: dict[FactType, Any] = {
    FactType.FOUNDED_ON: date(2021, 5, 1),
    FactType.RESIDENT: True,
    FactType.MAIN_PRODUCT: "1200 V silicon-carbide MOSFETs",
    FactType.REGISTERED_CAPITAL: Decimal(5_000_000),
    FactType.AREA_USED: Decimal("312.55"),
    FactType.READINESS_VERIFIED: Decimal(6),
    FactType.GATE_VERIFIED: "prototype",
    FactType.TITLES_HELD: ("technology_sme", "gazelle"),
    FactType.NET_PROFIT: Decimal(-1_250_000),
    FactType.SERIOUS_ACCIDENT: False,
}


@pytest.mark.parametrize("fact_type", VALUES)
def test_every_kind_of_value_comes_back_as_it_was_stated(
    session: Session, scene: Scene, fact_type: FactType
) -> None:
    times: dict[str, Any] = {
        "always": {},
        "day": {"begins_on": date(2026, 1, 31), "ends_on": date(2026, 1, 31)},
        "year": {"begins_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)},
    }
    stated = StatedFact(
        fact_type=fact_type, value=VALUES[fact_type], **times[FACT_SPECS[fact_type].time.value]
    )
    fact = state(session, scene, stated)
    session.expire_all()
    assert (fact.value, fact.fact_type, fact.state) == (VALUES[fact_type], fact_type, "stated")
    assert type(fact.value) is type(VALUES[fact_type])
    assert (fact.stated_by_id, fact.stated_at) == (scene.founder.id, AT)
    assert fact.subject is scene.startup


@pytest.mark.parametrize(
    ("fact_type", "value"),
    [
        (FactType.FOUNDED_ON, "2021-05-01"),
        (FactType.RESIDENT, Decimal(1)),
        (FactType.MAIN_PRODUCT, ""),
        (FactType.MAIN_PRODUCT, "x" * 301),
        (FactType.STAFF, Decimal("1.5")),
        (FactType.STAFF, Decimal(-1)),
        (FactType.STAFF, True),
        (FactType.AREA_USED, Decimal("1.005")),
        (FactType.READINESS_VERIFIED, Decimal(10)),
        (FactType.REGISTERED_CAPITAL, Decimal("NaN")),
        (FactType.REGISTERED_CAPITAL, Decimal(10) ** 12 + 1),
        (FactType.GATE_VERIFIED, "moon"),
        (FactType.TITLES_HELD, ("technology_sme", "champion")),
        (FactType.FUND_SIZE, Decimal(1)),
    ],
)
def test_what_does_not_fit_is_not_stated(
    session: Session, scene: Scene, fact_type: FactType, value: Any
) -> None:
    with pytest.raises(FactUnfit):
        state(session, scene, of_day(date(2026, 1, 31), fact_type, value))
    assert session.scalars(select(Fact)).all() == []


@pytest.mark.parametrize(
    "stated",
    [
        StatedFact(fact_type=FactType.STAFF, value=Decimal(9)),
        of_day(AT.date() + 2 * DAY, FactType.STAFF, Decimal(9)),
        StatedFact(
            fact_type=FactType.STAFF,
            value=Decimal(9),
            begins_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31),
        ),
        of_day(date(2025, 6, 1), FactType.REVENUE, Decimal(9)),
        of_year(2027, 9),
        of_day(date(2025, 6, 1), FactType.FOUNDED_ON, date(2021, 5, 1)),
    ],
)
def test_a_time_of_another_kind_or_to_come_is_refused(
    session: Session, scene: Scene, stated: StatedFact
) -> None:
    with pytest.raises(FactTimeUnfit):
        state(session, scene, stated)


def test_a_newer_statement_takes_the_place_of_one_that_nobody_confirmed(
    session: Session, scene: Scene
) -> None:
    first = state(session, scene, of_year(2025, 100))
    other_year = state(session, scene, of_year(2024, 90))
    second = state(session, scene, of_year(2025, 110), AT + DAY)
    assert (first.state, first.superseded_at, first.superseded_by_id) == (
        "superseded",
        AT + DAY,
        second.id,
    )
    assert other_year.state == second.state == "stated"


def test_what_was_confirmed_stands_until_the_newer_one_is_confirmed(
    session: Session, scene: Scene
) -> None:
    first = state(session, scene, of_year(2025, 100))
    confirm(session, scene, first)
    assert (first.state, first.confirmed_by_id) == ("confirmed", scene.operator.id)
    second = state(session, scene, of_year(2025, 110), AT + DAY)
    assert (first.state, second.state) == ("confirmed", "stated")
    confirm(session, scene, second, AT + 2 * DAY)
    assert (first.state, first.superseded_by_id) == ("superseded", second.id)
    assert second.state == "confirmed"
    with pytest.raises(ActionNotAllowed):
        confirm(session, scene, first)


def test_stated_word_for_word_again_it_is_one_fact(session: Session, scene: Scene) -> None:
    first = state(session, scene, of_year(2025, 100))
    assert state(session, scene, of_year(2025, 100), AT + DAY) is first
    noted = of_year(2025, 100, source=FactSource.AUDITED_ACCOUNTS, source_note="page 4")
    assert state(session, scene, noted, AT + DAY) is not first


def test_the_database_keeps_one_of_each_state(session: Session, scene: Scene) -> None:
    first = state(session, scene, of_year(2025, 100))
    twin = Fact(
        startup_id=first.startup_id,
        fact_type=first.fact_type,
        source=first.source,
        stated_at=AT,
    )
    twin.set_value(Decimal(1))
    twin.set_time(first.begins_on, first.ends_on)
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_withdrawn_fact_stands_no_more_and_nothing_comes_back(
    session: Session, scene: Scene
) -> None:
    first = state(session, scene, of_year(2025, 100))
    second = state(session, scene, of_year(2025, 110))
    withdraw_fact(session, fact=second, reason="Typed twice", actor=scene.by_founder, at=AT + DAY)
    assert (first.state, second.state) == ("superseded", "withdrawn")
    assert (second.withdrawn_by_id, second.withdrawn_at, second.withdrawal_reason) == (
        scene.founder.id,
        AT + DAY,
        "Typed twice",
    )
    with pytest.raises(ActionNotAllowed):
        withdraw_fact(session, fact=second, reason="Again", actor=scene.by_founder, at=AT)
    # The founder knows.
    assert session.scalars(select(Notice)).all() == []
    state(session, scene, of_year(2025, 120))


def test_a_withdrawal_needs_a_reason_and_is_told_to_the_other_side(
    session: Session, scene: Scene
) -> None:
    fact = state(session, scene, of_year(2025, 100))
    confirm(session, scene, fact)
    with pytest.raises(ReasonMissing):
        withdraw_fact(session, fact=fact, reason="", actor=scene.by_operator, at=AT)
    withdraw_fact(
        session, fact=fact, reason="The audit was corrected", actor=scene.by_operator, at=AT
    )
    notice = session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.kind) == (scene.founder.id, "fact_withdrawn")
    assert notice.facts == {"name": scene.startup.name, "reason": "The audit was corrected"}
    assert notice.path == f"/startups/{scene.startup.public_id}/facts"


@pytest.mark.permissions
def test_nobody_confirms_what_they_stated_themselves(session: Session, scene: Scene) -> None:
    standing_in = make_actor(
        scene.operator, on_behalf_of=scene.founder, within_incubator_id=scene.incubator.id
    )
    fact = state_fact(
        session, subject=scene.startup, stated=of_year(2025, 100), actor=standing_in, at=AT
    )
    with pytest.raises(OwnFact):
        confirm(session, scene, fact)
    assert list_waiting(session, scene.by_operator, AT) == []
    state(session, scene, of_year(2024, 90))
    (item,) = list_waiting(session, scene.by_operator, AT)
    assert (item.kind, item.title) == ("facts_to_confirm", scene.startup.name)
    assert list_waiting(session, scene.by_founder, AT) == []
    assert list_waiting(session, act_as(scene.outsider), AT) == []


@pytest.mark.permissions
def test_who_may_do_what(session: Session, scene: Scene) -> None:
    fact = state(session, scene, of_year(2025, 100))
    staff = of_day(date(2026, 1, 31), FactType.STAFF, Decimal(1))
    of_mentor = state_fact(
        session, subject=scene.mentor, stated=staff, actor=scene.by_mentor, at=AT
    )
    people = {
        "founder": scene.by_founder,
        "operator": scene.by_operator,
        "mentor": scene.by_mentor,
        "outsider": act_as(scene.outsider),
        "nobody": act_as(make_person(session)),
    }
    attempts = {
        "state": lambda actor: state_fact(
            session, subject=scene.startup, stated=of_year(2024, 1), actor=actor, at=AT
        ),
        "confirm": lambda actor: confirm_fact(session, fact=fact, actor=actor, at=AT),
        "withdraw": lambda actor: withdraw_fact(
            session, fact=fact, reason="Wrong", actor=actor, at=AT
        ),
        "confirm of the mentor": lambda actor: confirm_fact(
            session, fact=of_mentor, actor=actor, at=AT
        ),
    }
    allowed = set()
    for what, attempt in attempts.items():
        for who, actor in people.items():
            nested = session.begin_nested()
            try:
                attempt(actor)
                allowed.add((what, who))
            except (NotFound, NotPermitted):
                pass
            nested.rollback()
            session.expire_all()
    assert allowed == {
        ("state", "founder"),
        ("confirm", "operator"),
        ("withdraw", "founder"),
        ("withdraw", "operator"),
        ("confirm of the mentor", "operator"),
    }


@pytest.mark.permissions
def test_nobody_looks_after_an_investor(session: Session, scene: Scene) -> None:
    person = make_person(session)
    fund = make_investor(session, person=person)
    stated = of_day(date(2026, 1, 31), FactType.FUND_SIZE, Decimal(120_000_000))
    fact = state_fact(session, subject=fund, stated=stated, actor=act_as(person), at=AT)
    with pytest.raises(NotFound):
        confirm(session, scene, fact)


def test_what_happened_is_on_record(session: Session, scene: Scene) -> None:
    fact = state(session, scene, of_year(2025, 100))
    confirm(session, scene, fact)
    withdraw_fact(session, fact=fact, reason="Wrong", actor=scene.by_operator, at=AT)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject_table == "fact").order_by(AuditEntry.id)
    ).all()
    assert [(each.kind, each.actor_id, each.incubator_id) for each in entries] == [
        ("fact_stated", scene.founder.id, scene.incubator.id),
        ("fact_confirmed", scene.operator.id, scene.incubator.id),
        ("fact_withdrawn", scene.operator.id, scene.incubator.id),
    ]
    assert {each.detail["type"] for each in entries} == {"revenue"}


def keep_document(session: Session, scene: Scene, **values: Any) -> Document:
    document = Document(
        **{
            "startup_id": scene.startup.id,
            "title": "Audit 2025",
            "kind": DocumentKind.OTHER,
            "created_at": AT,
            "updated_at": AT,
        }
        | values
    )
    document.versions = [
        DocumentVersion(
            number=number,
            sha256="0" * 64,
            size=1,
            file_type=FileType.PDF,
            filename="audit.pdf",
            uploaded_at=AT,
            declaration="1",
            declared_at=AT,
        )
        for number in (1, 2)
    ]
    session.add(document)
    session.flush()
    return document


def test_a_document_of_the_subject_shows_it(session: Session, scene: Scene) -> None:
    document = keep_document(session, scene)
    fact = state_fact(
        session,
        subject=scene.startup,
        stated=of_year(2025, 100),
        document=document,
        actor=scene.by_founder,
        at=AT,
    )
    assert (fact.document, fact.document_number) == (document, 2)
    session.delete(document)
    session.flush()
    session.expire_all()
    assert (fact.document, fact.value) == (None, Decimal(100))


def test_a_document_of_others_or_a_stopped_one_shows_nothing(
    session: Session, scene: Scene
) -> None:
    others = keep_document(session, scene, startup_id=None, provider_id=scene.mentor.id)
    stopped = keep_document(session, scene, state="stopped", stopped_at=AT)
    for document in (others, stopped):
        with pytest.raises(FactDocumentUnfit):
            state_fact(
                session,
                subject=scene.startup,
                stated=of_year(2025, 100),
                document=document,
                actor=scene.by_founder,
                at=AT,
            )
