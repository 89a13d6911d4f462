"""The blueprint of this room."""

from flask import Blueprint

blueprint = Blueprint("facts", __name__)
