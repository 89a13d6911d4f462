"""The slots of an order, for both sides: picked by the startup, given up by either, judged by the
centre; and the waiting list."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import CHINA, now, today
from app.errors import NotFound
from app.extensions import db, get_settings
from app.verification.actions import slots as actions
from app.verification.actions import waiting_lists
from app.verification.addresses import address_of_instrument, address_of_slots
from app.verification.calendar_entries import make_entry
from app.verification.forms import NoteForm, SlotForm, WishForm
from app.verification.queries import instruments as queries
from app.verification.queries.coming import find_last
from app.verification.queries.orders import find_order, view_order
from app.verification.rules import InstrumentValues, Span
from app.verification.standing import can_book
from app.verification.views.instruments import read_day
from app.verification.views.instruments import show as show_instrument
from app.verification.views.room import blueprint
from app.verification.words import word_claim, word_minutes
from app.web.entries import answer_entry
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.instruments import Instrument, Slot
from models.verification import VerificationOrder

# The lengths that are offered, in minutes, as far as the instrument has them.
_LENGTHS = (30, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 7200, 10_080, 20_160)


@blueprint.get("/orders/<public_id>/slots")
@requires("order:view", subject=find_order)
def show_slots(order: VerificationOrder) -> ResponseReturnValue:
    """The slots of an order, and the free times of the instrument that the address names."""
    return _show(order)


@blueprint.post("/orders/<public_id>/slots")
@requires("slot:book", subject=find_order)
def book_slot(order: VerificationOrder) -> ResponseReturnValue:
    """Take a time that was free."""
    form = SlotForm()
    span = form.get_span() if form.validate() else None
    if span is None:
        flash(_("This page is out of date. Load it again."), "danger")
        return redirect(address_of_slots(order), code=303)
    instrument = _get_instrument(order, form.instrument.data)
    return take_step(
        address_of_slots(order),
        _("Booked. The centre is told."),
        actions.book_slot,
        order=order,
        instrument=instrument,
        span=span,
    )


@blueprint.get("/slots/<public_id>/slot.ics")
@requires("slot:view", subject=queries.find_slot)
def download_entry(slot: Slot) -> ResponseReturnValue:
    """The slot for a calendar program; of one that was moved, that in its place."""
    last = find_last(db.session, slot)
    return answer_entry(
        make_entry(db.session, last), slot.public_id, root=get_settings().public_url
    )


@blueprint.post("/slots/<public_id>/move")
@requires("slot:change", subject=queries.find_slot)
def move_slot(slot: Slot) -> ResponseReturnValue:
    """Another time in its place."""
    form = SlotForm()
    span = form.get_span() if form.validate() else None
    path = address_of_slots(slot.order)
    if span is None:
        flash(_("This page is out of date. Load it again."), "danger")
        return redirect(path, code=303)
    return take_step(
        path, _("Moved. The other side is told."), actions.move_slot, slot=slot, span=span
    )


@blueprint.post("/slots/<public_id>/cancel")
@requires("slot:change", subject=queries.find_slot)
def cancel_slot(slot: Slot) -> ResponseReturnValue:
    """One side gives it up, with the reason."""
    return _take(slot, actions.cancel_slot, _("Given up. The other side is told."))


@blueprint.post("/slots/<public_id>/use")
@requires("slot:judge", subject=queries.find_slot)
def use_slot(slot: Slot) -> ResponseReturnValue:
    """It took place."""
    return take_step(
        address_of_instrument(slot.instrument), _("Noted."), actions.use_slot, slot=slot
    )


@blueprint.post("/slots/<public_id>/miss")
@requires("slot:judge", subject=queries.find_slot)
def miss_slot(slot: Slot) -> ResponseReturnValue:
    """Nobody came."""
    day = slot.starts_at.astimezone(CHINA).date()

    def show_again(**forms: Any) -> str:
        return show_instrument(slot.instrument, first=day, **forms)

    return _take(slot, actions.miss_slot, _("Noted. The startup is told."), show_again)


@blueprint.post("/slots/<public_id>/waive")
@requires("slot:judge", subject=queries.find_slot)
def waive_slot(slot: Slot) -> ResponseReturnValue:
    """What was missed does not count."""
    return _take(slot, actions.waive_slot, _("It does not count. The startup is told."))


@blueprint.post("/orders/<public_id>/slots/wait")
@requires("slot:wait", subject=find_order)
def join_line(order: VerificationOrder) -> ResponseReturnValue:
    """Wait for a slot between two days."""
    form = WishForm()
    return take_form(
        form,
        lambda: _show(order, wish=form),
        address_of_slots(order),
        _("You stand in line, and are told when it is your turn."),
        waiting_lists.join_line,
        order=order,
        check=lambda: form.get_span() is not None,
        instrument=lambda: _get_instrument(order, form.instrument.data),
        minutes=lambda: form.minutes.data or 0,
        within=form.get_span,
    )


@blueprint.post("/orders/<public_id>/slots/<instrument_id>/leave")
@requires("slot:wait", subject=find_order)
def leave_line(order: VerificationOrder, instrument_id: str) -> ResponseReturnValue:
    """Wait no more."""
    instrument = _get_instrument(order, instrument_id)
    return take_step(
        address_of_slots(order),
        _("You wait no more."),
        waiting_lists.leave_line,
        order=order,
        instrument=instrument,
    )


def _take(
    slot: Slot,
    action: Callable[..., object],
    said: str,
    show: Callable[..., str] | None = None,
) -> ResponseReturnValue:
    form = NoteForm()
    path = address_of_slots(slot.order)

    def show_again() -> str:
        forms = {f"note_{slot.public_id}": form}
        return _show(slot.order, **forms) if show is None else show(**forms)

    return take_form(form, show_again, path, said, action, slot=slot, reason=form.note)


def _get_instrument(order: VerificationOrder, public_id: str | None) -> Instrument:
    """An instrument of the order's centre. Raises NotFound."""
    found = queries.find_instrument(db.session, public_id or "")
    if found is None or found.provider_id != order.engagement.provider_id:
        raise NotFound
    return found


