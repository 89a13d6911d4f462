"""Runs of matching: looked for and stored, read again, and what a founder does with one match."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import marshmallow as ma
from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.extensions import db
from app.matches import actions
from app.matches.api.room import blueprint
from app.matches.api.shapes import (
    NeedWishSchema,
    ReadSentenceSchema,
    show_sentences,
    show_wishes,
)
from app.matches.errors import MatchingNotReady
from app.matches.queries import left_out
from app.matches.queries.readings import read_stored
from app.matches.queries.runs import SuggestionView, find_match, find_run, list_kinds, select_runs
from app.needs.api import NeedSchema, show_known_need
from app.needs.queries import find_need, load_needs
from app.profiles.api.providers import ProviderSummarySchema, show_known_provider
from app.profiles.queries import load_providers
from app.web.api import operation, show_list
from app.web.api_body import refuse_field
from app.web.api_chosen import require_scopes
from app.web.api_fields import (
    ApiSchema,
    Chosen,
    Code,
    Count,
    Line,
    Moment,
    NothingSchema,
    PageSchema,
    make_after,
    make_next,
)
from app.web.engine import get_engine
from app.web.identity import get_current_actor
from app.web.lists import Lines, Shown, list_rows, read_cursor, write_cursor
from app.web.repeats import once
from app.web.steps import carry_out
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.matches import Match, MatchRun
from models.needs import Need
from models.vocabulary import FIRST_KIND, DismissReason, ProviderKind

# The cursors of a list that is cut into pages.
_PAGES: Final = "pages"

# What can be included, and the scope that it takes.
_INCLUDES: Final = {"need": "needs:read", "providers": "providers:read"}


class RunIncludeSchema(ApiSchema):
    """What is to come with a run."""

    include = Chosen(*_INCLUDES, description="`need`, `providers`. 随附内容。")


class RunIncludedSchema(ma.Schema):
    """What belongs to a run; null for a need that the person of the token may not see.

    `providers` are those that are suggested and may still be seen. 随附内容。
    """

    need = ma.fields.Nested(NeedSchema, allow_none=True)
    providers = ma.fields.List(ma.fields.Nested(ProviderSummarySchema))


class PairSchema(ma.Schema):
    """The two sentences that carry a match, word for word. 依据。

    `text` is the title of the further text that the provider's comes from; empty for the profile.
    """

    need = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class JudgedSchema(ma.Schema):
    """The version of a fund's mandate that was asked; `not_known` are clauses of which nothing was
    known. 该基金投资要求的判断。"""

    id = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    verdict = ma.fields.String(required=True)
    not_known = ma.fields.List(ma.fields.String(), required=True)


class MatchSchema(ma.Schema):
    """One provider suggested for a need: how strong, why, and what speaks against it. 匹配。"""

    id = ma.fields.String(required=True)
    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    rank = ma.fields.Integer(required=True)
    wish = ma.fields.Integer(
        required=True,
        metadata={
            "description": "Which of the need's wishes it answers, from 1; 0 where there is only "
            "one. 所回应的诉求编号。"
        },
    )
    strength = ma.fields.String(required=True)
    evidence = ma.fields.List(ma.fields.Nested(PairSchema), required=True)
    against = ma.fields.List(ma.fields.String(), required=True)
    mandate = ma.fields.Nested(JudgedSchema, required=True, allow_none=True)
    met = ma.fields.List(ma.fields.String(), required=True)
    answer_hours = ma.fields.Float(required=True, allow_none=True)
    free_places = ma.fields.Integer(required=True)
    can_be_asked = ma.fields.Boolean(required=True)
    engagement = ma.fields.String(required=True, allow_none=True)
    dismissed_reason = ma.fields.String(required=True, allow_none=True)


class KindSchema(ma.Schema):
    """The suggestions of one kind; `excluded_by` counts who was left out and why. 一类支持方。"""

    kind = ma.fields.String(required=True)
    considered = ma.fields.Integer(required=True)
    excluded_by = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    no_longer_seen = ma.fields.Integer(required=True)
    matches = ma.fields.List(ma.fields.Nested(MatchSchema), required=True)


class MatchRunSchema(ma.Schema):
    """One time that matches were looked for, kind by kind, the need's own kind first. 匹配结果。"""

    id = ma.fields.String(required=True)
    need = ma.fields.String(required=True)
    need_version = ma.fields.Integer(required=True)
    run_at = Moment(required=True)
    uses_history = ma.fields.Boolean(required=True)
    sentences = ma.fields.List(ma.fields.Nested(ReadSentenceSchema), required=True)
    wishes = ma.fields.List(ma.fields.Nested(NeedWishSchema), required=True)
    kinds = ma.fields.List(ma.fields.Nested(KindSchema), required=True)
    included = ma.fields.Nested(RunIncludedSchema)


