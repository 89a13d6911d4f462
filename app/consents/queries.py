"""Reading consents: what is asked of somebody, what holds, and what was decided before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.access import Actor
from app.consents.words import CONSENTS
from app.words.privacy_notice import NOTICE_VERSION
from models.consents import ConsentPurpose, ConsentStep, PrivacyNoticeShown
from models.organisations import Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import ProviderKind

# What of a profile rests on which consent.
RESTING: Final[dict[ConsentPurpose, InstrumentedAttribute[bool]]] = {
    ConsentPurpose.OPEN_LIST: Provider.open_to_all,
    ConsentPurpose.OTHER_INCUBATORS: Provider.shown_to_incubators,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose for one profile: whether its consent holds, and all steps, the last one first.

    `is_asked_again` where the last one was given to words that have changed in substance.
    """

    provider: Provider
    purpose: ConsentPurpose
    holds: bool
    steps: tuple[ConsentStep, ...]

    @property
    def is_asked_again(self) -> bool:
        """Whether somebody agreed to earlier words."""
        return (
            bool(self.steps)
            and self.steps[0].is_given
            and self.steps[0].version != CONSENTS[self.purpose].version
        )


def list_organisations(session: Session, viewer: Actor) -> list[Startup | Provider]:
    """For whom `viewer` acts, startups first: each chooses whether earlier matches count."""
    startups = session.scalars(
        select(Startup).where(Startup.id.in_(viewer.founds)).order_by(Startup.id)
    )
    providers = session.scalars(
        select(Provider).where(Provider.id.in_(viewer.provides)).order_by(Provider.id)
    )
    return [*startups, *providers]


def list_asked(session: Session, viewer: Actor) -> list[Asked]:
    """Every purpose for every mentor for whom `viewer` acts."""
    mentors = session.scalars(
        select(Provider)
        .where(Provider.id.in_(viewer.provides), Provider.kind == ProviderKind.MENTOR)
        .order_by(Provider.id)
    )
    return [get_asked(session, each, purpose) for each in mentors for purpose in ConsentPurpose]


def get_asked(session: Session, provider: Provider, purpose: ConsentPurpose) -> Asked:
    """One purpose for `provider`."""
    steps = session.scalars(
        select(ConsentStep)
        .where(ConsentStep.provider_id == provider.id, ConsentStep.purpose == purpose)
        .order_by(ConsentStep.id.desc())
    )
    holds = bool(getattr(provider, RESTING[purpose].key))
    return Asked(provider, purpose, holds, tuple(steps))


def select_lapsed() -> ColumnElement[bool]:
    """Whether a mentor is shown where no consent to the present words lets it be."""
    return and_(
        Provider.kind == ProviderKind.MENTOR,
        or_(*(_lacks_consent(purpose) for purpose in ConsentPurpose)),
    )


def _lacks_consent(purpose: ConsentPurpose) -> ColumnElement[bool]:
    last, later = aliased(ConsentStep), aliased(ConsentStep)
    is_last = ~exists().where(
        later.provider_id == last.provider_id, later.purpose == last.purpose, later.id > last.id
    )
    consented = exists().where(
        last.provider_id == Provider.id,
        last.purpose == purpose,
        last.is_given,
        last.version == CONSENTS[purpose].version,
        is_last,
    )
    return and_(RESTING[purpose], ~consented)


def list_untold(session: Session, *, limit: int) -> Sequence[Person]:
    """Who can log in and has not been told of the present privacy notice, the oldest first."""
    told = exists().where(
        PrivacyNoticeShown.person_id == Person.id, PrivacyNoticeShown.version >= NOTICE_VERSION
    )
    return session.scalars(
        select(Person)
        .where(Person.deactivated_at.is_(None), Person.password_hash.is_not(None), ~told)
        .order_by(Person.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
