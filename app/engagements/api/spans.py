"""From when to when, in what programs read of a trace or a story."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from app.web.api_fields import Moment
from models.engagements import TimeSpan


class SpanSchema(ma.Schema):
    """From when to when. 起止时间。"""

    starts_at = Moment(required=True)
    ends_at = Moment(required=True)


def show_times(times: Sequence[TimeSpan], former: TimeSpan | None) -> dict[str, Any]:
    """What a step was about, and what a time was before it was moved, in JSON."""
    return {
        "times": [_show(each) for each in times],
        "former": None if former is None else _show(former),
    }


def _show(span: TimeSpan) -> dict[str, Any]:
    return {"starts_at": span[0], "ends_at": span[1]}