class RunSummarySchema(ma.Schema):
    """One run in a list. 匹配记录。"""

    id = ma.fields.String(required=True)
    need = ma.fields.String(required=True)
    need_version = ma.fields.Integer(required=True)
    run_at = Moment(required=True)


class LeftOutSchema(ma.Schema):
    """Somebody who is left out, and why. 未入选者及原因。"""

    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    reasons = ma.fields.List(ma.fields.String(), required=True)


class LeftOutPageSchema(ma.Schema):
    """A page of those who are left out. 未入选名单。"""

    items = ma.fields.List(ma.fields.Nested(LeftOutSchema), required=True)
    count = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    last_page = ma.fields.Integer(required=True)
    next = make_next()


class LeftOutQuerySchema(ApiSchema):
    """Of which kind, for which reason, and which page: by its number, or after the one before."""

    kind = Code(ProviderKind, load_default=None)
    reason = Line(
        least=1,
        most=40,
        load_default=None,
        metadata={"description": "A code of `excluded_by`. `excluded_by` 中的代码。"},
    )
    page = Count(low=1, high=100_000, load_default=1)
    after = make_after()


class DismissSchema(ApiSchema):
    """Why a match is set aside. 搁置原因。"""

    reason = Code(DismissReason, required=True)


class DismissKindSchema(DismissSchema):
    """Why none of the suggestions of a kind fits. 整类搁置原因。"""

    kind = Code(ProviderKind, required=True)


@blueprint.post("/needs/<public_id>/matches")
@operation("matches:write", "need:match", subject=find_need, refusals=(503,))
@once()
@in_turn
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(201, MatchRunSchema)
def find_matches(need: Need, body: Mapping[str, Any]) -> ResponseReturnValue:
    """Look for matches and store them, with all that explains them."""
    try:
        suggestions = actions.find_suggestions(
            db.session, get_engine(), need, at=now(), seed=actions.draw_seed()
        )
    except EncoderMissing as error:
        current_app.logger.exception("matches cannot be looked for")
        raise MatchingNotReady from error
    run = carry_out(actions.store_suggestions, need=need, suggestions=suggestions)
    path = url_for("matches_api_v1.read_match_run", public_id=run.public_id)
    return _show_run(run, need), 201, {"Location": path}


@blueprint.get("/needs/<public_id>/matches")
@operation("matches:read", "need:view", subject=find_need)
@blueprint.arguments(PageSchema, location="query")
@blueprint.response(200, show_list(RunSummarySchema))
def list_match_runs(need: Need, asked: Mapping[str, Any]) -> Shown | Lines:
    """When matches were looked for, the newest first."""
    return list_rows(
        select_runs(need),
        asked,
        moment=MatchRun.run_at,
        key=MatchRun.id,
        show=lambda run: {
            "id": run.public_id,
            "need": need.public_id,
            "need_version": run.need_version,
            "run_at": run.run_at,
        },
    )


