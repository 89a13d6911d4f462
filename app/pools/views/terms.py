"""The page of an incubator's own terms."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.pools import queries
from app.pools.actions import terms as term_actions
from app.pools.forms import TermForm
from app.pools.views.room import blueprint
from app.ranking.own_terms import get_version
from app.web.guard import requires
from app.web.steps import mark_at, take_form, take_step
from matching.text.own_terms import list_shipped
from models.incubator_terms import INCUBATOR_TERMS_LIMIT
from models.organisations import Incubator


@blueprint.route("/incubators/<public_id>/terms", methods=["GET", "POST"])
@requires("incubator:edit", subject=queries.find_incubator)
def list_terms(incubator: Incubator) -> ResponseReturnValue:
    """What means the same to the startups of an incubator; another term is added."""
    form = TermForm()
    return take_form(
        form,
        lambda: _show(incubator, form),
        url_for("pools.list_terms", public_id=incubator.public_id),
        _("The term counts from the next match on."),
        term_actions.add_term,
        mark=mark_at(form.chinese),
        incubator=incubator,
        values=form.get_values,
    )


@blueprint.post("/incubators/<public_id>/terms/<term_id>/take-back")
@requires("incubator:edit", subject=queries.find_incubator)
def take_back_term(incubator: Incubator, term_id: str) -> ResponseReturnValue:
    """The term counts no more from the next match on."""
    return take_step(
        url_for("pools.list_terms", public_id=incubator.public_id),
        _("The term is taken back."),
        term_actions.take_back_term,
        incubator=incubator,
        public_id=term_id,
    )


def _show(incubator: Incubator, form: TermForm) -> str:
    terms = [each for each in reversed(incubator.terms) if each.taken_back_version is None]
    return render_template(
        "pools/terms.html",
        incubator=incubator,
        form=form,
        terms=[(each, list_shipped(each.forms)) for each in terms],
        version=get_version(incubator.terms),
        limit=INCUBATOR_TERMS_LIMIT,
        is_full=len(terms) >= INCUBATOR_TERMS_LIMIT,
    )
