"""Questions: asked by investors, answered by startups, for one investor or for everybody."""

from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma
from flask import request

from app.clock import now, today
from app.datarooms.actions import questioning
from app.datarooms.api.room import blueprint
from app.datarooms.queries import questions as queries
from app.datarooms.queries.rooms import find_item, visit_room
from app.engagements.queries import find_engagement
from app.errors import expect
from app.extensions import db
from app.profiles.queries import find_startup
from app.web.api import operation, show_list
from app.web.api_fields import ApiSchema, Id, Moment, NothingSchema, PageSchema, Text, Whole
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows
from app.web.repeats import once
from app.web.steps import carry_out
from models.datarooms import PAGE_LIMIT, QUESTION_LIMIT, RoomQuestion
from models.engagements import Engagement
from models.organisations import Startup


class RoomAskSchema(ApiSchema):
    """A question about an item of a room; page null is the whole document. 提问。"""

    item = Id(required=True)
    page = Whole(low=1, high=PAGE_LIMIT, load_default=None, allow_none=True)
    text = Text(least=1, most=QUESTION_LIMIT, required=True)


class RoomWordsSchema(ApiSchema):
    """An answer, or a question as everybody reads it. 回答或公开措辞。"""

    text = Text(least=1, most=QUESTION_LIMIT, required=True)


class RoomQuestionSchema(ma.Schema):
    """A question and its answer. 问答。"""

    id = ma.fields.String(required=True)
    document = ma.fields.String(required=True, allow_none=True)
    number = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)
    common_text = ma.fields.String(required=True)
    asked_at = Moment(required=True)
    published_at = Moment(required=True, allow_none=True)


class CommonAnswerSchema(ma.Schema):
    """An answer for everybody who may have the document. 常见问答。"""

    document = ma.fields.String(required=True)
    question = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)


class RoomAskedSchema(ma.Schema):
    """What an investor asked, and what was answered for everybody. 提问与常见问答。"""

    own = ma.fields.List(ma.fields.Nested(RoomQuestionSchema), required=True)
    common = ma.fields.List(ma.fields.Nested(CommonAnswerSchema), required=True)


@blueprint.get("/engagements/<public_id>/room/questions")
@operation("rooms:read", "room:visit", subject=find_engagement)
@blueprint.response(200, RoomAskedSchema)
def list_asked(engagement: Engagement) -> dict[str, Any]:
    """The investor's questions, and answers for everybody about what it may have."""
    return _show_asked(engagement)


@blueprint.post("/engagements/<public_id>/room/questions")
@operation("rooms:write", "room:visit", subject=find_engagement)
@once(needs_key=False)
@blueprint.arguments(RoomAskSchema)
@blueprint.response(200, RoomAskedSchema)
def ask_question(engagement: Engagement, body: Mapping[str, Any]) -> dict[str, Any]:
    """The startup is asked about a document."""
    item = expect(find_item(db.session, body["item"]))
    carry_out(
        questioning.ask_question,
        engagement=engagement,
        item=item,
        page=body["page"],
        text=body["text"],
    )
    return _show_asked(engagement)


@blueprint.get("/startups/<public_id>/room/questions")
@operation("rooms:read", "room:keep", subject=find_startup)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(RoomQuestionSchema))
def list_room_questions(startup: Startup, asked: Mapping[str, Any]) -> Shown | Lines:
    """All questions to a startup, the newest first."""
    return list_rows(
        queries.select_questions(startup),
        asked,
        moment=RoomQuestion.asked_at,
        key=RoomQuestion.id,
        show=_show,
    )


@blueprint.post("/room-questions/<public_id>/answer")
@operation("rooms:write", "room:keep", subject=queries.find_question_startup)
@once(needs_key=False)
@blueprint.arguments(RoomWordsSchema)
@blueprint.response(200, RoomQuestionSchema)
def answer_question(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """The investor who asked reads the answer."""
    return _take(questioning.answer_question, answer=body["text"])


@blueprint.post("/room-questions/<public_id>/publish")
@operation("rooms:write", "room:keep", subject=queries.find_question_startup)
@once(needs_key=False)
@blueprint.arguments(RoomWordsSchema)
@blueprint.response(200, RoomQuestionSchema)
def publish_answer(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer stands for everybody who may have the document, under this wording."""
    return _take(questioning.publish_answer, text=body["text"])


@blueprint.post("/room-questions/<public_id>/withdraw")
@operation("rooms:write", "room:keep", subject=queries.find_question_startup)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, RoomQuestionSchema)
def withdraw_answer(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer is for the investor who asked alone."""
    return _take(questioning.withdraw_answer)


def _take(action: Callable[..., object], **values: object) -> dict[str, Any]:
    question = expect(
        queries.find_question(db.session, str((request.view_args or {})["public_id"]))
    )
    carry_out(action, question=question, **values)
    return _show(question)


def _show_asked(engagement: Engagement) -> dict[str, Any]:
    visited = expect(visit_room(db.session, engagement, get_current_actor(), today(now())))
    asked = queries.list_asked(db.session, engagement, visited)
    return {
        "own": [_show(each) for each in asked.own],
        "common": [
            {
                "document": each.document.public_id,
                "question": each.common_text,
                "answer": each.answer,
            }
            for each in asked.common
            if each.document is not None
        ],
    }


def _show(question: RoomQuestion) -> dict[str, Any]:
    document = question.document
    return {
        "id": question.public_id,
        "document": None if document is None else document.public_id,
        "number": question.document_number,
        "page": question.page,
        "state": question.state,
        "text": question.text,
        "answer": question.answer,
        "common_text": question.common_text,
        "asked_at": question.asked_at,
        "published_at": question.published_at,
    }
