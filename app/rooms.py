"""The rooms of the application, in the order in which they stand on each other."""

from app.accounts.declaration import ROOM as ACCOUNTS
from app.arrangements.declaration import ROOM as ARRANGEMENTS
from app.calendars.declaration import ROOM as CALENDARS
from app.commissioners.declaration import ROOM as COMMISSIONERS
from app.consents.declaration import ROOM as CONSENTS
from app.datarooms.declaration import ROOM as DATAROOMS
from app.declaration import Room
from app.engagements.declaration import ROOM as ENGAGEMENTS
from app.enquiries.declaration import ROOM as ENQUIRIES
from app.evaluation.declaration import ROOM as EVALUATION
from app.facts.declaration import ROOM as FACTS
from app.financings.declaration import ROOM as FINANCINGS
from app.funds.declaration import ROOM as FUNDS
from app.home.declaration import ROOM as HOME
from app.imports.declaration import ROOM as IMPORTS
from app.matches.declaration import ROOM as MATCHES
from app.needs.declaration import ROOM as NEEDS
from app.pools.declaration import ROOM as POOLS
from app.privacy.declaration import ROOM as PRIVACY
from app.products.declaration import ROOM as PRODUCTS
from app.profiles.declaration import ROOM as PROFILES
from app.vault.declaration import ROOM as VAULT
from app.verification.declaration import ROOM as VERIFICATION
from app.vouchers.declaration import ROOM as VOUCHERS
from app.webhooks.declaration import ROOM as WEBHOOKS
from app.workspace.declaration import ROOM as WORKSPACE

ROOMS: tuple[Room, ...] = (
    ACCOUNTS,
    VAULT,
    FACTS,
    PROFILES,
    CONSENTS,
    POOLS,
    NEEDS,
    ENQUIRIES,
    MATCHES,
    WEBHOOKS,
    CALENDARS,
    ENGAGEMENTS,
    WORKSPACE,
    EVALUATION,
    FUNDS,
    ARRANGEMENTS,
    FINANCINGS,
    DATAROOMS,
    VOUCHERS,
    PRODUCTS,
    COMMISSIONERS,
    VERIFICATION,
    IMPORTS,
    PRIVACY,
    HOME,
)

# The parts of the rooms in an erasure, those that refer to others first.
ERASINGS = tuple(room.erasing for room in reversed(ROOMS) if room.erasing is not None)
