"""The mandates by which needs are judged."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.mandates.checking import Terms
from app.mandates.values import make_terms
from models.funds import Mandate
from models.providers import Provider


@dataclass(frozen=True, slots=True)
class Published:
    """A published mandate with its investor: what it asks for, and under which addresses it is."""

    mandate_id: int
    mandate_public_id: str
    number: int
    provider_id: int
    provider_public_id: str
    name: str
    terms: Terms


def list_published(session: Session) -> list[Published]:
    """The mandates by which needs are judged: published ones of published investors, by name."""
    found = session.scalars(
        select(Mandate)
        .join(Mandate.provider)
        .where(Mandate.state == "published", Provider.state == "published")
        .options(contains_eager(Mandate.provider))
        .order_by(Provider.name, Provider.id)
    )
    return [
        Published(
            mandate_id=mandate.id,
            mandate_public_id=mandate.public_id,
            number=mandate.number,
            provider_id=mandate.provider_id,
            provider_public_id=mandate.provider.public_id,
            name=mandate.provider.name,
            terms=make_terms(mandate),
        )
        for mandate in found
    ]
