"""Who may do what: one table, read from top to bottom.

A rule takes the actor and the thing it is about, and looks at facts alone: no database, no
request. `app/web/guard.py` asks it for every route. Whoever may not view a thing must not learn
that it exists, so a refusal of someone who cannot view it is a 404.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from models.engagements import CoachingSession, Engagement
from models.imports import ImportBatch
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Invitation, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import Role, Side


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and for whom, as ids.

    `founds` are startups, `hosted_by` the incubators of those startups, `operates` incubators,
    `provides` providers, `regulates` place codes.

    When an operator acts for another person, `person_id` is the operator, `on_behalf_of_id` the
    other one, the roles are those of the other one, and `within_incubator_id` is the incubator
    outside of which this gives no right.
    """

    person_id: int
    founds: frozenset[int] = frozenset()
    hosted_by: frozenset[int] = frozenset()
    operates: frozenset[int] = frozenset()
    provides: frozenset[int] = frozenset()
    regulates: frozenset[str] = frozenset()
    on_behalf_of_id: int | None = None
    within_incubator_id: int | None = None

    @property
    def acts_as_id(self) -> int:
        """The person whose rights are used."""
        return self.on_behalf_of_id or self.person_id

    @property
    def is_acting_for_another(self) -> bool:
        """Whether an operator stands in for somebody."""
        return self.on_behalf_of_id is not None


def make_actor(
    person: Person, *, on_behalf_of: Person | None = None, within_incubator_id: int | None = None
) -> Actor:
    """The actor for `person`, with the memberships of whoever's rights are used.

    An operator who acts for another has only those rights that the incubator looks after: for
    its startups and for the mentors in its pool, never those of an operator or a regulator.
    """
    if on_behalf_of is not None:
        return _make_stand_in(person, on_behalf_of, within_incubator_id)
    memberships = person.memberships
    return Actor(
        person_id=person.id,
        founds=frozenset(m.startup_id for m in memberships if m.startup_id is not None),
        hosted_by=frozenset(
            m.startup.incubator_id
            for m in memberships
            if m.startup is not None and m.startup.incubator_id is not None
        ),
        operates=frozenset(m.incubator_id for m in memberships if m.incubator_id is not None),
        provides=frozenset(m.provider_id for m in memberships if m.provider_id is not None),
        regulates=frozenset(
            m.place_code for m in memberships if m.role is Role.REGULATOR and m.place_code
        ),
    )


# A mentor in one of these states of a pool is looked after by its incubator. Whoever is only
# invited is not: inviting takes no consent, so it must lend no rights.
POOL_STATES_LOOKED_AFTER = ("admitted", "paused")

# An applicant lets the operators see the profile, published or not; whoever left, no longer.
POOL_STATES_SHOWN = ("applied", *POOL_STATES_LOOKED_AFTER)


def _make_stand_in(person: Person, other: Person, incubator_id: int | None) -> Actor:
    founds = frozenset(
        m.startup_id
        for m in other.memberships
        if m.startup_id is not None and m.startup and m.startup.incubator_id == incubator_id
    )
    return Actor(
        person_id=person.id,
        founds=founds,
        hosted_by=frozenset({incubator_id} if founds and incubator_id is not None else ()),
        provides=frozenset(
            m.provider_id
            for m in other.memberships
            if m.provider_id is not None
            and m.provider
            and any(
                entry.incubator_id == incubator_id and entry.state in POOL_STATES_LOOKED_AFTER
                for entry in m.provider.pool_entries
            )
        ),
        on_behalf_of_id=other.id,
        within_incubator_id=incubator_id,
    )


Rule = Callable[[Actor, Any], bool]


def _is_within(actor: Actor, incubator_id: int | None) -> bool:
    return actor.within_incubator_id is None or actor.within_incubator_id == incubator_id


def is_founder(actor: Actor, startup: Startup) -> bool:
    """Acts for this startup."""
    return startup.id in actor.founds and _is_within(actor, startup.incubator_id)


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


def can_view_provider(actor: Actor, provider: Provider) -> bool:
    """A published one is for everyone logged in, except a mentor who is not open to all.

    Such a mentor is seen by the founders of the incubators that admitted them, and by operators,
    who may want to invite them.
    """
    if is_provider(actor, provider) or is_in_own_pool(actor, provider):
        return True
    if provider.state != "published":
        return False
    if provider.kind != "mentor" or provider.open_to_all or actor.operates:
        return True
    return any(
        entry.state == "admitted" and entry.incubator_id in actor.hosted_by
        for entry in provider.pool_entries
    )


def get_side(actor: Actor, engagement: Engagement) -> Side | None:
    """The side on which the actor stands in this engagement; None for an onlooker."""
    if not _is_within(actor, engagement.incubator_id):
        return None
    if engagement.startup_id in actor.founds:
        return Side.STARTUP
    if engagement.provider_id in actor.provides:
        return Side.PROVIDER
    return None


def _is_startup_side(actor: Actor, engagement: Engagement) -> bool:
    return get_side(actor, engagement) is Side.STARTUP


def _is_provider_side(actor: Actor, engagement: Engagement) -> bool:
    return get_side(actor, engagement) is Side.PROVIDER


def _is_either_side(actor: Actor, engagement: Engagement) -> bool:
    return get_side(actor, engagement) is not None


def _can_view_engagement(actor: Actor, engagement: Engagement) -> bool:
    return _is_either_side(actor, engagement) or engagement.incubator_id in actor.operates


