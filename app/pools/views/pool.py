"""Pages of a mentor pool: the operator's list, one entry, inviting and applying."""

from datetime import datetime
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.access import Actor, is_permitted
from app.errors import NotFound, NotPermitted, expect
from app.extensions import db
from app.pools import queries
from app.pools.actions import entries as actions
from app.pools.forms import ApplicationForm, InviteMentorForm, NoteForm, ReasonForm
from app.pools.views.room import blueprint, choose_operated
from app.profiles.queries import find_provider
from app.web.addresses import is_own_path
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import mark_at, take_form, take_step
from models.lifecycle import POOL_ENTRY
from models.organisations import Incubator
from models.pools import PoolEntry

# What an operator can do with an entry, and what a mentor can; "decline" is for both.
_OPERATOR_ACTIONS: Final = ("admit", "decline", "invite", "pause", "resume", "retire")
_MENTOR_ACTIONS: Final = ("accept_invitation", "decline", "apply")

_DONE: Final = {
    "admit": _l("The mentor is admitted. Startups of this incubator can now be matched."),
    "decline": _l("Declined. The other side was told why."),
    "invite": _l("The invitation is on its way."),
    "pause": _l("The mentor is paused and was told why."),
    "resume": _l("The mentor can be matched again."),
    "retire": _l("The mentor is retired and was told why."),
    "accept_invitation": _l("You are in the pool. Its startups can now ask you."),
}


@blueprint.get("/pool")
@requires("incubator:list_own")
def show_own_pool() -> ResponseReturnValue:
    """The mentor pool of the operator's incubator."""
    incubator, operated = choose_operated()
    state = request.args.get("state", "")
    text = request.args.get("text", "").strip()[:100]
    return render_template(
        "pools/pool.html",
        incubator=incubator,
        operated=operated,
        rows=queries.list_pool(
            db.session,
            incubator,
            state=state if state in POOL_ENTRY.states else None,
            text=text,
        ),
        counts=queries.count_by_state(db.session, incubator),
        states=POOL_ENTRY.states,
        state=state,
        text=text,
    )


@blueprint.route("/incubators/<public_id>/mentors/new", methods=["GET", "POST"])
@requires("pool:invite", subject=queries.find_incubator)
def invite_mentor(incubator: Incubator) -> ResponseReturnValue:
    """Ask somebody into the pool by mail."""
    form = InviteMentorForm()
    return take_form(
        form,
        lambda: render_template("pools/invite_mentor.html", form=form, incubator=incubator),
        url_for("pools.show_own_pool", incubator=incubator.public_id),
        _("The invitation is on its way."),
        actions.invite_mentor,
        mark=mark_at(form.email),
        incubator=incubator,
        email=form.email,
        name=form.name,
    )


@blueprint.post("/incubators/<public_id>/mentors/<provider_id>")
@requires("pool:invite", subject=queries.find_incubator)
def invite_provider(incubator: Incubator, provider_id: str) -> ResponseReturnValue:
    """Ask a mentor with a profile into the pool."""
    provider = expect(find_provider(db.session, provider_id))
    return take_step(
        lambda entry: url_for("pools.show_entry", public_id=entry.public_id),
        _("The invitation is on its way."),
        actions.invite_provider,
        incubator=incubator,
        provider=provider,
    )


@blueprint.route("/incubators/<public_id>/apply", methods=["GET", "POST"])
@requires("pool:apply")
def apply_to_pool(public_id: str) -> ResponseReturnValue:
    """Ask for admission to a pool."""
    incubator = expect(queries.find_incubator(db.session, public_id))
    actor = get_current_actor()
    if not is_permitted(actor, "incubator:apply", incubator):
        raise NotFound
    mentors = queries.list_own_mentors(db.session, actor)
    if not mentors:
        raise NotPermitted
    form = ApplicationForm()
    return take_form(
        form,
        lambda: render_template(
            "pools/apply.html", form=form, incubator=incubator, mentors=mentors
        ),
        lambda entry: url_for("pools.show_entry", public_id=entry.public_id),
        _("Your application is with the operators."),
        actions.apply_to_pool,
        incubator=incubator,
        provider=lambda: expect(
            next((each for each in mentors if each.public_id == form.provider.data), None)
        ),
        application=form.application,
    )


@blueprint.get("/pool-entries/<public_id>")
@requires("pool_entry:view", subject=queries.find_entry)
def show_entry(entry: PoolEntry) -> ResponseReturnValue:
    """Where a mentor stands in a pool, and what can be done about it."""
    return _render_entry(entry, ReasonForm(formdata=None), NoteForm(formdata=None))


def _render_entry(entry: PoolEntry, reason: ReasonForm, note: NoteForm) -> str:
    actor = get_current_actor()
    operates = is_permitted(actor, "pool_entry:decide", entry)
    allowed = POOL_ENTRY.list_actions(entry.state)
    mine = _OPERATOR_ACTIONS if operates else _MENTOR_ACTIONS
    if not note.is_submitted():
        note.note.data = entry.private_note
    return render_template(
        "pools/entry.html",
        entry=entry,
        operates=operates,
        actions=[a for a in mine if a in allowed and a != "apply"],
        can_apply=not operates and "apply" in allowed,
        needs_reason=actions.NEEDS_REASON,
        reason_form=reason,
        note_form=note if operates else None,
    )


def _change(entry: PoolEntry, action: str) -> ResponseReturnValue:
    back = request.form.get("back_to", "")
    path = back if is_own_path(back) else url_for("pools.show_entry", public_id=entry.public_id)
    said, change = str(_DONE[action]), actions.change_entry
    if action not in actions.NEEDS_REASON:
        return take_step(path, said, change, entry=entry, action=action, reason="")
    form = ReasonForm()
    return take_form(
        form,
        lambda: _render_entry(entry, form, NoteForm(formdata=None)),
        path,
        said,
        change,
        entry=entry,
        action=action,
        reason=form.reason,
    )


@blueprint.post("/pool-entries/<public_id>/decide/<action>")
@requires("pool_entry:decide", subject=queries.find_entry)
def decide(entry: PoolEntry, action: str) -> ResponseReturnValue:
    """An operator takes the entry one step on."""
    if action not in _OPERATOR_ACTIONS:
        raise NotFound
    return _change(entry, action)


@blueprint.post("/pool-entries/<public_id>/answer/<action>")
@requires("pool_entry:answer", subject=queries.find_entry)
def answer(entry: PoolEntry, action: str) -> ResponseReturnValue:
    """A mentor answers an invitation, or takes an application back."""
    if action not in ("accept_invitation", "decline"):
        raise NotFound
    return _change(entry, action)


@blueprint.post("/pool-entries/<public_id>/note")
@requires("pool_entry:decide", subject=queries.find_entry)
def note(entry: PoolEntry) -> ResponseReturnValue:
    """Keep a private note."""
    form = NoteForm()

    def keep(session: Session, *, note: str, actor: Actor, at: datetime) -> None:
        actions.note_privately(session, entry=entry, note=note, actor=actor)

    return take_form(
        form,
        lambda: _render_entry(entry, ReasonForm(formdata=None), form),
        url_for("pools.show_entry", public_id=entry.public_id),
        _("Saved."),
        keep,
        note=lambda: form.note.data or "",
    )
