"""Engagements and times as they stand in lists, and what can come with them."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import marshmallow as ma

from app.access import Actor
from app.engagements.queries.lists import get_heading, list_sessions_of
from app.extensions import db
from app.needs.api import NeedSchema, show_known_need
from app.needs.queries import load_needs
from app.profiles.api.providers import ProviderSummarySchema, show_known_provider
from app.profiles.api.startups import StartupSchema, show_known_startup
from app.profiles.queries import load_providers, load_startups
from app.web.api_fields import Moment
from app.web.api_variants import Variant, vary
from app.web.identity import get_current_actor
from app.web.lists import Shown
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import CoachingSession, Engagement
from models.vocabulary import ProviderKind

# What can be included, and the scope that it takes.
ENGAGEMENT_INCLUDES: Final = {
    "need": "needs:read",
    "startup": "startups:read",
    "provider": "providers:read",
    "sessions": "sessions:read",
    "times": "sessions:read",
}
SESSION_INCLUDES: Final = {"engagement": "engagements:read"}


class SessionRowSchema(ma.Schema):
    """One time that was agreed on or proposed; `link` is missing where there can be none. 时间。"""

    id = ma.fields.String(required=True)
    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    starts_at = Moment(required=True)
    ends_at = Moment(required=True)
    place = ma.fields.String(required=True)
    link = ma.fields.String()
    sequence = ma.fields.Integer(required=True)


@vary(
    Variant("TalkRow", "A talk with an investor, shortly. 会谈摘要。", always=("link",)),
    Variant("AppointmentRow", "An appointment at a centre, shortly. 预约摘要。", without=("link",)),
)
class TimeRowSchema(SessionRowSchema):
    """A talk or an appointment, shortly. 会谈或预约摘要。"""


class EngagementIncludedSchema(ma.Schema):
    """What belongs to an engagement; null for what the person of the token may not see. 随附内容。

    `times` are talks with an investor and appointments at a centre, none with a mentor; `sessions`
    are those with a mentor, and for programs older than `times` talks and appointments too.
    """

    need = ma.fields.Nested(NeedSchema, allow_none=True)
    startup = ma.fields.Nested(StartupSchema, allow_none=True)
    provider = ma.fields.Nested(ProviderSummarySchema, allow_none=True)
    sessions = ma.fields.List(ma.fields.Nested(SessionRowSchema))
    times = ma.fields.List(ma.fields.Nested(TimeRowSchema))


class EngagementRowSchema(ma.Schema):
    """An engagement, shortly; null stands for what is not disclosed. 对接摘要。"""

    id = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    need_kind = ma.fields.String(required=True)
    need_title = ma.fields.String(required=True, allow_none=True)
    startup_name = ma.fields.String(required=True, allow_none=True)
    provider = ma.fields.String(required=True)
    provider_name = ma.fields.String(required=True)
    provider_kind = ma.fields.String(required=True)
    requested_at = Moment(required=True)
    answer_due_at = Moment(required=True)
    closed_at = Moment(required=True, allow_none=True)


class EngagementSummarySchema(EngagementRowSchema):
    """An engagement in a list; null stands for what is not disclosed. 对接摘要。"""

    included = ma.fields.Nested(EngagementIncludedSchema)


class SessionIncludedSchema(ma.Schema):
    """What belongs to a time. 随附内容。"""

    engagement = ma.fields.Nested(EngagementRowSchema)


class TimeIncludedSchema(SessionIncludedSchema):
    """What belongs to a talk or an appointment. 随附内容。"""


class SessionSummarySchema(SessionRowSchema):
    """One in a list. 摘要。"""

    link = ma.fields.String(required=True)
    included = ma.fields.Nested(SessionIncludedSchema)


@vary(
    Variant("TalkSummary", "A talk with an investor in a list. 会谈摘要。", always=("link",)),
    Variant(
        "AppointmentSummary", "An appointment at a centre in a list. 预约摘要。", without=("link",)
    ),
)
class TimeSummarySchema(SessionRowSchema):
    """A talk or an appointment in a list. 会谈或预约摘要。"""

    included = ma.fields.Nested(TimeIncludedSchema)


class Included:
    """What comes with engagements: read for many at once, then shown one by one."""

    def __init__(self, chosen: Collection[str]) -> None:
        self._chosen = chosen
        self._sessions: dict[int, list[CoachingSession]] = {}

    def load(self, engagements: Sequence[Engagement]) -> None:
        """Read what was chosen of all of `engagements`, each thing by one query."""
        readers: dict[str, Callable[[], object]] = {
            "need": lambda: load_needs(db.session, [each.need_id for each in engagements]),
            "startup": lambda: load_startups(db.session, [each.startup_id for each in engagements]),
            "provider": lambda: load_providers(
                db.session, [each.provider_id for each in engagements]
            ),
        }
        for name in self._chosen:
            if name in readers:
                readers[name]()
        if not {"sessions", "times"}.isdisjoint(self._chosen):
            self._load_sessions(engagements)

    def show(self, engagement: Engagement) -> Shown:
        """What comes with `engagement`, under the name that it has in an answer; {} for nothing."""
        if not self._chosen:
            return {}
        shown: Shown = {}
        if "need" in self._chosen:
            shown["need"] = show_known_need(engagement.need)
        if "startup" in self._chosen:
            shown["startup"] = show_known_startup(engagement.startup)
        if "provider" in self._chosen:
            shown["provider"] = show_known_provider(engagement.provider)
        times = self._sessions.get(engagement.id, ())
        if "sessions" in self._chosen:
            shown["sessions"] = [show_session_row(each, engagement) for each in times]
        if "times" in self._chosen:
            is_coaching = engagement.provider.kind is ProviderKind.MENTOR
            shown["times"] = [
                show_session_row(each, engagement) for each in (() if is_coaching else times)
            ]
        return {"included": shown}

    def _load_sessions(self, engagements: Sequence[Engagement]) -> None:
        self._sessions = list_sessions_of(db.session, [each.id for each in engagements])


def show_engagement_row(engagement: Engagement, viewer: Actor | None = None) -> dict[str, Any]:
    """An engagement in a list, as `viewer`, else the present one, may see it."""
    heading = get_heading(engagement, viewer or get_current_actor())
    return {
        "id": engagement.public_id,
        "state": engagement.state,
        "need_kind": heading.need_kind.value,
        "need_title": heading.need_title,
        "startup_name": heading.startup_name,
        "provider": engagement.provider.public_id,
        "provider_name": heading.provider_name,
        "provider_kind": heading.provider_kind.value,
        "requested_at": engagement.requested_at,
        "answer_due_at": engagement.answer_due_at,
        "closed_at": engagement.closed_at,
    }


def show_session_row(row: CoachingSession, engagement: Engagement) -> dict[str, Any]:
    """One time in a list."""
    return {
        "id": row.public_id,
        "engagement": engagement.public_id,
        "state": row.state,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "place": row.place,
        **({} if WORDS_BY_KIND[engagement.provider.kind].link is None else {"link": row.link}),
        "sequence": row.sequence,
    }
