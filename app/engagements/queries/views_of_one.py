"""How the view of one engagement is made for one viewer; its shapes are in `shapes`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import PERMISSIONS, Actor, get_side, is_permitted
from app.engagements.announcements import list_people
from app.engagements.asking import read_ask
from app.engagements.attending import list_attendees
from app.engagements.colleagues import find_passing
from app.engagements.disclosure import EVERYTHING, get_disclosed, was_accepted
from app.engagements.incubator_rules import get_rules
from app.engagements.missing import is_agreed_time
from app.engagements.queries import contradictions
from app.engagements.queries.calendar_replies import list_replies
from app.engagements.queries.missed_times import list_by_session
from app.engagements.queries.next_best import list_next_best
from app.engagements.queries.passing import view_passing
from app.engagements.queries.shapes import (
    ContactView,
    DocumentView,
    EngagementView,
    EvidenceView,
    FeedbackView,
    MissedView,
    NeedView,
    ProviderView,
    QuestionView,
    ReplyView,
    SessionView,
    StartupView,
    TraceView,
)
from app.engagements.questioning import QUESTIONS_LIMIT
from app.engagements.rules import needs_session
from app.engagements.together import list_twins
from app.engagements.trace import get_other_side
from app.vault.queries.documents import list_shown_for
from models.contradictions import Contradiction
from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.lifecycle import COACHING_SESSION, ENGAGEMENT, ENGAGEMENT_TAKES_PLACE, SESSION_OPEN
from models.matches import Match
from models.missed_times import MissedTime
from models.organisations import Startup
from models.people import Person
from models.vocabulary import (
    Release,
    Side,
)

# What the startup's side does before the provider has answered.
_ACTS_OF_STARTUP = ("requested", "replied", "withdrawn")

_EVIDENCE_LIMIT = 3


def get_engagement_view(
    session: Session, engagement: Engagement, viewer: Actor, *, at: datetime
) -> EngagementView:
    """What `viewer`, who may view it, sees of `engagement` and may do with it at `at`."""
    side = get_side(viewer, engagement)
    disclosed = get_disclosed(engagement, viewer)
    startup, provider, need = engagement.startup, engagement.provider, engagement.need
    sees_need = Release.NEED_TEXT in disclosed
    provider_people = list_people(session, engagement, Side.PROVIDER)
    sessions = _list_sessions(session, engagement, viewer, at)
    running = engagement.state in ENGAGEMENT_TAKES_PLACE
    passed_to, passed_by = view_passing(find_passing(session, engagement), engagement, viewer)
    return EngagementView(
        public_id=engagement.public_id,
        state=engagement.state,
        side=side,
        need_kind=need.kind,
        fields=tuple(startup.fields),
        need=NeedView(
            title=need.title,
            text=need.text,
            public_id=need.public_id if is_permitted(viewer, "need:view", need) else None,
        )
        if sees_need
        else None,
        startup_name=startup.name if Release.STARTUP_NAME in disclosed else None,
        startup=_view_startup(startup) if Release.STARTUP_PROFILE in disclosed else None,
        provider=ProviderView(provider.public_id, provider.name, provider.kind, provider.headline),
        startup_people=_list_startup_contacts(session, engagement, disclosed),
        # The startup asked for an answer, not for an address: that comes with acceptance.
        provider_people=_list_contacts(provider_people) if was_accepted(engagement) else (),
        released=tuple(engagement.released),
        message=engagement.message,
        ask=read_ask(engagement),
        background=engagement.background if sees_need else "",
        documents=_list_documents(session, engagement, viewer),
        questions=tuple(
            QuestionView(each.state, each.question, each.asked_at, each.reply, each.replied_at)
            for each in engagement.questions
        ),
        reason=engagement.reason,
        decline_reason=engagement.answer.decline_reason if engagement.answer else None,
        answer=engagement.answer.words if engagement.answer else "",
        passed_to=passed_to,
        passed_by=passed_by,
        next_best=list_next_best(session, engagement, viewer),
        requested_at=engagement.requested_at,
        answer_due_at=engagement.answer_due_at,
        closed_at=engagement.closed_at,
        evidence=_list_evidence(engagement.match) if sees_need else (),
        sessions=sessions,
        trace=_list_trace(session, engagement, disclosed),
        actions=list_actions(engagement, viewer, sessions, came_by_passing=passed_by is not None),
        may_propose=running and is_permitted(viewer, "session:propose", engagement),
        can_be_answered=any(person.has_way_in for person in provider_people),
    )


def list_actions(
    engagement: Engagement,
    viewer: Actor,
    sessions: Iterable[SessionView],
    *,
    came_by_passing: bool = False,
) -> tuple[str, ...]:
    """What `viewer` may do with the engagement as a whole: the lifecycle and the access table.

    What came by passing on is not passed on again.
    """
    states = {each.state for each in sessions}
    possible = []
    for action in ENGAGEMENT.list_actions(engagement.state):
        permission = f"engagement:{action}"
        if permission not in PERMISSIONS or not is_permitted(viewer, permission, engagement):
            continue
        if action == "complete" and not _is_complete(engagement, states):
            continue
        if action == "pass_on" and came_by_passing:
            continue
        possible.append(action)
    return (*possible, *_list_talking(engagement, viewer))


def _list_talking(engagement: Engagement, viewer: Actor) -> Iterable[str]:
    """Asking back and replying, which leave a request in its state."""
    if engagement.state != "requested":
        return
    is_asked = any(each.state == "asked" for each in engagement.questions)
    if is_asked:
        if is_permitted(viewer, "engagement:reply", engagement):
            yield "reply"
    elif len(engagement.questions) < QUESTIONS_LIMIT and is_permitted(
        viewer, "engagement:ask_back", engagement
    ):
        yield "ask_back"


def _is_complete(engagement: Engagement, states: set[str]) -> bool:
    if needs_session(engagement) and "held" not in states:
        return False
    return not states.intersection(SESSION_OPEN)


def list_session_actions(
    coaching_session: CoachingSession, viewer: Actor, gave: Iterable[Side], at: datetime
) -> tuple[str, ...]:
    """What `viewer` may do with a session at `at`, in the order of the lifecycle's table."""
    engagement = coaching_session.engagement
    side = get_side(viewer, engagement)
    if side is None:
        return ()
    begun, over = coaching_session.starts_at <= at, coaching_session.ends_at <= at
    running = engagement.state in ENGAGEMENT_TAKES_PLACE
    possible = {
        "confirm": running and not begun and side is not coaching_session.proposed_by_side,
        # What was agreed on and has begun is recorded after its end.
        "move": running and not (begun and coaching_session.state == "confirmed"),
        "cancel": not (begun and coaching_session.state == "confirmed"),
        "record_held": over,
        "record_missed": over,
    }
    actions = [a for a in COACHING_SESSION.list_actions(coaching_session.state) if possible.get(a)]
    if coaching_session.state == "proposed" and over and is_agreed_time(coaching_session):
        # Another place was wished for, and nobody answered; the time stood.
        actions += ["record_held", "record_missed"]
    if side is Side.STARTUP and running and not begun and coaching_session.state in SESSION_OPEN:
        actions.append("name_attendees")
    if coaching_session.state == "held" and side not in gave:
        actions.append("give_feedback")
    return tuple(actions)


