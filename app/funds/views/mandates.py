"""Pages of a mandate: all its versions, its draft, publishing and ending one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import is_permitted
from app.clock import now
from app.errors import ChangedMeanwhile
from app.extensions import db
from app.funds import actions
from app.funds.addresses import address_of_mandate
from app.funds.forms import MandateForm, PublishForm
from app.funds.queries.mandates import find_investor, find_mandate, find_version, list_versions
from app.funds.values import MandateValues, list_missing, read_mandate
from app.funds.views.room import blueprint
from app.mandates.checking import Clause
from app.mandates.values import make_terms
from app.mandates.words import word_wanted
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import REFUSALS, show_refused, take_step
from models.funds import Mandate
from models.providers import Provider
from models.vocabulary import InvestorKind


@blueprint.get("/providers/<public_id>/mandate")
@requires("provider:view", subject=find_investor)
def show_mandate(provider: Provider) -> ResponseReturnValue:
    """The published mandate; for its own side the draft and the earlier versions too."""
    viewer = get_current_actor()
    versions = list_versions(db.session, viewer, provider)
    by_state = {each.state: each for each in versions}
    draft = by_state.get("draft")
    return render_template(
        "funds/mandate.html",
        provider=provider,
        published=by_state.get("published"),
        draft=draft,
        earlier=[each for each in versions if each.state in ("replaced", "withdrawn")],
        is_complete=draft is not None and not list_missing(read_mandate(draft)),
        can_draft=is_permitted(viewer, "mandate:draft", provider),
        can_board=is_permitted(viewer, "fund:board", provider),
        list_terms=list_terms,
    )


@blueprint.route("/providers/<public_id>/mandate/edit", methods=["GET", "POST"])
@requires("mandate:draft", subject=find_investor)
def edit_mandate(provider: Provider) -> ResponseReturnValue:
    """Begin the next version, or go on with the draft; save it, or publish it at once."""
    draft = find_version(db.session, provider, "draft")
    investor = provider.investor
    is_seed = investor is not None and investor.investor_kind is InvestorKind.SEED_FUND
    form = MandateForm(is_seed_fund=is_seed)
    if request.method == "GET":
        values = _begin(provider) if draft is None else read_mandate(draft)
        form.fill_from(values, None if draft is None else draft.version)
        return _show_form(form, provider, draft)
    if not form.validate():
        return _show_form(form, provider, draft), 422
    try:
        with writing(db.session):
            _save(provider, form)
    except ChangedMeanwhile:
        present = find_version(db.session, provider, "draft")
        form.version.renew(None if present is None else present.version)
        return _show_form(form, provider, present, changed_meanwhile=True), 409
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, provider, draft))
    if form.publishes:
        flash(_("Published. Needs are judged by this version from now on."), "success")
    else:
        flash(_("Saved. No need is judged by it until it is published."), "success")
    return redirect(address_of_mandate(provider), code=303)


@blueprint.post("/mandates/<public_id>/publish")
@requires("mandate:publish", subject=find_mandate)
def publish_mandate(mandate: Mandate) -> ResponseReturnValue:
    """Needs are judged by this version from now on."""
    form = PublishForm()
    return take_step(
        address_of_mandate(mandate.provider),
        _("Published. Needs are judged by this version from now on."),
        actions.publish_mandate,
        mandate=mandate,
        version=form.version.data or 0,
    )


@blueprint.post("/mandates/<public_id>/withdraw")
@requires("mandate:publish", subject=find_mandate)
def withdraw_mandate(mandate: Mandate) -> ResponseReturnValue:
    """No need is judged by this mandate any more."""
    return take_step(
        address_of_mandate(mandate.provider),
        _("Withdrawn. No need is judged by it any more."),
        actions.withdraw_mandate,
        mandate=mandate,
    )


@blueprint.post("/mandates/<public_id>/discard")
@requires("mandate:edit", subject=find_mandate)
def discard_mandate(mandate: Mandate) -> ResponseReturnValue:
    """The draft is gone."""
    return take_step(
        address_of_mandate(mandate.provider),
        _("The draft is gone."),
        actions.discard_mandate,
        mandate=mandate,
    )


def list_terms(mandate: Mandate) -> list[tuple[Clause, str]]:
    """What a version asks for, clause by clause; "" where it asks for nothing."""
    terms = make_terms(mandate)
    return [(clause, word_wanted(clause, terms)) for clause in Clause]


def _begin(provider: Provider) -> MandateValues:
    """The next version begins as the published one, the first one as the profile has it."""
    published = find_version(db.session, provider, "published")
    if published is not None:
        return read_mandate(published)
    investor = provider.investor
    if investor is None:
        return MandateValues()
    return MandateValues(
        fields=tuple(provider.fields),
        stages=tuple(investor.funding_stages),
        ticket_min_yuan=investor.ticket_min_yuan,
        ticket_max_yuan=investor.ticket_max_yuan,
        instruments=tuple(investor.instruments),
    )


def _save(provider: Provider, form: MandateForm) -> None:
    actor, at = get_current_actor(), now()
    draft = find_version(db.session, provider, "draft")
    values = form.get_values()
    if draft is None and form.version.data is not None:
        # Somebody has published or discarded what was being changed.
        raise ChangedMeanwhile
    if draft is None:
        draft = actions.draft_mandate(
            db.session, provider=provider, values=values, actor=actor, at=at
        )
    else:
        actions.edit_mandate(
            db.session,
            mandate=draft,
            values=values,
            version=form.version.data or 0,
            actor=actor,
            at=at,
        )
    if form.publishes:
        actions.publish_mandate(
            db.session, mandate=draft, version=draft.version, actor=actor, at=at
        )


def _show_form(
    form: MandateForm, provider: Provider, draft: Mandate | None, *, changed_meanwhile: bool = False
) -> str:
    return render_template(
        "funds/edit_mandate.html",
        form=form,
        provider=provider,
        draft=draft,
        path=url_for("funds.show_mandate", public_id=provider.public_id),
        changed_meanwhile=changed_meanwhile,
    )
