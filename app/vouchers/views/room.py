"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("vouchers", __name__)
