"""The blueprint to which the pages of this room belong."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__)
