"""What nobody answers about commissioners ends by the clock; all who know of it are told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.commissioners.actions import appointing, caring, cases, minding
from app.commissioners.errors import AnswerTooLate
from app.commissioners.values import CaseValues, find_answer_day
from app.errors import NotPermitted, TooOften
from app.words.answer_times import ANSWER_DAYS, end_of
from models.commissioner_codes import CaseClosure
from models.commissioners import Commissioner
from models.notices import Notice
from models.people import Person
from models.product_codes import ProductKind
from tests.app.commissioners.scenes import VALUES, make_care, make_case, make_commissioner
from tests.app.funds.scenes import Scene, make_scene
from tests.factories import AT, act_as, make_person
from tests.waiting import make_lister

list_waiting = make_lister("commissioners")

pytestmark = pytest.mark.funds

CLOCK: dict[str, Any] = {"actor": Installation.CLOCK, "limit": 9}
LAST = AT + timedelta(days=ANSWER_DAYS)
AFTER = LAST + timedelta(days=1)


def count_told(session: Session, person: Person, kind: str) -> int:
    session.flush()
    told = session.scalars(select(Notice.kind).where(Notice.person_id == person.id)).all()
    return told.count(kind)


def offer(session: Session, scene: Scene, email: str) -> Commissioner:
    return appointing.offer_commissioner(
        session,
        incubator=scene.incubator,
        name="Lu",
        email=email,
        values=VALUES,
        actor=scene.by_operator,
        at=AT,
    )


def test_what_is_taken_back_is_not_begun_again_all_day_long(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointing, "APPOINTMENTS_A_DAY", 2)
    monkeypatch.setattr(caring, "CARES_A_DAY", 2)
    monkeypatch.setattr(cases, "CASES_A_DAY", 2)
    monkeypatch.setattr(cases, "NOTES_A_DAY", 2)
    scene, applicant, day = make_scene(session), make_person(session), timedelta(days=1)

    def apply(at: datetime) -> None:
        row = appointing.apply_as_commissioner(
            session, incubator=scene.incubator, values=VALUES, actor=act_as(applicant), at=at
        )
        appointing.withdraw_commissioner(session, commissioner=row, actor=act_as(applicant), at=at)

    commissioner = make_commissioner(session, scene.incubator, make_person(session))
    by_founder = scene.by_founder

    def ask(at: datetime) -> None:
        care = caring.ask_commissioner(
            session,
            commissioner=commissioner,
            startup=scene.startup,
            words="",
            actor=by_founder,
            at=at,
        )
        caring.withdraw_company(session, care=care, actor=by_founder, at=at)

    held = make_care(
        session, make_commissioner(session, scene.incubator, make_person(session)), scene.startup
    )
    case = make_case(session, held)

    def begin(at: datetime) -> None:
        values = CaseValues(kind=ProductKind.BANK_LOAN)
        begun = cases.open_case(session, care=held, values=values, actor=by_founder, at=at)
        cases.close_case(
            session, case=begun, closure=CaseClosure.OTHER, words="", actor=by_founder, at=at
        )

    def note(at: datetime) -> None:
        cases.note_case(session, case=case, words="Once more", actor=by_founder, at=at)

    for again in (apply, ask, begin, note):
        begun_at = AT + 3 * day
        for _ in range(2):
            again(begun_at)
        with pytest.raises(TooOften):
            again(begun_at + day / 2)
        again(begun_at + day)


def test_offers_and_applications_wait_thirty_days(session: Session) -> None:
    scene = make_scene(session)
    banker, applicant = make_person(session), make_person(session)
    offered = offer(session, scene, banker.email)
    applied = appointing.apply_as_commissioner(
        session, incubator=scene.incubator, values=VALUES, actor=act_as(applicant), at=AT
    )
    # Whoever gets an account later has the whole time from then on.
    late = offer(session, scene, "late@example.org")
    make_person(session, email="late@example.org")
    assert minding.link_commissioners(session, at=LAST, **CLOCK) == 1
    for person, row in ((banker, offered), (scene.operator, applied)):
        assert find_answer_day(row) == LAST.date()
        (item,) = list_waiting(session, act_as(person), LAST)
        assert item.due_at == end_of(LAST.date())
        assert list_waiting(session, act_as(person), AFTER) == []
        with pytest.raises(AnswerTooLate):
            appointing.accept_commissioner(
                session, commissioner=row, actor=act_as(person), at=AFTER
            )
    assert minding.lapse_commissioners(session, at=LAST, **CLOCK) == 0
    assert [minding.lapse_commissioners(session, at=AFTER, **CLOCK) for _ in range(2)] == [2, 0]
    assert [row.state for row in (offered, applied, late)] == ["over", "over", "offered"]
    for person, times in ((banker, 1), (applicant, 1), (scene.operator, 2)):
        assert count_told(session, person, "commissioner_unanswered") == times
    # It can be asked again.
    assert offer(session, scene, banker.email).state == "offered"


def test_companies_wait_thirty_days_and_nobody_hears_of_them_unasked(session: Session) -> None:
    scene = make_scene(session)
    banker = make_person(session)
    by_banker = act_as(banker)
    commissioner = make_commissioner(session, scene.incubator, banker)
    concerned = (scene.founder, scene.operator, banker)
    suggested = make_care(session, commissioner, scene.startup, "assigned")
    with pytest.raises(NotPermitted):
        minding.lapse_cares(session, actor=scene.by_operator, at=AFTER, limit=9)
    (item,) = list_waiting(session, scene.by_founder, LAST)
    assert item.due_at == end_of(LAST.date())
    assert list_waiting(session, scene.by_founder, AFTER) == []
    with pytest.raises(AnswerTooLate):
        caring.consent_to_care(session, care=suggested, actor=scene.by_founder, at=AFTER)
    ended = [minding.lapse_cares(session, at=at, **CLOCK) for at in (LAST, AFTER, AFTER)]
    assert ended == [0, 1, 0]
    assert suggested.state == "over"
    told = [count_told(session, person, "care_unanswered") for person in concerned]
    assert told == [1, 1, 0]
    again = caring.ask_commissioner(
        session,
        commissioner=commissioner,
        startup=scene.startup,
        words="",
        actor=scene.by_founder,
        at=AFTER,
    )
    too_late = AFTER + timedelta(days=ANSWER_DAYS + 1)
    with pytest.raises(AnswerTooLate):
        caring.accept_company(session, care=again, actor=by_banker, at=too_late)
    assert list_waiting(session, by_banker, too_late) == []
    assert minding.lapse_cares(session, at=too_late, **CLOCK) == 1
    told = [count_told(session, person, "care_unanswered") for person in concerned]
    assert (again.state, told) == ("over", [2, 1, 1])
    # What was accepted has no such day.
    make_care(session, commissioner, scene.startup)
    assert minding.lapse_cares(session, at=too_late, **CLOCK) == 0
