"""The part of the API that this room has."""

from sqlalchemy.orm import Session

from app.access import can_know_of
from app.funds.errors import NoFund
from app.profiles.queries import find_provider
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.identity import get_current_actor
from models.providers import Provider
from models.vocabulary import ProviderKind

blueprint = ApiBlueprint(
    "funds_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Mandates of funds, and which are open for a need. 基金投资要求与可达资金。",
)


def find_fund(session: Session, public_id: str) -> Provider | None:
    """The fund with this id. Raises NoFund for a mentor or centre that the person may know of."""
    provider = find_provider(session, public_id)
    if provider is None or provider.kind is ProviderKind.INVESTOR:
        return provider
    if can_know_of(get_current_actor(), provider):
        raise NoFund
    return None
