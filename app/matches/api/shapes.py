"""How the reading of a need looks to a program: its sentences, wishes and proposed conditions."""

from typing import Any

import marshmallow as ma

from app.matches.queries.readings import NeedReading


class ReadSentenceSchema(ma.Schema):
    """A sentence of a need, its role, and how surely it is read so, from 0 to 1. 逐句理解。"""

    text = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    sureness = ma.fields.Float(required=True)
    corrected = ma.fields.Boolean(required=True)
    wish = ma.fields.Integer(required=True)


class NeedWishSchema(ma.Schema):
    """One of several wishes of a need, in its own sentences. 诉求。"""

    number = ma.fields.Integer(required=True)
    sentences = ma.fields.List(ma.fields.String(), required=True)


def show_sentences(reading: NeedReading) -> list[dict[str, Any]]:
    """The sentences in their order."""
    return [
        {
            "text": each.text,
            "role": each.role.value,
            "sureness": each.sureness,
            "corrected": each.is_corrected,
            "wish": each.wish,
        }
        for each in reading.sentences
    ]


def show_wishes(reading: NeedReading) -> list[dict[str, Any]]:
    """The wishes in their order; none where the need has only one."""
    return [{"number": each.number, "sentences": list(each.sentences)} for each in reading.wishes]
