"""Stating, changing, opening and closing a need, on the real database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import ChangedMeanwhile
from app.needs.actions import (
    LEAST_CHARACTERS,
    StatedCondition,
    StatedNeed,
    close_need,
    edit_need,
    open_need,
    state_need,
)
from app.needs.errors import NeedAlreadyStated, NeedTooShort
from models.audit import AuditEntry
from models.lifecycle import ActionNotAllowed
from models.needs import Need, NeedCondition
from models.organisations import Startup
from models.vocabulary import ConditionAttribute, NeedKind
from tests.factories import AT, act_as, make_incubator, make_need, make_person, make_startup

TEXT = "我们的碳化硅良率停在百分之四十，需要懂晶圆工艺的人。"
LATER = AT + timedelta(hours=1)


def say(**changes: object) -> StatedNeed:
    values: dict[str, object] = {
        "kind": NeedKind.MENTORING,
        "title": "晶圆良率",
        "text": TEXT,
        "conditions": (),
    }
    return StatedNeed(**(values | changes))  # type: ignore[arg-type]


def want(attribute: ConditionAttribute, *values: str, is_hard: bool = False) -> StatedCondition:
    return StatedCondition(attribute, values, is_hard)


@pytest.fixture
def startup(session: Session) -> Startup:
    return make_startup(session, founder=make_person(session), incubator=make_incubator(session))


@pytest.fixture
def actor(startup: Startup) -> Actor:
    return act_as(startup.memberships[0].person)


def list_conditions(session: Session, need: Need) -> list[tuple[str, list[str], bool]]:
    session.flush()
    session.expire_all()
    return [(c.attribute.value, c.values, c.is_hard) for c in need.conditions]


def test_a_need_is_stored_as_it_was_stated(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = state_need(
        session,
        startup=startup,
        stated=say(conditions=(want(ConditionAttribute.PLACE, "310000", "remote", is_hard=True),)),
        opens=True,
        actor=actor,
        at=AT,
    )
    assert list_conditions(session, need) == [("place", ["310000", "remote"], True)]
    assert (need.state, need.kind, need.title, need.text) == (
        "open",
        NeedKind.MENTORING,
        "晶圆良率",
        TEXT,
    )
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.kind, entry.subject_public_id, entry.actor_id, entry.incubator_id) == (
        "need_opened",
        need.public_id,
        actor.person_id,
        startup.incubator_id,
    )


def test_a_draft_needs_no_more_than_a_title(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = state_need(
        session, startup=startup, stated=say(text=""), opens=False, actor=actor, at=AT
    )
    assert (need.state, need.text) == ("draft", "")


@pytest.mark.parametrize("count", [0, LEAST_CHARACTERS - 1])
def test_too_little_text_cannot_be_opened(
    session: Session, startup: Startup, actor: Actor, count: int
) -> None:
    short = say(text="字" * count)
    with pytest.raises(NeedTooShort):
        state_need(session, startup=startup, stated=short, opens=True, actor=actor, at=AT)
    draft = state_need(session, startup=startup, stated=short, opens=False, actor=actor, at=AT)
    with pytest.raises(NeedTooShort):
        open_need(session, need=draft, actor=actor, at=AT)
    assert draft.state == "draft"


def test_just_enough_text_can_be_opened(session: Session, startup: Startup, actor: Actor) -> None:
    stated = say(text="字" * LEAST_CHARACTERS)
    need = state_need(session, startup=startup, stated=stated, opens=True, actor=actor, at=AT)
    assert need.state == "open"


def test_a_form_sent_twice_makes_one_need(session: Session, startup: Startup, actor: Actor) -> None:
    first = state_need(session, startup=startup, stated=say(), opens=True, actor=actor, at=AT)
    with pytest.raises(NeedAlreadyStated) as refused:
        state_need(session, startup=startup, stated=say(), opens=True, actor=actor, at=AT)
    assert refused.value.facts == {"public_id": first.public_id}
    assert session.scalar(select(func.count()).select_from(Need)) == 1


def test_the_same_words_can_be_stated_again_later_or_elsewhere(
    session: Session, startup: Startup, actor: Actor
) -> None:
    first = state_need(session, startup=startup, stated=say(), opens=True, actor=actor, at=AT)
    close_need(session, need=first, actor=actor, at=AT)
    state_need(session, startup=startup, stated=say(), opens=True, actor=actor, at=AT)
    founder = make_person(session)
    elsewhere = make_startup(session, founder=founder)
    by_founder = act_as(founder)
    state_need(session, startup=elsewhere, stated=say(), opens=True, actor=by_founder, at=AT)
    assert session.scalar(select(func.count()).select_from(Need)) == 3


def test_editing_replaces_conditions_attribute_by_attribute(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = make_need(
        session,
        startup,
        conditions=[
            ("languages", ["en"], True),
            ("hours", ["4"], False),
            ("seat", ["academic"], True),
        ],
    )
    version = need.version
    edit_need(
        session,
        need=need,
        stated=say(
            kind=NeedKind.FUNDING,
            conditions=(
                want(ConditionAttribute.LANGUAGES, "zh", "en"),
                want(ConditionAttribute.HOURS, "4", is_hard=True),
                want(ConditionAttribute.AMOUNT, "2000000"),
            ),
        ),
        version=version,
        opens=False,
        actor=actor,
        at=LATER,
    )
    assert list_conditions(session, need) == [
        ("languages", ["zh", "en"], False),
        ("hours", ["4"], True),
        ("amount", ["2000000"], False),
    ]
    assert session.scalar(select(func.count()).select_from(NeedCondition)) == 3
    assert (need.kind, need.text, need.updated_at) == (NeedKind.FUNDING, TEXT, LATER)


def test_a_change_of_conditions_alone_is_a_new_version(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = make_need(session, startup, title="晶圆良率", text=TEXT)
    version = need.version
    stated = say(conditions=(want(ConditionAttribute.SEAT, "academic"),))
    edit_need(session, need=need, stated=stated, version=version, opens=False, actor=actor, at=AT)
    assert need.version == version + 1


def test_an_edit_of_an_older_version_is_refused(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = make_need(session, startup)
    before = need.text
    with pytest.raises(ChangedMeanwhile):
        edit_need(
            session,
            need=need,
            stated=say(),
            version=need.version - 1,
            opens=False,
            actor=actor,
            at=LATER,
        )
    assert need.text == before


def test_an_open_need_cannot_be_emptied(session: Session, startup: Startup, actor: Actor) -> None:
    need = make_need(session, startup)
    with pytest.raises(NeedTooShort):
        edit_need(
            session,
            need=need,
            stated=say(text=""),
            version=need.version,
            opens=False,
            actor=actor,
            at=LATER,
        )


def test_an_edit_can_open_a_draft(session: Session, startup: Startup, actor: Actor) -> None:
    need = make_need(session, startup, state="draft", text="")
    edit_need(
        session, need=need, stated=say(), version=need.version, opens=True, actor=actor, at=LATER
    )
    assert (need.state, need.text) == ("open", TEXT)


def test_a_need_is_closed_and_opened_again(
    session: Session, startup: Startup, actor: Actor
) -> None:
    need = make_need(session, startup)
    with pytest.raises(ActionNotAllowed):
        open_need(session, need=need, actor=actor, at=LATER)
    close_need(session, need=need, actor=actor, at=LATER)
    assert need.state == "closed"
    with pytest.raises(ActionNotAllowed):
        close_need(session, need=need, actor=actor, at=LATER)
    open_need(session, need=need, actor=actor, at=LATER)
    assert need.state == "open"
    kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert kinds == ["need_closed", "need_opened"]
