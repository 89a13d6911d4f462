"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("matches", __name__)
