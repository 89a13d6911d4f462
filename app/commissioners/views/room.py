"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("commissioners", __name__)
