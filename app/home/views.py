"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
