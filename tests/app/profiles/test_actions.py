"""Use cases of profiles: who gets what role, what follows what, what two edits do to each other."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import ChangedMeanwhile
from app.profiles import actions
from app.profiles.encoding import EncodedProfile, encode_profile, encode_values
from app.profiles.errors import ProfileIncomplete, SeedFundTooBroad, TicketRangeReversed
from app.profiles.values import (
    CentreValues,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    StartupValues,
    read_provider,
    read_startup,
)
from matching.engine import Engine
from models.audit import AuditEntry
from models.lifecycle import ActionNotAllowed
from models.organisations import Startup
from models.orm import new_public_id
from models.people import Person
from models.providers import CentreService, Provider
from models.vocabulary import (
    CentreKind,
    Experience,
    Field,
    FundingStage,
    Gate,
    HelpMode,
    Instrument,
    InvestorKind,
    Ladder,
    Language,
    ProviderKind,
    Role,
    Route,
    Seat,
    Title,
)
from tests.app.profiles.samples import BY_KIND, CENTRE, INVESTOR, MENTOR, STARTUP, make_engine
from tests.factories import AT, act_as, make_incubator, make_person


@pytest.fixture
def matching(engine: DatabaseEngine) -> Engine:
    return make_engine(engine)


def create(session: Session, person: Person, values: ProviderValues) -> Provider:
    return actions.create_provider(
        session, values=values, member=person, actor=act_as(person), at=AT
    )


def publish(
    session: Session, matching: Engine, person: Person, provider: Provider, *, at: datetime = AT
) -> None:
    actions.publish_provider(
        session,
        provider=provider,
        encoded=encode_profile(matching, provider),
        actor=act_as(person),
        at=at,
    )


def edit(
    session: Session,
    person: Person,
    provider: Provider,
    values: ProviderValues,
    *,
    encoded: EncodedProfile | None = None,
    version: int | None = None,
) -> None:
    actions.edit_provider(
        session,
        provider=provider,
        values=values,
        encoded=encoded,
        version=version,
        actor=act_as(person),
        at=AT,
    )


def list_kinds_of_audit(session: Session, public_id: str) -> list[str]:
    return list(
        session.scalars(
            select(AuditEntry.kind)
            .where(AuditEntry.subject_public_id == public_id)
            .order_by(AuditEntry.id)
        )
    )


def check_agreement(provider: Provider) -> None:
    """Published text and passages agree: each passage is a visible slice of it, the first all."""
    text = provider.published_text
    assert provider.state == "published"
    assert [p.ordinal for p in provider.passages] == list(range(len(provider.passages)))
    assert (provider.passages[0].role, provider.passages[0].end) == ("whole", len(text))
    assert all(text[p.start : p.end].strip() for p in provider.passages)


# Startups


def test_whoever_describes_a_startup_is_its_founder(session: Session) -> None:
    person = make_person(session)
    startup = actions.create_startup(
        session, values=STARTUP, founder=person, actor=act_as(person), at=AT
    )
    assert (startup.state, startup.incubator_id) == ("draft", None)
    assert [(m.person_id, m.role) for m in startup.memberships] == [(person.id, Role.FOUNDER)]
    assert list_kinds_of_audit(session, startup.public_id) == ["startup_created"]


def test_an_imported_startup_has_an_incubator_and_nobody_yet(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = actions.create_startup(
        session,
        values=STARTUP,
        founder=None,
        incubator=incubator,
        actor=act_as(operator),
        at=AT,
    )
    assert (startup.incubator_id, startup.memberships) == (incubator.id, [])
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.incubator_id, entry.actor_id) == (incubator.id, operator.id)


def test_every_value_of_a_startup_is_kept(session: Session) -> None:
    values = StartupValues(
        name="Full (example)",
        one_line="One line",
        description="Text",
        fields=(Field.INTEGRATED_CIRCUITS, Field.FUTURE_MATERIALS),
        topics=("SiC", "ALD"),
        ladder=Ladder.BACKBONE,
        titles=(Title.GAZELLE,),
        funding_stage=FundingStage.ANGEL,
        readiness=6,
        gate=Gate.PILOT,
        place_code="370212",
        remote=False,
        languages=(Language.CHINESE, Language.GERMAN),
        website="https://example.org/",
        affiliations=("Fund (example)",),
    )
    person = make_person(session)
    startup = actions.create_startup(
        session, values=values, founder=person, actor=act_as(person), at=AT
    )
    session.expire_all()
    assert read_startup(startup) == values


def test_a_startup_goes_from_draft_to_published_to_paused_and_back(session: Session) -> None:
    person = make_person(session)
    startup = actions.create_startup(
        session, values=STARTUP, founder=person, actor=act_as(person), at=AT
    )
    actor = act_as(person)
    actions.publish_startup(session, startup=startup, actor=actor, at=AT)
    actions.pause_startup(session, startup=startup, actor=actor, at=AT)
    with pytest.raises(ActionNotAllowed):
        actions.pause_startup(session, startup=startup, actor=actor, at=AT)
    actions.publish_startup(session, startup=startup, actor=actor, at=AT)
    assert startup.state == "published"
    assert list_kinds_of_audit(session, startup.public_id) == [
        "startup_created",
        "startup_published",
        "startup_paused",
        "startup_resumed",
    ]


def test_a_startup_that_says_too_little_is_not_published(session: Session) -> None:
    person = make_person(session)
    values = StartupValues(name="Only a name")
    startup = actions.create_startup(
        session, values=values, founder=person, actor=act_as(person), at=AT
    )
    with pytest.raises(ProfileIncomplete) as caught:
        actions.publish_startup(session, startup=startup, actor=act_as(person), at=AT)
    assert caught.value.facts == {"missing": "one_line, description, fields, languages"}
    assert startup.state == "draft"


def test_a_published_startup_does_not_lose_what_it_needs(session: Session) -> None:
    person = make_person(session)
    startup = actions.create_startup(
        session, values=STARTUP, founder=person, actor=act_as(person), at=AT
    )
    actions.publish_startup(session, startup=startup, actor=act_as(person), at=AT)
    with pytest.raises(ProfileIncomplete):
        actions.edit_startup(
            session,
            startup=startup,
            values=replace(STARTUP, fields=()),
            version=None,
            actor=act_as(person),
            at=AT,
        )
    assert read_startup(startup) == STARTUP


def test_a_startup_written_over_an_older_version_is_refused(session: Session) -> None:
    person = make_person(session)
    startup = actions.create_startup(
        session, values=STARTUP, founder=person, actor=act_as(person), at=AT
    )
    version = startup.version
    changed = replace(STARTUP, one_line="First")
    for _ in range(2):  # the same form sent twice is answered alike
        actions.edit_startup(
            session, startup=startup, values=changed, version=version, actor=act_as(person), at=AT
        )
    with pytest.raises(ChangedMeanwhile):
        actions.edit_startup(
            session,
            startup=startup,
            values=replace(STARTUP, one_line="Second"),
            version=version,
            actor=act_as(person),
            at=AT,
        )
    assert startup.one_line == "First"
    kinds = list_kinds_of_audit(session, startup.public_id)
    assert kinds == ["startup_created", "startup_edited"]


# Providers


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_whoever_writes_a_profile_acts_for_it_in_its_role(
    session: Session, kind: ProviderKind
) -> None:
    person = make_person(session)
    provider = create(session, person, BY_KIND[kind])
    assert (provider.kind, provider.state) == (kind, "draft")
    assert [(m.person_id, m.role.value) for m in provider.memberships] == [(person.id, kind.value)]
    assert read_provider(provider) == BY_KIND[kind]


def test_an_imported_mentor_has_nobody_yet(session: Session) -> None:
    operator = make_person(session)
    make_incubator(session, operator=operator)
    provider = actions.create_provider(
        session, values=MENTOR, member=None, actor=act_as(operator), at=AT
    )
    assert provider.memberships == []
    assert session.scalars(select(AuditEntry.actor_id)).all() == [operator.id]


@pytest.mark.parametrize(
    "extension",
    [
        MentorValues(
            experience=(Experience.EXECUTIVE, Experience.ENGINEER),
            seat=Seat.INDUSTRIAL,
            routes=(Route.RETURNEE,),
            help_modes=(HelpMode.MANUFACTURING, HelpMode.STRATEGY),
            hours_per_month=12,
            years_of_experience=20,
            employer="Company (example)",
        ),
        InvestorValues(
            investor_kind=InvestorKind.VENTURE,
            ticket_min_yuan=5_000_000,
            ticket_max_yuan=3_000_000_000,
            funding_stages=(FundingStage.SEED, FundingStage.GROWTH),
            instruments=(Instrument.EQUITY, Instrument.RELAY),
        ),
        CentreValues(
            centre_kind=CentreKind.PILOT_LINE,
            accepts_vouchers=True,
            services=(
                ServiceValues(
                    name="Pilot batch",
                    description="Twenty-five wafers.",
                    gate=Gate.PILOT,
                    lead_time_days=60,
                    price_yuan=4_000_000_000,
                    price_unit="batch",
                    free_slots=1,
                ),
            ),
        ),
    ],
)
def test_every_value_of_a_provider_is_kept(
    session: Session, extension: MentorValues | InvestorValues | CentreValues
) -> None:
    values = ProviderValues(
        name="Full (example)",
        headline="One line",
        summary="Text",
        can_help_with="Help",
        fields=(Field.INTEGRATED_CIRCUITS, Field.FUTURE_MATERIALS),
        topics=("SiC", "ALD"),
        place_code="370212",
        remote=False,
        languages=(Language.CHINESE, Language.GERMAN),
        capacity=7,
        # Of a mentor it rests on a consent, which no profile gives.
        open_to_all=not isinstance(extension, MentorValues),
        affiliations=("Fund (example)",),
        extension=extension,
    )
    person = make_person(session)
    provider = actions.create_provider(
        session, values=values, member=person, actor=act_as(person), at=AT
    )
    session.expire_all()
    assert read_provider(provider) == values


def test_services_keep_their_row_under_their_name(session: Session) -> None:
    person = make_person(session)
    provider = create(session, person, CENTRE)
    assert provider.centre is not None
    kept = provider.centre.services[1].public_id
    services = (
        ServiceValues(name="New first", gate=Gate.LAB),
        ServiceValues(name="Power cycling", gate=Gate.PILOT, free_slots=4),
    )
    values = replace(CENTRE, extension=CentreValues(services=services))
    edit(session, person, provider, values)
    session.expire_all()
    assert [s.name for s in provider.centre.services] == ["New first", "Power cycling"]
    assert provider.centre.services[1].public_id == kept
    assert provider.centre.services[1].gate is Gate.PILOT
    assert session.scalar(select(func.count()).select_from(CentreService)) == 2


def test_two_services_of_one_name_are_two(session: Session) -> None:
    person = make_person(session)
    twice = (ServiceValues(name="Test", gate=Gate.LAB), ServiceValues(name="Test", gate=Gate.PILOT))
    provider = create(session, person, CENTRE)
    values = replace(CENTRE, extension=CentreValues(services=twice))
    edit(session, person, provider, values)
    edit(session, person, provider, replace(values, name="Other name"))
    session.expire_all()
    assert read_provider(provider) == replace(values, name="Other name")


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_a_provider_is_published_with_text_and_passages_that_agree(
    session: Session, matching: Engine, kind: ProviderKind
) -> None:
    person = make_person(session)
    provider = create(session, person, BY_KIND[kind])
    publish(session, matching, person, provider)
    check_agreement(provider)
    assert provider.published_text.startswith("Wafer process and yield\nRan a silicon-carbide")
    assert provider.published_at == AT
    assert {p.fingerprint for p in provider.passages} == {matching.encoder.fingerprint}
    sections = {p.section for p in provider.passages if p.role == "sentence"}
    assert ("services" in sections) is (kind is ProviderKind.CENTRE)


def test_a_profile_that_says_too_little_is_not_published(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    values = ProviderValues(name="Only a name", extension=MentorValues())
    provider = create(session, person, values)
    with pytest.raises(ProfileIncomplete) as caught:
        publish(session, matching, person, provider)
    assert caught.value.facts == {"missing": "headline, summary, fields, languages, help_modes"}
    assert (provider.state, provider.published_text, provider.passages) == ("draft", "", [])


def test_text_that_changed_after_it_was_encoded_is_not_published(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    encoded = encode_profile(matching, provider)
    edit(session, person, provider, replace(MENTOR, headline="Something else"))
    with pytest.raises(ChangedMeanwhile):
        actions.publish_provider(
            session, provider=provider, encoded=encoded, actor=act_as(person), at=AT
        )
    assert (provider.state, provider.passages) == ("draft", [])


def test_a_service_renamed_after_encoding_is_noticed_too(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, CENTRE)
    encoded = encode_profile(matching, provider)
    extension = CentreValues(services=(ServiceValues(name="Renamed", gate=Gate.LAB),))
    edit(session, person, provider, replace(CENTRE, extension=extension))
    with pytest.raises(ChangedMeanwhile):
        actions.publish_provider(
            session, provider=provider, encoded=encoded, actor=act_as(person), at=AT
        )


def test_an_edit_of_a_published_profile_publishes_its_new_text(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    publish(session, matching, person, provider)
    values = replace(MENTOR, summary="Now about laser cutting of glass. Ran forty machines.")
    edit(session, person, provider, values, encoded=encode_values(matching, values))
    session.expire_all()
    check_agreement(provider)
    assert "laser cutting" in provider.published_text
    assert "silicon-carbide" not in provider.published_text


def test_an_edit_of_a_published_profile_needs_its_text_encoded(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    publish(session, matching, person, provider)
    values = replace(MENTOR, summary=MENTOR.summary + " And more.")
    with pytest.raises(ChangedMeanwhile), session.begin_nested():
        edit(session, person, provider, values)
    assert read_provider(provider) == MENTOR


def test_a_published_profile_does_not_lose_what_it_needs(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    publish(session, matching, person, provider)
    values = replace(MENTOR, languages=())
    with pytest.raises(ProfileIncomplete), session.begin_nested():
        edit(session, person, provider, values, encoded=encode_values(matching, values))
    assert read_provider(provider) == MENTOR


def test_a_pause_keeps_the_text_and_a_resume_takes_the_new_one(
    session: Session, matching: Engine
) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    actor = act_as(person)
    publish(session, matching, person, provider)
    published = provider.published_text
    actions.pause_provider(session, provider=provider, actor=actor, at=AT)
    edit(session, person, provider, replace(MENTOR, headline="Glass"))
    assert (provider.state, provider.published_text) == ("paused", published)
    publish(session, matching, person, provider)
    check_agreement(provider)
    assert provider.published_text.startswith("Glass\n")
    assert list_kinds_of_audit(session, provider.public_id) == [
        "provider_created",
        "provider_published",
        "provider_paused",
        "provider_edited",
        "provider_resumed",
    ]


def test_a_pause_makes_nobody_new_again(session: Session, matching: Engine) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    publish(session, matching, person, provider)
    later = AT + timedelta(days=50)
    actions.pause_provider(session, provider=provider, actor=act_as(person), at=later)
    publish(session, matching, person, provider, at=later)
    assert (provider.published_at, provider.updated_at) == (AT, later)


def test_steps_out_of_order_are_refused(session: Session, matching: Engine) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    with pytest.raises(ActionNotAllowed):
        actions.pause_provider(session, provider=provider, actor=act_as(person), at=AT)
    publish(session, matching, person, provider)
    with pytest.raises(ActionNotAllowed):
        publish(session, matching, person, provider)


def test_a_profile_written_over_an_older_version_is_refused(session: Session) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    version = provider.version
    changed = replace(MENTOR, headline="First")
    for _ in range(2):  # the same form sent twice is answered alike
        edit(session, person, provider, changed, version=version)
    with pytest.raises(ChangedMeanwhile):
        edit(session, person, provider, replace(MENTOR, headline="Second"), version=version)
    assert provider.headline == "First"


def test_a_mentor_does_not_become_an_investor(session: Session) -> None:
    person = make_person(session)
    provider = create(session, person, MENTOR)
    with pytest.raises(ValueError, match="cannot become"):
        edit(session, person, provider, INVESTOR)


def test_a_seed_fund_covers_at_most_five_fields(session: Session) -> None:
    person = make_person(session)
    six = replace(INVESTOR, fields=tuple(Field)[:6])
    with pytest.raises(SeedFundTooBroad) as caught:
        create(session, person, six)
    assert caught.value.facts == {"limit": 5}
    provider = create(session, person, replace(INVESTOR, fields=tuple(Field)[:5]))
    with pytest.raises(SeedFundTooBroad):
        edit(session, person, provider, six)
    assert len(provider.fields) == 5


def test_the_largest_ticket_is_not_the_smaller_one(session: Session) -> None:
    extension = InvestorValues(ticket_min_yuan=2, ticket_max_yuan=1)
    with pytest.raises(TicketRangeReversed):
        create(session, make_person(session), replace(INVESTOR, extension=extension))


def test_a_form_sent_twice_creates_one_profile(session: Session) -> None:
    person, other = make_person(session), make_person(session)
    key = new_public_id()

    def send(member: Person) -> tuple[str, str]:
        actor = act_as(member)
        provider = actions.create_provider(
            session, values=MENTOR, member=member, actor=actor, at=AT, public_id=key
        )
        startup = actions.create_startup(
            session, values=STARTUP, founder=member, actor=actor, at=AT, public_id=key
        )
        return provider.public_id, startup.public_id

    assert send(person) == send(person) == (key, key)
    # The key of somebody else's form leads to no profile of theirs.
    assert key not in send(other)
    assert session.scalar(select(func.count()).select_from(Provider)) == 2
    assert session.scalar(select(func.count()).select_from(Startup)) == 2
