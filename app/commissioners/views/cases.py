"""One case: what is needed, what came of it, and notes of the two sides."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.commissioners.actions import cases
from app.commissioners.addresses import address_of_case
from app.commissioners.forms import CloseForm, FinishForm, NoteForm
from app.commissioners.queries.cares import find_case
from app.commissioners.views.room import blueprint
from app.vouchers.words import word_yuan
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.commissioner_states import FINANCE_CASE
from models.commissioners import FinanceCase


@blueprint.get("/cases/<public_id>")
@requires("case:view", subject=find_case)
def show_case(case: FinanceCase) -> ResponseReturnValue:
    """One case with its notes, and what can be done now."""
    return _show(case)


@blueprint.post("/cases/<public_id>/begin")
@requires("case:work", subject=find_case)
def begin_case(case: FinanceCase) -> ResponseReturnValue:
    """The commissioner takes it up."""
    return take_step(
        address_of_case(case), _("In progress. The startup is told."), cases.begin_case, case=case
    )


@blueprint.post("/cases/<public_id>/finish")
@requires("case:work", subject=find_case)
def finish_case(case: FinanceCase) -> ResponseReturnValue:
    """The money is there."""
    form = FinishForm()
    return take_form(
        form,
        lambda: _show(case, finish=form),
        address_of_case(case),
        _("Recorded. The startup is told."),
        cases.finish_case,
        check=form.check,
        case=case,
        kind=form.kind,
        obtained_yuan=form.obtained_yuan,
        words=lambda: form.words.data or "",
    )


@blueprint.post("/cases/<public_id>/close")
@requires("case:close", subject=find_case)
def close_case(case: FinanceCase) -> ResponseReturnValue:
    """It came to nothing."""
    form = CloseForm()
    return take_form(
        form,
        lambda: _show(case, close=form),
        address_of_case(case),
        _("Closed. The other side is told."),
        cases.close_case,
        case=case,
        closure=form.closure,
        words=lambda: form.words.data or "",
    )


@blueprint.post("/cases/<public_id>/notes")
@requires("case:note", subject=find_case)
def note_case(case: FinanceCase) -> ResponseReturnValue:
    """Write something down."""
    form = NoteForm()
    return take_form(
        form,
        lambda: _show(case, note=form),
        address_of_case(case),
        _("Noted. The other side is told."),
        cases.note_case,
        case=case,
        words=form.words,
    )


def _show(case: FinanceCase, **forms: Any) -> str:
    viewer = get_current_actor()
    runs = case.care.state == "active"
    possible = {
        action
        for action, permission in (
            ("begin", "case:work"),
            ("finish", "case:work"),
            ("close", "case:close"),
        )
        if runs
        and FINANCE_CASE.is_allowed(action, case.state)
        and is_permitted(viewer, permission, case)
    }
    known: dict[str, Any] = {
        "finish": FinishForm(formdata=None, kind=case.kind, obtained_yuan=case.amount_yuan),
        "close": CloseForm(formdata=None),
        "note": NoteForm(formdata=None),
    }
    page: str = render_template(
        "commissioners/case.html",
        case=case,
        care=case.care,
        possible=possible,
        can_note=runs and is_permitted(viewer, "case:note", case),
        forms=known | forms,
        word_yuan=word_yuan,
    )
    return page
