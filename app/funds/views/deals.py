"""Pages of deals: the funnel of a fund, its steps, one deal; and the founder's withdrawal."""

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.engagements.queries import find_engagement
from app.errors import NotFound, expect
from app.extensions import db
from app.funds.actions import dealing
from app.funds.addresses import address_of_deal, address_of_funnel, address_of_openings
from app.funds.forms.deals import AssignForm, PassForm, ShowForm, StepForm, StepsForm
from app.funds.queries import deals as queries
from app.funds.queries.mandates import find_investor, list_own_funds
from app.funds.views.room import blueprint
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from models.engagements import Engagement
from models.providers import Provider
from models.vocabulary import PassReason, ShownStatus


@blueprint.get("/providers/<public_id>/deals")
@requires("deal:list", subject=find_investor)
def show_funnel(provider: Provider) -> ResponseReturnValue:
    """Every accepted request for money, by the fund's own steps."""
    return render_template(
        "funds/funnel.html",
        provider=provider,
        columns=queries.read_funnel(db.session, provider),
        steps=queries.list_steps(db.session, provider),
        reasons=queries.count_by_reason(db.session, provider),
        others=[
            each
            for each in list_own_funds(db.session, get_current_actor())
            if each.id != provider.id
        ],
    )


@blueprint.get("/deals")
@requires("engagement:list")
def show_own_funnel() -> ResponseReturnValue:
    """The way from the menu to the deals of one's own fund, the first of several."""
    funds = list_own_funds(db.session, get_current_actor())
    if not funds:
        raise NotFound
    return redirect(address_of_funnel(funds[0]))


@blueprint.route("/providers/<public_id>/deals/steps", methods=["GET", "POST"])
@requires("deal:set_steps", subject=find_investor)
def edit_steps(provider: Provider) -> ResponseReturnValue:
    """The fund's own steps, one a line."""
    form = StepsForm()
    path = address_of_funnel(provider)
    if request.method == "GET":
        form.steps.data = list(queries.list_steps(db.session, provider))
    return take_form(
        form,
        lambda: _show_steps(form, provider),
        path,
        _("Saved. Deals stay where they stand."),
        dealing.set_steps,
        provider=provider,
        steps=form.steps,
    )


@blueprint.get("/engagements/<public_id>/deal")
@requires("deal:work", subject=find_engagement)
def show_deal(engagement: Engagement) -> ResponseReturnValue:
    """Where one deal stands, since when, and what can be done with it."""
    return _show(engagement)


@blueprint.post("/engagements/<public_id>/deal/advance")
@requires("deal:work", subject=find_engagement)
def advance_deal(engagement: Engagement) -> ResponseReturnValue:
    """The deal goes to another step."""
    form = StepForm(steps=queries.list_steps(db.session, engagement.provider))
    return take_form(
        form,
        lambda: _show(engagement, step_form=form),
        address_of_deal(engagement),
        _("Moved."),
        dealing.advance_deal,
        engagement=engagement,
        step=lambda: form.step.data or "",
    )


@blueprint.post("/engagements/<public_id>/deal/pass")
@requires("deal:work", subject=find_engagement)
def pass_deal(engagement: Engagement) -> ResponseReturnValue:
    """The fund passes on it, and says why, to itself."""
    form = PassForm()
    return take_form(
        form,
        lambda: _show(engagement, pass_form=form),
        address_of_deal(engagement),
        _("Passed. The startup sees only the status that you show."),
        dealing.pass_deal,
        engagement=engagement,
        reason=lambda: PassReason(form.reason.data),
        words=form.words,
    )


@blueprint.post("/engagements/<public_id>/deal/show")
@requires("deal:work", subject=find_engagement)
def show_deal_status(engagement: Engagement) -> ResponseReturnValue:
    """What the startup sees."""
    form = ShowForm()
    return take_form(
        form,
        lambda: _show(engagement, show_form=form),
        address_of_deal(engagement),
        _("The startup sees it."),
        dealing.show_status,
        engagement=engagement,
        status=lambda: None if form.status.data is None else ShownStatus(form.status.data),
    )


@blueprint.post("/engagements/<public_id>/deal/assign")
@requires("deal:work", subject=find_engagement)
def assign_deal(engagement: Engagement) -> ResponseReturnValue:
    """Somebody of the fund looks after it."""
    people = queries.list_assignable(db.session, engagement.provider)
    form = AssignForm(people=people)
    if not form.validate():
        return _show(engagement, assign_form=form), 422

    def assign(session: Session, **who: Any) -> None:
        present = queries.list_assignable(session, engagement.provider)
        chosen = next((each for each in present if each.public_id == form.person.data), None)
        dealing.assign_deal(session, engagement=engagement, person=chosen, **who)

    return take_step(address_of_deal(engagement), _("Assigned."), assign)


@blueprint.post("/engagements/<public_id>/deal/agree")
@requires("deal:work", subject=find_engagement)
def agree_deal(engagement: Engagement) -> ResponseReturnValue:
    """The fund has decided yes."""
    return _take(
        engagement, _("Agreed. The startup sees only the status that you show."), dealing.agree_deal
    )


@blueprint.post("/engagements/<public_id>/deal/complete")
@requires("deal:work", subject=find_engagement)
def complete_deal(engagement: Engagement) -> ResponseReturnValue:
    """Everything is done."""
    return _take(engagement, _("Done."), dealing.complete_deal)


@blueprint.post("/engagements/<public_id>/deal/reopen")
@requires("deal:work", subject=find_engagement)
def reopen_deal(engagement: Engagement) -> ResponseReturnValue:
    """What was passed on is looked at again."""
    return _take(engagement, _("Open again."), dealing.reopen_deal)


@blueprint.post("/engagements/<public_id>/deal/withdraw")
@requires("deal:withdraw", subject=find_engagement)
def withdraw_deal(engagement: Engagement) -> ResponseReturnValue:
    """The founder no longer seeks money of this fund."""
    return take_step(
        address_of_openings(engagement.need),
        _("Withdrawn. The fund is told."),
        dealing.withdraw_deal,
        engagement=engagement,
    )


def _show_steps(form: StepsForm, provider: Provider) -> str:
    return render_template(
        "funds/edit_steps.html", form=form, provider=provider, path=address_of_funnel(provider)
    )


def _take(
    engagement: Engagement, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    """A step of the fund, and back to the deal."""
    return take_step(address_of_deal(engagement), said, action, engagement=engagement, **values)


def _show(
    engagement: Engagement,
    *,
    step_form: StepForm | None = None,
    pass_form: PassForm | None = None,
    show_form: ShowForm | None = None,
    assign_form: AssignForm | None = None,
) -> str:
    deal = expect(queries.read_deal(db.session, engagement))
    steps = queries.list_steps(db.session, engagement.provider)
    people = queries.list_assignable(db.session, engagement.provider)
    if show_form is None:
        show_form = ShowForm(formdata=None)
        show_form.status.data = deal.shown
    if assign_form is None:
        assign_form = AssignForm(formdata=None, people=people)
        assign_form.person.data = deal.assignee.public_id if deal.assignee else ""
    if step_form is None:
        step_form = StepForm(formdata=None, steps=steps)
        step_form.step.data = deal.step
    return render_template(
        "funds/deal.html",
        deal=deal,
        engagement=engagement,
        steps=steps,
        step_form=step_form,
        pass_form=pass_form or PassForm(formdata=None),
        show_form=show_form,
        assign_form=assign_form,
    )