def _view_startup(startup: Startup) -> StartupView:
    return StartupView(
        one_line=startup.one_line,
        description=startup.description,
        topics=tuple(startup.topics),
        ladder=startup.ladder,
        funding_stage=startup.funding_stage,
        readiness=startup.readiness,
        gate=startup.gate,
        place_code=startup.place_code,
        languages=tuple(startup.languages),
        website=startup.website,
        incubator_name=startup.incubator.name if startup.incubator else None,
    )


def _list_contacts(people: Iterable[Person]) -> tuple[ContactView, ...]:
    return tuple(ContactView(person.name, person.email) for person in people)


def _list_startup_contacts(
    session: Session, engagement: Engagement, disclosed: frozenset[Release]
) -> tuple[ContactView, ...]:
    """Everybody once the two sides know each other; before that who asked, where released."""
    if Release.CONTACT not in disclosed:
        return ()
    if was_accepted(engagement):
        return _list_contacts(list_people(session, engagement, Side.STARTUP))
    return _list_contacts([engagement.requested_by] if engagement.requested_by else [])


def _list_evidence(match: Match | None) -> tuple[EvidenceView, ...]:
    pairs = match.evidence[:_EVIDENCE_LIMIT] if match else []
    return tuple(
        EvidenceView(pair.need_slice, pair.provider_slice, pair.text_title) for pair in pairs
    )


