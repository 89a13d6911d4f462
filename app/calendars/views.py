"""The pages on which a provider says when it can be met."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars import actions, queries
from app.calendars.errors import HoursMissing, TooManyExceptions
from app.calendars.forms import AvailabilityForm, ExceptionForm
from app.calendars.words import WEEKDAYS
from app.clock import now
from app.errors import ChangedMeanwhile
from app.extensions import db
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.reader import select_time_zone
from models.calendars import AvailabilityException
from models.providers import Provider

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/providers/<public_id>/availability")
@requires("availability:view", subject=find_provider)
def show_availability(provider: Provider) -> ResponseReturnValue:
    """Weekly hours, limits, and the days that differ."""
    return _render(provider, None, None)


@blueprint.post("/providers/<public_id>/availability")
@requires("availability:edit", subject=find_provider)
def set_availability(provider: Provider) -> ResponseReturnValue:
    """Weekly hours and limits are as they were sent."""
    form = _make_form(provider)
    if not form.validate_on_submit():
        return _render(provider, form, None), 422
    availability = queries.find_availability(db.session, provider.id)
    host_id = availability.host_id if availability else None
    try:
        with writing(db.session):
            actions.set_availability(
                db.session,
                provider=provider,
                values=form.read(host_id=host_id),
                actor=get_current_actor(),
                at=now(),
                version=form.version.data,
            )
    except ChangedMeanwhile as error:
        flash(word_error(error), "danger")
        return _render(provider, form, None), error.status
    flash(_("Saved. Founders you work with can book these times from now on."), "success")
    return _go_to(provider)


@blueprint.post("/providers/<public_id>/availability/exceptions")
@requires("availability:edit", subject=find_provider)
def add_exception(provider: Provider) -> ResponseReturnValue:
    """Some days differ."""
    form = ExceptionForm()
    if not form.validate_on_submit():
        return _render(provider, None, form), 422
    try:
        with writing(db.session):
            actions.add_exception(
                db.session,
                provider=provider,
                difference=form.difference,
                actor=get_current_actor(),
                at=now(),
            )
    except (TooManyExceptions, HoursMissing) as error:
        flash(word_error(error), "danger")
        return _render(provider, None, form), error.status
    flash(_("Saved. What is booked for these days stays: move or cancel it by hand."), "success")
    return _go_to(provider)


@blueprint.post("/availability-exceptions/<public_id>/remove")
@requires("availability:remove_exception", subject=queries.find_exception)
def remove_exception(exception: AvailabilityException) -> ResponseReturnValue:
    """The weekly hours hold again."""
    provider = exception.availability.provider
    with writing(db.session):
        actions.remove_exception(
            db.session, exception=exception, actor=get_current_actor(), at=now()
        )
    flash(_("Removed. The weekly hours hold again on those days."), "success")
    return _go_to(provider)


def _make_form(provider: Provider, *, filled: bool = True) -> AvailabilityForm:
    form = AvailabilityForm() if filled else AvailabilityForm(formdata=None)
    form.set_members(queries.list_members(db.session, provider))
    return form


def _render(
    provider: Provider, form: AvailabilityForm | None, exception_form: ExceptionForm | None
) -> str:
    availability = queries.find_availability(db.session, provider.id)
    if form is None:
        form = _make_form(provider, filled=False)
        zone = select_time_zone()
        form.fill_from(queries.read_values(availability, time_zone=zone), availability)
    return render_template(
        "calendars/availability.html",
        provider=provider,
        form=form,
        exception_form=exception_form or ExceptionForm(formdata=None),
        exceptions=queries.list_exceptions(availability, now()) if availability else (),
        is_set=availability is not None,
        weekdays=WEEKDAYS,
    )


def _go_to(provider: Provider) -> ResponseReturnValue:
    return redirect(url_for("calendars.show_availability", public_id=provider.public_id), code=303)
