"""The workspace, its story, and the minutes of one meeting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.engagements.queries import find_session
from app.errors import ChangedMeanwhile
from app.extensions import db
from app.transactions import writing
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.presentation import show_span
from app.workspace import queries
from app.workspace.actions import agenda
from app.workspace.forms import MinutesForm
from app.workspace.views.room import blueprint, render_workspace
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
    status = 200
    if form.validate_on_submit():
        try:
            with writing(db.session):
                agenda.write_minutes(
                    db.session,
                    coaching_session=coaching_session,
                    text=form.minutes.data,
                    version=form.version.data or 0,
                    actor=get_current_actor(),
                    at=now(),
                )
        except ChangedMeanwhile as error:
            # What was typed stays, beside what the other side wrote meanwhile.
            flash(word_error(error), "danger")
            minutes = queries.find_minutes(db.session, coaching_session)
            status = error.status
        else:
            flash(_("The minutes are kept. The other side is told."), "success")
            return redirect(
                url_for(
                    "workspace.show_workspace", public_id=engagement.public_id, _anchor="minutes"
                ),
                code=303,
            )
    elif form.is_submitted():
        status = 422
    elif minutes is not None:
        form.minutes.data = minutes.text
    is_outdated = status == ChangedMeanwhile.status
    form.version.data = minutes.version if minutes else 0
    page = render_template(
        "workspace/minutes.html",
        form=form,
        coaching_session=coaching_session,
        engagement=engagement,
        present=minutes.text if minutes is not None and is_outdated else "",
    )
    return page, status
