"""Pages of a need beside all mandates: what to prove next, and what is asked of one fund."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clauses import Verdict
from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.funds import actions
from app.funds.addresses import address_of_openings
from app.funds.forms import AskForm
from app.funds.queries.comparing import compare
from app.funds.queries.deals import list_shown
from app.funds.views.room import blueprint
from app.mandates.checking import Clause
from app.mandates.seeking import find_stated_ask, get_amount
from app.mandates.words import word_found, word_gap, word_move, word_moves, word_wanted
from app.needs.queries import find_need
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form
from models.needs import Need
from models.vocabulary import NeedKind


@blueprint.get("/needs/<public_id>/funds")
@requires("fund:compare", subject=find_need)
def show_openings(need: Need) -> ResponseReturnValue:
    """Which funds are open for a need, and which single change opens how many more."""
    _check_kind(need)
    comparison = compare(db.session, need, today(now()))
    startup_id = need.startup.public_id
    return render_template(
        "funds/openings.html",
        need=need,
        comparison=comparison,
        open_funds=comparison.list_with(Verdict.PASS),
        unknown_funds=comparison.list_with(Verdict.UNKNOWN),
        closed_funds=comparison.list_with(Verdict.FAIL),
        deals=list_shown(db.session, get_current_actor(), need),
        can_ask=is_permitted(get_current_actor(), "fund:ask", need),
        can_raise=is_permitted(get_current_actor(), "financing:draft", need),
        where_to={
            **dict.fromkeys(
                (Clause.FIELDS, Clause.STAGE, Clause.PLACE, Clause.TOPICS),
                url_for("profiles.edit_startup", public_id=startup_id),
            ),
            Clause.INSTRUMENTS: url_for("needs.edit_need", public_id=need.public_id),
            Clause.TICKET_MIN: url_for("needs.edit_need", public_id=need.public_id),
            Clause.TICKET_MAX: url_for("funds.edit_ask", public_id=need.public_id),
            Clause.HOLDING: url_for("funds.edit_ask", public_id=need.public_id),
            Clause.GATE: url_for("facts.state_of_startup", public_id=startup_id),
        },
        word_found=word_found,
        word_gap=word_gap,
        word_move=word_move,
        word_moves=word_moves,
        word_wanted=word_wanted,
    )


@blueprint.route("/needs/<public_id>/funds/ask", methods=["GET", "POST"])
@requires("fund:ask", subject=find_need)
def edit_ask(need: Need) -> ResponseReturnValue:
    """Say what is raised already, how small a part may be, and what share is offered."""
    _check_kind(need)
    form = AskForm(amount=get_amount(need))
    if request.method == "GET":
        form.fill_from(find_stated_ask(db.session, need))
    return take_form(
        form,
        lambda: _show_form(form, need),
        address_of_openings(need),
        _("Saved. All mandates were judged again."),
        actions.state_ask,
        need=need,
        values=form.get_values,
    )


def _show_form(form: AskForm, need: Need) -> str:
    return render_template(
        "funds/edit_ask.html",
        form=form,
        need=need,
        amount=get_amount(need),
        path=address_of_openings(need),
    )


def _check_kind(need: Need) -> None:
    """A need that asks for no money has no such page."""
    if need.kind is not NeedKind.FUNDING:
        raise NotFound
