"""What programs read of the whole: words, notices, figures, and the record of acts."""

import re
from typing import Any, Final

import marshmallow as ma
from flask_babel import force_locale

from app.clock import now
from app.errors import expect
from app.extensions import db
from app.home import actions, queries
from app.home.totals import list_money_totals
from app.transactions import writing
from app.web.api import VERSION_PATH, ApiBlueprint, open_operation, operation, show_list
from app.web.api_fields import ApiSchema, Code, Moment, NothingSchema, PageSchema, State
from app.web.identity import get_current_actor, get_current_person
from app.web.lists import Lines, Shown, list_rows
from app.web.reader import select_locale, select_time_zone
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.worded import get_words
from app.words.labels import LABELS
from app.words.wording import word_notice
from models.audit import AuditEntry
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.notices import Notice
from models.people import LOCALES

blueprint = ApiBlueprint(
    "home_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Words, notices, figures, the record of acts. 词表、通知、统计、操作记录。",
)

_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")


class LabelSchema(ma.Schema):
    """One word in both languages. 双语名称。"""

    zh = ma.fields.String(required=True)
    en = ma.fields.String(required=True)


class WordSchema(ma.Schema):
    """A code or a state, and what it is called. 代码及名称。"""

    code = ma.fields.String(required=True)
    label = ma.fields.Nested(LabelSchema, required=True)


class VocabulariesSchema(ma.Schema):
    """All codes and all states, by what they are of. 全部代码与状态。"""

    codes = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.Nested(WordSchema)),
        required=True,
    )
    states = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.Nested(WordSchema)),
        required=True,
    )


class InstallationFiguresSchema(ma.Schema):
    """What this installation holds. 全平台统计。"""

    providers = ma.fields.Integer(required=True)
    startups = ma.fields.Integer(required=True)
    engagements = ma.fields.Integer(required=True)


class IncubatorFiguresSchema(ma.Schema):
    """Counts of an incubator that one operates. 所运营孵化器的统计。"""

    incubator = ma.fields.String(required=True)
    startups = ma.fields.Integer(required=True)
    pool = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    engagements = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class PlaceFiguresSchema(ma.Schema):
    """Counts of a place that one regulates. 所监管地区的统计。"""

    place = ma.fields.String(required=True)
    incubators = ma.fields.Integer(required=True)
    startups = ma.fields.Integer(required=True)
    engagements = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class MoneyTotalSchema(ma.Schema):
    """How many; null where it would tell of fewer than five. 数量；会透露少于五个时不显示。"""

    count = ma.fields.Integer(required=True, allow_none=True)
    yuan = ma.fields.Integer(required=True, allow_none=True)


class MoneyTotalsSchema(ma.Schema):
    """Money and proof of an incubator or of a place, in counts. 资金与验证统计。"""

    incubator = ma.fields.String(required=True, allow_none=True)
    place = ma.fields.String(required=True, allow_none=True)
    totals = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Nested(MoneyTotalSchema), required=True
    )


class FiguresSchema(ma.Schema):
    """Figures as the person of the token may read them. 统计。"""

    installation = ma.fields.Nested(InstallationFiguresSchema, required=True)
    incubators = ma.fields.List(ma.fields.Nested(IncubatorFiguresSchema), required=True)
    places = ma.fields.List(ma.fields.Nested(PlaceFiguresSchema), required=True)
    money = ma.fields.List(ma.fields.Nested(MoneyTotalsSchema), required=True)


class NoticeSchema(ma.Schema):
    """Something that the person should know, in the language of the request. 通知。"""

    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    path = ma.fields.String(required=True)
    created_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)


class AuditEntrySchema(ma.Schema):
    """One act: who did what to what, and for whom. 操作记录。"""

    happened_at = Moment(required=True)
    kind = ma.fields.String(required=True)
    actor = ma.fields.String(required=True, allow_none=True)
    on_behalf_of = ma.fields.String(required=True, allow_none=True)
    subject_kind = ma.fields.String(required=True)
    subject = ma.fields.String(required=True)
    detail = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class ReadNoticesSchema(ma.Schema):
    """How many notices were unread. 已读数量。"""

    read = ma.fields.Integer(required=True)


@blueprint.get("/vocabularies")
@open_operation
@blueprint.response(200, VocabulariesSchema)
def list_vocabularies() -> dict[str, Any]:
    """Every code and state that answers hold, with its label in both languages."""
    words = get_words()
    codes: dict[str, dict[str, Any]] = {
        _name(vocabulary): dict(labels) for vocabulary, labels in LABELS.items()
    }
    for vocabulary, worded in words.codes.items():
        codes[_name(vocabulary)] = {code: word.label for code, word in worded.items()}
    states = {
        name.replace(" ", "_"): {state: word.label for state, word in worded.items()}
        for name, worded in words.states.items()
    }
    said = {locale: _say((codes, states), locale) for locale in LOCALES}
    shown = [
        {
            name: [
                {
                    "code": str(code),
                    "label": {
                        "zh": said["zh_Hans_CN"][part][name][code],
                        "en": said["en"][part][name][code],
                    },
                }
                for code in labels
            ]
            for name, labels in sorted(group.items())
        }
        for part, group in enumerate((codes, states))
    ]
    return {"codes": shown[0], "states": shown[1]}


