"""For officers: what waits, everything that was drawn, and totals."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.pools.queries import find_incubator
from app.vouchers.queries.schemes import list_newest
from app.vouchers.queries.vouchers import count_totals, list_of_desk
from app.vouchers.views.room import blueprint
from app.vouchers.words import word_yuan
from app.web.guard import requires
from app.web.paging import read_page_number
from models.lifecycle import VOUCHER
from models.organisations import Incubator


@blueprint.get("/incubators/<public_id>/vouchers")
@requires("voucher:desk", subject=find_incubator)
def show_desk(incubator: Incubator) -> ResponseReturnValue:
    """The vouchers of an incubator's schemes, by state, with totals from the records."""
    state = request.args.get("state", "")
    state = state if state in VOUCHER.states else ""
    return render_template(
        "vouchers/desk.html",
        incubator=incubator,
        schemes=list_newest(db.session, incubator),
        page=list_of_desk(
            db.session,
            incubator,
            state=state,
            number=read_page_number(request.args.get("page", "")),
        ),
        state=state,
        states=VOUCHER.states,
        totals=count_totals(db.session, incubator),
        word_yuan=word_yuan,
    )
