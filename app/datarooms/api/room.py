"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "datarooms_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Data rooms of startups. 企业资料室。",
)