def _list_documents(
    session: Session, engagement: Engagement, viewer: Actor
) -> tuple[DocumentView, ...]:
    shown = list_shown_for(
        session,
        occasion_table=Engagement.__tablename__,
        occasion_public_id=engagement.public_id,
    )
    return tuple(
        DocumentView(document.public_id, document.title)
        for document in shown
        if is_permitted(viewer, "document:open", document)
    )


def _list_sessions(
    session: Session, engagement: Engagement, viewer: Actor, at: datetime
) -> tuple[SessionView, ...]:
    rows = session.scalars(
        select(CoachingSession)
        .where(CoachingSession.engagement_id == engagement.id)
        .options(joinedload(CoachingSession.proposed_by), joinedload(CoachingSession.recorded_by))
        .order_by(CoachingSession.starts_at, CoachingSession.id)
    ).all()
    given: dict[int, list[Feedback]] = {row.id: [] for row in rows}
    for feedback in session.scalars(
        select(Feedback)
        .where(Feedback.engagement_id == engagement.id)
        .options(joinedload(Feedback.author))
        .order_by(Feedback.given_at, Feedback.id)
    ):
        given[feedback.coaching_session_id].append(feedback)
    missed = list_by_session(session, engagement)
    recorded = any(row.state in ("held", "missed", "contested") for row in rows)
    contested = contradictions.list_by_session(session, engagement) if recorded else {}
    appeal_span = None
    if recorded and engagement.incubator_id is not None:
        appeal_span = timedelta(days=get_rules(session, engagement.incubator_id).appeal_days)
    twins = list_twins(session, engagement)
    replies = (
        list_replies(session, engagement) if any(row.state in SESSION_OPEN for row in rows) else {}
    )
    attending = list_attendees(session, engagement, [row.id for row in rows])
    # What is to come first, the next one on top; then what is over, the latest on top.
    coming = [row for row in rows if row.state in SESSION_OPEN]
    over = [row for row in reversed(rows) if row.state not in SESSION_OPEN]
    return tuple(
        _view_session(
            row,
            given[row.id],
            missed.get(row.id, ()),
            _list_contacts(attending.get(row.id, ())),
            _name_twin(row, twins.get(row.id)),
            contested.get(row.id),
            replies.get(row.id, ()),
            viewer,
            at,
            appeal_span=appeal_span,
        )
        for row in (*coming, *over)
    )


