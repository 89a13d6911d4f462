"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("imports", __name__)
