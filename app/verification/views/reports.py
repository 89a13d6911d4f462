"""Reports: published by the centre, disputed by the startup, upheld, tested again, invalidated."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.extensions import db
from app.vault.queries.documents import find_document
from app.verification.actions import reporting
from app.verification.forms import ReportForm, SettleForm
from app.verification.forms.orders import check_last_day
from app.verification.queries.orders import find_order, list_report_files
from app.verification.views.orders import take_with_form, take_with_note
from app.verification.views.room import blueprint
from app.web.guard import requires
from models.verification import VerificationOrder


@blueprint.post("/orders/<public_id>/reports")
@requires("order:report", subject=find_order)
def publish_report(order: VerificationOrder) -> ResponseReturnValue:
    """The verified result, with the file that says so."""
    documents = list_report_files(db.session, order.engagement.provider)
    form = ReportForm(documents=documents)
    return take_with_form(
        order,
        "report",
        form,
        _("Published. Facts and mandates were judged again."),
        reporting.publish_report,
        check=lambda: check_last_day(form.valid_until, today(now())),
        document=lambda: find_document(db.session, form.get_document().public_id),
        valid_until=form.valid_until,
    )


@blueprint.post("/orders/<public_id>/reports/dispute")
@requires("order:dispute", subject=find_order)
def dispute_report(order: VerificationOrder) -> ResponseReturnValue:
    """The startup does not agree."""
    return take_with_note(
        order, "dispute", _("Disputed. The centre decides."), reporting.dispute_report
    )


@blueprint.post("/orders/<public_id>/reports/uphold")
@requires("order:report", subject=find_order)
def uphold_report(order: VerificationOrder) -> ResponseReturnValue:
    """The centre stands by it."""
    return take_with_note(order, "uphold", _("Upheld."), reporting.uphold_report)


@blueprint.post("/orders/<public_id>/reports/retest")
@requires("order:report", subject=find_order)
def retest_order(order: VerificationOrder) -> ResponseReturnValue:
    """It is measured again."""
    return take_with_note(
        order,
        "retest",
        _("On the bench again. The report before counts no more."),
        reporting.retest_order,
    )


@blueprint.post("/orders/<public_id>/reports/invalidate")
@requires("order:report", subject=find_order)
def invalidate_report(order: VerificationOrder) -> ResponseReturnValue:
    """The report was wrong."""
    return take_with_note(
        order,
        "invalidate",
        _("Invalidated. All concerned are told."),
        reporting.invalidate_report,
    )


@blueprint.post("/orders/<public_id>/settle")
@requires("order:report", subject=find_order)
def settle_order(order: VerificationOrder) -> ResponseReturnValue:
    """The invoice is paid."""
    form = SettleForm()
    return take_with_form(
        order, "settle", form, _("Settled."), reporting.settle_order, invoice=form.invoice
    )
