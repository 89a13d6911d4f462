"""Giving a consent and withdrawing it, and what follows by itself when words change."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, require
from app.audit import record
from app.consents.addresses import CHOICES, NOTICE
from app.consents.errors import ConsentReworded
from app.consents.queries import RESTING, get_asked, list_untold, select_lapsed
from app.consents.words import CONSENTS
from app.telling.notices import list_people_of, tell
from app.transactions import lock
from app.words.privacy_notice import NOTICE_VERSION
from models.consents import ConsentPurpose, ConsentStep, PrivacyNoticeShown
from models.organisations import Startup
from models.providers import Provider
from models.revisions import mark_changed


def give_consent(
    session: Session,
    *,
    provider: Provider,
    purpose: ConsentPurpose,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """From the commit on `provider` is shown as the words of `version` say.

    Given already, nothing happens. Raises NotFound, NotPermitted unless `actor` is who answers for
    the mentor, in person; ConsentReworded for other words than those that hold.
    """
    require(actor, "consent:decide", provider)
    if version != CONSENTS[purpose].version:
        raise ConsentReworded
    _step(session, provider, purpose, is_given=True, actor=actor, at=at)


def withdraw_consent(
    session: Session, *, provider: Provider, purpose: ConsentPurpose, actor: Actor, at: datetime
) -> None:
    """From the commit on nobody finds `provider` by this consent. Not given, nothing happens.

    Raises NotFound, NotPermitted unless `actor` is who answers for the mentor, in person.
    """
    require(actor, "consent:decide", provider)
    _step(session, provider, purpose, is_given=False, actor=actor, at=at)


def choose_history(
    session: Session,
    *,
    organisation: Startup | Provider,
    is_used: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Whether what came of earlier matches counts: in lists for a startup, or for a provider its
    own answers and ratings where it is ranked. It holds from the next search on.

    Raises NotFound, NotPermitted unless `actor` acts for the organisation, in person.
    """
    require(actor, "history:choose", organisation)
    if organisation.uses_history == is_used:
        return
    organisation.uses_history = is_used
    session.flush()
    if isinstance(organisation, Provider):
        mark_changed(session, organisation.id, standing_only=True)
    record(
        session,
        actor=actor,
        kind="history_used" if is_used else "history_left_out",
        subject=organisation,
        at=at,
    )


def lapse_consents(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` mentors who are shown without a consent to the present words are shown so no
    more, and who answers for them is asked again; returns how many there were."""
    require(actor, "consent:lapse")
    found = session.scalars(
        select(Provider)
        .where(select_lapsed())
        .order_by(Provider.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Provider)
    ).all()
    for provider in found:
        for purpose in ConsentPurpose:
            asked = get_asked(session, provider, purpose)
            if asked.holds and (asked.is_asked_again or not _is_given(asked.steps)):
                _show(session, provider, purpose, is_shown=False)
        record(session, actor=actor, kind="consents_lapsed", subject=provider, at=at)
        for person in list_people_of(session, provider_id=provider.id):
            tell(
                session,
                person=person,
                kind="consents_lapsed",
                facts={"mentor": provider.name},
                path=CHOICES,
                at=at,
            )
    session.flush()
    return len(found)


def tell_of_notice(session: Session, *, actor: Acting, at: datetime, limit: int) -> int:
    """Up to `limit` people who know an earlier privacy notice are told that there is another one;
    returns how many."""
    require(actor, "privacy_notice:tell")
    people = list_untold(session, limit=limit)
    for person in people:
        session.add(PrivacyNoticeShown(person_id=person.id, version=NOTICE_VERSION, shown_at=at))
        tell(
            session,
            person=person,
            kind="privacy_notice_changed",
            facts={"version": str(NOTICE_VERSION)},
            path=NOTICE,
            at=at,
        )
    session.flush()
    return len(people)


def _step(
    session: Session,
    provider: Provider,
    purpose: ConsentPurpose,
    *,
    is_given: bool,
    actor: Actor,
    at: datetime,
) -> None:
    provider = lock(session, provider)
    asked = get_asked(session, provider, purpose)
    if asked.holds == is_given == _is_given(asked.steps) and not asked.is_asked_again:
        return
    version = CONSENTS[purpose].version
    session.add(
        ConsentStep(
            person_id=actor.person_id,
            provider_id=provider.id,
            purpose=purpose,
            version=version,
            is_given=is_given,
            happened_at=at,
        )
    )
    _show(session, provider, purpose, is_shown=is_given)
    record(
        session,
        actor=actor,
        kind="consent_given" if is_given else "consent_withdrawn",
        subject=provider,
        at=at,
        detail={"purpose": purpose.value, "version": str(version)},
    )


def _is_given(steps: tuple[ConsentStep, ...]) -> bool:
    return bool(steps) and steps[0].is_given


def _show(session: Session, provider: Provider, purpose: ConsentPurpose, *, is_shown: bool) -> None:
    setattr(provider, RESTING[purpose].key, is_shown)
    session.flush()
    mark_changed(session, provider.id, standing_only=True)
