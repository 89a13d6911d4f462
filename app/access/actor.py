"""Who acts, and for whom: facts alone, as ids."""

from dataclasses import dataclass

from models.people import Person
from models.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and for whom, as ids.

    `founds` are startups, `hosted_by` the incubators of those startups, `operates` incubators,
    `provides` providers, of which `centres` are centres and `funds` investors, `regulates` place
    codes.

    When an operator acts for another person, `person_id` is the operator, `on_behalf_of_id` the
    other one, the roles are those of the other one, and `within_incubator_id` is the incubator
    outside of which this gives no right.

    `withheld` are incubators that the person operates and that ask for a second factor, which the
    person has not set up: over them there is no right.
    """

    person_id: int
    founds: frozenset[int] = frozenset()
    hosted_by: frozenset[int] = frozenset()
    operates: frozenset[int] = frozenset()
    provides: frozenset[int] = frozenset()
    centres: frozenset[int] = frozenset()
    funds: frozenset[int] = frozenset()
    regulates: frozenset[str] = frozenset()
    on_behalf_of_id: int | None = None
    within_incubator_id: int | None = None
    withheld: frozenset[int] = frozenset()

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
    withheld = frozenset(
        m.incubator_id
        for m in memberships
        if m.incubator_id is not None
        and m.incubator is not None
        and m.incubator.requires_second_factor
        and not person.has_second_factor
    )
    return Actor(
        person_id=person.id,
        founds=frozenset(m.startup_id for m in memberships if m.startup_id is not None),
        hosted_by=frozenset(
            m.startup.incubator_id
            for m in memberships
            if m.startup is not None and m.startup.incubator_id is not None
        ),
        operates=frozenset(m.incubator_id for m in memberships if m.incubator_id is not None)
        - withheld,
        provides=frozenset(m.provider_id for m in memberships if m.provider_id is not None),
        centres=frozenset(
            m.provider_id
            for m in memberships
            if m.provider_id is not None and m.role is Role.CENTRE
        ),
        funds=frozenset(
            m.provider_id
            for m in memberships
            if m.provider_id is not None and m.role is Role.INVESTOR
        ),
        regulates=frozenset(
            m.place_code for m in memberships if m.role is Role.REGULATOR and m.place_code
        ),
        withheld=withheld,
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
