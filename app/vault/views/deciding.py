"""Reporting a document, and what its operators decide."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

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
from app.web.steps import take_form, take_step
from models.documents import Document


@blueprint.route("/documents/<public_id>/report", methods=["GET", "POST"])
@requires("document:report", subject=find_document)
def report(document: Document) -> ResponseReturnValue:
    """Say that something is wrong with it."""
    require_state(document, "available", "reported")
    form = ReportForm()
    return take_form(
        form,
        lambda: render_template("vault/report.html", form=form, document=document),
        url_for("vault.show_document", public_id=document.public_id),
        _("Thank you. Until operators have decided, only its own side can open it."),
        report_document,
        document=document,
        reason=form.reason,
        words=form.words,
    )


@blueprint.post("/documents/<public_id>/set-aside")
@requires("document:decide", subject=find_document)
def set_aside(document: Document) -> ResponseReturnValue:
    """Nothing was wrong."""
    return take_step(
        url_for("vault.show_document", public_id=document.public_id),
        _("The report is set aside. The document can be opened as before."),
        set_aside_reports,
        document=document,
    )


@blueprint.route("/documents/<public_id>/stop", methods=["GET", "POST"])
@requires("document:decide", subject=find_document)
def stop(document: Document) -> ResponseReturnValue:
    """Nobody is to open it any more."""
    require_state(document, "available", "reported")
    form = StopForm()
    return take_form(
        form,
        lambda: render_template("vault/stop.html", form=form, document=document),
        url_for("vault.show_document", public_id=document.public_id),
        _("The document is stopped. Nobody can open it."),
        stop_document,
        document=document,
        reason=form.reason,
    )


@blueprint.post("/documents/<public_id>/resume")
@requires("document:decide", subject=find_document)
def resume(document: Document) -> ResponseReturnValue:
    """It can be opened again."""
    return take_step(
        url_for("vault.show_document", public_id=document.public_id),
        _("The document can be opened again."),
        resume_document,
        document=document,
    )
