"""For operators: the commissioners of an incubator, offers, how many, and where money stalls."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.clock import now, today
from app.commissioners.actions import appointing
from app.commissioners.addresses import address_of_commissioner, address_of_desk
from app.commissioners.forms import ApplyForm, LimitsForm, OfferForm
from app.commissioners.queries.cares import count_cases
from app.commissioners.queries.commissioners import list_of_desk, read_quotas
from app.commissioners.views.room import blueprint
from app.extensions import db
from app.pools.queries import find_incubator
from app.vouchers.words import word_yuan
from app.web.guard import requires
from app.web.steps import take_form
from models.commissioner_codes import CommissionerKind
from models.organisations import Incubator


@blueprint.get("/incubators/<public_id>/commissioners")
@requires("commissioner:keep", subject=find_incubator)
def show_desk(incubator: Incubator) -> ResponseReturnValue:
    """Who is appointed, asked or applies; how many of a kind; cases in counts."""
    rows = list_of_desk(db.session, incubator)
    return render_template(
        "commissioners/desk.html",
        incubator=incubator,
        rows=rows,
        quotas=read_quotas(db.session, incubator),
        active={
            kind: sum(row.kind is kind and row.state == "active" for row in rows)
            for kind in CommissionerKind
        },
        counts=count_cases(db.session, incubator, now()),
        word_yuan=word_yuan,
    )


@blueprint.route("/incubators/<public_id>/commissioners/new", methods=["GET", "POST"])
@requires("commissioner:offer", subject=find_incubator)
def offer_commissioner(incubator: Incubator) -> ResponseReturnValue:
    """Ask somebody to be a commissioner."""
    form = OfferForm()
    return take_form(
        form,
        lambda: _show_form("commissioners/offer.html", form, incubator),
        address_of_commissioner,
        _("Asked. It begins when the person accepts."),
        appointing.offer_commissioner,
        check=lambda: form.check(today(now())),
        incubator=incubator,
        name=form.name,
        email=form.email,
        values=form.get_values,
    )


@blueprint.route("/incubators/<public_id>/commissioners/apply", methods=["GET", "POST"])
@requires("commissioner:apply", subject=find_incubator)
def apply_as_commissioner(incubator: Incubator) -> ResponseReturnValue:
    """Ask an incubator to be its commissioner."""
    form = ApplyForm()
    return take_form(
        form,
        lambda: _show_form("commissioners/apply.html", form, incubator),
        address_of_commissioner,
        _("Asked. It begins when the incubator accepts."),
        appointing.apply_as_commissioner,
        check=lambda: form.check(today(now())),
        incubator=incubator,
        values=form.get_values,
    )


@blueprint.route("/incubators/<public_id>/commissioners/limits", methods=["GET", "POST"])
@requires("commissioner:limit", subject=find_incubator)
def set_quotas(incubator: Incubator) -> ResponseReturnValue:
    """How many of each kind the incubator has at most."""
    quotas = read_quotas(db.session, incubator)
    form = LimitsForm(data={kind.value: most for kind, most in quotas.items()})
    return take_form(
        form,
        lambda: _show_form("commissioners/limits.html", form, incubator),
        address_of_desk(incubator),
        _("Saved."),
        appointing.set_quotas,
        incubator=incubator,
        quotas=lambda: {kind: form[kind.value].data for kind in CommissionerKind},
    )


def _show_form(template: str, form: FlaskForm, incubator: Incubator) -> str:
    path = address_of_desk(incubator)
    return render_template(template, form=form, incubator=incubator, path=path)
