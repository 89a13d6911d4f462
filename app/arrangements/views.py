"""Pages of both sides of a deal: how its money comes, tranche by tranche, and how it ends."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.access import is_permitted
from app.arrangements import queries
from app.arrangements.actions import agreeing, ending
from app.arrangements.addresses import address_of_arrangement
from app.arrangements.forms import AnswerForm, ArrangementForm, EndForm, TranchePaidForm
from app.arrangements.values import CONVERTIBLE, find_answer_day, read_arrangement
from app.arrangements.words import STEPS
from app.clock import now, today
from app.engagements.queries import find_engagement
from app.errors import ChangedMeanwhile, NotFound
from app.extensions import db
from app.web.confirming import asks_again
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import choose_page
from app.web.steps import take_form, take_step
from app.words.formats import show_share
from models.arrangements import Arrangement
from models.engagements import Engagement
from models.vocabulary import NeedKind, ProviderKind

PAGE_SIZE = 20

blueprint = Blueprint("arrangements", __name__)


@blueprint.get("/arrangements")
@requires("arrangement:list")
def list_arrangements() -> ResponseReturnValue:
    """All arrangements of one's startups and funds."""
    viewer = get_current_actor()
    page = choose_page(
        request.args.get("page", ""), rows=queries.count_own(db.session, viewer), size=PAGE_SIZE
    )
    return render_template(
        "arrangements/list_arrangements.html",
        arrangements=queries.list_own(db.session, viewer, limit=page.size, offset=page.offset),
        page=page,
    )


@blueprint.get("/engagements/<public_id>/arrangement")
@requires("arrangement:look", subject=find_engagement)
def show_arrangement(engagement: Engagement) -> ResponseReturnValue:
    """The arrangement of a deal, from either side."""
    return _show(engagement)


@blueprint.route("/engagements/<public_id>/arrangement/draft", methods=["GET", "POST"])
@requires("arrangement:draft", subject=find_engagement)
def draft_arrangement(engagement: Engagement) -> ResponseReturnValue:
    """The fund sets down how its money would come."""
    path = address_of_arrangement(engagement)
    form = ArrangementForm(today=today(now()))
    return take_form(
        form,
        lambda: _render_form(form, engagement),
        path,
        _("Saved. The startup sees nothing until you offer it."),
        agreeing.draft_arrangement,
        engagement=engagement,
        values=form.get_values,
    )


