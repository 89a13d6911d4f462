"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("engagements", __name__)
