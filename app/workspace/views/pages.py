"""The workspace, its story, and the minutes of one meeting."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements.queries import find_session
from app.extensions import db
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.presentation import show_span
from app.web.steps import take_form
from app.workspace import queries
from app.workspace.actions import agenda
from app.workspace.forms import MinutesForm
from app.workspace.views.room import address_of, blueprint, render_workspace
from app.workspace.words import word_step
from models.engagements import CoachingSession, Engagement


@blueprint.get("/engagements/<public_id>/workspace")
@requires("workspace:view", subject=queries.find_workspace)
def show_workspace(engagement: Engagement) -> ResponseReturnValue:
    """What the two sides keep together."""
    return render_workspace(engagement)


@blueprint.get("/engagements/<public_id>/story")
@requires("workspace:view", subject=queries.find_workspace)
def show_story(engagement: Engagement) -> ResponseReturnValue:
    """Everything that happened, in its order."""
    page = queries.list_story(
        db.session,
        engagement,
        get_current_actor(),
        before=queries.read_edge(request.args.get("before", "")),
    )
    return render_template(
        "workspace/story.html",
        engagement=engagement,
        earlier=page.earlier,
        entries=[(each, _word(each, engagement)) for each in page.entries],
    )


def _word(entry: queries.StoryEntry, engagement: Engagement) -> str:
    return word_step(
        entry.kind,
        engagement,
        side=entry.side,
        count=entry.count,
        when=show_span(entry.times[0]) if len(entry.times) == 1 else "",
        former=show_span(entry.former) if entry.former else "",
        who=entry.who,
        for_whom=entry.for_whom,
    )


@blueprint.get("/engagements/<public_id>/done")
@requires("workspace:read", subject=queries.find_workspace)
def list_closed_items(engagement: Engagement) -> ResponseReturnValue:
    """Actions that were done or dropped, the latest first."""
    page = queries.list_closed_items(
        db.session,
        engagement,
        get_current_actor(),
        at=now(),
        before=request.args.get("before") or None,
    )
    return render_template("workspace/closed_items.html", engagement=engagement, page=page)


@blueprint.route("/sessions/<public_id>/minutes", methods=["GET", "POST"])
@requires("session:minute", subject=find_session)
def edit_minutes(coaching_session: CoachingSession) -> ResponseReturnValue:
    """What came of a meeting, in the words of both sides."""
    engagement = coaching_session.engagement
    minutes = queries.find_minutes(db.session, coaching_session)
    form = MinutesForm()
    written = form.version.data or 0
    form.version.data = minutes.version if minutes else 0
    present = ""

    def renew() -> None:
        """What was typed stays, beside what the other side wrote meanwhile."""
        nonlocal present
        latest = queries.find_minutes(db.session, coaching_session)
        present = latest.text if latest else ""
        form.version.data = latest.version if latest else 0

    if not form.is_submitted() and minutes is not None:
        form.minutes.data = minutes.text
    return take_form(
        form,
        lambda: render_template(
            "workspace/minutes.html",
            form=form,
            coaching_session=coaching_session,
            engagement=engagement,
            present=present,
        ),
        address_of(engagement, "minutes"),
        _("The minutes are kept. The other side is told."),
        agenda.write_minutes,
        renew=renew,
        coaching_session=coaching_session,
        text=form.minutes,
        version=written,
    )
