from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.accounts.actions import INVITATION_DAYS
from app.accounts.errors import AlreadyInvited
from app.errors import ChangedMeanwhile, ReasonMissing
from app.pools import queries
from app.pools.actions import entries as actions
from app.pools.actions import incubators as incubator_actions
from app.pools.actions.incubators import IncubatorValues
from app.pools.errors import AlreadyInPool, IncubatorNameTaken, ProviderNotAvailable
from app.profiles.queries import list_members
from app.signing import Signer
from models.audit import AuditEntry
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.organisations import Startup
from models.people import Invitation
from models.pools import PoolEntry
from models.providers import Provider
from models.revisions import get_latest_revision
from models.vocabulary import IncubatorKind, Role
from tests.factories import (
    AT,
    act_as,
    admit,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)


def test_a_mentor_who_is_unknown_gets_a_link_and_an_empty_profile(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)

    entry = actions.invite_mentor(
        session,
        incubator=incubator,
        email="New.Mentor@example.org",
        name="Mentor for wafer process",
        actor=act_as(operator),
        at=AT,
    )

    assert entry.state == "invited"
    provider = session.get_one(Provider, entry.provider_id)
    assert (provider.name, provider.state) == ("Mentor for wafer process", "draft")
    invitation = session.scalars(select(Invitation)).one()
    assert (invitation.email, invitation.role) == ("new.mentor@example.org", Role.MENTOR)
    assert invitation.provider_id == provider.id
    assert invitation.sender_incubator_id == incubator.id


def test_a_mentor_who_is_known_is_asked_with_the_profile_they_have(session: Session) -> None:
    operator, person = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    mentor = make_mentor(session, person=person)

    entry = actions.invite_mentor(
        session,
        incubator=incubator,
        email=person.email.upper(),
        name="ignored",
        actor=act_as(operator),
        at=AT,
    )

    assert entry.provider_id == mentor.id
    assert session.scalars(select(Invitation)).all() == []
    assert session.scalars(select(Notice.kind).where(Notice.person_id == person.id)).all() == [
        "pool_invited"
    ]


