"""Who of the startup comes to a session."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.calendars.errors import TimeAlreadyTaken
from app.engagements import queries
from app.engagements.actions import attendees as actions
from app.engagements.announcements import list_people
from app.engagements.attending import list_attendees
from app.engagements.booking_forms import AttendeesForm
from app.engagements.views.room import blueprint, find_way_back
from app.errors import DomainError
from app.extensions import db
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.steps import take_form
from models.engagements import CoachingSession
from models.vocabulary import Side


@blueprint.route("/sessions/<public_id>/attendees", methods=["GET", "POST"])
@requires("session:attend", subject=queries.find_session)
def name_attendees(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say who comes."""
    engagement = coaching_session.engagement
    form = AttendeesForm()
    form.offer_people(list_people(db.session, engagement, Side.STARTUP))

    def mark(refused: DomainError) -> bool:
        if not isinstance(refused, TimeAlreadyTaken) or form.attendees is None:
            return False
        form.attendees.errors = [word_error(refused)]
        return True

    if not form.is_submitted():
        named = list_attendees(db.session, engagement, [coaching_session.id])
        form.tick(named.get(coaching_session.id, ()))
    return take_form(
        form,
        lambda: render_template(
            "engagements/name_attendees.html", form=form, coaching_session=coaching_session
        ),
        find_way_back(engagement),
        _("Saved. Both sides get the calendar entry anew."),
        actions.name_attendees,
        check=lambda: form.attendees is not None,
        mark=mark,
        coaching_session=coaching_session,
        people=form.get_people,
    )
