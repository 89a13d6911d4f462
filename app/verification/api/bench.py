"""The bench: samples sent, received, refused, returned, destroyed; results submitted, verified."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from app.errors import expect
from app.verification.actions import samples, testing
from app.verification.api.orders import OrderReasonSchema
from app.verification.api.room import OrderSchema, blueprint, take
from app.verification.queries.orders import find_order, find_sample
from app.verification.values import ResultValues, is_measure
from app.web.api import operation
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Code, Day, Flag, Line, NothingSchema, Text, Whole
from app.web.repeats import once
from models.verification import (
    NOTE_LIMIT,
    SAMPLE_LIMIT,
    UNCERTAINTY_LIMIT,
    VerificationOrder,
    VerificationSample,
)
from models.vocabulary import ClaimVerdict


class SampleSendSchema(ApiSchema):
    """What is sent in. 送样说明。"""

    description = Line(least=1, most=SAMPLE_LIMIT, required=True)


class SampleConditionSchema(ApiSchema):
    """In which condition it came. 收样状态。"""

    code = Line(least=1, most=11, required=True)
    condition = Text(least=1, most=NOTE_LIMIT, required=True)


class SampleRefusalSchema(ApiSchema):
    """Which sample is not taken, and why. 拒收原因。"""

    code = Line(least=1, most=11, required=True)
    reason = Text(least=1, most=NOTE_LIMIT, required=True)


class SampleCodeSchema(ApiSchema):
    """Which sample. 样品编码。"""

    code = Line(least=1, most=11, required=True)


class ResultValuesSchema(ApiSchema):
    """What was measured, as a decimal written as text, and what it says. 结果内容。"""

    verdict = Code(ClaimVerdict, required=True)
    measured = Line(most=30, load_default=None, allow_none=True)
    measured_on = Day(required=True)
    uncertainty = Line(most=UNCERTAINTY_LIMIT, load_default="")
    note = Text(most=NOTE_LIMIT, load_default="")
    passes_gate = Flag(load_default=False)
    readiness = Whole(low=1, high=9, load_default=None, allow_none=True)


@blueprint.post("/orders/<public_id>/samples")
@operation("orders:write", "order:send_sample", subject=find_order)
@once()
@blueprint.arguments(SampleSendSchema)
@blueprint.response(200, OrderSchema)
def send_sample(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Something is on its way to the centre; the order has its code."""
    return take(order, samples.send_sample, description=body["description"])


@blueprint.post("/orders/<public_id>/samples/receive")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(SampleConditionSchema)
@blueprint.response(200, OrderSchema)
def receive_sample(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The centre has it; with the first one, work begins."""
    return take(
        order,
        samples.receive_sample,
        sample=_get_sample(order, body["code"]),
        condition=body["condition"],
    )


@blueprint.post("/orders/<public_id>/samples/refuse")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(SampleRefusalSchema)
@blueprint.response(200, OrderSchema)
def refuse_sample(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """The centre does not take it; the startup can send another one."""
    return take(
        order,
        samples.refuse_sample,
        sample=_get_sample(order, body["code"]),
        reason=body["reason"],
    )


@blueprint.post("/orders/<public_id>/samples/return")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(SampleCodeSchema)
@blueprint.response(200, OrderSchema)
def return_sample(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """It goes back to the startup."""
    return take(order, samples.return_sample, sample=_get_sample(order, body["code"]))


@blueprint.post("/orders/<public_id>/samples/destroy")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(SampleCodeSchema)
@blueprint.response(200, OrderSchema)
def destroy_sample(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is left of it."""
    return take(order, samples.destroy_sample, sample=_get_sample(order, body["code"]))


@blueprint.post("/orders/<public_id>/begin")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, OrderSchema)
def begin_work(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Work begins on a test for which nothing is sent in."""
    return take(order, samples.begin_work)


@blueprint.post("/orders/<public_id>/results")
@operation("orders:write", "order:work", subject=find_order)
@once()
@blueprint.arguments(ResultValuesSchema)
@blueprint.response(200, OrderSchema)
def submit_result(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """What was measured; another person of the centre has to look at it."""
    values = dict(body) | {"measured": _read_measure(body["measured"])}
    return take(order, testing.submit_result, values=ResultValues(**values))


@blueprint.post("/orders/<public_id>/results/verify")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, OrderSchema)
def verify_result(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Another person than who submitted it vouches for the result."""
    return take(order, testing.verify_result)


@blueprint.post("/orders/<public_id>/results/return")
@operation("orders:write", "order:work", subject=find_order)
@once(needs_key=False)
@blueprint.arguments(OrderReasonSchema)
@blueprint.response(200, OrderSchema)
def return_result(order: VerificationOrder, body: Mapping[str, Any]) -> dict[str, Any]:
    """Another person does not vouch for it; it is measured again."""
    return take(order, testing.return_result, reason=body["reason"])


def _get_sample(order: VerificationOrder, code: str) -> VerificationSample:
    return expect(find_sample(order, code))


def _read_measure(said: str | None) -> Decimal | None:
    """A decimal as it is written. Refuses the field for anything else."""
    if said is None:
        return None
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal("nan")
    if not is_measure(number):
        refuse_field("/measured", _('Give a decimal with at most six places, such as "12.5".'))
    return number
