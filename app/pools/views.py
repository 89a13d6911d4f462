"""HTTP in, page or redirect out."""

from flask import Blueprint

blueprint = Blueprint("pools", __name__)
