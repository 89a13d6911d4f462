"""Offering times, and picking one of those that are offered."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars.queries import find_availability
from app.engagements import queries
from app.engagements.actions import booking as actions
from app.engagements.booking_forms import OfferForm
from app.engagements.views.booking import read_chosen
from app.engagements.views.room import blueprint, find_way_back
from app.extensions import db
from app.web.guard import requires
from app.web.steps import take_form, take_step
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import Engagement


@blueprint.route("/engagements/<public_id>/offer", methods=["GET", "POST"])
@requires("session:offer", subject=queries.find_engagement)
def offer_times(engagement: Engagement) -> ResponseReturnValue:
    """Offer up to five times, of which the startup picks one."""
    form = OfferForm()
    form.set_words(WORDS_BY_KIND[engagement.provider.kind])
    availability = find_availability(db.session, engagement.provider_id)

    if not form.is_submitted() and availability is not None:
        form.place.data = availability.place
        if form.link is not None:
            form.link.data = availability.link
    return take_form(
        form,
        lambda: render_template("engagements/offer_times.html", form=form, engagement=engagement),
        find_way_back(engagement),
        _("The times are offered. The startup picks one of them."),
        actions.offer_times,
        engagement=engagement,
        starts=lambda: form.starts,
        minutes=form.minutes,
        place=form.place,
        link=form.get_link,
    )


@blueprint.post("/engagements/<public_id>/offer/withdraw")
@requires("session:offer", subject=queries.find_engagement)
def withdraw_offer(engagement: Engagement) -> ResponseReturnValue:
    """None of the offered times can be picked any more."""
    return take_step(
        find_way_back(engagement),
        _("The times are offered no more."),
        actions.withdraw_offer,
        engagement=engagement,
    )


@blueprint.post("/engagements/<public_id>/offer/pick")
@requires("session:pick", subject=queries.find_engagement)
def pick_offered(engagement: Engagement) -> ResponseReturnValue:
    """One of the offered times is taken."""
    starts_at, _minutes = read_chosen()
    return take_step(
        url_for("engagements.show_engagement", public_id=engagement.public_id),
        _("Confirmed. Both sides get a calendar entry by mail."),
        actions.pick_offered,
        engagement=engagement,
        starts_at=starts_at,
    )
