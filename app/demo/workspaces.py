"""What the two sides wrote and agreed on in the demonstration, through the actions of people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.workspace.actions import agenda, items, messages, notes
from models.engagements import CoachingSession, Engagement
from models.vocabulary import Side

_Step = Mapping[str, Any]


def read_steps() -> dict[tuple[str, str], list[_Step]]:
    """The steps of `workspaces.yaml`, by the keys of need and provider."""
    written = yaml.safe_load(
        files("app.demo").joinpath("workspaces.yaml").read_text(encoding="utf-8")
    )
    return {(each["need"], each["provider"]): each["steps"] for each in written}


def work_together(
    session: Session,
    *,
    engagement: Engagement,
    steps: list[_Step],
    actors: Mapping[Side, Actor],
    until: datetime,
) -> None:
    """Each of `steps` happens on its day at seven in the evening in Shanghai, up to `until`."""
    for number, step in enumerate(steps):
        day = engagement.requested_at + timedelta(days=step["day"])
        at = day.replace(hour=11, minute=number, second=0, microsecond=0)
        if at > until:
            return
        _take(session, engagement, step, actors, at)


def _take(
    session: Session,
    engagement: Engagement,
    step: _Step,
    actors: Mapping[Side, Actor],
    at: datetime,
) -> None:
    actor = actors[Side(step["by"])]
    if text := step.get("message"):
        messages.send_message(session, engagement=engagement, text=text, actor=actor, at=at)
    elif text := step.get("point"):
        agenda.add_point(session, engagement=engagement, text=text, actor=actor, at=at)
    elif text := step.get("note"):
        notes.write_note(session, engagement=engagement, text=text, actor=actor, at=at)
    elif text := step.get("minutes"):
        held = session.scalars(
            select(CoachingSession).where(
                CoachingSession.engagement_id == engagement.id, CoachingSession.state == "held"
            )
        ).one()
        agenda.write_minutes(
            session, coaching_session=held, text=text, version=0, actor=actor, at=at
        )
    else:
        owner = Side(step["owner"])
        item = items.add_item(
            session,
            engagement=engagement,
            text=step["item"],
            owner_side=owner,
            due_on=(at + timedelta(days=step["due"])).date(),
            actor=actor,
            at=at,
        )
        if done := step.get("done"):
            finished_at = engagement.requested_at + timedelta(days=done)
            items.finish_item(session, item=item, actor=actors[owner], at=finished_at)
