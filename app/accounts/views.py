"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
