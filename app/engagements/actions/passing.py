"""A mentor passes a request on to a colleague, once."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.engagements.announcements import tell_side
from app.engagements.asking import keep_ask, read_ask
from app.engagements.attaching import hand_over
from app.engagements.colleagues import can_be_passed, find_passing
from app.engagements.errors import AlreadyPassedOn, ColleagueCannotTakeIt, ColleagueFullyBooked
from app.engagements.incubator_rules import get_rules
from app.engagements.queries.finding import find_latest_match
from app.engagements.questioning import let_lapse
from app.engagements.queueing import count_free_places, follow
from app.engagements.request_steps import hold_place, store_request, tell_who_answers
from app.engagements.trace import leave_trace, lock_engagement, lock_provider
from app.engagements.working_time import add_working_hours, choose_reminder
from app.errors import OutOfOrder, ReasonMissing
from app.matches.queries.conflicts import find_conflict
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT
from models.passing import PassedRequest
from models.providers import Provider
from models.revisions import mark_changed
from models.vocabulary import Side


def pass_on(
    session: Session,
    *,
    engagement: Engagement,
    colleague: Provider,
    words: str,
    actor: Actor,
    at: datetime,
) -> Engagement:
    """The mentor gives the request to `colleague` and says why; gives the colleague's request.

    What was asked, the documents and what the founder lets a provider see go along, and the time to
    answer begins anew by the incubator's rule. The request of the first is over, answered and with
    its place free. The startup is told, and can withdraw the new one; it counts as the same answer
    that is waited for. Of passing on and whatever else ends the request at the same moment one
    holds.

    Raises NotFound, NotPermitted, ReasonMissing, ActionNotAllowed, AlreadyPassedOn,
    OutOfOrder when the need is not open, ColleagueCannotTakeIt, ColleagueFullyBooked.
    """
    require(actor, "engagement:pass_on", engagement)
    if not words.strip():
        raise ReasonMissing
    # In the order in which everybody locks several providers.
    for provider_id in sorted({engagement.provider_id, colleague.id}):
        lock_provider(session, provider_id)
    lock_engagement(session, engagement)
    target = ENGAGEMENT.follow("pass_on", engagement.state)
    if find_passing(session, engagement) is not None:
        raise AlreadyPassedOn
    need = engagement.need
    session.refresh(need, ["state"])
    if need.state != "open":
        raise OutOfOrder
    session.refresh(colleague, ["state", "capacity"])
    if not can_be_passed(session, engagement, colleague) or find_conflict(
        session, engagement.startup, colleague
    ):
        raise ColleagueCannotTakeIt
    place = hold_place(session, need, colleague)
    if count_free_places(session, colleague, own=place) <= 0:
        raise ColleagueFullyBooked
    due_at = add_working_hours(at, get_rules(session, engagement.incubator_id).answer_hours)
    present = Engagement(
        need=need,
        startup=engagement.startup,
        provider=colleague,
        incubator_id=engagement.incubator_id,
        match=find_latest_match(session, need, colleague),
        message=engagement.message,
        background=engagement.background,
        released=list(engagement.released),
        requested_by_id=engagement.requested_by_id,
        requested_at=at,
        answer_due_at=due_at,
        remind_at=choose_reminder(at, due_at),
    )
    if (ask := read_ask(engagement)) is not None:
        keep_ask(session, engagement=present, ask=ask, at=at)
    engagement.state = target
    engagement.closed_at = at
    engagement.reason = words
    # An answer, as any other: the first word counts, which may have been a question.
    engagement.answered_at = engagement.answered_at or at
    let_lapse(session, engagement)
    mark_changed(session, engagement.provider_id, standing_only=True)
    store_request(session, present)
    session.add(PassedRequest(former=engagement, present=present))
    if place is not None:
        place.engagement = present
        follow(session, place, "take", actor=actor, at=at)
    hand_over(session, former=engagement, present=present, actor=actor, at=at)
    leave_trace(session, engagement=engagement, actor=actor, kind="passed_on", at=at, note=words)
    leave_trace(session, engagement=present, actor=actor, kind="received", at=at, note=words)
    facts = {"former": engagement.provider.name, "reason": words}
    tell_side(
        session,
        engagement=present,
        side=Side.STARTUP,
        kind="engagement_passed_on",
        facts=facts,
        times={"due": due_at},
        at=at,
        unless=actor,
    )
    tell_who_answers(session, present, "engagement_received", at, facts)
    return present
