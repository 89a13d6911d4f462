"""The blueprint of the room, and which incubator an operator's page is about."""

from flask import Blueprint, request

from app.errors import NotFound
from app.extensions import db
from app.pools import queries
from app.web.identity import get_current_actor
from models.organisations import Incubator

blueprint = Blueprint("pools", __name__)


def choose_operated() -> tuple[Incubator, list[Incubator]]:
    """The incubator that the address names among those of the operator, else the first."""
    operated = list(queries.list_operated(db.session, get_current_actor()))
    wanted = request.args.get("incubator")
    if wanted is None and operated:
        return operated[0], operated
    for incubator in operated:
        if incubator.public_id == wanted:
            return incubator, operated
    raise NotFound