@blueprint.get("/match-runs/<public_id>")
@operation("matches:read", "match_run:view", subject=find_run)
@blueprint.arguments(RunIncludeSchema, location="query")
@blueprint.response(200, MatchRunSchema)
def read_match_run(run: MatchRun, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One run, with what of it the person of the token may still see."""
    require_scopes(asked["include"], _INCLUDES)
    shown = _show_run(run, run.need)
    if asked["include"]:
        shown["included"] = _include(run, shown, asked["include"])
    return shown


@blueprint.get("/needs/<public_id>/left-out")
@operation("matches:read", "need:view", subject=find_need, refusals=(503,))
@in_turn
@blueprint.arguments(LeftOutQuerySchema, location="query")
@blueprint.response(200, LeftOutPageSchema)
def list_left_out(need: Need, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Whom the need leaves out of one kind, and everything that speaks against each.

    They are found anew for each page, fifty at a time: who comes or goes meanwhile moves the rest.
    """
    cursor = read_cursor(asked["after"], _PAGES)
    kind = asked["kind"] or FIRST_KIND[need.kind]
    codes = left_out.list_codes(need, kind)
    if asked["reason"] not in (None, *codes):
        refuse_field("/reason", _("This is none of: %(codes)s.", codes=", ".join(codes)))
    try:
        page = left_out.list_left_out(
            db.session,
            get_engine(),
            need=need,
            kind=kind,
            code=asked["reason"],
            viewer=get_current_actor(),
            at=now(),
            number=asked["page"] if cursor is None else cursor[1],
        )
    except EncoderMissing as error:
        current_app.logger.exception("who is left out cannot be told")
        raise MatchingNotReady from error
    return {
        "items": [
            {"provider": each.public_id, "name": each.name, "reasons": list(each.reasons)}
            for each in page.shown
        ],
        "count": page.count,
        "page": page.number,
        "last_page": page.last,
        "next": write_cursor("", page.number + 1, _PAGES) if page.number < page.last else None,
    }


@blueprint.post("/matches/<public_id>/dismiss")
@operation("matches:write", "match:dismiss", subject=find_match)
@once(needs_key=False)
@blueprint.arguments(DismissSchema)
@blueprint.response(200, MatchRunSchema)
def dismiss_match(match: Match, body: Mapping[str, Any]) -> dict[str, Any]:
    """Set one suggestion aside, with the reason."""
    run = match.run
    carry_out(actions.dismiss_match, match=match, reason=body["reason"])
    return _show_run(run, run.need)


@blueprint.post("/match-runs/<public_id>/dismiss")
@operation("matches:write", "match_run:dismiss", subject=find_run)
@once(needs_key=False)
@blueprint.arguments(DismissKindSchema)
@blueprint.response(200, MatchRunSchema)
def dismiss_kind(run: MatchRun, body: Mapping[str, Any]) -> dict[str, Any]:
    """Set all suggestions of a kind aside, with the reason."""
    carry_out(actions.dismiss_kind, run=run, kind=body["kind"], reason=body["reason"])
    return _show_run(run, run.need)


@blueprint.post("/matches/<public_id>/restore")
@operation("matches:write", "match:dismiss", subject=find_match)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, MatchRunSchema)
def restore_match(match: Match, body: Mapping[str, Any]) -> dict[str, Any]:
    """A suggestion that was set aside stands in the list again."""
    run = match.run
    carry_out(actions.restore_match, match=match)
    return _show_run(run, run.need)


def _show_run(run: MatchRun, need: Need) -> dict[str, Any]:
    reading = read_stored(run)
    return {
        "uses_history": run.uses_history,
        "sentences": show_sentences(reading) if reading else [],
        "wishes": show_wishes(reading) if reading else [],
        "id": run.public_id,
        "need": need.public_id,
        "need_version": run.need_version,
        "run_at": run.run_at,
        "kinds": [
            {
                "kind": view.kind.value,
                "considered": view.considered,
                "excluded_by": dict(view.excluded_by),
                "no_longer_seen": view.gone,
                "matches": [_show_match(each) for each in (*view.suggestions, *view.dismissed)],
            }
            for view in list_kinds(db.session, run, need, get_current_actor())
        ],
    }


def _include(run: MatchRun, shown: Mapping[str, Any], include: Collection[str]) -> dict[str, Any]:
    included: dict[str, Any] = {}
    if "need" in include:
        load_needs(db.session, [run.need_id])
        included["need"] = show_known_need(run.need)
    if "providers" in include:
        named = {each["provider"] for kind in shown["kinds"] for each in kind["matches"]}
        found = load_providers(db.session, [each.provider_id for each in run.matches])
        told = (show_known_provider(each) for each in found if each.public_id in named)
        included["providers"] = [each for each in told if each is not None]
    return included


def _show_match(view: SuggestionView) -> dict[str, Any]:
    return {
        "id": view.match_public_id,
        "provider": view.provider_public_id,
        "name": view.name,
        "kind": view.kind.value,
        "rank": view.rank,
        "wish": view.wish,
        "strength": view.strength.value,
        "evidence": [
            {"need": pair.need, "provider": pair.provider, "text": pair.text}
            for pair in (*view.pairs, *view.further_pairs)
        ],
        "against": list(view.against),
        "mandate": None
        if view.mandate is None
        else {
            "id": view.mandate.public_id,
            "number": view.mandate.number,
            "verdict": view.mandate.verdict.value,
            "not_known": list(view.mandate.unknown),
        },
        "met": list(view.met),
        "answer_hours": view.answer_hours,
        "free_places": view.free_places,
        "can_be_asked": view.can_be_asked,
        "engagement": view.asked.public_id if view.asked else None,
        "dismissed_reason": view.dismissed_reason.value if view.dismissed_reason else None,
    }
