"""Needs beside mandates: what is open, what to prove next, the board of a fund, the gates ahead."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from app.clauses import Verdict
from app.clock import now, today
from app.errors import NotFound
from app.extensions import db
from app.funds import actions
from app.funds.api.room import blueprint, find_fund
from app.funds.queries.board import BoardRow, read_board
from app.funds.queries.comparing import Compared, Comparison, compare
from app.funds.queries.gates import count_gates
from app.mandates.checking import Clause, Finding, Judgement, Move
from app.mandates.openings import Opening
from app.mandates.seeking import find_ask
from app.mandates.values import AskValues
from app.mandates.words import word_move
from app.needs.queries import find_need
from app.web.api import operation
from app.web.api_fields import ApiSchema, Flag, Moment, PartSchema, Whole, make_next
from app.web.identity import get_current_actor
from app.web.lists import take_ordered
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.limits import MONEY_LIMIT_YUAN
from models.funds import WHOLE_BP
from models.needs import Need
from models.providers import Provider
from models.vocabulary import NeedKind

_CLAUSE = ma.validate.OneOf([clause.value for clause in Clause])
_VERDICT = ma.validate.OneOf([verdict.value for verdict in Verdict])


class AskSchema(ApiSchema):
    """What a need asks of one fund; yuan, and hundredths of a percent. 对单只基金的融资安排。"""

    raised_yuan = Whole(low=0, high=MONEY_LIMIT_YUAN, load_default=0)
    least_part_yuan = Whole(low=1, high=MONEY_LIMIT_YUAN, load_default=None, allow_none=True)
    share_bp = Whole(low=1, high=WHOLE_BP, load_default=None, allow_none=True)
    shows_gate = Flag(load_default=False)


class FindingSchema(ma.Schema):
    """What one clause says. `gap` is in yuan, or hundredths of a percent. 条款结论。"""

    clause = ma.fields.String(required=True, validate=_CLAUSE)
    verdict = ma.fields.String(required=True, validate=_VERDICT)
    gap = ma.fields.Integer(required=True, allow_none=True)
    direction = ma.fields.String(required=True, allow_none=True)


class MoveSchema(ma.Schema):
    """One thing to do. `wanted` is an amount, a share, a gate or an instrument. 可做的一步。"""

    clause = ma.fields.String(required=True, validate=_CLAUSE)
    wanted_number = ma.fields.Integer(required=True, allow_none=True)
    wanted_code = ma.fields.String(required=True, allow_none=True)
    gap = ma.fields.Integer(required=True, allow_none=True)
    direction = ma.fields.String(required=True, allow_none=True)
    words = ma.fields.String(required=True)


class JudgedFundSchema(ma.Schema):
    """A fund for a need. `moves` together would open it; `closed`: nothing would. 基金结论。"""

    provider = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    mandate = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    verdict = ma.fields.String(required=True, validate=_VERDICT)
    closed = ma.fields.Boolean(required=True)
    findings = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)
    moves = ma.fields.List(ma.fields.Nested(MoveSchema), required=True)


class OpeningSchema(ma.Schema):
    """One move, and the funds that it opens and closes. Not `certain`: at most these. 打开效果。"""

    move = ma.fields.Nested(MoveSchema, required=True)
    opens = ma.fields.List(ma.fields.String(), required=True)
    closes = ma.fields.List(ma.fields.String(), required=True)
    certain = ma.fields.Boolean(required=True)


class FundsOfNeedSchema(ma.Schema):
    """All mandates for one need. `in_conflict` funds are left out. 需求的基金对照。"""

    need = ma.fields.String(required=True)
    ask = ma.fields.Nested(AskSchema, required=True)
    funds = ma.fields.List(ma.fields.Nested(JudgedFundSchema), required=True)
    openings = ma.fields.List(ma.fields.Nested(OpeningSchema), required=True)
    in_conflict = ma.fields.Integer(required=True)


class BoardRowSchema(ma.Schema):
    """A request for money. What is not released is empty, or hidden. 基金看板条目。"""

    engagement = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    startup_name = ma.fields.String(required=True)
    requested_at = Moment(required=True)
    verdict = ma.fields.String(required=True, allow_none=True, validate=_VERDICT)
    findings = ma.fields.List(ma.fields.Nested(FindingSchema), required=True)
    hidden = ma.fields.List(ma.fields.String(validate=_CLAUSE), required=True)


class BoardSchema(ma.Schema):
    """The open requests for money to a fund. 基金看板。"""

    mandate = ma.fields.String(required=True, allow_none=True)
    items = ma.fields.List(ma.fields.Nested(BoardRowSchema), required=True)
    next = make_next()


class GateCountSchema(ma.Schema):
    """Startups before a gate; null is behind the last one. 验证关口计数。"""

    gate = ma.fields.String(required=True, allow_none=True)
    startups = ma.fields.Integer(required=True)
    would_open = ma.fields.Integer(required=True)


class GatesSchema(ma.Schema):
    """The startups that seek money, by the gate that comes next. 前方关口。"""

    startups = ma.fields.Integer(required=True)
    unconfirmed = ma.fields.Integer(required=True)
    gates = ma.fields.List(ma.fields.Nested(GateCountSchema), required=True)


@blueprint.get("/needs/<public_id>/funds")
@operation("mandates:read", "fund:compare", subject=find_need)
@blueprint.response(200, FundsOfNeedSchema)
def compare_need(need: Need) -> dict[str, Any]:
    """Every published mandate judged for a need, and what to prove next to open how many."""
    return _show_comparison(need)


@blueprint.post("/needs/<public_id>/ask")
@operation("mandates:write", "fund:ask", subject=find_need, refusals=(409,))
@once(needs_key=False)
@blueprint.arguments(AskSchema)
@blueprint.response(200, FundsOfNeedSchema)
def state_ask(need: Need, body: Mapping[str, Any]) -> dict[str, Any]:
    """What the need asks of one fund is this; all mandates are judged again."""
    carry_out(actions.state_ask, need=need, values=AskValues(**body))
    return _show_comparison(need)


@blueprint.get("/providers/<public_id>/board")
@operation("mandates:read", "fund:board", subject=find_fund, refusals=(409,))
@blueprint.arguments(PartSchema, location="query")
@blueprint.response(200, BoardSchema)
def read_fund_board(provider: Provider, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The open requests for money to a fund, judged by what was released of each."""
    board = read_board(db.session, provider, today(now()))
    part = take_ordered(
        board.rows, asked, identify=lambda row: row.engagement_public_id, show=_show_row
    )
    return {"mandate": None if board.mandate is None else board.mandate.public_id, **part}


