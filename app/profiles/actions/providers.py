"""Use cases of a provider's profile: mentor, investor or centre."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.errors import ChangedMeanwhile
from app.profiles.actions.submission import is_member, lock_person
from app.profiles.completeness import (
    is_mandate_too_broad,
    is_ticket_range_reversed,
    list_missing_of_provider,
)
from app.profiles.encoding import EncodedProfile
from app.profiles.errors import ProfileIncomplete, SeedFundTooBroad, TicketRangeReversed
from app.profiles.queries import list_said
from app.profiles.values import (
    CentreValues,
    Extension,
    InvestorValues,
    MentorValues,
    ProviderValues,
    ServiceValues,
    read_provider,
)
from app.ranking.indexing import StoredText, insert_passages, store_passages
from app.transactions import lock
from models.lifecycle import PROFILE
from models.orm import new_public_id
from models.people import Membership, Person
from models.profile_text import compose_profile_text
from models.providers import (
    SEED_FUND_FIELDS_LIMIT,
    Centre,
    CentreService,
    Investor,
    Mentor,
    Provider,
)
from models.revisions import mark_changed
from models.vocabulary import ProviderKind, Role


def create_provider(
    session: Session,
    *,
    values: ProviderValues,
    member: Person | None,
    actor: Actor,
    at: datetime,
    public_id: str | None = None,
) -> Provider:
    """There is a draft with `values`, for which `member` acts in the role of its kind.

    None as `member`: an imported profile, whose owner is yet to be invited. `public_id` is the
    one that the form was shown with: sent twice, the profile is created once and the first one
    returned. Raises NotPermitted for an imported profile unless `actor` operates an incubator,
    NotFound unless they are `member`; SeedFundTooBroad, TicketRangeReversed.
    """
    if member is None:
        require(actor, "provider:bring_in")
    else:
        require(actor, "person:represent", member)
    _check_mandate(values)
    if public_id is not None:
        lock_person(session, member)
        found = session.scalar(select(Provider).where(Provider.public_id == public_id))
        if found is not None and is_member(member, found.memberships):
            return found
        public_id = None if found else public_id
    provider = _make_draft(values, public_id=public_id or new_public_id(), at=at)
    session.add(provider)
    if member is not None:
        role = Role(values.kind.value)
        session.add(Membership(person=member, role=role, provider=provider, created_at=at))
    session.flush()
    record(session, actor=actor, kind="provider_created", subject=provider, at=at)
    return provider


@dataclass(frozen=True, slots=True)
class NewProfile:
    """What a provider will say; it is published at once if `encoded` was made of `values`."""

    values: ProviderValues
    encoded: EncodedProfile | None


def create_providers(
    session: Session, *, profiles: Sequence[NewProfile], actor: Actor, at: datetime
) -> list[Provider]:
    """There is a provider for each of `profiles`, in their order, and nobody acts for any yet.

    The same as `create_provider` and `publish_provider` for one after the other, at a fifth of
    the cost: rows of one table are inserted together. Raises what these two raise, about whichever
    profile it is.
    """
    require(actor, "provider:bring_in")
    providers = [_make_imported(profile, at) for profile in profiles]
    session.add_all(providers)
    session.flush()
    published = [
        (provider, profile.encoded)
        for provider, profile in zip(providers, profiles, strict=True)
        if profile.encoded is not None
    ]
    insert_passages(
        session,
        {
            provider.id: StoredText(encoded.passages, encoded.sections, encoded.fingerprint)
            for provider, encoded in published
        },
    )
    for provider in providers:
        record(session, actor=actor, kind="provider_created", subject=provider, at=at)
    for provider, _encoded in published:
        mark_changed(session, provider.id)
        record(session, actor=actor, kind="provider_published", subject=provider, at=at)
    return providers


def _make_imported(profile: NewProfile, at: datetime) -> Provider:
    _check_mandate(profile.values)
    provider = _make_draft(profile.values, public_id=new_public_id(), at=at)
    if profile.encoded is not None:
        _check_complete(profile.values)
        provider.published_text = _agree(provider, profile.encoded)
        provider.state = PROFILE.follow("publish", provider.state)
        provider.published_at = at
    return provider


def _make_draft(values: ProviderValues, *, public_id: str, at: datetime) -> Provider:
    """A draft that says `values` and that no session knows of yet."""
    values = replace(values, open_to_all=values.kind is not ProviderKind.MENTOR)
    provider = Provider(
        public_id=public_id, kind=values.kind, state="draft", created_at=at, updated_at=at
    )
    match values.extension:
        case MentorValues():
            provider.mentor = Mentor()
        case InvestorValues():
            provider.investor = Investor()
        case CentreValues():
            provider.centre = Centre()
    _apply(provider, values)
    return provider


def edit_provider(
    session: Session,
    *,
    provider: Provider,
    values: ProviderValues,
    encoded: EncodedProfile | None,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> int:
    """`provider` says `values`; a published one is found by them from the commit on.

    `encoded` is what `encode_values` made of `values`, needed only for a published profile.
    `version` is the one that `values` were written over; None replaces whatever is there. Nothing
    happens where the profile says `values` already. Returns of how many sentences the corrected
    reading ended, because they are no longer said. Raises ChangedMeanwhile for another version and
    when it was published since `encoded` was left out, ProfileIncomplete when a published profile
    would lose what it needs, SeedFundTooBroad, TicketRangeReversed.
    """
    provider = lock(session, provider)
    require(actor, "provider:keep", provider)
    if values.kind is not provider.kind:
        raise ValueError(f"a {provider.kind} cannot become a {values.kind}")
    # That rests on a consent of its own, which no form of the profile gives or withdraws.
    values = replace(values, open_to_all=provider.open_to_all)
    if read_provider(provider) == values:
        return 0
    if version is not None and provider.version != version:
        raise ChangedMeanwhile
    _check_mandate(values)
    _apply(provider, values)
    provider.updated_at = at
    if provider.state == "published":
        _check_complete(values)
        if encoded is None:
            raise ChangedMeanwhile
        _store_text(session, provider, encoded)
    ended = end_corrections(provider)
    session.flush()
    detail = {"corrections_ended": str(ended)} if ended else None
    record(session, actor=actor, kind="provider_edited", subject=provider, at=at, detail=detail)
    return ended


def publish_provider(
    session: Session,
    *,
    provider: Provider,
    encoded: EncodedProfile,
    actor: Actor,
    at: datetime,
) -> None:
    """`provider` is published, for the first time or again after a pause, and found from the
    commit on.

    `published_at` stays that of the first time: a pause makes nobody new again. `encoded` is what
    `encode_profile` made of it. Raises ChangedMeanwhile when its text is another one by now,
    ProfileIncomplete, SeedFundTooBroad, TicketRangeReversed.
    """
    provider = lock(session, provider)
    require(actor, "provider:keep", provider)
    state = PROFILE.follow("publish", provider.state)
    values = read_provider(provider)
    _check_mandate(values)
    _check_complete(values)
    kind = "provider_resumed" if provider.state == "paused" else "provider_published"
    _store_text(session, provider, encoded)
    provider.state = state
    provider.published_at = provider.published_at or at
    provider.updated_at = at
    session.flush()
    record(session, actor=actor, kind=kind, subject=provider, at=at)


def pause_provider(session: Session, *, provider: Provider, actor: Actor, at: datetime) -> None:
    """`provider` is no longer suggested, from the commit on; publishing resumes it."""
    provider = lock(session, provider)
    require(actor, "provider:keep", provider)
    provider.state = PROFILE.follow("pause", provider.state)
    provider.updated_at = at
    session.flush()
    mark_changed(session, provider.id, standing_only=True)
    record(session, actor=actor, kind="provider_paused", subject=provider, at=at)


def _check_mandate(values: ProviderValues) -> None:
    if is_mandate_too_broad(values):
        raise SeedFundTooBroad(limit=SEED_FUND_FIELDS_LIMIT)
    if is_ticket_range_reversed(values):
        raise TicketRangeReversed


def _check_complete(values: ProviderValues) -> None:
    if missing := list_missing_of_provider(values):
        raise ProfileIncomplete(missing=", ".join(missing))


def _store_text(session: Session, provider: Provider, encoded: EncodedProfile) -> None:
    """The published text and its passages agree, or nothing is stored."""
    # Set before `store_passages` flushes: no flush may leave a published profile without text.
    provider.published_text = _agree(provider, encoded)
    store_passages(
        session,
        provider=provider,
        passages=encoded.passages,
        sections=encoded.sections,
        fingerprint=encoded.fingerprint,
    )
    mark_changed(session, provider.id)


def end_corrections(provider: Provider) -> int:
    """Of sentences that the profile does not say, nothing is corrected; returns of how many."""
    if not provider.corrections:
        return 0
    said = list_said(provider)
    gone = [each for each in provider.corrections if each.sentence not in said]
    for each in gone:
        provider.corrections.remove(each)
    return len(gone)


def _agree(provider: Provider, encoded: EncodedProfile) -> str:
    """The text of `provider`. Raises ChangedMeanwhile when it is not the one that was encoded."""
    text, sections = compose_profile_text(provider)
    if (text, sections) != (encoded.text, encoded.sections):
        raise ChangedMeanwhile
    return text


def _apply(provider: Provider, values: ProviderValues) -> None:
    _set(provider, values, except_for=("extension",))
    match values.extension:
        case CentreValues():
            _set(provider.centre, values.extension, except_for=("services",))
            _set_services(provider.centre, values.extension.services)
        case MentorValues():
            _set(provider.mentor, values.extension)
        case InvestorValues():
            _set(provider.investor, values.extension)


def _set_services(centre: Centre | None, services: Iterable[ServiceValues]) -> None:
    """Services of the same name keep their row, and so their public id."""
    if centre is None:
        raise RuntimeError("only a centre has services")
    known = {service.name: service for service in reversed(centre.services)}
    kept = []
    for ordinal, values in enumerate(services):
        service = known.pop(values.name, None) or CentreService()
        _set(service, values)
        service.ordinal = ordinal
        kept.append(service)
    centre.services = kept


def _set(
    target: object,
    values: ProviderValues | Extension | ServiceValues,
    except_for: tuple[str, ...] = (),
) -> None:
    for field in fields(values):
        if field.name not in except_for:
            value = getattr(values, field.name)
            setattr(target, field.name, list(value) if isinstance(value, tuple) else value)
