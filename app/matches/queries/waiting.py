"""Which needs of a founder wait for a step, for the dashboard."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.telling.waiting import WaitingItem
from models.engagements import Engagement
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Startup


def list_waiting(session: Session, viewer: Actor, at: datetime) -> list[WaitingItem]:
    """The open needs of `viewer` for which nobody was looked for, or nobody was asked yet.

    Kinds: `need_unmatched` before the first run, and `need_matched` while the latest run has
    matches that were not set aside and there is no engagement.
    """
    if not viewer.founds:
        return []
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
        select(Need.public_id, Need.title, latest.is_(None))
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
    return [
        _invite_to_look(public_id, title) if is_unmatched else _show_matches(public_id, title)
        for public_id, title, is_unmatched in session.execute(query)
    ]


def _invite_to_look(public_id: str, title: str) -> WaitingItem:
    return WaitingItem(
        kind="need_unmatched",
        title=title,
        due_at=None,
        path_endpoint="matches.find_matches",
        path_values={"public_id": public_id},
        action=_l("Look for matches"),
        is_post=True,
        detail=_l("Nobody has been looked for yet."),
    )


def _show_matches(public_id: str, title: str) -> WaitingItem:
    return WaitingItem(
        kind="need_matched",
        title=title,
        due_at=None,
        path_endpoint="needs.show_need",
        path_values={"public_id": public_id},
        action=_l("See the matches"),
        detail=_l("There are matches, and nobody has been asked yet."),
    )
