"""Keeping what matching reads of attention: each provider's level, and who is still new.

The figures are stored and come by revision, so that all processes rank by the same ones whenever
they read them. Only a provider whose level or newness changed takes a new revision: were each
search to mark whom it showed, every index would read ten providers again after each of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from matching.ranking.exposure import choose_levels, is_still_new, measure_attention
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Provider
from models.revisions import mark_changed
from models.vocabulary import ProviderKind

# Suggestions count as recent for this long.
WINDOW = timedelta(days=30)
# Of one startup at most so many needs count for a provider: whoever states needs without end must
# not sink a rival, nor end what a newcomer is granted.
NEEDS_OF_ONE_STARTUP = 3


@dataclass(frozen=True, slots=True)
class ExposureChange:
    """What is to be stored of one provider, because it differs from what is."""

    provider_id: int
    level: int
    is_newcomer: bool


def list_exposure_changes(session: Session, *, at: datetime) -> Sequence[ExposureChange]:
    """The published providers whose level or newness at `at` is not the stored one, by id.

    Attention is that of the lists stored within `WINDOW` before `at`. Each need counts once for a
    provider, at the best place, and at most `NEEDS_OF_ONE_STARTUP` of a startup do: whoever asks
    again and again cannot sink anybody. A level compares with the mean of all published providers
    of the kind. Who is new no longer never becomes new again.
    """
    attention = _sum_attention(session, since=at - WINDOW, until=at)
    by_kind: dict[ProviderKind, list[tuple[int, int, bool, datetime]]] = defaultdict(list)
    rows = session.execute(
        select(
            Provider.id,
            Provider.kind,
            Provider.exposure,
            Provider.is_newcomer,
            Provider.published_at,
        )
        .where(Provider.state == "published")
        .order_by(Provider.id)
    )
    for provider_id, kind, level, is_newcomer, published_at in rows:
        by_kind[kind].append((provider_id, level, is_newcomer, published_at or at))
    shown_for = _count_needs_of_newcomers(session)
    changes = []
    for providers in by_kind.values():
        levels = choose_levels(
            np.array([attention.get(provider_id, 0.0) for provider_id, *_ in providers]),
            np.array([before for _, before, *_ in providers], dtype=np.int64),
        )
        for (provider_id, before, was_new, published_at), level in zip(
            providers, levels.tolist(), strict=True
        ):
            days = (at - published_at) / timedelta(days=1)
            is_new = was_new and is_still_new(days, shown_for.get(provider_id, 0))
            if (level, is_new) != (before, was_new):
                changes.append(ExposureChange(provider_id, level, is_new))
    return sorted(changes, key=lambda change: change.provider_id)


def store_exposure(session: Session, changes: Iterable[ExposureChange]) -> None:
    """The changes are stored and every index will read their providers again.

    Nobody's form becomes outdated by it: the version of a profile stays what it is.
    """
    values = [
        {"of": change.provider_id, "level": change.level, "is_new": change.is_newcomer}
        for change in changes
    ]
    if not values:
        return
    session.connection().execute(
        update(Provider)
        .where(Provider.id == bindparam("of"))
        .values(exposure=bindparam("level"), is_newcomer=bindparam("is_new")),
        values,
    )
    for value in values:
        mark_changed(session, value["of"], standing_only=True)


def _sum_attention(session: Session, *, since: datetime, until: datetime) -> Mapping[int, float]:
    best = (
        select(Need.startup_id, Match.provider_id, func.min(Match.rank).label("rank"))
        .select_from(Match)
        .join(MatchRun, MatchRun.id == Match.run_id)
        .join(Need, Need.id == MatchRun.need_id)
        .where(MatchRun.run_at > since, MatchRun.run_at <= until)
        .group_by(MatchRun.need_id, Need.startup_id, Match.provider_id)
        .subquery()
    )
    ordered = select(
        best.c.provider_id,
        best.c.rank,
        func.row_number()
        .over(partition_by=(best.c.startup_id, best.c.provider_id), order_by=best.c.rank)
        .label("number"),
    ).subquery()
    rows = session.execute(
        select(ordered.c.provider_id, ordered.c.rank, func.count())
        .where(ordered.c.number <= NEEDS_OF_ONE_STARTUP)
        .group_by(ordered.c.provider_id, ordered.c.rank)
    )
    attention: dict[int, float] = defaultdict(float)
    for provider_id, rank, needs in rows:
        attention[provider_id] += needs * measure_attention(rank)
    return attention


def _count_needs_of_newcomers(session: Session) -> Mapping[int, int]:
    needs = func.count(MatchRun.need_id.distinct())
    rows = session.execute(
        select(
            Match.provider_id,
            case((needs < NEEDS_OF_ONE_STARTUP, needs), else_=NEEDS_OF_ONE_STARTUP),
        )
        .join(MatchRun, MatchRun.id == Match.run_id)
        .join(Need, Need.id == MatchRun.need_id)
        .join(Provider, Provider.id == Match.provider_id)
        .where(Provider.is_newcomer)
        .group_by(Match.provider_id, Need.startup_id)
    )
    counted: dict[int, int] = defaultdict(int)
    for provider_id, count in rows:
        counted[provider_id] += count
    return counted
