"""One's own appointments and companies, and one commissioner with what can be done."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.access import is_permitted
from app.clock import now
from app.commissioners.actions import appointing, caring
from app.commissioners.addresses import COMMISSIONERS, address_of_commissioner
from app.commissioners.forms import CompanyForm, ReasonForm, TakeForm
from app.commissioners.queries.cares import (
    list_assignable,
    list_cases,
    list_of_commissioner,
    list_of_startup,
)
from app.commissioners.queries.commissioners import find_commissioner, list_own
from app.commissioners.queries.commissioners import list_of_startup as list_askable
from app.commissioners.values import find_answer_day, is_too_late
from app.commissioners.views.room import blueprint
from app.errors import expect
from app.extensions import db
from app.profiles.queries import find_startup
from app.vouchers.queries.orders import list_founded, list_operated
from app.vouchers.words import word_yuan
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.commissioner_states import COMMISSIONER
from models.commissioners import Commissioner
from models.organisations import Startup


@blueprint.get("/commissioners")
@requires("commissioner:list")
def show_commissioners() -> ResponseReturnValue:
    """One's own appointments with companies, and who can be asked for one's startups."""
    viewer = get_current_actor()
    own = []
    for commissioner in list_own(db.session, viewer):
        cares = [
            care
            for care in list_of_commissioner(db.session, viewer, commissioner)
            if care.consented_at is not None
        ]
        own.append((commissioner, cares, list_cases(db.session, cares)))
    found = []
    for startup in list_founded(db.session, viewer):
        cares = list(list_of_startup(db.session, startup))
        standing = {care.commissioner_id for care in cares if care.ended_at is None}
        askable = [each for each in list_askable(db.session, startup) if each.id not in standing]
        found.append((startup, askable, cares, list_cases(db.session, cares)))
    return render_template(
        "commissioners/commissioners.html",
        own=own,
        found=found,
        desks=list_operated(db.session, viewer),
        word_yuan=word_yuan,
    )


@blueprint.get("/commissioners/<public_id>")
@requires("commissioner:view", subject=find_commissioner)
def show_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """One commissioner, and what can be done now."""
    return _show(commissioner)


@blueprint.post("/commissioners/<public_id>/accept")
@requires("commissioner:decide", subject=find_commissioner)
def accept_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """The side that was asked agrees."""
    return take_step(
        address_of_commissioner(commissioner),
        _("Appointed. The other side is told."),
        appointing.accept_commissioner,
        commissioner=commissioner,
    )


@blueprint.post("/commissioners/<public_id>/decline")
@requires("commissioner:decide", subject=find_commissioner)
def decline_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """The side that was asked does not agree."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: _show(commissioner, decline=form),
        COMMISSIONERS,
        _("Declined. The other side is told."),
        appointing.decline_commissioner,
        commissioner=commissioner,
        words=form.note,
    )


@blueprint.post("/commissioners/<public_id>/withdraw")
@requires("commissioner:withdraw", subject=find_commissioner)
def withdraw_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """Whoever asked takes it back."""
    return take_step(
        address_of_commissioner(commissioner),
        _("Taken back."),
        appointing.withdraw_commissioner,
        commissioner=commissioner,
    )


@blueprint.post("/commissioners/<public_id>/end")
@requires("commissioner:end", subject=find_commissioner)
def end_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """One of the two sides ends it."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: _show(commissioner, end=form),
        address_of_commissioner(commissioner),
        _("Ended. Everybody whom it concerns is told."),
        appointing.end_commissioner,
        commissioner=commissioner,
        words=form.note,
    )


@blueprint.post("/commissioners/<public_id>/take")
@requires("commissioner:take", subject=find_commissioner)
def take_companies(commissioner: Commissioner) -> ResponseReturnValue:
    """How many companies one takes."""
    form = TakeForm()
    return take_form(
        form,
        lambda: _show(commissioner, take=form),
        address_of_commissioner(commissioner),
        _("Saved."),
        appointing.take_companies,
        commissioner=commissioner,
        most_companies=form.most_companies,
    )


@blueprint.post("/commissioners/<public_id>/assign")
@requires("commissioner:assign", subject=find_commissioner)
def assign_company(commissioner: Commissioner) -> ResponseReturnValue:
    """Suggest a startup, which has to consent first."""
    form = CompanyForm()
    form.offer(list_assignable(db.session, commissioner.incubator))
    return take_form(
        form,
        lambda: _show(commissioner, assign=form),
        address_of_commissioner(commissioner),
        _("Suggested. The startup decides whether it consents, then the commissioner."),
        caring.assign_company,
        commissioner=commissioner,
        startup=lambda: expect(find_startup(db.session, form.startup.data)),
        words=lambda: form.words.data or "",
    )


@blueprint.post("/commissioners/<public_id>/ask")
@requires("commissioner:ask", subject=find_commissioner)
def ask_commissioner(commissioner: Commissioner) -> ResponseReturnValue:
    """Ask for one's startup."""
    form = CompanyForm()
    form.offer(_list_hosted(commissioner))
    return take_form(
        form,
        lambda: _show(commissioner, ask=form),
        COMMISSIONERS,
        _("Asked. The commissioner decides."),
        caring.ask_commissioner,
        commissioner=commissioner,
        startup=lambda: expect(find_startup(db.session, form.startup.data)),
        words=lambda: form.words.data or "",
    )


def _list_hosted(commissioner: Commissioner) -> list[Startup]:
    founded = list_founded(db.session, get_current_actor())
    return [each for each in founded if each.incubator_id == commissioner.incubator_id]


def _show(commissioner: Commissioner, **forms: Any) -> str:
    viewer = get_current_actor()
    possible = {
        name
        for name, permission, action in (
            ("accept", "commissioner:decide", "accept"),
            ("decline", "commissioner:decide", "decline"),
            ("withdraw", "commissioner:withdraw", "withdraw"),
            ("end", "commissioner:end", "end"),
            ("take", "commissioner:take", "end"),
            ("assign", "commissioner:assign", "end"),
            ("ask", "commissioner:ask", "end"),
        )
        if COMMISSIONER.is_allowed(action, commissioner.state)
        and is_permitted(viewer, permission, commissioner)
        and not (name == "accept" and is_too_late(commissioner, now()))
    }
    known: dict[str, FlaskForm] = {
        "take": TakeForm(formdata=None, data={"most_companies": commissioner.most_companies})
    }
    if "assign" in possible:
        known["assign"] = CompanyForm(formdata=None)
        known["assign"].offer(list_assignable(db.session, commissioner.incubator))
    if "ask" in possible:
        known["ask"] = CompanyForm(formdata=None)
        known["ask"].offer(_list_hosted(commissioner))
    page: str = render_template(
        "commissioners/commissioner.html",
        commissioner=commissioner,
        cares=list_of_commissioner(db.session, viewer, commissioner),
        possible=possible,
        answer_day=find_answer_day(commissioner),
        is_operator=is_permitted(viewer, "commissioner:assign", commissioner),
        is_own=is_permitted(viewer, "commissioner:take", commissioner),
        forms=known | forms,
        note_form=ReasonForm(formdata=None),
    )
    return page
