"""Pages of one voucher: what founders do with it, and what officers decide."""

from collections.abc import Callable
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.extensions import db
from app.vault.queries.documents import list_attachable
from app.vouchers.actions import claiming, reserving, reviewing
from app.vouchers.addresses import address_of_voucher
from app.vouchers.forms import ClaimForm, NoteForm, PayForm, UseForm
from app.vouchers.queries.offers import list_last_days
from app.vouchers.queries.vouchers import find_voucher, list_actions
from app.vouchers.standing import is_disputed
from app.vouchers.views.room import blueprint
from app.vouchers.words import STEPS, word_yuan
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.formats import show_share
from models.vouchers import Voucher


@blueprint.get("/vouchers/<public_id>")
@requires("voucher:view", subject=find_voucher)
def show_voucher(voucher: Voucher) -> ResponseReturnValue:
    """One voucher with its evidence and its story, and what can be done now."""
    return _show(voucher)


@blueprint.post("/vouchers/<public_id>/use")
@requires("voucher:use", subject=find_voucher)
def use_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The invoice is there."""
    form = UseForm()
    return _take_with_form(
        voucher,
        "use",
        form,
        _("Used. Claim it with evidence."),
        claiming.use_voucher,
        values=form.get_values,
    )


@blueprint.post("/vouchers/<public_id>/claim")
@requires("voucher:use", subject=find_voucher)
def claim_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The evidence goes to the officers."""
    form = ClaimForm()
    form.documents.offer([] if voucher.startup is None else _list_files(voucher))
    return _take_with_form(
        voucher,
        "claim",
        form,
        _("Claimed. The officers are told."),
        claiming.claim_voucher,
        documents=form.documents.get_chosen,
    )


@blueprint.post("/vouchers/<public_id>/release")
@requires("voucher:release", subject=find_voucher)
def release_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The startup gives it back."""
    return _take(voucher, _("Given back."), reserving.release_voucher, reason="")


@blueprint.post("/vouchers/<public_id>/allow")
@requires("voucher:review", subject=find_voucher)
def allow_voucher(voucher: Voucher) -> ResponseReturnValue:
    """An officer lets a held claim go on, with words."""
    return _take_with_note(voucher, "allow", _("Let on."), reviewing.allow_voucher)


@blueprint.post("/vouchers/<public_id>/return")
@requires("voucher:review", subject=find_voucher)
def return_voucher(voucher: Voucher) -> ResponseReturnValue:
    """Something is missing."""
    return _take_with_note(
        voucher, "return", _("Returned. The startup reads why."), reviewing.return_voucher
    )


@blueprint.post("/vouchers/<public_id>/accept")
@requires("voucher:review", subject=find_voucher)
def accept_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The claim is right."""
    return _take(voucher, _("Accepted. Now it is to be paid."), reviewing.accept_voucher)


@blueprint.post("/vouchers/<public_id>/refuse")
@requires("voucher:review", subject=find_voucher)
def refuse_voucher(voucher: Voucher) -> ResponseReturnValue:
    """Nothing is paid."""
    return _take_with_note(
        voucher, "refuse", _("Refused. The startup reads why."), reviewing.refuse_voucher
    )


@blueprint.post("/vouchers/<public_id>/pay")
@requires("voucher:pay", subject=find_voucher)
def pay_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The money has gone."""
    form = PayForm()
    return _take_with_form(
        voucher,
        "pay",
        form,
        _("Paid."),
        reviewing.pay_voucher,
        reference=lambda: form.reference.data or "",
    )


@blueprint.post("/vouchers/<public_id>/recover")
@requires("voucher:pay", subject=find_voucher)
def recover_voucher(voucher: Voucher) -> ResponseReturnValue:
    """The money has come back."""
    return _take_with_note(voucher, "recover", _("Recovered."), reviewing.recover_voucher)


def _list_files(voucher: Voucher) -> list[Any]:
    return [] if voucher.startup is None else list_attachable(db.session, voucher.startup)


def _take(
    voucher: Voucher, said: str, action: Callable[..., object], **values: Any
) -> ResponseReturnValue:
    return take_step(address_of_voucher(voucher), said, action, voucher=voucher, **values)


def _take_with_form(
    voucher: Voucher,
    name: str,
    form: FlaskForm,
    said: str,
    action: Callable[..., object],
    **values: Any,
) -> ResponseReturnValue:
    path = address_of_voucher(voucher)
    return take_form(
        form, lambda: _show(voucher, **{name: form}), path, said, action, voucher=voucher, **values
    )


def _take_with_note(
    voucher: Voucher, name: str, said: str, action: Callable[..., object]
) -> ResponseReturnValue:
    form = NoteForm()
    return _take_with_form(voucher, name, form, said, action, reason=form.note)


def _show(voucher: Voucher, **forms: Any) -> str:
    """The page of a voucher; `forms` are those that come back with what is wrong in them."""
    actor = get_current_actor()
    actions = list_actions(actor, voucher)
    files = _list_files(voucher) if "claim" in actions else []
    if "claim" not in forms:
        forms["claim"] = ClaimForm(formdata=None)
        forms["claim"].documents.offer(files)
    shown = {"use": UseForm(formdata=None), "pay": PayForm(formdata=None)}
    _apply, use_until, _claim = list_last_days(voucher.scheme)
    is_officer = voucher.scheme.incubator_id in actor.operates
    return render_template(
        "vouchers/voucher.html",
        voucher=voucher,
        scheme=voucher.scheme,
        actions=actions,
        forms=shown | forms,
        note_form=NoteForm(formdata=None),
        has_files=bool(files),
        use_until=use_until,
        is_officer=is_officer,
        disputed=is_disputed(voucher),
        step_words=STEPS,
        word_share=show_share,
        word_yuan=word_yuan,
    )
