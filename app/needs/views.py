"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("needs", __name__)
