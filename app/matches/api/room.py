"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "matches_api_v1",
    __name__,
    url_prefix=VERSION_PATH,
    description="What is suggested for a need, and why. 匹配。",
)
