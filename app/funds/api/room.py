"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "funds_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Mandates of funds, and which are open for a need. 基金投资要求与可达资金。",
)
