"""Pages of a founder: all financings, one, and every step that ends or changes it."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clock import now, today
from app.errors import ChangedMeanwhile, NotFound
from app.extensions import db
from app.financings.actions import committing, raising
from app.financings.addresses import address_of_financing
from app.financings.forms import ExtendForm, FinancingForm, NarrowForm, PaidForm, WordsForm
from app.financings.queries import raising as queries
from app.financings.values import read_financing
from app.financings.views.room import blueprint
from app.needs.queries import find_need
from app.web.confirming import asks_again
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.paging import choose_page
from app.web.steps import take_form, take_step
from models.financings import Financing, Interest
from models.needs import Need
from models.vocabulary import NeedKind

PAGE_SIZE = 20


@blueprint.get("/financings")
@requires("financing:list")
def list_financings() -> ResponseReturnValue:
    """All financings of one's startups."""
    viewer = get_current_actor()
    page = choose_page(
        request.args.get("page", ""), rows=queries.count_own(db.session, viewer), size=PAGE_SIZE
    )
    return render_template(
        "financings/list_financings.html",
        financings=queries.list_own(db.session, viewer, limit=page.size, offset=page.offset),
        page=page,
    )


@blueprint.route("/needs/<public_id>/financing", methods=["GET", "POST"])
@requires("financing:draft", subject=find_need)
def draft_financing(need: Need) -> ResponseReturnValue:
    """Begin a financing, or look at the one that runs."""
    if need.kind is not NeedKind.FUNDING:
        raise NotFound
    running = queries.find_running_or_last(db.session, need)
    if request.method == "GET" and running is not None and queries.is_running(running):
        return redirect(address_of_financing(running))
    form = FinancingForm(today=today(now()))
    back = url_for("funds.show_openings", public_id=need.public_id)
    return take_form(
        form,
        lambda: _show_form(form, need, back),
        address_of_financing,
        _("Saved. No fund sees it until you open it."),
        raising.draft_financing,
        need=need,
        values=form.get_values,
    )


@blueprint.get("/financings/<public_id>")
@requires("financing:view", subject=queries.find_financing)
def show_financing(financing: Financing) -> ResponseReturnValue:
    """What is raised, who has committed what, and what can be done."""
    return _show(financing)


