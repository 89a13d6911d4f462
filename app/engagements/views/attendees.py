"""Who of the startup comes to a session."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars.errors import TimeAlreadyTaken
from app.clock import now
from app.engagements import queries
from app.engagements.actions import attendees as actions
from app.engagements.announcements import list_people
from app.engagements.attending import list_attendees
from app.engagements.booking_forms import AttendeesForm
from app.engagements.views.room import blueprint, get_settings, go_to
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from models.engagements import CoachingSession
from models.vocabulary import Side


@blueprint.route("/sessions/<public_id>/attendees", methods=["GET", "POST"])
@requires("session:attend", subject=queries.find_session)
def name_attendees(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say who comes."""
    engagement = coaching_session.engagement
    form = AttendeesForm()
    form.offer_people(list_people(db.session, engagement, Side.STARTUP))
    status = 422 if form.is_submitted() else 200
    if not form.is_submitted():
        named = list_attendees(db.session, engagement, [coaching_session.id])
        form.tick(named.get(coaching_session.id, ()))
    elif form.attendees is not None and form.validate():
        try:
            with writing(db.session):
                actions.name_attendees(
                    db.session,
                    coaching_session=coaching_session,
                    people=form.get_people(),
                    actor=get_current_actor(),
                    at=now(),
                    organizer=get_settings().mail_from,
                )
        except TimeAlreadyTaken as error:
            form.attendees.errors = [word_error(error)]
            status = error.status
        else:
            flash(_("Saved. Both sides get the calendar entry anew."), "success")
            return go_to(engagement)
    page = render_template(
        "engagements/name_attendees.html", form=form, coaching_session=coaching_session
    )
    return page, status