@blueprint.route("/arrangements/<public_id>/edit", methods=["GET", "POST"])
@requires("arrangement:edit", subject=queries.find_arrangement)
def edit_arrangement(arrangement: Arrangement) -> ResponseReturnValue:
    """Change a draft."""
    engagement = arrangement.engagement
    form = ArrangementForm(today=today(now()))
    if request.method == "GET":
        form.fill_from(read_arrangement(arrangement), arrangement.version)
    return take_form(
        form,
        lambda: _render_form(form, engagement),
        address_of_arrangement(engagement),
        _("Saved. The startup sees nothing until you offer it."),
        agreeing.edit_arrangement,
        renew=lambda: form.version.renew(arrangement.version),
        arrangement=arrangement,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/arrangements/<public_id>/discard")
@requires("arrangement:edit", subject=queries.find_arrangement)
def discard_arrangement(arrangement: Arrangement) -> ResponseReturnValue:
    """The draft is gone."""
    return _take(arrangement, _("The draft is gone."), agreeing.discard_arrangement)


@blueprint.post("/arrangements/<public_id>/offer")
@requires("arrangement:offer", subject=queries.find_arrangement)
@asks_again(_l("Offer the arrangement to the startup"))
def offer_arrangement(arrangement: Arrangement) -> ResponseReturnValue:
    """The fund consents; the password was typed a short while ago."""
    return _take(
        arrangement,
        _("Offered. It binds you once the startup agrees."),
        agreeing.offer_arrangement,
        version=_read_number("version"),
    )


@blueprint.post("/arrangements/<public_id>/take-back")
@requires("arrangement:edit", subject=queries.find_arrangement)
def take_back_offer(arrangement: Arrangement) -> ResponseReturnValue:
    """The offer is a draft again."""
    return _take(arrangement, _("It is a draft again."), agreeing.take_back_offer)


@blueprint.post("/arrangements/<public_id>/agree")
@requires("arrangement:agree", subject=queries.find_arrangement)
@asks_again(_l("Agree to the arrangement"))
def agree_arrangement(arrangement: Arrangement) -> ResponseReturnValue:
    """The startup consents; the password was typed a short while ago."""
    return _take(
        arrangement,
        _("Agreed. It binds both of you now."),
        agreeing.agree_arrangement,
        version=_read_number("version"),
    )


@blueprint.post("/arrangements/<public_id>/decline")
@requires("arrangement:decline", subject=queries.find_arrangement)
def decline_arrangement(arrangement: Arrangement) -> ResponseReturnValue:
    """The startup does not agree, and says why."""
    form = AnswerForm()
    return take_form(
        form,
        lambda: _show(arrangement.engagement, answer_form=form),
        address_of_arrangement(arrangement.engagement),
        _("Declined. The fund is told, and reads why."),
        agreeing.decline_arrangement,
        arrangement=arrangement,
        words=form.words,
    )


@blueprint.post("/arrangements/<public_id>/pay")
@requires("arrangement:pay", subject=queries.find_arrangement)
def pay_tranche(arrangement: Arrangement) -> ResponseReturnValue:
    """The fund has paid a tranche, which the form names by its number."""
    number = _read_number("tranche")
    form = _make_paid_form(arrangement, is_sent=True)
    return take_form(
        form,
        lambda: _show(arrangement.engagement, paid_forms={number: form}),
        address_of_arrangement(arrangement.engagement),
        _("Paid. The startup is told."),
        ending.pay_tranche,
        arrangement=arrangement,
        number=number,
        paid_on=form.paid_on,
    )


@blueprint.post("/arrangements/<public_id>/end")
@requires("arrangement:propose_end", subject=queries.find_arrangement)
@asks_again(_l("Propose how the arrangement ends"))
def propose_end(arrangement: Arrangement) -> ResponseReturnValue:
    """One side proposes how it ends; the password was typed a short while ago."""
    view = queries.view_arrangement(arrangement, get_current_actor(), now())
    form = EndForm(outcomes=view.outcomes, arrangement=arrangement)
    return take_form(
        form,
        lambda: _show(arrangement.engagement, end_form=form),
        address_of_arrangement(arrangement.engagement),
        _("Proposed. The other side is asked."),
        ending.propose_end,
        renew=lambda: form.version.renew(arrangement.version),
        arrangement=arrangement,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/arrangements/<public_id>/end/agree")
@requires("arrangement:agree_end", subject=queries.find_arrangement)
@asks_again(_l("Agree to the end of the arrangement"))
def agree_end(arrangement: Arrangement) -> ResponseReturnValue:
    """The other side consents; the password was typed a short while ago."""
    return _take(arrangement, _("It has ended."), ending.agree_end, version=_read_number("version"))


@blueprint.post("/arrangements/<public_id>/end/refuse")
@requires("arrangement:refuse_end", subject=queries.find_arrangement)
def refuse_end(arrangement: Arrangement) -> ResponseReturnValue:
    """The other side does not consent, and says why."""
    form = AnswerForm()
    return take_form(
        form,
        lambda: _show(arrangement.engagement, answer_form=form),
        address_of_arrangement(arrangement.engagement),
        _("Refused. The other side is told, and reads why."),
        ending.refuse_end,
        arrangement=arrangement,
        words=form.words,
    )


@blueprint.post("/arrangements/<public_id>/end/withdraw")
@requires("arrangement:refuse_end", subject=queries.find_arrangement)
def withdraw_end(arrangement: Arrangement) -> ResponseReturnValue:
    """The proposal stands no longer."""
    return _take(arrangement, _("Your proposal is withdrawn."), ending.withdraw_end)


def _take(
    arrangement: Arrangement, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    path = address_of_arrangement(arrangement.engagement)
    return take_step(path, said, action, arrangement=arrangement, **values)


def _read_number(name: str) -> int:
    """A whole number that a button sends along. Raises ChangedMeanwhile for anything else."""
    number = read_number(request.form.get(name, ""))
    if number is None:
        raise ChangedMeanwhile
    return number


def _render_form(form: ArrangementForm, engagement: Engagement) -> str:
    return render_template("arrangements/edit_arrangement.html", form=form, engagement=engagement)


def _show(
    engagement: Engagement,
    *,
    end_form: EndForm | None = None,
    answer_form: AnswerForm | None = None,
    paid_forms: dict[int, TranchePaidForm] | None = None,
) -> str:
    if engagement.need.kind is not NeedKind.FUNDING or (
        engagement.provider.kind is not ProviderKind.INVESTOR
    ):
        raise NotFound
    viewer = get_current_actor()
    arrangement = queries.find_standing(db.session, engagement, viewer)
    view = None if arrangement is None else queries.view_arrangement(arrangement, viewer, now())
    is_fund = is_permitted(viewer, "arrangement:draft", engagement)
    if view is not None and end_form is None:
        end_form = EndForm(formdata=None, outcomes=view.outcomes, arrangement=view.arrangement)
    return render_template(
        "arrangements/arrangement.html",
        engagement=engagement,
        view=view,
        converts=view is not None and view.arrangement.form in CONVERTIBLE,
        can_draft=is_fund and (view is None or view.arrangement.state in ("declined", "ended")),
        is_fund=is_fund,
        answer_day=None if view is None else find_answer_day(view.arrangement),
        steps=STEPS,
        word_share=show_share,
        end_form=end_form,
        answer_form=answer_form or AnswerForm(formdata=None),
        paid_forms=paid_forms or {},
        paid_form=None if view is None else _make_paid_form(view.arrangement),
    )


def _make_paid_form(arrangement: Arrangement, *, is_sent: bool = False) -> TranchePaidForm:
    options = {} if is_sent else {"formdata": None}
    agreed_on = today(arrangement.agreed_at or arrangement.created_at)
    return TranchePaidForm(today=today(now()), agreed_on=agreed_on, **options)
