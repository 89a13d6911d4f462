"""Who else is the same organisation, told by the credit code: for eyes, nothing is merged."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.profiles.queries import is_visible_to
from models.credit_code import CreditCode
from models.organisations import Incubator, Startup
from models.providers import Provider


@dataclass(frozen=True, slots=True)
class SameOrganisation:
    """What else stands under one credit code, as far as the reader may know of it."""

    startups: Sequence[Startup] = ()
    providers: Sequence[Provider] = ()
    incubators: Sequence[Incubator] = ()


def find_same(
    session: Session,
    *,
    code: CreditCode | None,
    viewer: Actor | None,
    besides: Startup | Provider | Incubator,
) -> SameOrganisation:
    """Everything under `code` but `besides`, each list in the order of its creation.

    Founders see their own startups, operators those that they host; of providers everyone sees
    those whose profile they could open anyway; incubators are known to all. Nobody who is not
    logged in sees any but those.
    """
    if code is None:
        return SameOrganisation()
    incubators = session.scalars(
        select(Incubator).where(Incubator.credit_code == code).order_by(Incubator.id)
    )
    found = SameOrganisation(incubators=[each for each in incubators if each is not besides])
    if viewer is None:
        return found
    startups = session.scalars(
        select(Startup)
        .where(
            Startup.credit_code == code,
            Startup.id.in_(viewer.founds) | Startup.incubator_id.in_(viewer.operates),
        )
        .order_by(Startup.id)
    )
    providers = session.scalars(
        select(Provider)
        .where(Provider.credit_code == code, is_visible_to(viewer))
        .order_by(Provider.id)
    )
    return SameOrganisation(
        startups=[each for each in startups if each is not besides],
        providers=[each for each in providers if each is not besides],
        incubators=found.incubators,
    )
