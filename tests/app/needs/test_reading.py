"""What a founder corrects of how a need is read, and conditions that stand in its words."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import ChangedMeanwhile, NotPermitted
from app.needs.actions import (
    StatedNeed,
    answer_proposal,
    correct_reading,
    edit_need,
)
from app.needs.errors import ConditionUnreadable, SentenceGone
from app.needs.recognising import recognise_conditions
from models.audit import AuditEntry
from models.needs import Need, ReadingCorrection
from models.vocabulary import ConditionAttribute, NeedKind, NeedRole, ProposalAnswer
from tests.factories import AT, act_as, make_incubator, make_need, make_person, make_startup

FIRST = "We build pumps for cleanrooms."
SECOND = "Our seals crack in the cold."
LATER = AT + timedelta(hours=1)


@pytest.fixture
def need(session: Session) -> Need:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, founder=make_person(session), incubator=incubator)
    return make_need(session, startup, text=f"{FIRST} {SECOND}")


@pytest.fixture
def founder(need: Need) -> Actor:
    return act_as(need.startup.memberships[0].person)


def correct(
    session: Session,
    need: Need,
    actor: Actor,
    role: NeedRole | None,
    *,
    sentence: str = FIRST,
    ago: int = 0,
) -> None:
    correct_reading(
        session,
        need=need,
        sentence=sentence,
        role=role,
        version=need.version - ago,
        actor=actor,
        at=LATER,
    )


def edit(session: Session, need: Need, actor: Actor, text: str) -> int:
    return edit_need(
        session,
        need=need,
        stated=StatedNeed(need.kind, need.title, text),
        version=need.version,
        opens=False,
        actor=actor,
        at=LATER,
    )


def test_a_correction_lasts_as_long_as_its_sentence(
    session: Session, need: Need, founder: Actor
) -> None:
    version = need.version
    correct(session, need, founder, NeedRole.WISH)
    correct(session, need, founder, NeedRole.PRODUCT)
    assert [(each.sentence, each.role) for each in need.corrections] == [(FIRST, NeedRole.PRODUCT)]
    assert need.version > version
    # What else is said does not matter.
    assert edit(session, need, founder, f"It is winter now. {FIRST}") == 0
    assert len(need.corrections) == 1
    assert edit(session, need, founder, FIRST.replace("pumps", "valves")) == 1
    assert session.scalar(select(func.count()).select_from(ReadingCorrection)) == 0
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(each.kind, each.detail) for each in entries] == [
        ("need_reading_corrected", {"role": "wish"}),
        ("need_reading_corrected", {"role": "product"}),
        ("need_edited", {}),
        ("need_edited", {"corrections_ended": "1"}),
    ]


def test_a_correction_is_taken_back(session: Session, need: Need, founder: Actor) -> None:
    correct(session, need, founder, NeedRole.WISH)
    correct(session, need, founder, None)
    assert need.corrections == []


def test_only_the_founder_corrects_and_only_what_is_said(
    session: Session, need: Need, founder: Actor
) -> None:
    with pytest.raises(SentenceGone):
        correct(session, need, founder, NeedRole.WISH, sentence="Nobody says this.")
    with pytest.raises(ChangedMeanwhile):
        correct(session, need, founder, NeedRole.WISH, ago=1)
    assert need.startup.incubator is not None
    operator = act_as(need.startup.incubator.memberships[0].person)
    with pytest.raises(NotPermitted):
        correct(session, need, operator, NeedRole.WISH)
    assert need.corrections == []


@pytest.mark.parametrize("answer", list(ProposalAnswer))
def test_a_condition_that_was_read_counts_only_when_it_is_taken_over(
    session: Session, need: Need, founder: Actor, answer: ProposalAnswer
) -> None:
    def say(*values: str) -> None:
        answer_proposal(
            session,
            need=need,
            attribute=ConditionAttribute.HOURS,
            values=values,
            answer=answer,
            version=need.version,
            actor=founder,
            at=LATER,
        )

    say("4")
    say("6")
    found = [(c.attribute, c.values, c.is_hard) for c in need.conditions]
    if answer is ProposalAnswer.DISMISS:
        assert found == []
        assert [each.values for each in need.dismissed_proposals] == [["6"]]
    else:
        is_hard = answer is ProposalAnswer.REQUIRE
        assert found == [(ConditionAttribute.HOURS, ["6"], is_hard)]
    for unreadable in ((), ("0",), ("4", "5"), ("1e9",), ("９",)):
        with pytest.raises(ConditionUnreadable):
            say(*unreadable)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (
            "本轮想融资500万元到800万元，找种子基金。",
            "funding",
            "funding_stage=seed amount=5000000",
        ),
        ("预算不超过 5 万元，两周内要拿到报告。", "verification", "lead_time=14 price=50000"),
        ("希望导师人在苏州，远程也可以，每月 4 小时。", "mentoring", "place=320500+remote hours=4"),
        (
            "We need a report by 15 March, for at most 30,000 yuan, from a lab in Shanghai.",
            "verification",
            "place=310000 lead_time=108 price=30000",
        ),
        (
            "请在12月底前做完中試，可以用創新券。",
            "verification",
            "gate=pilot lead_time=34 voucher=true",
        ),
        ("Somebody who speaks English, two of us would come.", "mentoring", "languages=en"),
        # Nothing that nobody could mean, and nothing of what is only told.
        ("within 9999999999999999999 weeks, by May 40, 每月0小时", "funding", ""),
        (f"融资{'9' * 400}万元", "funding", ""),
        ("两瓶样品在上一个月送到了2月30日前的客户。", "verification", ""),
    ],
)
def test_conditions_are_read_as_the_form_would_have_them(
    text: str, kind: str, expected: str
) -> None:
    today = date(2026, 11, 27)
    found = recognise_conditions([(text, NeedRole.WISH)], NeedKind(kind), on=today)
    shown = " ".join(f"{each.attribute.value}={'+'.join(each.values)}" for each in found)
    assert shown == expected
    for role in (NeedRole.BACKGROUND, NeedRole.REFUSAL, NeedRole.PRODUCT):
        assert recognise_conditions([(text, role)], NeedKind(kind), on=today) == ()
