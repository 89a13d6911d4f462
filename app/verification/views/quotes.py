"""Quotes: written by the centre, accepted or declined by the startup."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.verification.actions import quoting
from app.verification.addresses import address_of_order
from app.verification.forms import QuoteForm
from app.verification.queries.orders import find_order
from app.verification.views.orders import take, take_with_note
from app.verification.views.room import blueprint
from app.verification.words import word_claim
from app.vouchers.queries.schemes import find_scheme
from app.web.confirming import asks_again
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from models.verification import VerificationOrder


@blueprint.route("/orders/<public_id>/quote", methods=["GET", "POST"])
@requires("order:quote", subject=find_order)
def write_quote(order: VerificationOrder) -> ResponseReturnValue:
    """The plan, the price and the terms; the quote before is what it begins with."""
    form = QuoteForm()
    path = address_of_order(order)
    brief = order.engagement.order_brief
    if request.method == "GET":
        form.version.process_data(order.claim.version)
        if order.quotes:
            form.fill_from(order.quotes[-1])
        else:
            form.suggest(None if brief is None else brief.service)
    elif form.validate() and form.check_day(today(now())):
        with writing(db.session):
            quoting.offer_quote(
                db.session,
                order=order,
                values=form.get_values(),
                claim_version=form.version.data or 0,
                actor=get_current_actor(),
                at=now(),
            )
        flash(_("The startup has your quote."), "success")
        return redirect(path, code=303)
    page = render_template(
        "verification/edit_quote.html",
        form=form,
        order=order,
        brief=brief,
        path=path,
        word_claim=word_claim,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/orders/<public_id>/quote/accept")
@requires("order:accept_quote", subject=find_order)
@asks_again
def accept_quote(order: VerificationOrder) -> ResponseReturnValue:
    """The startup orders, maybe with a voucher; the password was typed a short while ago."""
    chosen = request.form.get("scheme", "")
    scheme = find_scheme(db.session, chosen) if chosen else None
    if chosen and scheme is None:
        raise NotFound
    return take(
        order,
        _("Ordered. The centre is told."),
        quoting.accept_quote,
        number=read_number(request.form.get("number", "")) or 0,
        scheme=scheme,
    )


@blueprint.post("/orders/<public_id>/quote/decline")
@requires("order:decline_quote", subject=find_order)
def decline_quote(order: VerificationOrder) -> ResponseReturnValue:
    """The startup wants another quote."""
    return take_with_note(
        order, "decline", _("Declined. The centre can quote again."), quoting.decline_quote
    )
