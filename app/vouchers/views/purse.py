"""For founders: what there is, what was drawn, and what would pay for an order."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.clock import now
from app.extensions import db
from app.vouchers.queries.offers import list_offers, list_rows
from app.vouchers.queries.orders import find_order, list_founded, list_operated
from app.vouchers.queries.vouchers import list_of_startup
from app.vouchers.views.room import blueprint
from app.vouchers.words import HINDRANCES, word_gap, word_yuan
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import read_page_number
from app.words.formats import show_share
from models.verification import VerificationOrder


@blueprint.get("/vouchers")
@requires("voucher:list")
def show_purse() -> ResponseReturnValue:
    """Of each startup: the schemes that stand with what is left, and what was drawn."""
    at = now()
    number = read_page_number(request.args.get("page", ""))
    purses = [
        (
            startup,
            list_rows(db.session, startup, at),
            list_of_startup(db.session, startup, number=number),
        )
        for startup in list_founded(db.session, get_current_actor())
    ]
    return render_template(
        "vouchers/purse.html",
        purses=purses,
        desks=list_operated(db.session, get_current_actor()),
        word_gap=word_gap,
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.get("/orders/<public_id>/voucher")
@requires("voucher:choose", subject=find_order)
def choose_voucher(order: VerificationOrder) -> ResponseReturnValue:
    """What each scheme would pay of the quote; ordering with one asks for the password."""
    return render_template(
        "vouchers/choose.html",
        order=order,
        quote=order.quote,
        offers=list_offers(db.session, order, now()),
        hindrances=HINDRANCES,
        word_gap=word_gap,
        word_share=show_share,
        word_yuan=word_yuan,
    )