@blueprint.get("/gates")
@operation("mandates:read", "fund:count_gates")
@blueprint.response(200, GatesSchema)
def count_gates_ahead() -> dict[str, Any]:
    """Before which gates the startups of one's incubators stand that seek money."""
    ahead = count_gates(db.session, get_current_actor(), today(now()))
    return {
        "startups": ahead.startups,
        "unconfirmed": ahead.unconfirmed,
        "gates": [
            {
                "gate": None if row.gate is None else row.gate.value,
                "startups": row.startups,
                "would_open": row.would_open,
            }
            for row in ahead.rows
        ],
    }


def _show_comparison(need: Need) -> dict[str, Any]:
    if need.kind is not NeedKind.FUNDING:
        raise NotFound
    comparison = compare(db.session, need, today(now()))
    ask = find_ask(db.session, need)
    return {
        "need": need.public_id,
        "ask": {
            "raised_yuan": ask.raised_yuan,
            "least_part_yuan": ask.least_part_yuan,
            "share_bp": ask.share_bp,
            "shows_gate": ask.shows_gate,
        },
        "funds": [
            _show_fund(each) for verdict in Verdict for each in comparison.list_with(verdict)
        ],
        "openings": [_show_opening(comparison, each) for each in comparison.openings],
        "in_conflict": comparison.in_conflict,
    }


def _show_fund(each: Compared) -> dict[str, Any]:
    return {
        "provider": each.fund.provider_public_id,
        "name": each.fund.name,
        "mandate": each.fund.mandate_public_id,
        "number": each.fund.number,
        "verdict": each.judgement.verdict.value,
        "closed": each.judgement.is_closed,
        "findings": _show_findings(each.judgement),
        "moves": [_show_move(move) for move in each.judgement.moves],
    }


def _show_opening(comparison: Comparison, opening: Opening) -> dict[str, Any]:
    def name(places: tuple[int, ...]) -> list[str]:
        return [each.provider_public_id for each in comparison.name_funds(places)]

    return {
        "move": _show_move(opening.move),
        "opens": name(opening.opens),
        "closes": name(opening.closes),
        "certain": opening.is_certain,
    }


def _show_row(row: BoardRow) -> dict[str, Any]:
    return {
        "engagement": row.engagement_public_id,
        "state": row.state,
        "title": row.title,
        "startup_name": row.startup_name,
        "requested_at": row.requested_at,
        "verdict": None if row.judgement is None else row.judgement.verdict.value,
        "findings": [_show_finding(each) for each in row.shown],
        "hidden": [clause.value for clause in row.hidden],
    }


def _show_findings(judgement: Judgement) -> list[dict[str, Any]]:
    return [_show_finding(each) for each in judgement.findings]


def _show_finding(finding: Finding) -> dict[str, Any]:
    return {
        "clause": finding.clause.value,
        "verdict": finding.verdict.value,
        "gap": finding.gap,
        "direction": _name_direction(finding),
    }


def _show_move(move: Move) -> dict[str, Any]:
    return {
        "clause": move.clause.value,
        "wanted_number": move.wanted if isinstance(move.wanted, int) else None,
        "wanted_code": move.wanted if isinstance(move.wanted, str) else None,
        "gap": move.gap,
        "direction": _name_direction(move),
        "words": word_move(move),
    }


def _name_direction(one: Finding | Move) -> str | None:
    if one.gap is None:
        return None
    return "more" if one.is_raise else "less"
