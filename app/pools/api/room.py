"""The part of the API that this room has."""

from app.web.api import VERSION_PATH, ApiBlueprint

blueprint = ApiBlueprint(
    "pools_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Incubators and their mentor pools. 孵化器与导师库。",
)
