"""Which needs of a founder wait for a step, for the dashboard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, or_, select

from app.access import Actor
from app.telling.waiting import WaitingItem, WaitingList
from models.engagements import Engagement
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Startup


def _select_waiting(viewer: Actor, at: datetime) -> Select[Need, int | None] | None:
    """The open needs of `viewer` for which nobody was looked for, or nobody was asked yet, each
    with its latest run.
    """
    if not viewer.founds:
        return None
    latest = (
        select(func.max(MatchRun.id))
        .where(MatchRun.need_id == Need.id)
        # Said aloud: two levels below the need, SQLAlchemy would compare with all needs.
        .correlate(Need)
        .scalar_subquery()
    )
    matched = select(Match.id).where(Match.run_id == latest, Match.dismissed_at.is_(None)).exists()
    asked = select(Engagement.id).where(Engagement.need_id == Need.id).exists()
    query = (
        select(Need, latest)
        .join(Startup, Startup.id == Need.startup_id)
        .where(
            Startup.id.in_(viewer.founds),
            Need.state == "open",
            or_(latest.is_(None), and_(matched, ~asked)),
        )
        .order_by(Need.updated_at.desc(), Need.id.desc())
    )
    if viewer.within_incubator_id is not None:
        query = query.where(Startup.incubator_id == viewer.within_incubator_id)
    return query


def _word_waiting(
    rows: Sequence[tuple[Need, int | None]], viewer: Actor, at: datetime
) -> list[WaitingItem]:
    """`need_unmatched` before the first run, and `need_matched` while the latest run has matches
    that were not set aside and there is no engagement.
    """
    return [
        _invite_to_look(need) if latest is None else _show_matches(need) for need, latest in rows
    ]


def _invite_to_look(need: Need) -> WaitingItem:
    return WaitingItem(
        kind="need_unmatched",
        title=need.title,
        due_at=None,
        path_endpoint="matches.find_matches",
        path_values={"public_id": need.public_id},
        action=_l("Look for matches"),
        is_post=True,
        detail=_l("Nobody has been looked for yet."),
    )


def _show_matches(need: Need) -> WaitingItem:
    return WaitingItem(
        kind="need_matched",
        title=need.title,
        due_at=None,
        path_endpoint="needs.show_need",
        path_values={"public_id": need.public_id},
        action=_l("See the matches"),
        detail=_l("There are matches, and nobody has been asked yet."),
    )


WAITING: Final = (WaitingList(("need_unmatched", "need_matched"), _select_waiting, _word_waiting),)