@blueprint.route("/financings/<public_id>/edit", methods=["GET", "POST"])
@requires("financing:edit", subject=queries.find_financing)
def edit_financing(financing: Financing) -> ResponseReturnValue:
    """Change a draft."""
    form = FinancingForm(today=today(now()))
    path = address_of_financing(financing)
    if request.method == "GET":
        form.fill_from(read_financing(financing), financing.version)
    return take_form(
        form,
        lambda: _show_form(form, financing.need, path),
        path,
        _("Saved. No fund sees it until you open it."),
        raising.edit_financing,
        renew=lambda: form.version.renew(financing.version),
        financing=financing,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/financings/<public_id>/discard")
@requires("financing:edit", subject=queries.find_financing)
def discard_financing(financing: Financing) -> ResponseReturnValue:
    """The draft is gone."""
    return take_step(
        url_for("funds.show_openings", public_id=financing.need.public_id),
        _("The draft is gone."),
        raising.discard_financing,
        financing=financing,
    )


@blueprint.post("/financings/<public_id>/open")
@requires("financing:edit", subject=queries.find_financing)
def open_financing(financing: Financing) -> ResponseReturnValue:
    """Funds can take part; it is fixed from now on."""
    return _take(
        financing,
        _("Open. The funds that have accepted your request are told."),
        raising.open_financing,
        version=_read_number("version"),
    )


@blueprint.post("/financings/<public_id>/extend")
@requires("financing:edit", subject=queries.find_financing)
def extend_financing(financing: Financing) -> ResponseReturnValue:
    """The last day is later."""
    form = ExtendForm(today=today(now()), financing=financing)
    return take_form(
        form,
        lambda: _show(financing, extend_form=form),
        address_of_financing(financing),
        _("Extended. The funds that take part are told."),
        raising.extend_financing,
        financing=financing,
        closes_on=form.closes_on,
    )


@blueprint.post("/financings/<public_id>/narrow")
@requires("financing:edit", subject=queries.find_financing)
def narrow_shown(financing: Financing) -> ResponseReturnValue:
    """Funds see less of each other."""
    form = NarrowForm(financing=financing)
    return take_form(
        form,
        lambda: _show(financing, narrow_form=form),
        address_of_financing(financing),
        _("Funds see less of each other now."),
        raising.narrow_shown,
        financing=financing,
        shown=form.shown,
    )


@blueprint.post("/financings/<public_id>/close")
@requires("financing:close", subject=queries.find_financing)
@asks_again(_l("Close the financing"))
def close_financing(financing: Financing) -> ResponseReturnValue:
    """What is committed is raised; the password was typed a short while ago."""
    return _take(
        financing,
        _("Closed. The funds are told that what they committed is due."),
        raising.close_financing,
        taken_yuan=_read_number("taken"),
    )


@blueprint.post("/financings/<public_id>/abandon")
@requires("financing:edit", subject=queries.find_financing)
def abandon_financing(financing: Financing) -> ResponseReturnValue:
    """Nothing is raised."""
    return _take(financing, _("Abandoned. All commitments have ended."), raising.abandon_financing)


@blueprint.post("/interests/<public_id>/release")
@requires("interest:release", subject=queries.find_interest)
def let_go(interest: Interest) -> ResponseReturnValue:
    """The founder does not take what a fund has committed."""
    form = WordsForm()
    return take_form(
        form,
        lambda: _show(interest.financing, forms={f"release_{interest.public_id}": form}),
        address_of_financing(interest.financing),
        _("Released. The fund is told, and its amount is free again."),
        committing.let_go,
        interest=interest,
        words=form.words,
    )


@blueprint.post("/interests/<public_id>/confirm")
@requires("interest:confirm", subject=queries.find_interest)
def confirm_payment(interest: Interest) -> ResponseReturnValue:
    """The money of a fund has come."""
    form = _make_paid_form(interest.financing, is_sent=True)
    return take_form(
        form,
        lambda: _show(interest.financing, forms={f"paid_{interest.public_id}": form}),
        address_of_financing(interest.financing),
        _("Confirmed. The fund is told."),
        committing.confirm_payment,
        interest=interest,
        paid_on=form.paid_on,
    )


def _take(
    financing: Financing, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    return take_step(address_of_financing(financing), said, action, financing=financing, **values)


def _read_number(name: str) -> int:
    """A whole number that a button sends along. Raises ChangedMeanwhile for anything else."""
    number = read_number(request.form.get(name, ""), digits=15)
    if number is None:
        raise ChangedMeanwhile
    return number


def _make_paid_form(financing: Financing, *, is_sent: bool = False) -> PaidForm:
    opened_on = today(financing.opened_at or financing.created_at)
    options = {} if is_sent else {"formdata": None}
    return PaidForm(today=today(now()), opened_on=opened_on, **options)


def _show_form(form: FinancingForm, need: Need, path: str) -> str:
    return render_template("financings/edit_financing.html", form=form, need=need, path=path)


def _show(
    financing: Financing,
    *,
    extend_form: ExtendForm | None = None,
    narrow_form: NarrowForm | None = None,
    forms: dict[str, WordsForm | PaidForm] | None = None,
) -> str:
    view = queries.view_financing(db.session, financing, get_current_actor())
    return render_template(
        "financings/financing.html",
        view=view,
        financing=financing,
        need=financing.need,
        extend_form=extend_form
        or ExtendForm(formdata=None, today=today(now()), financing=financing),
        narrow_form=narrow_form or NarrowForm(formdata=None, financing=financing),
        words_form=WordsForm(formdata=None),
        paid_form=_make_paid_form(financing),
        forms=forms or {},
    )
