"""Records for tests: valid, small, and different only where the test says so.

Each factory flushes once, so that keys exist; none commits. A flush costs more than a row.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.clock import now
from app.extensions import db
from app.ranking.further_texts import store_text_passages
from app.ranking.indexing import StoredText, insert_passages, store_passages
from matching.encoders.hashing import HashingEncoder
from matching.encoding import encode_texts
from matching.records import Passage
from matching.text.passages import split_passages
from models.engagements import Engagement
from models.log_ins import LogIn
from models.needs import Need, NeedCondition
from models.organisations import Incubator, Startup
from models.people import Membership, Person
from models.pools import PoolEntry
from models.profile_text import compose_profile_text
from models.provider_texts import ProviderText, TextSource
from models.providers import Centre, CentreService, Investor, Mentor, Provider
from models.revisions import mark_changed
from models.sentence_keys import make_sentence_key
from models.vocabulary import (
    CentreKind,
    Field,
    FundingStage,
    Gate,
    IncubatorKind,
    Instrument,
    InvestorKind,
    Language,
    NeedKind,
    ProviderKind,
    Release,
    Role,
)

# A Tuesday morning in Shanghai.
AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)

PASSWORD = "a long enough password"

_numbers = count(1)

# Cheap on purpose: tests log in often.
_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_PASSWORD_HASH = _hasher.hash(PASSWORD)


def make_person(session: Session, **values: Any) -> Person:
    """A person who can log in with `PASSWORD`, and acts for nobody yet."""
    number = next(_numbers)
    values = {
        "email": f"person{number}@example.org",
        "name": f"Person {number}",
        "password_hash": _PASSWORD_HASH,
        "locale": "en",
        "created_at": AT,
    } | values
    person = Person(**values)
    session.add(person)
    session.flush()
    return person


def make_incubator(session: Session, *, operator: Person | None = None, **values: Any) -> Incubator:
    """An incubator, with `operator` as its operator."""
    values = {
        "name": f"Incubator {next(_numbers)} (example)",
        "kind": IncubatorKind.INCUBATOR,
        "place_code": "310115",
        "introduction": "Hosts teams that build devices.",
        "selection_standard": "Ten years of practice; two hours a month; no paid brokerage.",
        "created_at": AT,
        "updated_at": AT,
    } | values
    incubator = Incubator(**values)
    session.add(incubator)
    if operator is not None:
        session.add(_make_member(operator, Role.OPERATOR, incubator=incubator))
    session.flush()
    return incubator


def make_startup(session: Session, *, founder: Person | None = None, **values: Any) -> Startup:
    """A published startup, with `founder` acting for it."""
    values = {
        "name": f"Startup {next(_numbers)} (example)",
        "one_line": "Power devices in silicon carbide",
        "description": "We make silicon-carbide MOSFETs on six-inch wafers.",
        "state": "published",
        "fields": [Field.INTEGRATED_CIRCUITS],
        "funding_stage": FundingStage.SEED,
        "readiness": 4,
        "gate": Gate.PROTOTYPE,
        "place_code": "310115",
        "languages": [Language.CHINESE],
        "created_at": AT,
        "updated_at": AT,
    } | values
    startup = Startup(**values)
    session.add(startup)
    if founder is not None:
        session.add(_make_member(founder, Role.FOUNDER, startup=startup))
    session.flush()
    return startup


def make_provider(
    session: Session, kind: ProviderKind, *, person: Person | None = None, **values: Any
) -> Provider:
    """A published provider of `kind`, with passages encoded without a model."""
    extension = values.pop(kind.value, {})
    values = {
        "name": f"{kind.value.title()} {next(_numbers)} (example)",
        "headline": "Wafer process and yield",
        "summary": "Ran a silicon-carbide line for ten years. Raised its yield from 40 to 75 %.",
        "can_help_with": "Reads your defect maps and says which step to look at first.",
        "fields": [Field.INTEGRATED_CIRCUITS],
        "topics": ["silicon carbide", "yield"],
        "place_code": "310115",
        "languages": [Language.CHINESE, Language.ENGLISH],
        "capacity": 3,
        "open_to_all": True,
        "state": "published",
        "created_at": AT,
        "updated_at": AT,
    } | values
    state = values.pop("state")
    provider = Provider(kind=kind, state="draft", **values)
    if kind is ProviderKind.MENTOR:
        provider.mentor = Mentor(**({"hours_per_month": 6} | extension))
    elif kind is ProviderKind.INVESTOR:
        provider.investor = Investor(
            **(
                {
                    "investor_kind": InvestorKind.SEED_FUND,
                    "ticket_min_yuan": 500_000,
                    "ticket_max_yuan": 3_000_000,
                    "funding_stages": [FundingStage.SEED],
                    "instruments": [Instrument.EQUITY],
                }
                | extension
            )
        )
    else:
        services = extension.pop(
            "services",
            [CentreService(name="Wafer test", gate=Gate.LAB, lead_time_days=14, free_slots=2)],
        )
        provider.centre = Centre(
            **({"centre_kind": CentreKind.CONCEPT_VERIFICATION, "services": services} | extension)
        )
    stored = _write_published(provider) if state != "draft" else None
    provider.state = state
    session.add(provider)
    if person is not None:
        session.add(_make_member(person, Role(kind.value), provider=provider))
    session.flush()
    if stored is not None:
        insert_passages(session, {provider.id: stored})
        mark_changed(session, provider.id)
    return provider


def publish(session: Session, provider: Provider) -> None:
    """Publish `provider` as the application does, with the encoder that needs no model."""
    stored = _write_published(provider)
    store_passages(
        session,
        provider=provider,
        passages=stored.passages,
        sections=stored.sections,
        fingerprint=stored.fingerprint,
    )
    mark_changed(session, provider.id)


def _write_published(provider: Provider) -> StoredText:
    """`provider` is published; what is to be stored beside it."""
    encoder = HashingEncoder()
    text, sections = compose_profile_text(provider)
    passages = split_passages(text)
    vectors = encoder.encode([text[p.start : p.end] for p in passages], role="passage")
    provider.published_text = text
    provider.published_at = AT
    provider.state = "published"
    return StoredText(
        [
            Passage(role=p.role, start=p.start, end=p.end, vector=vector)
            for p, vector in zip(passages, vectors, strict=True)
        ],
        sections,
        encoder.fingerprint,
    )


def make_text(
    session: Session, provider: Provider, text: str, *, title: str = "A paper"
) -> ProviderText:
    """A further text of `provider`, encoded with the encoder that needs no model."""
    encoder = HashingEncoder()
    further = ProviderText(
        provider=provider,
        title=title,
        source=TextSource.PAPER,
        text=text,
        text_key=make_sentence_key(text),
        added_at=AT,
    )
    session.add(further)
    store_text_passages(
        session,
        text=further,
        passages=encode_texts(encoder, [text])[0],
        fingerprint=encoder.fingerprint,
    )
    mark_changed(session, provider.id)
    return further


def make_mentor(session: Session, *, person: Person | None = None, **values: Any) -> Provider:
    """A published mentor, open to all."""
    return make_provider(session, ProviderKind.MENTOR, person=person, **values)


def make_investor(session: Session, *, person: Person | None = None, **values: Any) -> Provider:
    """A published seed fund."""
    return make_provider(session, ProviderKind.INVESTOR, person=person, **values)


def make_centre(session: Session, *, person: Person | None = None, **values: Any) -> Provider:
    """A published concept-verification centre with one service."""
    return make_provider(session, ProviderKind.CENTRE, person=person, **values)


def admit(
    session: Session, incubator: Incubator, provider: Provider, state: str = "admitted"
) -> PoolEntry:
    """`provider` stands in the pool of `incubator`."""
    entry = PoolEntry(
        incubator=incubator,
        provider=provider,
        state=state,
        created_at=AT,
        changed_at=AT,
        admitted_at=AT if state == "admitted" else None,
    )
    session.add(entry)
    session.flush()
    mark_changed(session, provider.id)
    return entry


def join(
    session: Session,
    person: Person,
    role: Role,
    *,
    startup: Startup | None = None,
    incubator: Incubator | None = None,
    provider: Provider | None = None,
    place_code: str | None = None,
) -> Membership:
    """`person` acts for an organisation."""
    membership = _make_member(
        person,
        role,
        startup=startup,
        incubator=incubator,
        provider=provider,
        place_code=place_code,
    )
    session.add(membership)
    session.flush()
    return membership


def _make_member(person: Person, role: Role, **where: Any) -> Membership:
    return Membership(person=person, role=role, created_at=AT, **where)


def make_need(session: Session, startup: Startup, **values: Any) -> Need:
    """An open need of `startup`; `conditions` are (attribute, values, is_hard)."""
    conditions = values.pop("conditions", ())
    values = {
        "kind": NeedKind.MENTORING,
        "state": "open",
        "title": "Yield of our SiC wafers",
        "text": "Our silicon-carbide yield stays at 40 %. We need someone who ran a wafer line.",
        "created_at": AT,
        "updated_at": AT,
    } | values
    need = Need(startup=startup, **values)
    need.conditions = [
        NeedCondition(attribute=attribute, values=list(texts), is_hard=is_hard)
        for attribute, texts, is_hard in conditions
    ]
    session.add(need)
    session.flush()
    return need


def make_engagement(session: Session, need: Need, provider: Provider, **values: Any) -> Engagement:
    """An engagement in the state "requested"."""
    values = {
        "state": "requested",
        "message": "Could you look at our defect maps?",
        "released": [Release.STARTUP_NAME, Release.NEED_TEXT],
        "incubator_id": need.startup.incubator_id,
        "requested_at": AT,
        "answer_due_at": AT.replace(day=10),
    } | values
    engagement = Engagement(need=need, startup=need.startup, provider=provider, **values)
    session.add(engagement)
    session.flush()
    return engagement


def act_as(person: Person) -> Actor:
    """The actor for `person`."""
    return make_actor(person)


def act_for(organisation: Provider | Startup) -> Actor:
    """The actor for somebody who acts for `organisation`."""
    return make_actor(organisation.memberships[0].person)


def log_in(client: Any, person: Person) -> None:
    """`client` is `person` from now on, without going through the form. Commits."""
    token = secrets.token_urlsafe(9)
    state = inspect(person, raiseerr=False)
    if state is not None and state.session is not None:
        _begin_log_in(state.session, person.public_id, token)
    else:
        with client.application.app_context():
            _begin_log_in(db.session, person.public_id, token)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{person.public_id}:{person.credential_version}:{token}"
        cookie["_fresh"] = True


def _begin_log_in(session: Session, public_id: str, token: str) -> None:
    person = session.scalars(select(Person).where(Person.public_id == public_id)).one()
    at = now()
    session.add(
        LogIn(
            person_id=person.id,
            token_hash=hashlib.sha256(token.encode()).hexdigest(),
            begun_at=at,
            seen_at=at,
            confirmed_at=at,
        )
    )
    session.commit()
