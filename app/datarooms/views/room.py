"""The blueprint of this room."""

from flask import Blueprint

blueprint = Blueprint("datarooms", __name__)
