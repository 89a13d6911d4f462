"""Pages of orders: all of one's own, a centre's queue, one order as either side sees it."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.clock import CHINA
from app.extensions import db
from app.verification.actions import quoting
from app.verification.addresses import address_of_order
from app.verification.forms import (
    NoteForm,
    ReportForm,
    ResultForm,
    SampleForm,
    SettleForm,
)
from app.verification.queries import orders as queries
from app.verification.queries.instruments import list_slots_of
from app.verification.readiness import get_levels
from app.verification.standing import can_book, find_answer_day
from app.verification.views.room import blueprint
from app.verification.words import (
    COLUMNS,
    STEPS,
    word_claim,
    word_measured,
    word_value,
)
from app.vouchers.queries.vouchers import find_of_order
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.formats import show_yuan
from models.providers import Provider
from models.verification import VerificationOrder


@blueprint.get("/orders")
@requires("order:list")
def list_orders() -> ResponseReturnValue:
    """All orders in which one stands on a side."""
    part = queries.list_own(db.session, get_current_actor(), after=request.args.get("after"))
    return render_template(
        "verification/list_orders.html",
        orders=part.orders,
        centres=queries.list_own_centres(db.session, get_current_actor()),
        next_after=part.next_after,
        word_claim=word_claim,
        word_price=show_yuan,
    )


@blueprint.get("/providers/<public_id>/orders")
@requires("order:queue", subject=queries.find_centre)
def show_queue(provider: Provider) -> ResponseReturnValue:
    """What a centre has to do, by what each order waits for."""
    viewer = get_current_actor()
    return render_template(
        "verification/queue.html",
        provider=provider,
        columns=queries.read_queue(db.session, viewer, provider),
        column_words=COLUMNS,
        without_order=queries.list_without_order(db.session, viewer, provider),
        word_claim=word_claim,
        word_price=show_yuan,
    )


@blueprint.get("/orders/<public_id>")
@requires("order:view", subject=queries.find_order)
def show_order(order: VerificationOrder) -> ResponseReturnValue:
    """One order: its quote, samples, results and reports, and what can be done now."""
    return show(order)


@blueprint.post("/orders/<public_id>/cancel")
@requires("order:cancel", subject=queries.find_order)
def cancel_order(order: VerificationOrder) -> ResponseReturnValue:
    """One side ends it before there is a result."""
    return take_with_note(order, "cancel", _("Cancelled."), quoting.cancel_order)


def take(
    order: VerificationOrder, said: str, action: Callable[..., object], **values: Any
) -> ResponseReturnValue:
    """A step of an order, and back to it."""
    return take_step(address_of_order(order), said, action, order=order, **values)


def take_with_form(
    order: VerificationOrder,
    name: str,
    form: FlaskForm,
    said: str,
    action: Callable[..., object],
    **values: Any,
) -> ResponseReturnValue:
    """A step with what was typed into `form`, which comes back as `name` where that will not do."""
    path = address_of_order(order)
    return take_form(
        form, lambda: show(order, **{name: form}), path, said, action, order=order, **values
    )


def take_with_note(
    order: VerificationOrder,
    name: str,
    said: str,
    action: Callable[..., object],
    *,
    called: str = "reason",
    **values: Any,
) -> ResponseReturnValue:
    """A step that needs words; the form called `name` is shown again where they are missing."""
    form = NoteForm()
    return take_with_form(order, name, form, said, action, **{called: form.note}, **values)


def show(order: VerificationOrder, **forms: Any) -> str:
    """The page of an order; `forms` are those that come back with what is wrong in them."""
    view = queries.view_order(db.session, order, get_current_actor())
    documents = (
        queries.list_report_files(db.session, order.engagement.provider) if view.is_centre else ()
    )
    shown: dict[str, Any] = {
        "sample": SampleForm(formdata=None),
        "result": ResultForm(formdata=None),
        "report": ReportForm(formdata=None, documents=documents),
        "settle": SettleForm(formdata=None),
    }
    gate = order.claim.gate
    return render_template(
        "verification/order.html",
        view=view,
        order=order,
        claim=order.claim,
        quote=order.quote,
        answer_day=find_answer_day(order),
        slots=list_slots_of(db.session, order) if can_book(order) else (),
        zone=CHINA,
        standing=order.standing_report,
        # What public money pays of it is between the startup and its incubator.
        voucher=None if view.is_centre else find_of_order(db.session, order),
        forms=shown | forms,
        note_form=NoteForm(formdata=None),
        has_files=bool(documents),
        levels=None if gate is None else get_levels(gate, order.claim.startup.fields),
        step_words=STEPS,
        word_claim=word_claim,
        word_measured=word_measured,
        word_price=show_yuan,
        word_value=word_value,
    )
