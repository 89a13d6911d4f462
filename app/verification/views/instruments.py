"""A centre's instruments: their rules, who comes when, what no longer fits, who waits."""

from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import CHINA, now, today
from app.errors import expect
from app.extensions import db
from app.verification.actions import instruments as actions
from app.verification.addresses import address_of_instrument
from app.verification.forms import InstrumentForm, NoteForm, OutageForm
from app.verification.queries import instruments as queries
from app.verification.queries.orders import find_centre
from app.verification.rules import InstrumentValues
from app.verification.views.room import blueprint
from app.verification.words import word_breaches, word_claim, word_minutes
from app.web.guard import requires
from app.web.steps import take_form, take_step
from models.instruments import Instrument
from models.providers import Provider


@blueprint.get("/providers/<public_id>/instruments")
@requires("instrument:list", subject=find_centre)
def list_instruments(provider: Provider) -> ResponseReturnValue:
    """All instruments of a centre, with what has to be solved."""
    at = now()
    found = queries.list_instruments(db.session, provider)
    misfits = queries.find_misfits(db.session, found, at)
    lines = queries.count_lines(db.session, found, at)
    return render_template(
        "verification/list_instruments.html",
        provider=provider,
        rows=[(each, len(misfits.get(each.id, ())), lines.get(each.id, 0)) for each in found],
        word_minutes=word_minutes,
    )


@blueprint.route("/providers/<public_id>/instruments/new", methods=["GET", "POST"])
@requires("instrument:add", subject=find_centre)
def add_instrument(provider: Provider) -> ResponseReturnValue:
    """List an instrument."""
    form = InstrumentForm()
    if request.method == "GET":
        form.fill_from(InstrumentValues(name="", closes_minute=18 * 60, opens_minute=8 * 60))
    return take_form(
        form,
        lambda: _show_form(form, provider, None),
        address_of_instrument,
        _("Listed. Startups whose orders stand can book it."),
        actions.add_instrument,
        provider=provider,
        values=form.get_values,
    )


@blueprint.route("/instruments/<public_id>/edit", methods=["GET", "POST"])
@requires("instrument:edit", subject=queries.find_instrument)
def edit_instrument(instrument: Instrument) -> ResponseReturnValue:
    """Change its rules; booked slots stay."""
    form = InstrumentForm()
    if request.method == "GET":
        form.fill_from(queries.read_values(instrument), instrument.version)
    return take_form(
        form,
        lambda: _show_form(form, instrument.provider, instrument),
        address_of_instrument(instrument),
        _("Saved. Booked slots stay; what no longer fits is named below."),
        actions.edit_instrument,
        renew=lambda: form.version.renew(instrument.version),
        instrument=instrument,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.get("/instruments/<public_id>")
@requires("instrument:view", subject=queries.find_instrument)
def show_instrument(instrument: Instrument) -> ResponseReturnValue:
    """A week of an instrument: who comes when, on which place."""
    return show(instrument)


@blueprint.post("/instruments/<public_id>/outages")
@requires("instrument:edit", subject=queries.find_instrument)
def add_outage(instrument: Instrument) -> ResponseReturnValue:
    """Say on which days it cannot be used."""
    form = OutageForm()
    return take_form(
        form,
        lambda: show(instrument, outage=form),
        address_of_instrument(instrument),
        _("Added. Slots that are booked then stay, and are named below."),
        actions.add_outage,
        instrument=instrument,
        check=lambda: form.get_span() is not None,
        span=form.get_span,
        reason=lambda: form.reason.data or "",
    )


@blueprint.post("/instruments/<public_id>/outages/<outage_id>/remove")
@requires("instrument:edit", subject=queries.find_instrument)
def remove_outage(instrument: Instrument, outage_id: str) -> ResponseReturnValue:
    """It can be used again."""
    outage = expect(
        next((each for each in instrument.outages if each.public_id == outage_id), None)
    )
    return take_step(
        address_of_instrument(instrument),
        _("It can be used again."),
        actions.remove_outage,
        outage=outage,
    )


def _show_form(form: InstrumentForm, provider: Provider, instrument: Instrument | None) -> str:
    return render_template(
        "verification/edit_instrument.html", form=form, provider=provider, instrument=instrument
    )


def read_day(typed: str, at: date) -> date:
    """The day that an address names, today for none that can be."""
    try:
        named = date.fromisoformat(typed)
    except ValueError:
        return at
    return named if abs((named - at).days) <= 800 else at


def show(instrument: Instrument, *, first: date | None = None, **forms: Any) -> str:
    """The page of an instrument; `forms` are those that come back with what is wrong in them.

    The week begins with `first`, else with the day that the address names.
    """
    at = now()
    first = first or read_day(request.args.get("from", ""), today(at))
    slots = queries.list_slots(db.session, instrument, first)
    days = [first + timedelta(days=number) for number in range(queries.DAYS_SHOWN)]
    week = timedelta(days=queries.DAYS_SHOWN)
    return render_template(
        "verification/instrument.html",
        instrument=instrument,
        at=at,
        days=[
            (
                day,
                [
                    slot
                    for slot in slots
                    if slot.starts_at.astimezone(CHINA).date()
                    <= day
                    <= (slot.ends_at - timedelta(seconds=1)).astimezone(CHINA).date()
                ],
            )
            for day in days
        ],
        before=(first - week).isoformat(),
        after=(first + week).isoformat(),
        misfits=queries.list_misfits(db.session, instrument, at),
        line=queries.list_line(db.session, instrument, at),
        outage_form=forms.get("outage", OutageForm(formdata=None)),
        forms=forms,
        note_form=NoteForm(formdata=None),
        zone=CHINA,
        word_breaches=word_breaches,
        word_claim=word_claim,
        word_minutes=word_minutes,
    )
