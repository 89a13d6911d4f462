"""Pages over several needs: what stands open for one's startups, and the board of a fund."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import is_permitted
from app.clauses import Verdict
from app.clock import now, today
from app.extensions import db
from app.funds.queries.board import read_board
from app.funds.queries.comparing import count_verdicts
from app.funds.queries.gates import count_gates
from app.funds.queries.mandates import find_investor
from app.funds.views.room import blueprint
from app.mandates.seeking import list_seeking
from app.mandates.values import make_terms
from app.mandates.words import word_gap, word_wanted
from app.web.guard import requires
from app.web.identity import get_current_actor
from models.providers import Provider

# An operator's incubator may have more; the page names the newest.
_MOST_NEEDS: Final = 50


@blueprint.get("/funds")
@requires("fund:list")
def list_funds() -> ResponseReturnValue:
    """For each open need for money how many funds are open; for operators the gates ahead."""
    viewer = get_current_actor()
    on = today(now())
    needs = list_seeking(db.session, viewer, limit=_MOST_NEEDS)
    gates = None
    if is_permitted(viewer, "fund:count_gates"):
        gates = count_gates(db.session, viewer, on)
    return render_template(
        "funds/list_funds.html",
        needs=needs,
        counts=count_verdicts(db.session, needs, on),
        is_cut=len(needs) == _MOST_NEEDS,
        most=_MOST_NEEDS,
        gates=gates,
        verdicts=list(Verdict),
    )


@blueprint.get("/providers/<public_id>/board")
@requires("fund:board", subject=find_investor)
def show_board(provider: Provider) -> ResponseReturnValue:
    """The requests for money that a fund has, and what its mandate says of each."""
    board = read_board(db.session, provider, today(now()))
    return render_template(
        "funds/board.html",
        provider=provider,
        board=board,
        terms=None if board.mandate is None else make_terms(board.mandate),
        word_gap=word_gap,
        word_wanted=word_wanted,
    )
