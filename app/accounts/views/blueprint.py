"""The blueprint that the modules of this package attach their routes to."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
