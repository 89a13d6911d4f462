"""The sessions of a person for their calendar program, under a secret address."""

from datetime import timedelta

from flask import Response
from flask.typing import ResponseReturnValue

from app.access import make_actor
from app.calendars.queries import find_feed
from app.clock import now
from app.engagements.calendar_entries import make_feed
from app.engagements.queries.lists import list_fed_sessions
from app.engagements.together import find_joint_times
from app.engagements.views.room import blueprint, get_settings
from app.errors import NotFound
from app.extensions import db
from app.transactions import writing
from app.web.guard import public
from models.people import Person

# When somebody last came is kept to the hour: programs come often.
_NOTED_EVERY = timedelta(hours=1)


@blueprint.get("/calendar/feed/<token>.ics")
@public
def read_feed(token: str) -> ResponseReturnValue:
    """All that stands, for whoever has the address."""
    feed = find_feed(db.session, token)
    if feed is None:
        raise NotFound
    at = now()
    person_id = feed.person_id
    if feed.read_at is None or feed.read_at < at - _NOTED_EVERY:
        with writing(db.session):
            again = find_feed(db.session, token)
            if again is None:
                raise NotFound
            again.read_at = at
    viewer = make_actor(db.session.get_one(Person, person_id))
    fed = list_fed_sessions(db.session, viewer, at)
    text = make_feed(
        fed,
        at=at,
        root=get_settings().public_url,
        joints=find_joint_times(db.session, [each.id for each in fed]),
    )
    return Response(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
    )
