"""What one viewer may see of an engagement: parts that are not disclosed are not there.

Pages, lists and the API read these types and never the rows: what a type does not hold cannot
leak from a template.
"""

from dataclasses import dataclass
from datetime import datetime

from app.engagements.asking import Ask
from app.engagements.queries.next_best import NextBest
from models.engagements import TimeSpan
from models.lifecycle import SESSION_OPEN
from models.missed_times import MissedBy, MissedTimeKind
from models.session_replies import ReplyAnswer
from models.vocabulary import (
    DeclineReason,
    Field,
    FundingStage,
    Gate,
    Ladder,
    Language,
    NeedKind,
    ProviderKind,
    Release,
    Side,
)


@dataclass(frozen=True, slots=True)
class NeedView:
    """The need in full. `public_id` is None for who may not open its page."""

    title: str
    text: str
    public_id: str | None


@dataclass(frozen=True, slots=True)
class StartupView:
    """The startup's profile, in which its name need not be."""

    one_line: str
    description: str
    topics: tuple[str, ...]
    ladder: Ladder | None
    funding_stage: FundingStage | None
    readiness: int | None
    gate: Gate | None
    place_code: str | None
    languages: tuple[Language, ...]
    website: str | None
    incubator_name: str | None


@dataclass(frozen=True, slots=True)
class ContactView:
    """A person who can be written to."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ProviderView:
    """The provider, who is never hidden from a viewer of the engagement."""

    public_id: str
    name: str
    kind: ProviderKind
    headline: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What the provider asked back, and what it was told: "" until then."""

    state: str
    question: str
    asked_at: datetime
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class PassedView:
    """The request on the other end of passing on. `public_id` is None for who may not view it."""

    public_id: str | None
    provider_public_id: str
    provider_name: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document that was sent along and that the viewer may open."""

    public_id: str
    title: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The two sentences that carried the match, and the title of the further text that says the
    second; "" where the profile does."""

    need: str
    provider: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What one side said. `private_note` is empty for everybody but its author."""

    side: Side
    author_name: str | None
    rating: int
    preparation: int | None
    wants_to_continue: bool
    comment: str
    private_note: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class MissedView:
    """That a side did not keep to a time of the session. `public_id` is None for the other side."""

    public_id: str | None
    side: Side
    kind: MissedTimeKind
    state: str
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What somebody's calendar program answered about the time as it is."""

    name: str
    side: Side
    answer: ReplyAnswer


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """What one side says against the record of a session; both sides and operators read it.

    `was_held` is what was recorded, `side` says otherwise, and who did not come is `missed_by`.
    """

    public_id: str
    engagement_public_id: str
    need_title: str
    startup_name: str
    provider_name: str
    starts_at: datetime
    recorded_side: Side | None
    recorded_at: datetime | None
    state: str
    was_held: bool
    missed_by: MissedBy | None
    side: Side
    words: str
    made_at: datetime
    decision: str
    decided_at: datetime | None
    # What the viewer may do: decide, take_back, concede.
    actions: tuple[str, ...]

    @property
    def may_decide(self) -> bool:
        """Whether it waits for a decision of the viewer."""
        return "decide" in self.actions


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session. `actions` may be taken now by the viewer: confirm, move, …, give_feedback.

    `gave_feedback` says which sides have spoken; `feedback` holds what the viewer may read of it.
    """

    public_id: str
    state: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    proposed_by_side: Side
    proposed_by_name: str | None
    reason: str
    sequence: int
    actions: tuple[str, ...]
    gave_feedback: frozenset[Side]
    feedback: tuple[FeedbackView, ...]
    missed: tuple[MissedView, ...]
    # Who of the startup comes; () where nobody was named.
    attendees: tuple[ContactView, ...]
    # The second mentor who comes as well, at the same time; None where there is none.
    together_with: str | None
    # Which side said whether it took place, when, and whoever did so; None where nobody has.
    recorded_side: Side | None
    recorded_by_name: str | None
    recorded_at: datetime | None
    # Where the other side says otherwise.
    contradiction: ContradictionView | None
    # By name; only while the time is to come.
    replies: tuple[ReplyView, ...]


@dataclass(frozen=True, slots=True)
class TraceView:
    """One step that was taken. Without `who` it was the clock, or a name that is not disclosed.

    `side` is set where the name is not disclosed. `for_whom` is who an operator acted for. `times`
    are what the step was about, from when to when; `former` is what one was before it was moved.
    """

    kind: str
    happened_at: datetime
    who: str | None
    for_whom: str | None
    side: Side | None
    note: str
    times: tuple[TimeSpan, ...] = ()
    former: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class EngagementView:
    """An engagement as one viewer may see it; None stands for what is not disclosed."""

    public_id: str
    state: str
    side: Side | None
    need_kind: NeedKind
    fields: tuple[Field, ...]
    need: NeedView | None
    startup_name: str | None
    startup: StartupView | None
    provider: ProviderView
    startup_people: tuple[ContactView, ...]
    provider_people: tuple[ContactView, ...]
    released: tuple[Release, ...]
    message: str
    # What is asked for; None where the message says it all.
    ask: Ask | None
    # "" where it is as the need tells it, or not disclosed.
    background: str
    documents: tuple[DocumentView, ...]
    questions: tuple[QuestionView, ...]
    reason: str
    # Of a request that was declined: the code beside the words.
    decline_reason: DeclineReason | None
    # What the provider said when it accepted.
    answer: str
    # To whom the mentor passed it on, and who passed it on to this one.
    passed_to: PassedView | None
    passed_by: PassedView | None
    # Whom to ask next, for the startup's side once this one said no or nothing.
    next_best: tuple[NextBest, ...]
    requested_at: datetime
    answer_due_at: datetime
    closed_at: datetime | None
    evidence: tuple[EvidenceView, ...]
    sessions: tuple[SessionView, ...]
    trace: tuple[TraceView, ...]
    actions: tuple[str, ...]
    may_propose: bool
    can_be_answered: bool

    @property
    def is_asked_back(self) -> bool:
        """Whether a question waits for a reply: it is the startup's turn."""
        return self.state == "requested" and any(each.state == "asked" for each in self.questions)

    @property
    def lacks_session(self) -> bool:
        """Whether no session is planned and none was held: a time is what comes next."""
        return not {each.state for each in self.sessions} & {*SESSION_OPEN, "held", "contested"}
