"""What became of the matches that were shown, as matching learns from it.

Read from the lists of which somebody asked at least one: in the others nobody showed what they
would have preferred.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from matching.learning.preferences import Grade, Shown
from models.engagements import CoachingSession, Engagement, Feedback
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.matches import Match, MatchRun
from models.needs import Need
from models.vocabulary import DismissReason, Side

Progress = Callable[[str, int, int], None]

# How many runs are read at once.
CHUNK = 200
# The startup's mean rating (1 to 5) from which a session was worth it, and up to which it was not.
RATED_WELL = 4.0
RATED_POORLY = 2.0
# Reasons for setting a suggestion aside that say that it did not fit. The others say nothing of it.
DID_NOT_FIT = {
    DismissReason.OTHER_TOPIC.value,
    DismissReason.TOO_GENERAL.value,
    DismissReason.NOT_THE_LEVEL.value,
}
# What other weights weigh, and what the present ones made of it. The score of a match itself
# belongs to its place: who changed places by chance has the other's.
PARTS = ("whole", "late", "back", "words", "one_language")
RELEVANCE, OWN_SCORE = "relevance", "score"

MatchRow = Row[*tuple[Any, ...]]
# The least and the most that an outcome can turn out to be.
Span = tuple[Grade, Grade]
LEFT: Span = (Grade.REFUSED, Grade.LEFT)
REFUSED: Span = (Grade.REFUSED, Grade.REFUSED)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The matches of lists that led somewhere, with what became of each.

    `counts` says how many were asked or refused, by how far they have come; `left_out`, how many
    runs (`another_encoder`) or lists (`without_parts`) could not be used. `first_at` and `last_at`
    are the times of the first and last run.
    """

    shown: Shown
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None


def read_outcomes(
    session: Session, *, fingerprint: str, background: str, progress: Progress | None = None
) -> Outcomes:
    """Every list from which somebody asked, made with the encoder and background of these names.

    Figures of another encoder mean something else, so its lists are left out and counted.
    `progress` is told ("outcomes", runs read, in all).
    """
    runs = session.execute(
        select(MatchRun.id, MatchRun.encoder_fingerprint, MatchRun.background_version)
        .where(MatchRun.id.in_(select(Match.run_id).join(Engagement)))
        .order_by(MatchRun.id)
    ).all()
    usable = [run.id for run in runs if tuple(run[1:]) == (fingerprint, background)]
    left_out = Counter(another_encoder=len(runs) - len(usable))
    counts: Counter[str] = Counter()
    rows: list[tuple[float, ...]] = []
    times: list[datetime] = []
    number = 0
    for start in range(0, len(usable), CHUNK):
        chunk = usable[start : start + CHUNK]
        for matches, spans in _read_lists(session, chunk):
            if any(
                name not in row.features
                for row in matches
                for name in (*PARTS, RELEVANCE, OWN_SCORE)
            ):
                left_out["without_parts"] += 1
                continue
            number += 1
            times.append(matches[0].run_at)
            for row in matches:
                if (span := spans[row.match_id]) is None:
                    continue
                if span != LEFT:
                    counts[span[0].name.lower()] += 1
                rows.append(_make_row(number, row, span))
        if progress is not None:
            progress("outcomes", start + len(chunk), len(usable))
    return Outcomes(
        shown=_make_shown(rows),
        counts=dict(counts),
        left_out={why: count for why, count in left_out.items() if count},
        first_at=min(times, default=None),
        last_at=max(times, default=None),
    )


def judge_engagement(state: str, *, was_held: bool, rating: float | None) -> Span:
    """How far an engagement in `state` went, and how far it may still go.

    `rating` is the startup's mean one, None without any. Who let a request expire has refused it;
    who passed it on found it worth an answer, by somebody else.
    A session that the startup found poor was no better than a request.
    """
    if state == "requested":
        return Grade.ASKED, Grade.RATED_WELL
    if state in ("withdrawn", "passed_on"):
        return Grade.ASKED, Grade.ASKED
    if state in ("declined", "expired"):
        return REFUSED
    if rating is not None and rating >= RATED_WELL:
        return Grade.RATED_WELL, Grade.RATED_WELL
    if rating is not None and rating <= RATED_POORLY:
        return Grade.ASKED, Grade.ASKED
    reached = Grade.HELD if was_held else Grade.ACCEPTED
    may_go_on = state in ENGAGEMENT_TAKES_PLACE and rating is None
    return reached, Grade.RATED_WELL if may_go_on else reached


