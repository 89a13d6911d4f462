"""What is given out of times: who comes, who did not, and where the two sides differ."""

from app.privacy.export_shapes import Exported, Part
from app.privacy.own_rows import is_own_attendance, is_own_contradiction, is_own_missed_time
from models.attendees import SessionAttendee
from models.contradictions import Contradiction
from models.missed_times import MissedTime
from models.session_replies import SessionReply

OF_TIMES = (
    Exported(Part.ENGAGEMENTS, SessionAttendee, is_own_attendance),
    Exported(Part.ENGAGEMENTS, SessionReply, lambda mine: SessionReply.person_id == mine.person_id),
    Exported(Part.ENGAGEMENTS, MissedTime, is_own_missed_time),
    Exported(Part.ENGAGEMENTS, Contradiction, is_own_contradiction),
)
