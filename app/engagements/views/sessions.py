"""Sessions, their entries in calendars, and feedback."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.engagements import queries
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import sessions as session_actions
from app.engagements.calendar_entries import make_entry
from app.engagements.errors import FeedbackAlreadyGiven
from app.engagements.forms import FeedbackForm, ReasonForm, SessionForm
from app.engagements.missing import get_late_hours
from app.engagements.together import find_joint_times
from app.engagements.trace import get_own_side
from app.engagements.views.room import (
    blueprint,
    find_way_back,
    render_engagement,
)
from app.errors import OutOfOrder
from app.extensions import db, get_settings
from app.web.digits import read_number
from app.web.entries import answer_entry
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.kind_words import WORDS_BY_KIND, KindWords
from models.engagements import CoachingSession, Engagement
from models.missed_times import MissedTimeKind


@blueprint.post("/engagements/<public_id>/sessions")
@requires("session:propose", subject=queries.find_engagement)
def propose_session(engagement: Engagement) -> ResponseReturnValue:
    """Propose a time."""
    form = SessionForm()
    form.set_words(WORDS_BY_KIND[engagement.provider.kind])
    return take_form(
        form,
        lambda: render_engagement(engagement, session_form=form),
        find_way_back(engagement),
        _("The time is proposed. The other side has to confirm it."),
        session_actions.propose,
        mark=form.mark,
        engagement=engagement,
        starts_at=lambda: form.starts_at,
        ends_at=lambda: form.ends_at,
        place=form.place,
        link=form.get_link,
    )


@blueprint.post("/sessions/<public_id>/confirm")
@requires("session:confirm", subject=queries.find_session)
def confirm_session(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Agree to the time that was shown."""
    return take_step(
        find_way_back(coaching_session.engagement),
        _("Confirmed. Both sides get a calendar entry by mail."),
        session_actions.confirm,
        coaching_session=coaching_session,
        sequence=read_number(request.values.get("sequence", "")),
    )


@blueprint.route("/sessions/<public_id>/move", methods=["GET", "POST"])
@requires("session:move", subject=queries.find_session)
def move_session(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Propose another time, place or link in place of this one."""
    form = SessionForm()
    form.set_words(_get_words(coaching_session))
    if not form.is_submitted():
        form.fill_from(coaching_session)
    return take_form(
        form,
        lambda: render_template(
            "engagements/move_session.html",
            form=form,
            coaching_session=coaching_session,
            late_hours=_get_late_hours(coaching_session, MissedTimeKind.LATE_MOVE),
        ),
        find_way_back(coaching_session.engagement),
        _("The new time is proposed. The other side has to confirm it."),
        session_actions.move,
        mark=form.mark,
        coaching_session=coaching_session,
        starts_at=lambda: form.starts_at,
        ends_at=lambda: form.ends_at,
        place=form.place,
        link=form.get_link,
    )


@blueprint.route("/sessions/<public_id>/cancel", methods=["GET", "POST"])
@requires("session:cancel", subject=queries.find_session)
def cancel_session(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say that the session will not take place, and why."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: render_template(
            "engagements/cancel_session.html",
            form=form,
            coaching_session=coaching_session,
            words=_get_words(coaching_session),
            late_hours=_get_late_hours(coaching_session, MissedTimeKind.LATE_CANCEL),
        ),
        find_way_back(coaching_session.engagement),
        str(_get_words(coaching_session).time_cancelled),
        session_actions.cancel,
        coaching_session=coaching_session,
        reason=form.reason,
    )


@blueprint.post("/sessions/<public_id>/held")
@requires("session:record", subject=queries.find_session)
def record_held(coaching_session: CoachingSession) -> ResponseReturnValue:
    """It took place."""
    return take_step(
        url_for("engagements.give_feedback", public_id=coaching_session.public_id),
        _("Recorded. Now say how it was."),
        session_actions.record_held,
        coaching_session=coaching_session,
    )


@blueprint.get("/sessions/<public_id>/session.ics")
@requires("session:view", subject=queries.find_session)
def download_entry(coaching_session: CoachingSession) -> ResponseReturnValue:
    """The session for a calendar program."""
    joints = find_joint_times(db.session, [coaching_session.id])
    entry = make_entry(coaching_session, joints.get(coaching_session.id))
    return answer_entry(entry, coaching_session.public_id, root=get_settings().public_url)


@blueprint.route("/sessions/<public_id>/feedback", methods=["GET", "POST"])
@requires("feedback:give", subject=queries.find_session)
def give_feedback(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say how the session was."""
    actor = get_current_actor()
    if coaching_session.state != "held":
        raise OutOfOrder
    if queries.has_given_feedback(db.session, coaching_session, actor):
        raise FeedbackAlreadyGiven
    form = FeedbackForm()
    words = _get_words(coaching_session)
    form.rating.label.text = words.how_useful
    may_note = is_permitted(actor, "feedback:note", coaching_session)
    if not may_note:
        # Private means that nobody else wrote it either.
        del form.private_note
    return take_form(
        form,
        lambda: render_template(
            "engagements/give_feedback.html",
            form=form,
            coaching_session=coaching_session,
            words=words,
            heading=queries.get_heading(coaching_session.engagement, actor),
        ),
        find_way_back(coaching_session.engagement),
        _("Thank you. Your feedback is stored."),
        feedback_actions.give,
        coaching_session=coaching_session,
        rating=form.rating,
        preparation=form.preparation,
        wants_to_continue=lambda: form.wants_to_continue.data == "yes",
        comment=form.comment,
        private_note=lambda: form.private_note.data if may_note else "",
    )


def _get_late_hours(coaching_session: CoachingSession, kind: MissedTimeKind) -> int | None:
    side = get_own_side(get_current_actor(), coaching_session.engagement)
    return get_late_hours(db.session, coaching_session, kind, side=side, at=now())


def _get_words(coaching_session: CoachingSession) -> KindWords:
    return WORDS_BY_KIND[coaching_session.engagement.provider.kind]
