"""Fills an empty database with the demonstration, through the same actions as everyone else.

Each of its four steps is one transaction and is left out when it was done before, so that an
interrupted load is completed by the next one and a second load changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.accounts.actions.registration import show_notice
from app.accounts.passwords import hash_password
from app.consents.actions import give_consent
from app.consents.words import CONSENTS
from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_PLACE
from app.demo.commissioners import appoint_commissioners
from app.demo.datarooms import fill_room
from app.demo.documents import keep_documents
from app.demo.enquiries import ask_humans
from app.demo.facts import state_known
from app.demo.financings import raise_money
from app.demo.history import live_through
from app.demo.mandates import publish_mandates
from app.demo.proof import list_instruments, prove_claims
from app.demo.reading import (
    DemoProvider,
    DemoStartup,
    read_incubators,
    read_providers,
    read_startups,
)
from app.demo.terms import add_terms
from app.demo.texts import add_texts, read_texts
from app.extensions import db
from app.needs.actions import state_need
from app.pools.actions.entries import admit_imported
from app.profiles.actions import (
    create_provider,
    create_startup,
    publish_provider,
    publish_startup,
)
from app.profiles.encoding import EncodedProfile, encode_all, encode_text
from app.ranking.exposure import list_exposure_changes, store_exposure
from app.transactions import writing
from app.vault.storage.choice import get_store
from app.web.engine import get_engine
from app.web.typed import get_sealer
from app.webhooks.actions import create_webhook, pause_webhook
from models.commissioners import Commissioner
from models.datarooms import DataRoom
from models.documents import Document
from models.engagements import Engagement
from models.enquiries import ListEnquiry
from models.financings import Financing
from models.funds import Mandate
from models.incubator_terms import IncubatorTerm
from models.instruments import Instrument
from models.notices import Notice, OutboxMail
from models.organisations import Incubator, Startup
from models.people import Membership, Person
from models.provider_texts import ProviderText
from models.providers import Provider
from models.verification import Claim
from models.vocabulary import Language, ProviderKind, Role
from models.webhooks import WebhookEvent

Progress = Callable[[str, int, int], None]

# For how long the demonstration has been running when it is loaded.
STORY = timedelta(days=60)

# So many profiles are encoded at a time: few enough for whoever watches to see that it goes on.
_TOGETHER = 8

# What is newer than this was not read yet.
RECENT = timedelta(days=3)


def load_demo(*, at: datetime, progress: Progress) -> dict[str, int]:
    """Load what is missing of the demonstration, as if it had begun `STORY` before `at`.

    Returns how many of each thing were made; empty when there was nothing to do, also on a
    database that somebody else's data is in.
    """
    counts: dict[str, int] = {}
    if db.session.scalar(select(Incubator.id).limit(1)) is None:
        engine = get_engine()
        providers = read_providers()
        encoded: dict[str, EncodedProfile] = {}
        for done in range(0, len(providers), _TOGETHER):
            progress("profiles", done, len(providers) + 1)
            some = providers[done : done + _TOGETHER]
            profiles = encode_all(engine, [provider.values for provider in some])
            encoded |= {
                provider.key: profile for provider, profile in zip(some, profiles, strict=True)
            }
        with writing(db.session):
            counts = _make_organisations(db.session, providers, encoded, at=at - STORY)
    if counts or _is_history_missing(db.session):
        progress("history", 0, 1)
        with writing(db.session):
            # Nobody is new any more when the story is told.
            store_exposure(db.session, list_exposure_changes(db.session, at=at))
        lived = live_through(db.session, get_engine(), until=at)
        if lived:
            counts |= lived
    if _is_demonstration(db.session) and _is_empty(db.session, Document):
        # Mail of people who have used the demonstration meanwhile is theirs and newer.
        over = at if counts else at - RECENT
        counts["documents"] = keep_documents(db.session, get_store(), at=at)
        with writing(db.session):
            _settle(db.session, mail_until=over, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, Mandate):
        with writing(db.session):
            counts["mandates"] = publish_mandates(db.session, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, Claim):
        over = at if counts else at - RECENT
        with writing(db.session):
            proven = prove_claims(db.session, at=at)
            if proven.claims:
                counts["claims"] = proven.claims
                _settle(db.session, mail_until=over, at=at)
            if proven.left_out:
                counts["claims left out for what is not there"] = proven.left_out
    if _is_demonstration(db.session) and _is_empty(db.session, Instrument):
        over = at if counts else at - RECENT
        with writing(db.session):
            if listed := list_instruments(db.session, at=at):
                counts["instruments"] = listed
                _settle(db.session, mail_until=over, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, Financing):
        over = at if counts else at - RECENT
        with writing(db.session):
            if raised := raise_money(db.session, at=at):
                counts["financings"] = raised
                _settle(db.session, mail_until=over, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, Commissioner):
        over = at if counts else at - RECENT
        with writing(db.session):
            if appointed := appoint_commissioners(db.session, at=at):
                counts["finance commissioners"] = appointed
                _settle(db.session, mail_until=over, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, DataRoom):
        over = at if counts else at - RECENT
        with writing(db.session):
            if filled := fill_room(db.session, at=at):
                counts["documents in a data room"] = filled
                _settle(db.session, mail_until=over, at=at)
    if _is_demonstration(db.session) and _is_empty(db.session, ProviderText):
        texts = read_texts()
        own = [encode_text(get_engine(), each.values.text) for each in texts]
        with writing(db.session):
            if added := add_texts(db.session, texts, own, at=at):
                counts["further texts"] = added
    if _is_demonstration(db.session) and _is_empty(db.session, IncubatorTerm):
        with writing(db.session):
            if named := add_terms(db.session, at=at):
                counts["terms of an incubator"] = named
    if _is_demonstration(db.session) and _is_empty(db.session, ListEnquiry):
        over = at if counts else at - RECENT
        with writing(db.session):
            if asked := ask_humans(db.session, at=at):
                counts["questions to a human"] = asked
                _settle(db.session, mail_until=over, at=at)
    progress("done", 1, 1)
    return counts


def _is_history_missing(session: Session) -> bool:
    """Whether the organisations are the demonstration's and nothing has happened to them."""
    return _is_demonstration(session) and _is_empty(session, Engagement)


