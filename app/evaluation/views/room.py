"""The blueprint of this room."""

from flask import Blueprint

blueprint = Blueprint("evaluation", __name__)
