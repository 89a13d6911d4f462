"""Pages of claims: what must be proven, stating one by the need's own sentence, one claim."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.clock import now, today
from app.engagements.queries import find_engagement
from app.errors import NotFound, expect
from app.extensions import db
from app.needs.queries import find_need
from app.profiles.queries import find_startup, list_open_needs
from app.verification.actions import claims as claim_actions
from app.verification.actions.quoting import ask_quote
from app.verification.addresses import CLAIMS, address_of_claim, address_of_order
from app.verification.forms import AskForm, ClaimForm
from app.verification.queries import claims as queries
from app.verification.reading import ReadClaim, read_claims
from app.verification.values import read_claim
from app.verification.views.room import blueprint
from app.verification.words import word_claim, word_measured, word_value
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.engagements import Engagement
from models.needs import Need
from models.organisations import Startup
from models.verification import Claim, VerificationOrder
from models.vocabulary import Gate


@blueprint.get("/claims")
@requires("claim:list")
def list_claims() -> ResponseReturnValue:
    """The gates that would open funds, and one's claims with what became of them."""
    viewer = get_current_actor()
    needs = [
        need
        for need in list_open_needs(db.session, viewer=viewer)
        if need.startup_id in viewer.founds
    ]
    return render_template(
        "verification/list_claims.html",
        claims=queries.list_own(db.session, viewer),
        gates=queries.list_gates_ahead(db.session, viewer, today(now())),
        needs=needs,
        startups=queries.list_startups(db.session, viewer),
        read_standing=queries.read_standing,
        is_under_test=queries.is_under_test,
        word_claim=word_claim,
    )


@blueprint.route("/startups/<public_id>/claims/new", methods=["GET", "POST"])
@requires("claim:state", subject=find_startup)
def state_claim(startup: Startup) -> ResponseReturnValue:
    """State a claim; with a need, its sentences are offered as they can be measured."""
    form = ClaimForm()
    need = _find_need_of(startup)
    reads = [] if need is None else read_claims(queries.compose_said(db.session, need))
    if request.method == "GET":
        number = request.args.get("read", "")
        if read := next((each for each in reads if str(each.number) == number), None):
            form.fill_from_read(read)
        if (wanted := request.args.get("gate", "")) in {gate.value for gate in Gate}:
            form.gate.data = Gate(wanted)
    return take_form(
        form,
        lambda: _show_form(form, startup, need, reads=reads),
        address_of_claim,
        _("Stated. Now a centre can be asked to test it."),
        claim_actions.state_claim,
        startup=startup,
        values=form.get_values,
        need=need,
    )


@blueprint.get("/claims/<public_id>")
@requires("claim:view", subject=queries.find_claim)
def show_claim(claim: Claim) -> ResponseReturnValue:
    """One claim, its orders, and who may see what came of it."""
    return _show(claim)


@blueprint.route("/claims/<public_id>/edit", methods=["GET", "POST"])
@requires("claim:edit", subject=queries.find_claim)
def edit_claim(claim: Claim) -> ResponseReturnValue:
    """Change a claim for which nobody has quoted."""
    form = ClaimForm()
    if request.method == "GET":
        form.fill_from(read_claim(claim), claim.version)
    return take_form(
        form,
        lambda: _show_form(form, claim.startup, claim.need, claim=claim),
        address_of_claim(claim),
        _("Saved."),
        claim_actions.edit_claim,
        renew=lambda: form.version.renew(claim.version),
        claim=claim,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/claims/<public_id>/ask")
@requires("claim:edit", subject=queries.find_claim)
def ask_for_quote(claim: Claim) -> ResponseReturnValue:
    """A centre that has accepted a request is asked what a test of the claim costs."""
    engagements = queries.list_askable(db.session, claim)
    form = AskForm(engagements=engagements)
    if not form.validate():
        return _show(claim, form), 422

    def ask(session: Session, **who: Any) -> VerificationOrder:
        engagement = expect(find_engagement(session, form.engagement.data))
        return ask_quote(session, engagement=engagement, claim=claim, **who)

    return take_step(address_of_order, _("The centre is asked for a quote."), ask)


@blueprint.post("/claims/<public_id>/release")
@requires("claim:release", subject=queries.find_claim)
def release_claim(claim: Claim) -> ResponseReturnValue:
    """Funds may see a confirmed result of it, or no longer."""
    is_released = request.form.get("released") == "yes"
    return take_step(
        address_of_claim(claim),
        _("Released.") if is_released else _("No longer released."),
        claim_actions.release_claim,
        claim=claim,
        is_released=is_released,
    )


@blueprint.post("/claims/<public_id>/withdraw")
@requires("claim:edit", subject=queries.find_claim)
def withdraw_claim(claim: Claim) -> ResponseReturnValue:
    """The startup says so no more."""
    return take_step(
        CLAIMS,
        _("Withdrawn. What reports showed meanwhile stays."),
        claim_actions.withdraw_claim,
        claim=claim,
    )


@blueprint.get("/engagements/<public_id>/proof")
@requires("claim:view_released", subject=find_engagement)
def show_released(engagement: Engagement) -> ResponseReturnValue:
    """What a fund that has accepted a request may see of the startup's proof."""
    if not queries.can_see_released(engagement):
        raise NotFound
    return render_template(
        "verification/released.html",
        engagement=engagement,
        released=queries.list_released(
            db.session, engagement.startup, until=queries.get_end(engagement)
        ),
        word_claim=word_claim,
        word_measured=word_measured,
    )


def _show_form(
    form: ClaimForm,
    startup: Startup,
    need: Need | None,
    *,
    reads: Sequence[ReadClaim] = (),
    claim: Claim | None = None,
) -> str:
    return render_template(
        "verification/edit_claim.html",
        form=form,
        startup=startup,
        need=need,
        reads=reads,
        claim=claim,
        path=CLAIMS if claim is None else address_of_claim(claim),
        word_value=word_value,
    )


def _show(claim: Claim, form: AskForm | None = None) -> str:
    engagements = queries.list_askable(db.session, claim)
    return render_template(
        "verification/claim.html",
        claim=claim,
        standing=queries.read_standing(claim),
        is_under_test=queries.is_under_test(claim),
        engagements=engagements,
        form=form or AskForm(formdata=None, engagements=engagements),
        word_claim=word_claim,
        word_measured=word_measured,
    )


def _find_need_of(startup: Startup) -> Need | None:
    """The need that the address names, where it is one of `startup`."""
    need = find_need(db.session, request.args.get("need", ""))
    return need if need is not None and need.startup_id == startup.id else None
