"""The list, one engagement, asking and answering."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import can_know_of, is_permitted
from app.clock import now
from app.engagements import queries
from app.engagements.actions import engagements as actions
from app.engagements.forms import AcceptForm, DeclineForm, ReasonForm
from app.engagements.may_ask import is_available
from app.engagements.request_forms import (
    AnyRequestForm,
    FundingRequestForm,
    make_request_form,
)
from app.engagements.views.room import (
    blueprint,
    find_way_back,
    render_engagement,
)
from app.errors import NotFound, OutOfOrder
from app.extensions import db
from app.mandates.seeking import find_ask
from app.needs.queries import find_need
from app.pools.errors import ProviderNotAvailable
from app.profiles.queries import find_provider
from app.vault.queries.documents import list_attachable
from app.web.guard import requires
from app.web.identity import find_acted_for, get_current_actor, get_current_person
from app.web.paging import read_page_number
from app.web.steps import take_form, take_step, take_typed
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT
from models.needs import Need
from models.providers import Provider
from models.vocabulary import Release, Side


@blueprint.get("/engagements")
@requires("engagement:list")
def list_engagements() -> ResponseReturnValue:
    """Every engagement that the reader may know of; what waits for the reader comes first."""
    viewer = get_current_actor()
    state = request.args.get("state", "")
    side = request.args.get("side", "")
    chosen_state = state if state in ENGAGEMENT.states else None
    chosen_side = Side(side) if side in set(Side) else None
    turns = queries.list_turns(db.session, viewer, now())
    page = queries.list_engagements(
        db.session,
        viewer,
        waiting={turn.engagement_id for turn in turns},
        state=chosen_state,
        side=chosen_side,
        number=read_page_number(request.args.get("page", "")),
    )
    return render_template(
        "engagements/list_engagements.html",
        page=page,
        counts=queries.count_by_state(db.session, viewer, side=chosen_side),
        states=ENGAGEMENT.states,
        state=chosen_state,
        sides=tuple(Side) if is_permitted(viewer, "engagement:list_both") else (),
        side=chosen_side,
        founds=is_permitted(viewer, "need:state"),
    )


@blueprint.get("/engagements/<public_id>")
@requires("engagement:view", subject=queries.find_engagement)
def show_engagement(engagement: Engagement) -> ResponseReturnValue:
    """Both sides, what may be done now, sessions, feedback and the trace."""
    return render_engagement(engagement)


def _preview_release(need: Need) -> dict[Release, str]:
    """What each box of the request form lets the provider see."""
    startup = need.startup
    person = find_acted_for() or get_current_person()
    profile = [startup.one_line, startup.description]
    if startup.incubator is not None:
        profile.append(startup.incubator.name)
    return {
        Release.STARTUP_NAME: startup.name,
        Release.STARTUP_PROFILE: " · ".join(part for part in profile if part),
        Release.NEED_TEXT: f"{need.title} · {need.text}",
        Release.CONTACT: f"{person.name} · {person.email}",
    }


def _render_request(need: Need, provider: Provider, form: AnyRequestForm) -> str:
    return render_template(
        "engagements/request_engagement.html",
        form=form,
        need=need,
        provider=provider,
        words=WORDS_BY_KIND[provider.kind],
        previews=_preview_release(need),
        outlook=queries.get_outlook(
            db.session, provider=provider, startup=need.startup, need=need, at=now()
        ),
    )


@blueprint.route("/needs/<public_id>/request/<provider_public_id>", methods=["GET", "POST"])
@requires("engagement:request", subject=find_need)
def request_engagement(need: Need, provider_public_id: str) -> ResponseReturnValue:
    """Ask a provider about a need, and choose what it may see before it accepts."""
    actor = get_current_actor()
    provider = find_provider(db.session, provider_public_id)
    if provider is None or not can_know_of(actor, provider):
        raise NotFound
    if need.state != "open":
        raise OutOfOrder
    documents = (
        list_attachable(db.session, need.startup)
        if is_permitted(actor, "document:list", need.startup)
        else []
    )
    form = make_request_form(need, provider, documents)
    if isinstance(form, FundingRequestForm):
        form.ask_for_rest(find_ask(db.session, need))
    if not form.validate_on_submit():
        if not is_available(db.session, provider, need.startup):
            raise ProviderNotAvailable
        return _render_request(need, provider, form), 422 if form.is_submitted() else 200

    def request_it(session: Session, **values: Any) -> Engagement:
        return actions.request(
            session,
            need=need,
            provider=provider,
            match=queries.find_latest_match(session, need, provider),
            **values,
        )

    return take_typed(
        lambda: _render_request(need, provider, form),
        find_way_back,
        _("Your request is on its way. You are told as soon as there is an answer."),
        request_it,
        message=form.message.data,
        released=form.released.data,
        ask=form.make_ask(),
        background=form.background.data,
        documents=form.get_documents(),
    )


@blueprint.post("/engagements/<public_id>/accept")
@requires("engagement:accept", subject=queries.find_engagement)
def accept(engagement: Engagement) -> ResponseReturnValue:
    """Take the request on, with a few words or none."""
    form = AcceptForm()
    return take_form(
        form,
        lambda: render_engagement(engagement, accept_form=form),
        find_way_back(engagement),
        str(WORDS_BY_KIND[engagement.provider.kind].coming_first),
        actions.accept,
        engagement=engagement,
        words=form.words,
    )


@blueprint.post("/engagements/<public_id>/decline")
@requires("engagement:decline", subject=queries.find_engagement)
def decline(engagement: Engagement) -> ResponseReturnValue:
    """Say no, with a reason of the list and in words."""
    form = DeclineForm()
    return take_form(
        form,
        lambda: render_engagement(engagement, decline_form=form),
        find_way_back(engagement),
        _("Declined. The startup was told why."),
        actions.decline,
        engagement=engagement,
        code=form.code,
        reason=form.reason,
    )


@blueprint.post("/engagements/<public_id>/withdraw")
@requires("engagement:withdraw", subject=queries.find_engagement)
def withdraw(engagement: Engagement) -> ResponseReturnValue:
    """Take the request back."""
    return take_step(
        find_way_back(engagement),
        _("The request is withdrawn."),
        actions.withdraw,
        engagement=engagement,
    )


@blueprint.post("/engagements/<public_id>/cancel")
@requires("engagement:cancel", subject=queries.find_engagement)
def cancel(engagement: Engagement) -> ResponseReturnValue:
    """End what was accepted, with a reason."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: render_engagement(engagement, reason_form=form),
        find_way_back(engagement),
        _("The engagement is cancelled. The other side was told why."),
        actions.cancel,
        engagement=engagement,
        reason=form.reason,
    )


@blueprint.post("/engagements/<public_id>/complete")
@requires("engagement:complete", subject=queries.find_engagement)
def complete(engagement: Engagement) -> ResponseReturnValue:
    """It has done what it was for."""
    return take_step(
        find_way_back(engagement),
        _("The engagement is complete."),
        actions.complete,
        engagement=engagement,
    )
