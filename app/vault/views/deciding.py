"""Reporting a document, and what its operators decide."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.vault.actions.reporting import (
    report_document,
    resume_document,
    set_aside_reports,
    stop_document,
)
from app.vault.actions.states import require_state
from app.vault.forms import ReportForm, StopForm
from app.vault.queries.documents import find_document
from app.vault.views.room import blueprint
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_typed
from models.documents import Document


@blueprint.route("/documents/<public_id>/report", methods=["GET", "POST"])
@requires("document:report", subject=find_document)
def report(document: Document) -> ResponseReturnValue:
    """Say that something is wrong with it."""
    require_state(document, "available", "reported")
    form = ReportForm()

    def show() -> str:
        return render_template("vault/report.html", form=form, document=document)

    if not form.validate_on_submit():
        return show(), 422 if form.is_submitted() else 200
    return take_typed(
        show,
        url_for("vault.show_document", public_id=document.public_id),
        _("Thank you. Until operators have decided, only its own side can open it."),
        report_document,
        document=document,
        reason=form.reason.data,
        words=form.words.data,
    )


@blueprint.post("/documents/<public_id>/set-aside")
@requires("document:decide", subject=find_document)
def set_aside(document: Document) -> ResponseReturnValue:
    """Nothing was wrong."""
    with writing(db.session):
        set_aside_reports(db.session, document=document, actor=get_current_actor(), at=now())
    flash(_("The report is set aside. The document can be opened as before."), "success")
    return _back_to(document)


@blueprint.route("/documents/<public_id>/stop", methods=["GET", "POST"])
@requires("document:decide", subject=find_document)
def stop(document: Document) -> ResponseReturnValue:
    """Nobody is to open it any more."""
    require_state(document, "available", "reported")
    form = StopForm()

    def show() -> str:
        return render_template("vault/stop.html", form=form, document=document)

    if not form.validate_on_submit():
        return show(), 422 if form.is_submitted() else 200
    return take_typed(
        show,
        url_for("vault.show_document", public_id=document.public_id),
        _("The document is stopped. Nobody can open it."),
        stop_document,
        document=document,
        reason=form.reason.data,
    )


@blueprint.post("/documents/<public_id>/resume")
@requires("document:decide", subject=find_document)
def resume(document: Document) -> ResponseReturnValue:
    """It can be opened again."""
    with writing(db.session):
        resume_document(db.session, document=document, actor=get_current_actor(), at=now())
    flash(_("The document can be opened again."), "success")
    return _back_to(document)


def _back_to(document: Document) -> ResponseReturnValue:
    return redirect(url_for("vault.show_document", public_id=document.public_id), code=303)