def _of_session(rule: Rule) -> Rule:
    def apply(actor: Actor, coaching_session: CoachingSession) -> bool:
        return rule(actor, coaching_session.engagement)

    return apply


def _of_need(rule: Rule) -> Rule:
    def apply(actor: Actor, need: Need) -> bool:
        return rule(actor, need.startup)

    return apply


def _of_match(rule: Rule) -> Rule:
    def apply(actor: Actor, match: Match) -> bool:
        return rule(actor, match.run.need.startup)

    return apply


def _of_run(rule: Rule) -> Rule:
    def apply(actor: Actor, run: MatchRun) -> bool:
        return rule(actor, run.need.startup)

    return apply


def _of_entry(rule: Rule) -> Rule:
    def apply(actor: Actor, entry: PoolEntry) -> bool:
        return rule(actor, entry.incubator)

    return apply


def _of_batch(rule: Rule) -> Rule:
    def apply(actor: Actor, batch: ImportBatch) -> bool:
        return rule(actor, batch.incubator)

    return apply


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


def founds_or_operates(actor: Actor) -> bool:
    """Acts for some startup or some incubator."""
    return bool(actor.founds or actor.operates)


def takes_part(actor: Actor) -> bool:
    """Acts for a startup, a provider or an incubator."""
    return bool(actor.founds or actor.provides or actor.operates)


def is_entry_mentor(actor: Actor, entry: PoolEntry) -> bool:
    """Is the mentor of this pool entry."""
    return entry.provider_id in actor.provides and _is_within(actor, entry.incubator_id)


# The subject of each permission is named by what stands before the colon, except where said.
PERMISSIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "account:edit": in_person,
        "account:view": anyone,
        "acting:begin": is_any_operator,  # the person is checked by the action
        "acting:end": anyone,
        "invitation:revoke": is_inviter,
        "home:view": anyone,
        "notice:view": anyone,
        "startup:create": in_person,
        "startup:view": either(is_founder, is_host),
        "startup:edit": either(is_founder, is_host),
        "startup:publish": either(is_founder, is_host),
        "startup:invite": either(is_founder, is_host),
        "provider:create": in_person,
        "provider:view": can_view_provider,
        "provider:list": anyone,
        "provider:edit": is_provider,
        "provider:publish": is_provider,
        # Whoever joins acts in all pools: an operator who stands in has only their own to lend.
        "provider:invite": all_of(in_person, is_provider),
        "incubator:view": anyone,
        "incubator:edit": is_operator,
        "incubator:host": is_operator,
        "incubator:invite": is_operator,
        "incubator:list_own": is_any_operator,
        "pool:invite": is_operator,  # subject: the incubator
        "pool:apply": is_any_provider,
        "pool_entry:view": either(_of_entry(is_operator), is_entry_mentor),
        "pool_entry:decide": _of_entry(is_operator),
        "pool_entry:answer": is_entry_mentor,
        "import:create": is_operator,  # subject: the incubator
        "import:view": _of_batch(is_operator),
        "import:apply": _of_batch(is_operator),
        "need:create": is_founder,  # subject: the startup
        "need:list": either(is_any_founder, is_any_operator),
        "need:view": either(_of_need(is_founder), _of_need(is_host)),
        "need:edit": _of_need(is_founder),
        "need:match": either(_of_need(is_founder), _of_need(is_host)),
        "match:view": either(_of_match(is_founder), _of_match(is_host)),
        "match:dismiss": _of_match(is_founder),
        "match:preview": either(is_founder, is_host),  # subject: the startup
        "match_run:view": either(_of_run(is_founder), _of_run(is_host)),
        "match_run:dismiss": _of_run(is_founder),
        "engagement:list": anyone,
        "engagement:request": _of_need(is_founder),  # subject: the need
        "engagement:view": _can_view_engagement,
        "engagement:accept": _is_provider_side,
        "engagement:decline": _is_provider_side,
        "engagement:withdraw": _is_startup_side,
        "engagement:cancel": _is_either_side,
        "engagement:complete": _is_either_side,
        "session:list": anyone,
        "session:view": _of_session(_can_view_engagement),
        "session:propose": _is_either_side,  # subject: the engagement
        "session:confirm": _of_session(_is_either_side),
        "session:move": _of_session(_is_either_side),
        "session:cancel": _of_session(_is_either_side),
        "session:record": _of_session(_is_either_side),
        "feedback:give": _of_session(_is_either_side),  # subject: the session
    }
)

# Which permission tells whether a thing may be known of, by what the subject is.
VIEW_PERMISSION: Mapping[type, str] = MappingProxyType(
    {
        Startup: "startup:view",
        Provider: "provider:view",
        Incubator: "incubator:view",
        PoolEntry: "pool_entry:view",
        ImportBatch: "import:view",
        Need: "need:view",
        Match: "match:view",
        MatchRun: "match_run:view",
        Engagement: "engagement:view",
        CoachingSession: "session:view",
    }
)


def is_permitted(actor: Actor, permission: str, subject: object = None) -> bool:
    """Whether `actor` has `permission` over `subject`. KeyError for an unknown permission."""
    return PERMISSIONS[permission](actor, subject)


def can_know_of(actor: Actor, subject: object) -> bool:
    """Whether `actor` may learn that `subject` exists."""
    return PERMISSIONS[VIEW_PERMISSION[type(subject)]](actor, subject)
