"""What can be true of an actor and a thing. The permissions are made of these."""

from collections.abc import Callable
from typing import Any

from app.access.actor import POOL_STATES_LOOKED_AFTER, POOL_STATES_SHOWN, Actor
from models.calendars import AvailabilityException, BusySource
from models.documents import Document
from models.engagements import CoachingSession, Engagement, Feedback
from models.facts import Fact
from models.funds import Mandate
from models.imports import ImportBatch
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Invitation, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.queues import QueuePlace
from models.tokens import ApiToken
from models.vocabulary import Side
from models.webhooks import Webhook, WebhookDelivery

Organisation = Startup | Provider | Incubator

Rule = Callable[[Actor, Any], bool]


def is_within(actor: Actor, incubator_id: int | None) -> bool:
    """Nothing binds the actor to another incubator than this one."""
    return actor.within_incubator_id is None or actor.within_incubator_id == incubator_id


def is_founder(actor: Actor, startup: Startup) -> bool:
    """Acts for this startup."""
    return startup.id in actor.founds and is_within(actor, startup.incubator_id)


def is_host(actor: Actor, startup: Startup) -> bool:
    """Operates the incubator that hosts this startup."""
    return startup.incubator_id in actor.operates


def is_operator(actor: Actor, incubator: Incubator) -> bool:
    """Operates this incubator."""
    return incubator.id in actor.operates


def is_any_operator(actor: Actor, subject: object) -> bool:
    """Operates some incubator."""
    return bool(actor.operates)


def is_provider(actor: Actor, provider: Provider) -> bool:
    """Acts for this provider."""
    return provider.id in actor.provides


def is_in_own_pool(actor: Actor, provider: Provider) -> bool:
    """Operates an incubator in whose pool this provider stands, or to which it applies."""
    return any(
        entry.incubator_id in actor.operates and entry.state in POOL_STATES_SHOWN
        for entry in provider.pool_entries
    )


def is_own_mentor(actor: Actor, provider: Provider) -> bool:
    """Acts for this provider, which is a mentor."""
    return provider.kind == "mentor" and is_provider(actor, provider)


def keeps(actor: Actor, provider: Provider) -> bool:
    """Operates an incubator in whose pool this provider stands, for whom nobody acts yet."""
    return (
        bool(actor.operates)
        and not provider.memberships
        and any(entry.incubator_id in actor.operates for entry in provider.pool_entries)
    )


def can_view_provider(actor: Actor, provider: Provider) -> bool:
    """A published one is for everyone logged in, except a mentor who is not open to all.

    Such a mentor is seen by the founders of the incubators that admitted them, by the operators of
    those, and by those of others, who may want to invite them, if the mentor consented.
    """
    if is_provider(actor, provider) or is_in_own_pool(actor, provider):
        return True
    if provider.state != "published":
        return False
    if provider.kind != "mentor" or provider.open_to_all:
        return True
    if actor.operates and provider.shown_to_incubators:
        return True
    return any(
        entry.state == "admitted" and entry.incubator_id in actor.hosted_by
        for entry in provider.pool_entries
    )


def get_side(actor: Actor, engagement: Engagement) -> Side | None:
    """The side on which the actor stands in this engagement; None for an onlooker."""
    if not is_within(actor, engagement.incubator_id):
        return None
    if engagement.startup_id in actor.founds:
        return Side.STARTUP
    if engagement.provider_id in actor.provides:
        return Side.PROVIDER
    return None


def is_startup_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the startup of this engagement."""
    return get_side(actor, engagement) is Side.STARTUP


def is_provider_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the provider of this engagement."""
    return get_side(actor, engagement) is Side.PROVIDER


def is_mentor_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the provider of this engagement, which is a mentor, with colleagues in a pool."""
    return engagement.provider.kind == "mentor" and is_provider_side(actor, engagement)


def is_either_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for one of the two sides of this engagement."""
    return get_side(actor, engagement) is not None


def oversees(actor: Actor, engagement: Engagement) -> bool:
    """Operates the incubator that this engagement belongs to."""
    return engagement.incubator_id in actor.operates


def can_view_engagement(actor: Actor, engagement: Engagement) -> bool:
    """Acts for one of its sides, or operates the incubator that it belongs to."""
    return is_either_side(actor, engagement) or oversees(actor, engagement)


def is_author(actor: Actor, feedback: Feedback) -> bool:
    """Gave this feedback, and acts for nobody else."""
    return in_person(actor, feedback) and feedback.author_id == actor.person_id


