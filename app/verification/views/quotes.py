"""Quotes: written by the centre, accepted or declined by the startup."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
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
from app.web.steps import take_form
from models.verification import VerificationOrder


@blueprint.route("/orders/<public_id>/quote", methods=["GET", "POST"])
@requires("order:quote", subject=find_order)
def write_quote(order: VerificationOrder) -> ResponseReturnValue:
    """The plan, the price and the terms; the quote before is what it begins with."""
    form = QuoteForm()
    if request.method == "GET":
        brief = order.engagement.order_brief
        form.version.process_data(order.claim.version)
        if order.quotes:
            form.fill_from(order.quotes[-1])
        else:
            form.suggest(None if brief is None else brief.service)
    return take_form(
        form,
        lambda: _show_form(form, order),
        address_of_order(order),
        _("The startup has your quote."),
        quoting.offer_quote,
        check=lambda: form.check_day(today(now())),
        renew=lambda: form.version.renew(order.claim.version),
        order=order,
        values=form.get_values,
        claim_version=lambda: form.version.data or 0,
    )


@blueprint.post("/orders/<public_id>/quote/accept")
@requires("order:accept_quote", subject=find_order)
@asks_again(_l("Accept the quote and order"))
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


def _show_form(form: QuoteForm, order: VerificationOrder) -> str:
    return render_template(
        "verification/edit_quote.html",
        form=form,
        order=order,
        brief=order.engagement.order_brief,
        path=address_of_order(order),
        word_claim=word_claim,
    )
