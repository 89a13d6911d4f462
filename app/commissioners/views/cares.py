"""One company in the care of a commissioner: both sides decide, and cases are opened."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.commissioners.actions import caring, cases
from app.commissioners.addresses import COMMISSIONERS, address_of_care, address_of_case
from app.commissioners.forms import CaseForm, ReasonForm
from app.commissioners.queries.cares import find_care, list_cases
from app.commissioners.values import find_answer_day, is_too_late
from app.commissioners.views.room import blueprint
from app.extensions import db
from app.products.queries.products import list_offered
from app.vouchers.words import word_yuan
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.commissioner_states import COMPANY_CARE
from models.commissioners import CompanyCare
from models.products import FinanceProduct


@blueprint.get("/care/<public_id>")
@requires("care:view", subject=find_care)
def show_care(care: CompanyCare) -> ResponseReturnValue:
    """Who is in whose care, and the cases for the two sides."""
    return _show(care)


@blueprint.post("/care/<public_id>/consent")
@requires("care:consent", subject=find_care)
def consent_to_care(care: CompanyCare) -> ResponseReturnValue:
    """The startup consents to be known."""
    return take_step(
        address_of_care(care),
        _("You have consented. The commissioner decides now."),
        caring.consent_to_care,
        care=care,
    )


@blueprint.post("/care/<public_id>/accept")
@requires("care:accept", subject=find_care)
def accept_company(care: CompanyCare) -> ResponseReturnValue:
    """The commissioner takes the company."""
    return take_step(
        address_of_care(care), _("Taken. The startup is told."), caring.accept_company, care=care
    )


@blueprint.post("/care/<public_id>/decline")
@requires("care:decline", subject=find_care)
def decline_company(care: CompanyCare) -> ResponseReturnValue:
    """Whoever is asked does not agree."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: _show(care, decline=form),
        COMMISSIONERS,
        _("Declined."),
        caring.decline_company,
        care=care,
        words=form.note,
    )


@blueprint.post("/care/<public_id>/withdraw")
@requires("care:withdraw", subject=find_care)
def withdraw_company(care: CompanyCare) -> ResponseReturnValue:
    """Whoever asked takes it back."""
    return take_step(address_of_care(care), _("Taken back."), caring.withdraw_company, care=care)


@blueprint.post("/care/<public_id>/end")
@requires("care:end", subject=find_care)
def end_care(care: CompanyCare) -> ResponseReturnValue:
    """One side ends it."""
    form = ReasonForm()
    return take_form(
        form,
        lambda: _show(care, end=form),
        address_of_care(care),
        _("Ended. What was open in it is closed."),
        caring.end_care,
        care=care,
        words=form.note,
    )


@blueprint.route("/care/<public_id>/cases/new", methods=["GET", "POST"])
@requires("case:open", subject=find_care)
def open_case(care: CompanyCare) -> ResponseReturnValue:
    """Say what the company needs."""
    products = _list_products(care)
    form = CaseForm()
    form.offer(products)
    return take_form(
        form,
        lambda: _show_form(form, care),
        address_of_case,
        _("Opened. The other side is told."),
        cases.open_case,
        check=form.check,
        care=care,
        values=lambda: form.get_values(products),
    )


def _list_products(care: CompanyCare) -> Sequence[FinanceProduct]:
    return list_offered(db.session, care.commissioner.incubator, now())


def _show_form(form: CaseForm, care: CompanyCare) -> str:
    return render_template(
        "commissioners/open_case.html", form=form, care=care, path=address_of_care(care)
    )


def _show(care: CompanyCare, **forms: Any) -> str:
    viewer = get_current_actor()
    possible = {
        action
        for action in ("consent", "accept", "decline", "withdraw", "end")
        if COMPANY_CARE.is_allowed(action, care.state)
        and is_permitted(viewer, f"care:{action}", care)
        and not (action in ("consent", "accept") and is_too_late(care, now()))
    }
    can_open = is_permitted(viewer, "case:open", care)
    page: str = render_template(
        "commissioners/care.html",
        care=care,
        possible=possible,
        answer_day=find_answer_day(care),
        is_side=can_open,
        can_open=can_open and care.state == "active",
        cases=list_cases(db.session, [care]) if can_open else [],
        forms=forms,
        note_form=ReasonForm(formdata=None),
        word_yuan=word_yuan,
    )
    return page