def _read_lists(
    session: Session, run_ids: Sequence[int]
) -> Iterator[tuple[list[MatchRow], dict[int, Span | None]]]:
    """The lists of some runs from which somebody asked: matches, and by match what became of it.

    None marks a match that says nothing: it was set aside for a reason beside the point or before
    this list was made, or was asked from another list.
    """
    matches = session.execute(
        select(
            Match.id.label("match_id"),
            Match.run_id,
            Match.kind,
            Match.rank,
            Match.propensity,
            Match.features,
            Match.dismissed_at,
            Match.dismissed_reason,
            Match.provider_id,
            MatchRun.run_at,
            MatchRun.need_id,
            Need.startup_id,
        )
        .join(MatchRun, MatchRun.id == Match.run_id)
        .join(Need, Need.id == MatchRun.need_id)
        .where(Match.run_id.in_(run_ids))
        .order_by(Match.run_id, Match.kind, Match.rank)
    ).all()
    asked, pairs = _read_engagements(session, {row.need_id for row in matches})
    for _, members in groupby(matches, key=lambda row: (row.run_id, row.kind)):
        listed = list(members)
        if not any(row.match_id in asked for row in listed):
            continue
        yield listed, {row.match_id: _judge_match(row, asked, pairs) for row in listed}


def _read_engagements(
    session: Session, need_ids: set[int]
) -> tuple[dict[int, Span], set[tuple[int, int]]]:
    """What became of the engagements of some needs, by match; and who was asked for which need."""
    engagements = session.execute(
        select(
            Engagement.id,
            Engagement.match_id,
            Engagement.need_id,
            Engagement.provider_id,
            Engagement.state,
        ).where(Engagement.need_id.in_(need_ids))
    ).all()
    ids = [row.id for row in engagements]
    held = set(
        session.scalars(
            select(CoachingSession.engagement_id).where(
                CoachingSession.engagement_id.in_(ids), CoachingSession.state == "held"
            )
        )
    )
    ratings = {
        row[0]: float(row[1])
        for row in session.execute(
            select(Feedback.engagement_id, func.avg(Feedback.rating))
            .join(Feedback.coaching_session)
            .where(
                Feedback.engagement_id.in_(ids),
                Feedback.side == Side.STARTUP,
                CoachingSession.state == "held",
            )
            .group_by(Feedback.engagement_id)
        )
    }
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in engagements:
        if row.match_id is not None:
            span = judge_engagement(row.state, was_held=row.id in held, rating=ratings.get(row.id))
            spans[row.match_id].append(span)
    # Who was asked twice from one list counts as what came of it at best.
    return (
        {match_id: max(found) for match_id, found in spans.items()},
        {(row.need_id, row.provider_id) for row in engagements},
    )


def _judge_match(
    row: MatchRow, asked: Mapping[int, Span], pairs: set[tuple[int, int]]
) -> Span | None:
    if row.match_id in asked:
        return asked[row.match_id]
    if (row.need_id, row.provider_id) in pairs:
        return None
    if row.dismissed_at is None:
        return LEFT
    set_aside_here = row.dismissed_at >= row.run_at
    return REFUSED if set_aside_here and row.dismissed_reason in DID_NOT_FIT else None


def _make_row(number: int, row: MatchRow, span: Span) -> tuple[float, ...]:
    """The figures of one match, in the order of the fields of `Shown`."""
    return (
        number,
        row.startup_id,
        row.rank,
        row.propensity,
        row.features[OWN_SCORE],
        *span,
        *(row.features[name] for name in PARTS),
        row.features[OWN_SCORE] - row.features[RELEVANCE],
    )


def _make_shown(rows: Sequence[tuple[float, ...]]) -> Shown:
    figures = np.array(rows, dtype=np.float64).reshape(len(rows), 13).T
    whole = [figures[position].astype(np.int64) for position in (0, 1, 2, 5, 6)]
    lists, askers, places, least, most = whole
    return Shown(
        lists=lists,
        askers=askers,
        places=places,
        propensities=figures[3],
        scores=figures[4],
        least=least,
        most=most,
        whole=figures[7],
        late=figures[8],
        back=figures[9],
        words=figures[10],
        one_language=figures[11] > 0,
        rest=figures[12],
    )
