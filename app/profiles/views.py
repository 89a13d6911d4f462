"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("profiles", __name__)