def _is_demonstration(session: Session) -> bool:
    """Whether the organisations are the demonstration's."""
    query = select(Person.id).where(Person.email == DEMO_ACCOUNTS[0].email)
    return session.scalar(query) is not None


def _is_empty(
    session: Session,
    table: type[
        Engagement
        | Document
        | Mandate
        | Claim
        | Financing
        | Commissioner
        | DataRoom
        | Instrument
        | ProviderText
        | IncubatorTerm
        | ListEnquiry
    ],
) -> bool:
    return session.scalar(select(table.id).limit(1)) is None


def _make_organisations(
    session: Session,
    providers: list[DemoProvider],
    encoded: Mapping[str, EncodedProfile],
    *,
    at: datetime,
) -> dict[str, int]:
    password_hash = hash_password(DEMO_PASSWORD)
    accounts = {account.key: account for account in DEMO_ACCOUNTS if account.key}

    def make_person(key: str, name: str, locale: str) -> Person:
        account = accounts.get(key)
        person = Person(
            email=account.email if account else f"{key}@example.org",
            name=name,
            locale=locale,
            # Only the named accounts can log in; an operator can act for the others.
            password_hash=password_hash if account else None,
            created_at=at,
        )
        session.add(person)
        session.flush()
        show_notice(session, person=person, at=at)
        return person

    incubators: dict[str, Incubator] = {}
    operators: dict[str, Person] = {}
    for row in read_incubators():
        incubator = Incubator(
            name=row.name,
            kind=row.kind,
            place_code=row.place_code,
            introduction=row.introduction,
            selection_standard=row.selection_standard,
            service_officer=row.service_officer,
            credit_code=row.credit_code,
            created_at=at,
            updated_at=at,
        )
        session.add(incubator)
        session.flush()
        operator = make_person(row.key, f"{row.name} · 运营人员", "zh_Hans_CN")
        session.add(
            Membership(
                person=operator, role=Role.OPERATOR, incubator_id=incubator.id, created_at=at
            )
        )
        session.flush()
        incubators[row.key], operators[row.key] = incubator, operator

    _tell_elsewhere(session, next(iter(incubators.values())), next(iter(operators.values())), at=at)

    subjects: dict[str, Startup | Provider] = {}
    actors: dict[str, Actor] = {}
    caretakers: dict[str, Actor] = {}
    for demo in providers:
        values = demo.values
        person = make_person(demo.key, values.name, _get_locale(values.languages, values.summary))
        provider = create_provider(
            session, values=values, member=person, actor=make_actor(person), at=at
        )
        publish_provider(
            session,
            provider=provider,
            encoded=encoded[demo.key],
            actor=make_actor(person),
            at=at,
        )
        subjects[demo.key], actors[demo.key] = provider, make_actor(person)
        if provider.kind is ProviderKind.MENTOR and values.open_to_all:
            _agree(session, provider, make_actor(person), at=at)
        for key in demo.pools:
            caretakers[demo.key] = make_actor(operators[key])
            admit_imported(
                session,
                incubator=incubators[key],
                provider=provider,
                actor=make_actor(operators[key]),
                at=at,
            )

    startups = read_startups()
    for startup in startups:
        made = _make_startup(session, startup, incubators, operators, make_person, at=at)
        subjects[startup.key] = made
        actors[startup.key] = make_actor(made.memberships[0].person)
        if startup.incubator is not None:
            caretakers[startup.key] = make_actor(operators[startup.incubator])
    facts = state_known(session, subjects=subjects, actors=actors, operators=caretakers, at=at)
    regulator = make_person("regulator", "市科委工作人员（示例）", "zh_Hans_CN")
    session.add(
        Membership(person=regulator, role=Role.REGULATOR, place_code=DEMO_PLACE, created_at=at)
    )
    session.flush()
    return {
        "incubators": len(incubators),
        "providers": len(providers),
        "startups": len(startups),
        "facts": facts,
        "needs": sum(len(startup.needs) for startup in startups),
    }