def _view_session(
    row: CoachingSession,
    given: list[Feedback],
    missed: Sequence[MissedTime],
    attendees: tuple[ContactView, ...],
    together_with: str | None,
    contradiction: Contradiction | None,
    replies: tuple[ReplyView, ...],
    viewer: Actor,
    at: datetime,
    *,
    appeal_span: timedelta | None,
) -> SessionView:
    gave = frozenset(feedback.side for feedback in given)
    side = get_side(viewer, row.engagement)
    # Nobody reads the other side before having spoken: else the second answers the first. Who
    # looks on from the incubator belongs to no side and reads both.
    hidden = get_other_side(side) if side is not None and side not in gave else None
    return SessionView(
        public_id=row.public_id,
        state=row.state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        link=row.link,
        proposed_by_side=row.proposed_by_side,
        proposed_by_name=row.proposed_by.name if row.proposed_by else None,
        reason=row.reason,
        sequence=row.sequence,
        actions=(
            *list_session_actions(row, viewer, gave, at),
            *(
                ("contradict",)
                if contradiction is None
                and appeal_span is not None
                and may_contradict(row, viewer, at, appeal_span)
                else ()
            ),
        ),
        gave_feedback=gave,
        feedback=tuple(_view_feedback(f, viewer) for f in given if f.side is not hidden),
        missed=tuple(
            MissedView(
                public_id=each.public_id
                if is_permitted(viewer, "missed_time:view", each)
                else None,
                side=each.side,
                kind=each.kind,
                state=each.state,
                planned_at=each.planned_at,
            )
            for each in missed
        ),
        attendees=attendees,
        together_with=together_with,
        recorded_side=row.recorded_side,
        recorded_by_name=row.recorded_by.name if row.recorded_by else None,
        recorded_at=row.recorded_at,
        contradiction=contradictions.view_contradiction(contradiction, viewer)
        if contradiction
        else None,
        replies=replies,
    )


def may_contradict(
    coaching_session: CoachingSession, viewer: Actor, at: datetime, span: timedelta
) -> bool:
    """Whether `viewer` may say, within `span` of the record, that it was otherwise."""
    recorded_at = coaching_session.recorded_at or coaching_session.ends_at
    return (
        COACHING_SESSION.is_allowed("contradict", coaching_session.state)
        and at <= recorded_at + span
        and is_permitted(viewer, "session:contradict", coaching_session)
    )


def _name_twin(row: CoachingSession, twin: CoachingSession | None) -> str | None:
    """The other mentor, as long as both times are one."""
    if twin is None or twin.state not in ("confirmed", "held", "contested"):
        return None
    is_same = (twin.starts_at, twin.ends_at) == (row.starts_at, row.ends_at)
    return twin.engagement.provider.name if is_same else None


def _view_feedback(feedback: Feedback, viewer: Actor) -> FeedbackView:
    is_author = is_permitted(viewer, "feedback:view_note", feedback)
    engagement = feedback.engagement
    # What is said openly of somebody is not said to them.
    reads_comment = feedback.side is get_side(viewer, engagement) or is_permitted(
        viewer, "engagement_feedback:read_comments", engagement
    )
    return FeedbackView(
        side=feedback.side,
        author_name=feedback.author.name if feedback.author else None,
        rating=feedback.rating,
        preparation=feedback.preparation,
        wants_to_continue=feedback.wants_to_continue,
        comment=feedback.comment if reads_comment else "",
        private_note=feedback.private_note if is_author else "",
        given_at=feedback.given_at,
    )


def _list_trace(
    session: Session, engagement: Engagement, disclosed: frozenset[Release]
) -> tuple[TraceView, ...]:
    events = session.scalars(
        select(EngagementEvent)
        .where(EngagementEvent.engagement_id == engagement.id)
        .options(selectinload(EngagementEvent.actor), selectinload(EngagementEvent.on_behalf_of))
        .order_by(EngagementEvent.id)
    )
    # Who acted for the startup may be an operator, whose name tells the incubator.
    hides = disclosed != EVERYTHING
    return tuple(
        TraceView(event.kind, event.happened_at, None, None, Side.STARTUP, event.note)
        if hides and event.kind in _ACTS_OF_STARTUP
        else TraceView(
            kind=event.kind,
            happened_at=event.happened_at,
            who=event.actor.name if event.actor else None,
            for_whom=event.on_behalf_of.name if event.on_behalf_of else None,
            side=None,
            note=event.note,
            times=event.times,
            former=event.former,
        )
        for event in events
    )
