"""The blueprint of this room."""

from flask import Blueprint

blueprint = Blueprint("financings", __name__)
