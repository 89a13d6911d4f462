"""Waiting for a place with a provider whose places are all taken."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import can_know_of
from app.clock import now
from app.engagements.actions import queue as actions
from app.engagements.queries import queue
from app.engagements.views.room import blueprint
from app.errors import NotFound
from app.extensions import db
from app.needs.queries import find_need
from app.profiles.queries import find_provider
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from models.needs import Need
from models.queues import QueuePlace


@blueprint.get("/queue")
@requires("queue_place:list")
def list_queue_places() -> ResponseReturnValue:
    """Where the reader's startups wait for a place."""
    page = queue.list_open(
        db.session, get_current_actor(), before=request.args.get("before") or None
    )
    return render_template("engagements/queue.html", page=page)


@blueprint.post("/needs/<public_id>/queue/<provider_public_id>")
@requires("engagement:request", subject=find_need)
def join_queue(need: Need, provider_public_id: str) -> ResponseReturnValue:
    """Wait for a place with a provider."""
    actor = get_current_actor()
    provider = find_provider(db.session, provider_public_id)
    if provider is None or not can_know_of(actor, provider):
        raise NotFound
    with writing(db.session):
        actions.join_queue(db.session, need=need, provider=provider, actor=actor, at=now())
    flash(_("You are in the queue. As soon as a place is yours, you are told."), "success")
    return redirect(url_for("engagements.list_queue_places"), code=303)


@blueprint.post("/queue-places/<public_id>/leave")
@requires("queue_place:leave", subject=queue.find_queue_place)
def leave_queue(place: QueuePlace) -> ResponseReturnValue:
    """Wait no longer."""
    with writing(db.session):
        actions.leave_queue(db.session, place=place, actor=get_current_actor(), at=now())
    flash(_("You wait for this place no longer."), "success")
    return redirect(url_for("engagements.list_queue_places"), code=303)
