"""The blueprint of this room, and what its forms have in common."""

from dataclasses import fields
from typing import Any, Final

from flask import Blueprint, request

from app.profiles.values import ProviderValues, StartupValues

blueprint = Blueprint("profiles", __name__)

# What the buttons of a profile's form send under the name `do`.
SAVE: Final = "save"
PUBLISH: Final = "publish"
ADD_SERVICE: Final = "add_service"


def get_wish() -> str:
    """Which button was pressed; saving is what happens without one."""
    return request.form.get("do", SAVE)


def spread(values: ProviderValues | StartupValues) -> dict[str, Any]:
    """The values by name, as a form takes them: those of the extension beside the others."""
    spread_out = {field.name: getattr(values, field.name) for field in fields(values)}
    extension = spread_out.pop("extension", None)
    if extension is not None:
        spread_out |= {field.name: getattr(extension, field.name) for field in fields(extension)}
    return spread_out