def test_the_same_mentor_is_not_invited_twice(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    mentor = make_mentor(session)
    values: dict[str, Any] = {
        "incubator": incubator,
        "provider": mentor,
        "actor": act_as(operator),
        "at": AT,
    }
    actions.invite_provider(session, **values)

    with pytest.raises(AlreadyInPool):
        actions.invite_provider(session, **values)

    assert len(session.scalars(select(PoolEntry)).all()) == 1


def test_a_mentor_without_an_account_gets_one_link_and_one_profile(session: Session) -> None:
    operator, other = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    values: dict[str, Any] = {"email": "new@example.org", "name": "New mentor"}
    invite = partial(actions.invite_mentor, session, incubator=incubator, **values)
    invite(actor=act_as(operator), at=AT)

    with pytest.raises(AlreadyInvited):
        invite(actor=act_as(operator), at=AT)

    assert len(session.scalars(select(Provider)).all()) == 1
    # Whom another incubator has invited is no concern of this one, nor is a link that is too old.
    elsewhere = make_incubator(session, operator=other)
    actions.invite_mentor(session, incubator=elsewhere, actor=act_as(other), at=AT, **values)
    invite(actor=act_as(operator), at=AT + timedelta(days=INVITATION_DAYS))
    assert len(session.scalars(select(Provider)).all()) == 3


def test_a_startup_that_is_invited_twice_is_hosted_once(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    invite = partial(
        incubator_actions.invite_startup,
        session,
        incubator=incubator,
        email="founder@example.org",
        name="Founder",
        actor=act_as(operator),
        at=AT,
    )
    invite(startup_name="Wafers (example)")

    with pytest.raises(AlreadyInvited):
        invite(startup_name="Wafers (example)")

    # One founder may have several startups.
    invite(startup_name="Lasers (example)")
    names = session.scalars(select(Startup.name).order_by(Startup.id)).all()
    assert names == ["Wafers (example)", "Lasers (example)"]


def test_only_mentors_stand_in_pools(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)

    with pytest.raises(ProviderNotAvailable):
        actions.invite_provider(
            session,
            incubator=incubator,
            provider=make_investor(session),
            actor=act_as(operator),
            at=AT,
        )


def test_application_decision_and_every_later_step_reach_the_index(session: Session) -> None:
    operator, person = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    mentor = make_mentor(session, person=person, open_to_all=False)
    session.commit()
    entry = actions.apply_to_pool(
        session,
        incubator=incubator,
        provider=mentor,
        application="Twenty years at the line.",
        actor=act_as(person),
        at=AT,
    )
    steps = [("admit", "admitted"), ("pause", "paused"), ("resume", "admitted")]
    steps += [("retire", "retired"), ("invite", "invited")]

    for action, state in steps:
        before = get_latest_revision(session)
        actions.change_entry(
            session, entry=entry, action=action, reason="why", actor=act_as(operator), at=AT
        )
        session.commit()
        assert entry.state == state
        assert session.get_one(Provider, mentor.id).revision == before + 1

    assert entry.admitted_at == AT
    told = session.scalars(
        select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    ).all()
    assert told == ["pool_admitted", "pool_paused", "pool_resumed", "pool_retired", "pool_invited"]
    assert session.scalars(select(Notice.kind).where(Notice.person_id == operator.id)).all() == [
        "pool_applied"
    ]
    assert len(session.scalars(select(OutboxMail)).all()) == 6


def test_what_does_not_follow_is_refused_and_nothing_is_said(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    entry = admit(session, incubator, make_mentor(session, person=make_person(session)))

    with pytest.raises(ActionNotAllowed):
        actions.change_entry(
            session, entry=entry, action="admit", reason="", actor=act_as(operator), at=AT
        )

    assert entry.state == "admitted"
    assert session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize("action", ["pause", "retire"])
def test_nobody_is_sent_away_without_a_reason(session: Session, action: str) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    entry = admit(session, incubator, make_mentor(session, person=make_person(session)))

    with pytest.raises(ReasonMissing):
        actions.change_entry(
            session, entry=entry, action=action, reason=" ", actor=act_as(operator), at=AT
        )

    assert entry.state == "admitted"


def test_a_mentor_who_declines_tells_the_operators(session: Session) -> None:
    operator, person = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    entry = admit(session, incubator, make_mentor(session, person=person), state="invited")

    actions.change_entry(
        session, entry=entry, action="decline", reason="No time", actor=act_as(person), at=AT
    )

    notice = session.scalars(select(Notice)).one()
    assert (notice.person_id, notice.kind) == (operator.id, "pool_invitation_declined")
    assert notice.facts["reason"] == "No time"


def test_an_older_version_of_the_incubator_is_refused(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    values = IncubatorValues(
        name="Another name (example)",
        kind=IncubatorKind.ACCELERATOR,
        place_code="370212",
        introduction="",
        selection_standard="Five years.",
        service_officer="",
    )
    shown = incubator.version
    incubator_actions.edit_incubator(
        session, incubator=incubator, values=values, version=shown, actor=act_as(operator), at=AT
    )

    with pytest.raises(ChangedMeanwhile):
        incubator_actions.edit_incubator(
            session,
            incubator=incubator,
            values=values,
            version=shown,
            actor=act_as(operator),
            at=AT,
        )

    assert incubator.selection_standard == "Five years."
    assert session.scalars(select(AuditEntry.kind)).all() == ["incubator_edited"]


def test_figures_of_the_pool_are_of_this_incubator(session: Session) -> None:
    operator = make_person(session)
    incubator, other = make_incubator(session, operator=operator), make_incubator(session)
    mentor = make_mentor(session, capacity=2)
    admit(session, incubator, mentor)
    admit(session, other, mentor)
    ours = make_startup(session, incubator_id=incubator.id)
    theirs = make_startup(session, incubator_id=other.id)
    make_engagement(session, make_need(session, ours), mentor, state="accepted")
    make_engagement(session, make_need(session, theirs), mentor, state="expired")

    rows = queries.list_pool(session, incubator)

    assert [(row.provider.id, row.taken, row.free_places, row.unanswered) for row in rows] == [
        (mentor.id, 1, 1, 0)
    ]


def test_a_percent_sign_in_the_filter_is_a_percent_sign(session: Session) -> None:
    incubator = make_incubator(session)
    admit(session, incubator, make_mentor(session, name="100 % yield", summary="All of it."))
    admit(session, incubator, make_mentor(session, name="Other", summary="Half of it."))

    names = [row.provider.name for row in queries.list_pool(session, incubator, text="%")]

    assert names == ["100 % yield"]


def test_an_imported_mentor_is_admitted_again_after_leaving(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    mentor = make_mentor(session)
    left = admit(session, incubator, mentor, state="retired")

    entry = actions.admit_imported(
        session, incubator=incubator, provider=mentor, actor=act_as(operator), at=AT
    )

    assert entry.id == left.id
    assert entry.state == "admitted"


def test_an_incubator_begins_with_one_operator_who_gets_a_link(session: Session) -> None:
    values = IncubatorValues(
        name="Harbour incubator (example)",
        kind=IncubatorKind.INCUBATOR,
        place_code="370212",
        introduction="",
        selection_standard="",
        service_officer="",
    )
    arguments: dict[str, Any] = {
        "values": values,
        "operator_email": "First.Operator@example.org",
        "operator_name": "First operator",
        "signer": Signer("only for tests"),
        "actor": Installation.COMMAND_LINE,
        "at": AT,
    }

    incubator = incubator_actions.found_incubator(session, **arguments)

    operators = list_members(session, incubator=incubator)
    assert [(m.person.email, m.role) for m in operators] == [
        ("first.operator@example.org", Role.OPERATOR)
    ]
    assert session.scalars(select(OutboxMail.kind)).all() == ["password_reset"]
    with pytest.raises(IncubatorNameTaken):
        incubator_actions.found_incubator(session, **arguments)
