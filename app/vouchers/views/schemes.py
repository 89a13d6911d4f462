"""Pages of schemes: taken up from the list, drafted, published, and what becomes of a version."""

from collections.abc import Callable
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.access import is_permitted
from app.clock import now, today
from app.errors import expect
from app.extensions import db
from app.pools.queries import find_incubator
from app.vouchers.actions import schemes as actions
from app.vouchers.addresses import address_of_desk, address_of_scheme
from app.vouchers.catalogue import find_listed, list_listed
from app.vouchers.forms import SchemeForm
from app.vouchers.queries.schemes import find_scheme, list_versions
from app.vouchers.values import SchemeValues, read_scheme
from app.vouchers.views.room import blueprint
from app.vouchers.words import SCHEME_PARTS, word_yuan
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.formats import show_share
from models.lifecycle import VOUCHER_SCHEME
from models.organisations import Incubator
from models.vouchers import VoucherScheme


@blueprint.get("/voucher-schemes/<public_id>")
@requires("scheme:view", subject=find_scheme)
def show_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """One version with its source, and the others."""
    viewer = get_current_actor()
    can_edit = is_permitted(viewer, "scheme:edit", scheme)
    return render_template(
        "vouchers/scheme.html",
        scheme=scheme,
        versions=list_versions(db.session, viewer, scheme),
        can_edit=can_edit,
        steps=VOUCHER_SCHEME.list_actions(scheme.state) if can_edit else (),
        missing=[SCHEME_PARTS[name] for name in read_scheme(scheme).list_missing()],
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.get("/incubators/<public_id>/voucher-schemes/listed")
@requires("scheme:list", subject=find_incubator)
def list_schemes(incubator: Incubator) -> ResponseReturnValue:
    """The public schemes that come with the product, to take one up."""
    return render_template(
        "vouchers/listed.html",
        incubator=incubator,
        listed=list_listed(),
        word_share=show_share,
        word_yuan=word_yuan,
    )


@blueprint.route("/incubators/<public_id>/voucher-schemes/new", methods=["GET", "POST"])
@requires("scheme:draft", subject=find_incubator)
def draft_scheme(incubator: Incubator) -> ResponseReturnValue:
    """A draft: of one's own, or begun from one in the list."""
    code = request.args.get("listed", "")
    listed = expect(find_listed(code)) if code else None
    form = SchemeForm()
    if request.method == "GET":
        form.fill_from(SchemeValues(title="") if listed is None else listed.values, None)
    return take_form(
        form,
        lambda: _show_form(form, address_of_desk(incubator), None),
        address_of_scheme,
        _("Saved as a draft. Nothing is drawn of it until it is published."),
        actions.draft_scheme,
        check=lambda: form.check(today(now())),
        incubator=incubator,
        values=form.get_values,
        code=code,
    )


@blueprint.route("/voucher-schemes/<public_id>/edit", methods=["GET", "POST"])
@requires("scheme:edit", subject=find_scheme)
def edit_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """Change a draft."""
    form = SchemeForm()
    path = address_of_scheme(scheme)
    if request.method == "GET":
        form.fill_from(read_scheme(scheme), scheme.version)
    return take_form(
        form,
        lambda: _show_form(form, path, scheme),
        path,
        _("Saved."),
        actions.edit_scheme,
        check=lambda: form.check(today(now())),
        renew=lambda: form.version.renew(scheme.version),
        scheme=scheme,
        values=form.get_values,
        version=lambda: form.version.data or 0,
    )


@blueprint.post("/voucher-schemes/<public_id>/renew")
@requires("scheme:edit", subject=find_scheme)
def renew_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """The next version begins as this one."""

    def begin(session: Session, **who: Any) -> object:
        values = read_scheme(scheme)
        return actions.draft_scheme(
            session, incubator=scheme.incubator, values=values, code=scheme.code, **who
        )

    said = _("Begun. Change what is new, look it up in the source, then publish.")
    return take_step(address_of_scheme, said, begin)


@blueprint.post("/voucher-schemes/<public_id>/publish")
@requires("scheme:publish", subject=find_scheme)
def publish_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """Startups draw by this version from now on."""
    return _take(
        scheme,
        _("Published. Startups draw by this version from now on."),
        actions.publish_scheme,
        version=read_number(request.form.get("version", "")) or 0,
    )


@blueprint.post("/voucher-schemes/<public_id>/discard")
@requires("scheme:edit", subject=find_scheme)
def discard_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """The draft is gone."""
    return take_step(
        address_of_desk(scheme.incubator),
        _("The draft is gone."),
        actions.discard_scheme,
        scheme=scheme,
    )


@blueprint.post("/voucher-schemes/<public_id>/pause")
@requires("scheme:publish", subject=find_scheme)
def pause_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """Nothing is reserved until the next round."""
    return _take(scheme, _("It waits for the next round."), actions.pause_scheme)


@blueprint.post("/voucher-schemes/<public_id>/resume")
@requires("scheme:publish", subject=find_scheme)
def resume_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """It is drawn of again."""
    return _take(scheme, _("It is open again."), actions.resume_scheme)


@blueprint.post("/voucher-schemes/<public_id>/close")
@requires("scheme:publish", subject=find_scheme)
def close_scheme(scheme: VoucherScheme) -> ResponseReturnValue:
    """Nothing more is reserved."""
    return _take(scheme, _("Closed. What was reserved goes on to its end."), actions.close_scheme)


def _take(
    scheme: VoucherScheme, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    return take_step(address_of_scheme(scheme), said, action, scheme=scheme, **values)


def _show_form(form: SchemeForm, path: str, scheme: VoucherScheme | None) -> str:
    return render_template("vouchers/edit_scheme.html", form=form, path=path, scheme=scheme)
