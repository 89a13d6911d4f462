"""The page of the cheapest proof."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.mandates.words import word_moves
from app.needs.queries import find_need
from app.vouchers.forms.cheapest import CheapestForm
from app.vouchers.queries.cheapest import plan_proof
from app.vouchers.views.room import blueprint
from app.vouchers.words import word_yuan
from app.web.guard import requires
from models.needs import Need
from models.vocabulary import NeedKind


@blueprint.get("/needs/<public_id>/cheapest-proof")
@requires("proof:plan", subject=find_need)
def show_cheapest(need: Need) -> ResponseReturnValue:
    """Which tests open most funds for the least money, and why not more."""
    if need.kind is not NeedKind.FUNDING:
        raise NotFound
    form = CheapestForm(formdata=request.args)
    is_valid = form.validate()
    found = (
        plan_proof(
            db.session,
            need,
            lead_days=form.days.data,
            own_yuan=form.own.data,
            every_gate=bool(form.every_gate.data),
            at=now(),
        )
        if is_valid
        else None
    )
    page = render_template(
        "vouchers/cheapest.html",
        need=need,
        form=form,
        found=found,
        path=url_for("funds.show_openings", public_id=need.public_id),
        word_moves=word_moves,
        word_yuan=word_yuan,
    )
    return page, 200 if is_valid else 422
