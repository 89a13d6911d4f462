"""Pages of a fund: the financing of a deal, rung by rung, and all in which it takes part."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.engagements.queries import find_engagement
from app.extensions import db
from app.financings.actions import committing
from app.financings.addresses import address_of_commitment
from app.financings.errors import AmountOutdated
from app.financings.forms import AmountForm, WordsForm
from app.financings.queries import committing as queries
from app.financings.views.room import blueprint
from app.funds.queries.mandates import find_investor
from app.web.confirming import asks_again
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import choose_page
from app.web.steps import take_form, take_step
from models.engagements import Engagement
from models.providers import Provider

PAGE_SIZE = 20


@blueprint.get("/providers/<public_id>/commitments")
@requires("commitment:list", subject=find_investor)
def list_commitments(provider: Provider) -> ResponseReturnValue:
    """All financings in which the fund takes or took part."""
    page = choose_page(
        request.args.get("page", ""),
        rows=queries.count_commitments(db.session, provider),
        size=PAGE_SIZE,
    )
    return render_template(
        "financings/list_commitments.html",
        provider=provider,
        rows=queries.list_commitments(db.session, provider, limit=page.size, offset=page.offset),
        page=page,
    )


@blueprint.get("/engagements/<public_id>/commitment")
@requires("commitment:view", subject=find_engagement)
def show_commitment(engagement: Engagement) -> ResponseReturnValue:
    """The financing for which the fund accepted a request, and how far it has come in it."""
    return _show(engagement)


@blueprint.post("/engagements/<public_id>/commitment/observe")
@requires("commitment:work", subject=find_engagement)
def observe(engagement: Engagement) -> ResponseReturnValue:
    """The fund looks at it."""
    return _take(engagement, _("You take part. Nothing binds you yet."), committing.observe)


@blueprint.post("/engagements/<public_id>/commitment/consider")
@requires("commitment:work", subject=find_engagement)
def consider(engagement: Engagement) -> ResponseReturnValue:
    """The fund considers an amount."""
    form = AmountForm()
    return take_form(
        form,
        lambda: _show(engagement, amount_form=form),
        address_of_commitment(engagement),
        _("The startup sees the amount. Nothing binds you yet."),
        committing.consider,
        engagement=engagement,
        amount_yuan=form.amount,
    )


@blueprint.post("/engagements/<public_id>/commitment/commit")
@requires("commitment:bind", subject=find_engagement)
@asks_again(_l("Commit the money"))
def commit(engagement: Engagement) -> ResponseReturnValue:
    """The fund binds itself; the password was typed a short while ago."""
    amount = read_number(request.form.get("amount", ""), digits=15)
    if amount is None:
        raise AmountOutdated
    return _take(
        engagement,
        _("Committed. The startup is told."),
        committing.commit,
        amount_yuan=amount,
    )


@blueprint.post("/engagements/<public_id>/commitment/leave")
@requires("commitment:work", subject=find_engagement)
def leave(engagement: Engagement) -> ResponseReturnValue:
    """The fund takes part no more."""
    return _take(engagement, _("You take part no more."), committing.leave)


@blueprint.post("/engagements/<public_id>/commitment/release")
@requires("commitment:release", subject=find_engagement)
def release_commitment(engagement: Engagement) -> ResponseReturnValue:
    """The fund is bound no more, and says why."""
    form = WordsForm()
    return take_form(
        form,
        lambda: _show(engagement, words_form=form),
        address_of_commitment(engagement),
        _("Released. The startup is told, and reads why."),
        committing.release_commitment,
        engagement=engagement,
        words=form.words,
    )


def _take(
    engagement: Engagement, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    return take_step(
        address_of_commitment(engagement), said, action, engagement=engagement, **values
    )


def _show(
    engagement: Engagement,
    *,
    amount_form: AmountForm | None = None,
    words_form: WordsForm | None = None,
) -> str:
    view = queries.read_commitment(db.session, engagement, get_current_actor())
    if amount_form is None:
        amount_form = AmountForm(formdata=None)
        if view is not None and view.interest is not None:
            amount_form.amount.data = view.interest.amount_yuan
    return render_template(
        "financings/commitment.html",
        view=view,
        engagement=engagement,
        amount_form=amount_form,
        words_form=words_form or WordsForm(formdata=None),
    )
