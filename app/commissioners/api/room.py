"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "commissioners_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Finance commissioners of incubators, their companies and cases. 科技金融特派员。",
)
