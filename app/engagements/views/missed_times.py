"""Times that were not kept: who did not come, the lists, appealing and deciding."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements import queries
from app.engagements.actions import missed_times as actions
from app.engagements.actions import sessions as session_actions
from app.engagements.errors import SessionNotOver
from app.engagements.missing import is_agreed_time
from app.engagements.missing_forms import AppealForm, DecisionForm, MissedForm
from app.engagements.queries import contradictions, missed_times
from app.engagements.views.room import blueprint, find_way_back
from app.extensions import db
from app.pools.queries import find_incubator
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form
from models.engagements import CoachingSession
from models.lifecycle import COACHING_SESSION
from models.missed_times import MissedBy, MissedTime
from models.organisations import Incubator


@blueprint.route("/sessions/<public_id>/missed", methods=["GET", "POST"])
@requires("session:record", subject=queries.find_session)
def record_missed(coaching_session: CoachingSession) -> ResponseReturnValue:
    """Say that it did not take place, and who did not come."""
    engagement = coaching_session.engagement
    # What cannot be recorded now is told before anything is chosen.
    if not (coaching_session.state == "proposed" and is_agreed_time(coaching_session)):
        COACHING_SESSION.follow("record_missed", coaching_session.state)
    if coaching_session.ends_at > now():
        raise SessionNotOver
    form = MissedForm()
    form.name_sides(engagement.startup.name, engagement.provider.name)

    return take_form(
        form,
        lambda: render_template(
            "engagements/record_missed.html", form=form, coaching_session=coaching_session
        ),
        find_way_back(engagement),
        _("Recorded. Propose another time if you still want one."),
        session_actions.record_missed,
        coaching_session=coaching_session,
        missed_by=lambda: MissedBy(form.missed_by.data),
    )


@blueprint.get("/missed-times")
@requires("missed_time:list")
def list_missed_times() -> ResponseReturnValue:
    """What was counted on the reader's own sides."""
    viewer = get_current_actor()
    return render_template(
        "engagements/missed_times.html",
        counts=missed_times.count_own(db.session, viewer),
        page=missed_times.list_missed_times(
            db.session, missed_times.is_own(viewer), viewer, at=now(), before=_read_before()
        ),
    )


@blueprint.get("/incubators/<public_id>/missed-times")
@requires("missed_time:list_all", subject=find_incubator)
def list_missed_times_of_incubator(incubator: Incubator) -> ResponseReturnValue:
    """What was counted in engagements of the startups of an incubator."""
    viewer = get_current_actor()
    return render_template(
        "engagements/missed_times_of_incubator.html",
        incubator=incubator,
        undecided=contradictions.list_undecided(db.session, incubator, viewer),
        page=missed_times.list_missed_times(
            db.session, missed_times.is_of(incubator), viewer, at=now(), before=_read_before()
        ),
    )


@blueprint.get("/missed-times/<public_id>")
@requires("missed_time:view", subject=missed_times.find_missed_time)
def show_missed_time(missed_time: MissedTime) -> ResponseReturnValue:
    """What was counted, what its side says to it, and what was decided."""
    return _render(missed_time)


@blueprint.post("/missed-times/<public_id>/appeal")
@requires("missed_time:appeal", subject=missed_times.find_missed_time)
def appeal(missed_time: MissedTime) -> ResponseReturnValue:
    """Say why it should not be counted."""
    form = AppealForm()
    return take_form(
        form,
        lambda: _render(missed_time, appeal_form=form),
        url_for("engagements.show_missed_time", public_id=missed_time.public_id),
        _("The operators are told. Until they have decided, it does not count."),
        actions.appeal,
        missed_time=missed_time,
        words=form.appeal,
    )


@blueprint.post("/missed-times/<public_id>/decision")
@requires("missed_time:decide", subject=missed_times.find_missed_time)
def decide(missed_time: MissedTime) -> ResponseReturnValue:
    """Take it back, or let it stand."""
    form = DecisionForm()
    return take_form(
        form,
        lambda: _render(missed_time, decision_form=form),
        url_for("engagements.show_missed_time", public_id=missed_time.public_id),
        _("Decided. The side that appealed is told."),
        actions.decide,
        missed_time=missed_time,
        takes_back=lambda: form.outcome.data == "take_back",
        words=form.decision,
    )


def _render(
    missed_time: MissedTime,
    *,
    appeal_form: AppealForm | None = None,
    decision_form: DecisionForm | None = None,
) -> str:
    viewer = get_current_actor()
    return render_template(
        "engagements/missed_time.html",
        view=missed_times.view_missed_time(db.session, missed_time, viewer, at=now()),
        appeal_form=appeal_form or AppealForm(formdata=None),
        decision_form=decision_form or DecisionForm(formdata=None),
    )


def _read_before() -> str | None:
    return request.args.get("before") or None