@blueprint.get("/figures")
@operation("figures:read", "home:view")
@blueprint.response(200, FiguresSchema)
def show_figures() -> dict[str, Any]:
    """Counts of the installation, of one's incubators, of the places that one regulates."""
    viewer = get_current_actor()
    installation = queries.count_figures(db.session)
    return {
        "installation": {
            "providers": installation.providers,
            "startups": installation.startups,
            "engagements": installation.engagements,
        },
        "incubators": [
            {
                "incubator": part.incubator.public_id,
                "startups": part.startups,
                "pool": dict(part.pool),
                "engagements": dict(part.engagements),
            }
            for part in queries.list_incubator_parts(db.session, viewer)
        ],
        "places": [
            {
                "place": place.place_code,
                "incubators": place.incubators,
                "startups": place.startups,
                "engagements": dict(place.engagements),
            }
            for place in queries.list_place_figures(db.session, viewer)
        ],
        "money": [
            {
                "incubator": None if row.incubator is None else row.incubator.public_id,
                "place": row.place_code,
                "totals": {
                    code: {"count": total.count, "yuan": total.yuan}
                    for code, total in row.totals.items()
                },
            }
            for row in list_money_totals(db.session, viewer, now())
        ],
    }


_FLAGS: Final = {"true": True, "false": False, None: None}


class NoticeQuerySchema(PageSchema):
    """Which notices."""

    unread = State(("true", "false"), load_default=None)


@blueprint.get("/notices")
@operation("notices:read", "notice:view")
@blueprint.arguments(NoticeQuerySchema, location="query")
@blueprint.response(200, show_list(NoticeSchema))
def list_notices(asked: dict[str, Any]) -> Shown | Lines:
    """The notices of the person, the newest first."""
    query = queries.select_notices(
        person_id=get_current_person().id, is_unread=_FLAGS[asked["unread"]]
    )
    return list_rows(
        query,
        asked,
        moment=Notice.created_at,
        key=Notice.id,
        show=_show_notice,
    )


@blueprint.post("/notices/<public_id>/read")
@operation("notices:write", "notice:view", refusals=(404,))
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, NoticeSchema)
def read_notice(body: dict[str, Any], public_id: str) -> dict[str, Any]:
    """The notice counts as read."""
    person_id = get_current_person().id
    notice = expect(queries.find_notice(db.session, public_id, person_id=person_id))
    with writing(db.session):
        actions.read_notices(db.session, person_id=person_id, notices=[notice], at=now())
    return _show_notice(notice)


@blueprint.post("/notices/read")
@operation("notices:write", "notice:view")
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, ReadNoticesSchema)
def read_all_notices(body: dict[str, Any]) -> dict[str, Any]:
    """All notices count as read."""
    person_id = get_current_person().id
    with writing(db.session):
        count = actions.read_all_notices(db.session, person_id=person_id, at=now())
    return {"read": count}


class DeliveriesSchema(ma.Schema):
    """How mail of each topic comes: at_once, daily or none. 各类邮件的接收方式。"""

    deliveries = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


class NewDeliverySchema(ApiSchema):
    """How mail of one topic is to come. 某类邮件的接收方式。"""

    topic = Code(NoticeTopic, required=True)
    delivery = Code(NoticeDelivery, required=True)


def _show_deliveries() -> dict[str, Any]:
    chosen = queries.list_deliveries(db.session, get_current_person())
    return {"deliveries": {topic.value: chosen[topic].value for topic in chosen}}


@blueprint.get("/notice-deliveries")
@operation("notices:read", "notice:view")
@blueprint.response(200, DeliveriesSchema)
def list_notice_deliveries() -> dict[str, Any]:
    """How the person gets mail of each topic."""
    return _show_deliveries()


@blueprint.post("/notice-deliveries")
@operation("notices:write", "account:edit")
@once(needs_key=False)
@blueprint.arguments(NewDeliverySchema)
@blueprint.response(200, DeliveriesSchema)
def choose_notice_delivery(body: dict[str, Any]) -> dict[str, Any]:
    """Choose how mail of one topic comes."""
    carry_out(
        actions.choose_deliveries,
        person=get_current_person(),
        chosen={body["topic"]: body["delivery"]},
    )
    return _show_deliveries()


@blueprint.get("/audit")
@operation("audit:read", "audit:list")
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(AuditEntrySchema))
def list_audit(asked: dict[str, Any]) -> Shown | Lines:
    """Who did what in the incubators that one operates, the newest first."""
    return list_rows(
        queries.select_audit(get_current_actor()),
        asked,
        moment=AuditEntry.happened_at,
        key=AuditEntry.id,
        show=_show_entry,
    )


def _name(vocabulary: type) -> str:
    return _SNAKE.sub("_", vocabulary.__name__).lower()


def _say(groups: tuple[dict[str, dict[str, Any]], ...], locale: str) -> list[dict[str, Any]]:
    with force_locale(locale):
        return [
            {
                name: {code: str(label) for code, label in labels.items()}
                for name, labels in g.items()
            }
            for g in groups
        ]


def _show_notice(notice: Notice) -> dict[str, Any]:
    try:
        subject, body = word_notice(
            get_words().notices[notice.kind],
            notice.facts,
            locale=select_locale(),
            zone=select_time_zone(),
        )
    except KeyError:
        # Of a kind that an older release told of.
        subject = body = ""
    return {
        "id": notice.public_id,
        "kind": notice.kind,
        "subject": subject,
        "body": body,
        "path": notice.path,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
    }


def _show_entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "happened_at": entry.happened_at,
        "kind": entry.kind,
        "actor": entry.actor.public_id if entry.actor else None,
        "on_behalf_of": entry.on_behalf_of.public_id if entry.on_behalf_of else None,
        "subject_kind": entry.subject_table,
        "subject": entry.subject_public_id,
        "detail": dict(entry.detail),
    }