def of_session(rule: Rule) -> Rule:
    """`rule`, asked of the engagement of a session."""

    def apply(actor: Actor, coaching_session: CoachingSession) -> bool:
        return rule(actor, coaching_session.engagement)

    return apply


def of_need(rule: Rule) -> Rule:
    """`rule`, asked of the startup of a need."""

    def apply(actor: Actor, need: Need) -> bool:
        return rule(actor, need.startup)

    return apply


def of_queue_place(rule: Rule) -> Rule:
    """`rule`, asked of the startup of the need that waits."""

    def apply(actor: Actor, place: QueuePlace) -> bool:
        return rule(actor, place.need.startup)

    return apply


def of_match(rule: Rule) -> Rule:
    """`rule`, asked of the startup of a match's need."""

    def apply(actor: Actor, match: Match) -> bool:
        return rule(actor, match.run.need.startup)

    return apply


def of_run(rule: Rule) -> Rule:
    """`rule`, asked of the startup of a run's need."""

    def apply(actor: Actor, run: MatchRun) -> bool:
        return rule(actor, run.need.startup)

    return apply


def is_entry_operator(actor: Actor, entry: PoolEntry) -> bool:
    """Operates the incubator of this pool entry."""
    return entry.incubator_id in actor.operates


def is_batch_operator(actor: Actor, batch: ImportBatch) -> bool:
    """Operates the incubator of this imported file."""
    return batch.incubator_id in actor.operates


def is_inviter(actor: Actor, invitation: Invitation) -> bool:
    """Acts for the organisation that is joined, or for the incubator that sent the invitation."""
    return (
        invitation.startup_id in actor.founds
        or invitation.provider_id in actor.provides
        or invitation.incubator_id in actor.operates
        or invitation.sender_incubator_id in actor.operates
    )


def either(*rules: Rule) -> Rule:
    """Allowed by at least one of `rules`."""

    def apply(actor: Actor, subject: Any) -> bool:
        return any(rule(actor, subject) for rule in rules)

    return apply


def all_of(*rules: Rule) -> Rule:
    """Allowed by every one of `rules`."""

    def apply(actor: Actor, subject: Any) -> bool:
        return all(rule(actor, subject) for rule in rules)

    return apply


def anyone(actor: Actor, subject: object) -> bool:
    """Whoever is logged in."""
    return True


def in_person(actor: Actor, subject: object) -> bool:
    """Whoever is logged in and does not act for another."""
    return not actor.is_acting_for_another


def is_oneself(actor: Actor, person: Person) -> bool:
    """Is this person, and acts for nobody else."""
    return in_person(actor, person) and person.id == actor.person_id


def is_oneself_here(actor: Actor, person: Person | None) -> bool:
    """There is such an account, and it is the actor's, who acts for nobody else."""
    return person is not None and is_oneself(actor, person)


def is_own_source(actor: Actor, source: BusySource) -> bool:
    """The calendar elsewhere is read for this person, who acts for nobody else."""
    return in_person(actor, source) and source.person_id == actor.person_id


def is_own_token(actor: Actor, token: ApiToken) -> bool:
    """The token is this person's, who acts for nobody else."""
    return in_person(actor, token) and token.person_id == actor.person_id


def stands_in_for(actor: Actor, person: Person) -> bool:
    """Acts for this other person."""
    return actor.on_behalf_of_id == person.id


def can_apply_to(actor: Actor, incubator: Incubator) -> bool:
    """Acts for some provider, and nothing binds them to another incubator."""
    return bool(actor.provides) and is_within(actor, incubator.id)


def is_any_founder(actor: Actor, subject: object) -> bool:
    """Acts for some startup."""
    return bool(actor.founds)


def is_any_provider(actor: Actor, subject: object) -> bool:
    """Acts for some provider."""
    return bool(actor.provides)


def anyone_with_account(actor: Actor) -> bool:
    """Whoever is logged in."""
    return True


def operates_any(actor: Actor) -> bool:
    """Operates some incubator."""
    return bool(actor.operates)


def founds_any(actor: Actor) -> bool:
    """Acts for some startup."""
    return bool(actor.founds)


def founds_or_operates(actor: Actor) -> bool:
    """Acts for some startup or some incubator."""
    return bool(actor.founds or actor.operates)


def takes_part(actor: Actor) -> bool:
    """Acts for a startup, a provider or an incubator."""
    return bool(actor.founds or actor.provides or actor.operates)


