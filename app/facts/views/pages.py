"""Pages of facts: all of one startup or provider, stating one, confirming and withdrawing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.facts import actions, queries
from app.facts.addresses import address_of_facts
from app.facts.forms import WithdrawalForm, make_fact_form
from app.facts.views.room import blueprint
from app.facts.words import show_fact_time, show_value
from app.vault.queries.documents import list_attachable
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import carry_out, take_form, take_step
from models.fact_types import FACT_SPECS, FactSubject, FactType
from models.facts import Fact
from models.organisations import Startup
from models.providers import Provider

Subject = Startup | Provider


@blueprint.get("/startups/<public_id>/facts")
@requires("fact:list", subject=queries.find_startup_subject)
def list_of_startup(startup: Startup) -> ResponseReturnValue:
    """All that is known of a startup."""
    return _list(startup)


@blueprint.get("/providers/<public_id>/facts")
@requires("fact:list", subject=queries.find_provider_subject)
def list_of_provider(provider: Provider) -> ResponseReturnValue:
    """All that is known of a provider."""
    return _list(provider)


@blueprint.route("/startups/<public_id>/facts/new", methods=["GET", "POST"])
@requires("fact:state", subject=queries.find_startup_subject)
def state_of_startup(startup: Startup) -> ResponseReturnValue:
    """Something more that is known of a startup."""
    return _state(startup)


@blueprint.route("/providers/<public_id>/facts/new", methods=["GET", "POST"])
@requires("fact:state", subject=queries.find_provider_subject)
def state_of_provider(provider: Provider) -> ResponseReturnValue:
    """Something more that is known of a provider."""
    return _state(provider)


@blueprint.post("/facts/<public_id>/confirm")
@requires("fact:confirm", subject=queries.find_fact)
def confirm(fact: Fact) -> ResponseReturnValue:
    """The reader has seen the source and says that the value is right."""
    return take_step(
        address_of_facts(fact.subject), _("Confirmed."), actions.confirm_fact, fact=fact
    )


@blueprint.route("/facts/<public_id>/withdraw", methods=["GET", "POST"])
@requires("fact:withdraw", subject=queries.find_fact)
def withdraw(fact: Fact) -> ResponseReturnValue:
    """The value is wrong, or holds no longer."""
    form = WithdrawalForm()
    path = address_of_facts(fact.subject)

    return take_form(
        form,
        lambda: render_template(
            "facts/withdraw_fact.html",
            form=form,
            fact=fact,
            path=path,
            show_value=show_value,
            show_fact_time=show_fact_time,
        ),
        path,
        _("Withdrawn. It is no longer counted anywhere."),
        actions.withdraw_fact,
        fact=fact,
        reason=form.reason,
    )


def _list(subject: Subject) -> ResponseReturnValue:
    facts = queries.list_facts(db.session, subject)
    actor = get_current_actor()
    return render_template(
        "facts/list_facts.html",
        subject=subject,
        profile_path=_make_path(subject, "profiles.show_startup", "profiles.show_provider"),
        new_path=_make_new_path(subject),
        current=[fact for fact in facts if fact.is_current],
        past=[fact for fact in facts if not fact.is_current],
        is_own=lambda fact: fact.stated_by_id in (actor.person_id, actor.acts_as_id),
        can_state=is_permitted(actor, "fact:state", subject),
        show_value=show_value,
        show_fact_time=show_fact_time,
    )


def _state(subject: Subject) -> ResponseReturnValue:
    path = address_of_facts(subject)
    about = FactSubject.STARTUP if isinstance(subject, Startup) else FactSubject.PROVIDER
    offered = [kind for kind, spec in FACT_SPECS.items() if about in spec.subjects]
    chosen = request.args.get("type")
    if chosen is None:
        return render_template(
            "facts/choose_type.html",
            subject=subject,
            path=path,
            types=offered,
            new_paths={kind: _make_new_path(subject, type=kind.value) for kind in offered},
        )
    if chosen not in offered:
        raise NotFound
    fact_type = FactType(chosen)
    form = make_fact_form(fact_type, today(now()))()
    documents = list_attachable(db.session, subject)
    form.offer(documents)
    if form.validate_on_submit():
        carry_out(
            actions.state_fact,
            subject=subject,
            stated=form.get_stated(),
            document=form.find_document(documents),
        )
        flash(_("Stated. It counts as confirmed once somebody else has confirmed it."), "success")
        return redirect(path, code=303)
    page = render_template(
        "facts/state_fact.html", subject=subject, path=path, fact_type=fact_type, form=form
    )
    return page, 422 if form.is_submitted() else 200


def _make_new_path(subject: Subject, **chosen: Any) -> str:
    return _make_path(subject, "facts.state_of_startup", "facts.state_of_provider", **chosen)


def _make_path(subject: Subject, of_startup: str, of_provider: str, **chosen: Any) -> str:
    endpoint = of_startup if isinstance(subject, Startup) else of_provider
    return url_for(endpoint, public_id=subject.public_id, **chosen)
