"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "vouchers_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Schemes of vouchers and what is drawn of them. 创新券方案与领用。",
)