def _agree(session: Session, mentor: Provider, actor: Actor, *, at: datetime) -> None:
    for purpose, words in CONSENTS.items():
        give_consent(
            session, provider=mentor, purpose=purpose, version=words.version, actor=actor, at=at
        )


def _tell_elsewhere(
    session: Session, incubator: Incubator, operator: Person, *, at: datetime
) -> None:
    """A webhook that is paused: there is nobody to receive what it would tell."""
    actor = make_actor(operator)
    webhook = create_webhook(
        session,
        incubator=incubator,
        url="https://city-platform.example/yinqiao",
        events=[WebhookEvent.NEED_MATCHED, WebhookEvent.ENGAGEMENT_COMPLETED],
        networks=(),
        sealer=get_sealer(),
        actor=actor,
        at=at,
    )
    pause_webhook(session, webhook=webhook, actor=actor, at=at)


def _make_startup(
    session: Session,
    demo: DemoStartup,
    incubators: Mapping[str, Incubator],
    operators: Mapping[str, Person],
    make_person: Callable[[str, str, str], Person],
    *,
    at: datetime,
) -> Startup:
    values = demo.values
    locale = _get_locale(values.languages, values.description)
    name = f"{values.name} · 创业者" if locale == "zh_Hans_CN" else f"Founder, {values.name}"
    person = make_person(demo.key, name, locale)
    if demo.incubator is None:
        startup = create_startup(
            session, values=values, founder=person, actor=make_actor(person), at=at
        )
    else:
        # A startup is hosted by whoever operates the incubator, and joined by its founder.
        startup = create_startup(
            session,
            values=values,
            founder=None,
            actor=make_actor(operators[demo.incubator]),
            at=at,
            incubator=incubators[demo.incubator],
        )
        session.add(Membership(person=person, role=Role.FOUNDER, startup=startup, created_at=at))
        session.flush()
    publish_startup(session, startup=startup, actor=make_actor(person), at=at)
    for stated in demo.needs.values():
        state_need(
            session, startup=startup, stated=stated, opens=True, actor=make_actor(person), at=at
        )
    return startup


def _get_locale(languages: tuple[Language, ...], text: str) -> str:
    """The language in which a profile is written: Chinese as soon as it has Chinese characters."""
    if Language.CHINESE in languages and any(
        "\u4e00" <= character <= "\u9fff" for character in text
    ):
        return "zh_Hans_CN"
    return "en"


def _settle(session: Session, *, mail_until: datetime, at: datetime) -> None:
    """The story's mail was read long ago: none of it is sent, and its older notices are read.

    What the worker would have counted every hour is counted once.
    """
    for mail in session.scalars(
        select(OutboxMail).where(OutboxMail.sent_at.is_(None), OutboxMail.created_at <= mail_until)
    ):
        mail.sent_at = mail.created_at
        mail.facts = {}
    for notice in session.scalars(
        select(Notice).where(Notice.read_at.is_(None), Notice.created_at < at - RECENT)
    ):
        notice.read_at = notice.created_at
    session.flush()
    store_exposure(session, list_exposure_changes(session, at=at))
