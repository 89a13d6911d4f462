"""The bench: samples on their way, work begun, results submitted and verified."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import expect
from app.verification.actions import samples, testing
from app.verification.forms import ResultForm, SampleForm
from app.verification.queries.orders import find_order, find_sample
from app.verification.views.orders import take, take_with_form, take_with_note
from app.verification.views.room import blueprint
from app.web.guard import requires
from models.verification import VerificationOrder, VerificationSample


@blueprint.post("/orders/<public_id>/samples")
@requires("order:send_sample", subject=find_order)
def send_sample(order: VerificationOrder) -> ResponseReturnValue:
    """Something is on its way."""
    form = SampleForm()
    return take_with_form(
        order,
        "sample",
        form,
        _("The centre is told. Write the code on the label."),
        samples.send_sample,
        description=form.description,
    )


@blueprint.post("/orders/<public_id>/samples/<code>/receive")
@requires("order:work", subject=find_order)
def receive_sample(order: VerificationOrder, code: str) -> ResponseReturnValue:
    """It is there, in this condition."""
    sample = _get_sample(order, code)
    return take_with_note(
        order,
        f"receive_{sample.code}",
        _("Received."),
        samples.receive_sample,
        called="condition",
        sample=sample,
    )


@blueprint.post("/orders/<public_id>/samples/<code>/refuse")
@requires("order:work", subject=find_order)
def refuse_sample(order: VerificationOrder, code: str) -> ResponseReturnValue:
    """It is not taken."""
    sample = _get_sample(order, code)
    return take_with_note(
        order,
        f"refuse_{sample.code}",
        _("Refused. The startup can send another one."),
        samples.refuse_sample,
        sample=sample,
    )


@blueprint.post("/orders/<public_id>/samples/<code>/return")
@requires("order:work", subject=find_order)
def return_sample(order: VerificationOrder, code: str) -> ResponseReturnValue:
    """It goes back."""
    return take(
        order, _("On its way back."), samples.return_sample, sample=_get_sample(order, code)
    )


@blueprint.post("/orders/<public_id>/samples/<code>/destroy")
@requires("order:work", subject=find_order)
def destroy_sample(order: VerificationOrder, code: str) -> ResponseReturnValue:
    """Nothing is left of it."""
    return take(order, _("Destroyed."), samples.destroy_sample, sample=_get_sample(order, code))


@blueprint.post("/orders/<public_id>/begin")
@requires("order:work", subject=find_order)
def begin_work(order: VerificationOrder) -> ResponseReturnValue:
    """Work begins without a sample."""
    return take(order, _("Begun."), samples.begin_work)


@blueprint.post("/orders/<public_id>/results")
@requires("order:work", subject=find_order)
def submit_result(order: VerificationOrder) -> ResponseReturnValue:
    """What was measured."""
    form = ResultForm()
    return take_with_form(
        order,
        "result",
        form,
        _("Submitted. A colleague has to verify it."),
        testing.submit_result,
        check=lambda: form.check_unit(order.claim),
        values=form.get_values,
    )


@blueprint.post("/orders/<public_id>/results/verify")
@requires("order:work", subject=find_order)
def verify_result(order: VerificationOrder) -> ResponseReturnValue:
    """Another person vouches for it."""
    return take(order, _("Verified."), testing.verify_result)


@blueprint.post("/orders/<public_id>/results/return")
@requires("order:work", subject=find_order)
def return_result(order: VerificationOrder) -> ResponseReturnValue:
    """Another person sends it back."""
    return take_with_note(order, "return_result", _("Sent back."), testing.return_result)


def _get_sample(order: VerificationOrder, code: str) -> VerificationSample:
    return expect(find_sample(order, code))
