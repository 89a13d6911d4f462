"""What an erasure does with minutes that more than one wrote."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.leaving import Leaving
from app.workspace.actions import agenda
from app.workspace.erasing import ERASING
from models.workspace import SessionMinutes
from tests.app.engagements.scenes import hold, make_accepted, make_scene
from tests.factories import AT

pytestmark = [pytest.mark.engagements, pytest.mark.privacy]


def test_minutes_go_with_everyone_who_wrote_in_them(session: Session) -> None:
    scene = make_scene(session)
    held = hold(session, scene, make_accepted(session, scene))
    for version, (text, actor) in enumerate(
        [("Ramp slowly", scene.by_founder), ("Ramp slowly.", scene.by_mentor)]
    ):
        agenda.write_minutes(
            session,
            coaching_session=held,
            text=text,
            version=version,
            actor=actor,
            at=held.ends_at,
        )
    founder = scene.founder
    words = ERASING.erase(session, Leaving(founder.email, founder, (), (), (), None, AT))
    assert "Ramp slowly." in words
    assert session.scalars(select(SessionMinutes.id)).all() == []