def _show(order: VerificationOrder, **forms: Any) -> str:
    at = now()
    view = view_order(db.session, order, get_current_actor())
    found = queries.list_instruments(db.session, order.engagement.provider)
    slots = queries.list_slots_of(db.session, order)
    moved = next((s for s in slots if s.public_id == request.args.get("move")), None)
    chosen = next(
        (
            each
            for each in found
            if each.public_id
            == (moved.instrument.public_id if moved else request.values.get("instrument"))
        ),
        None,
    )
    first = read_day(request.args.get("from", ""), today(at))
    minutes = 0
    lengths: tuple[int, ...] = ()
    free: list[queries.FreeTime] = []
    if chosen is not None:
        values = queries.read_values(chosen)
        lengths = _list_lengths(values)
        minutes = _read_minutes(request.args.get("minutes", ""), lengths)
        if moved is not None and "minutes" not in request.args:
            minutes = Span(moved.starts_at, moved.ends_at).minutes
        free = queries.list_free(
            db.session,
            chosen,
            minutes,
            _make_week(first),
            startup=order.engagement.startup,
            at=at,
            but=moved,
        )
    wish = forms.get("wish")
    if wish is None:
        wish = WishForm(formdata=None)
        wish.minutes.data = minutes or None
    return render_template(
        "verification/slots.html",
        order=order,
        view=view,
        at=at,
        slots=slots,
        wishes=queries.list_wishes_of(db.session, order, at),
        instruments=found,
        chosen=chosen,
        moved=moved,
        minutes=minutes,
        lengths=lengths,
        first=first,
        before=(first - timedelta(days=queries.DAYS_SHOWN)).isoformat(),
        after=(first + timedelta(days=queries.DAYS_SHOWN)).isoformat(),
        days=[
            (day, list(times))
            for day, times in groupby(free, lambda each: each.starts_at.astimezone(CHINA).date())
        ],
        can_book=can_book(order),
        wish_form=wish,
        forms=forms,
        note_form=NoteForm(formdata=None),
        zone=CHINA,
        word_claim=word_claim,
        word_minutes=word_minutes,
    )


def _make_week(first: date) -> Span:
    begins = datetime.combine(first, time(), CHINA).astimezone(UTC)
    return Span(begins, begins + timedelta(days=queries.DAYS_SHOWN))


def _list_lengths(values: InstrumentValues) -> tuple[int, ...]:
    bounds = {values.least_minutes, values.most_minutes}
    between = {each for each in _LENGTHS if values.least_minutes <= each <= values.most_minutes}
    return tuple(sorted(bounds | between))


def _read_minutes(typed: str, lengths: tuple[int, ...]) -> int:
    """The length that an address names where it is offered, else the shortest."""
    found = [each for each in lengths if str(each) == typed]
    return found[0] if found else lengths[0]