def is_entry_mentor(actor: Actor, entry: PoolEntry) -> bool:
    """Is the mentor of this pool entry."""
    return entry.provider_id in actor.provides and is_within(actor, entry.incubator_id)


def acts_for(actor: Actor, organisation: Organisation) -> bool:
    """Is a founder of this startup, acts for this provider, or operates this incubator."""
    if isinstance(organisation, Startup):
        return is_founder(actor, organisation)
    if isinstance(organisation, Provider):
        return is_provider(actor, organisation)
    return is_operator(actor, organisation)


def looks_after(actor: Actor, organisation: Organisation) -> bool:
    """Operates this incubator, the one of this startup, or one that admitted this mentor."""
    if isinstance(organisation, Startup):
        return is_host(actor, organisation)
    if isinstance(organisation, Provider):
        return any(
            entry.incubator_id in actor.operates and entry.state in POOL_STATES_LOOKED_AFTER
            for entry in organisation.pool_entries
        )
    return is_operator(actor, organisation)


def of_fact(rule: Rule) -> Rule:
    """`rule`, asked of whom a fact is about."""

    def apply(actor: Actor, fact: Fact) -> bool:
        return rule(actor, fact.subject)

    return apply


def of_exception(rule: Rule) -> Rule:
    """`rule`, asked of the provider whose hours an exception is from."""

    def apply(actor: Actor, exception: AvailabilityException) -> bool:
        return rule(actor, exception.availability.provider)

    return apply


def of_webhook(rule: Rule) -> Rule:
    """`rule`, asked of the incubator whose events a webhook is told."""

    def apply(actor: Actor, webhook: Webhook) -> bool:
        return rule(actor, webhook.incubator)

    return apply


def of_delivery(rule: Rule) -> Rule:
    """`rule`, asked of the incubator whose webhook a delivery is for."""

    def apply(actor: Actor, delivery: WebhookDelivery) -> bool:
        return rule(actor, delivery.webhook.incubator)

    return apply


def of_owner(rule: Rule) -> Rule:
    """`rule`, asked of the organisation that keeps a document."""

    def apply(actor: Actor, document: Document) -> bool:
        return rule(actor, document.owner)

    return apply


def is_shown_document(actor: Actor, document: Document) -> bool:
    """Acts for an organisation that may open this document."""
    return any(
        share.revoked_at is None and acts_for(actor, share.receiver) for share in document.shares
    )


def can_view_document(actor: Actor, document: Document) -> bool:
    """Its own side, whoever looks after that, and whom it is shown to."""
    owner = document.owner
    return acts_for(actor, owner) or looks_after(actor, owner) or is_shown_document(actor, document)


def can_open_document(actor: Actor, document: Document) -> bool:
    """Its own side, whom it is shown to, and who has to decide on a report about it.

    Whoever looks after the owner sees that there is a document, and not what is in it.
    """
    if acts_for(actor, document.owner) or is_shown_document(actor, document):
        return True
    return document.state == "reported" and looks_after(actor, document.owner)


def can_delete_document(actor: Actor, document: Document) -> bool:
    """Its own side, unless somebody has to look into it; then whoever decides on that."""
    if document.state == "stopped":
        return looks_after(actor, document.owner)
    return acts_for(actor, document.owner)


def speaks_for_fund(actor: Actor, provider: Provider) -> bool:
    """Acts for this investor, or keeps its profile while nobody acts for it."""
    return provider.kind == "investor" and (is_provider(actor, provider) or keeps(actor, provider))


def is_own_fund(actor: Actor, provider: Provider) -> bool:
    """Acts for this provider, which is an investor."""
    return provider.kind == "investor" and is_provider(actor, provider)


def is_fund_side(actor: Actor, engagement: Engagement) -> bool:
    """Acts for the provider of this engagement, which is an investor."""
    return engagement.provider.kind == "investor" and is_provider_side(actor, engagement)


def of_mandate(rule: Rule) -> Rule:
    """`rule`, asked of the investor of a mandate."""

    def apply(actor: Actor, mandate: Mandate) -> bool:
        return rule(actor, mandate.provider)

    return apply


def can_view_mandate(actor: Actor, mandate: Mandate) -> bool:
    """The published version is for whoever may see the investor, the others for its own side."""
    if speaks_for_fund(actor, mandate.provider):
        return True
    return mandate.state == "published" and can_view_provider(actor, mandate.provider)
