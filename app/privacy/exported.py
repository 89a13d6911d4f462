"""What somebody is given when they ask what is known of them: which rows, and what of each.

Every table that holds something of people by the word of its columns (`models/erasure.py`) stands
here, or in `NOT_EXPORTED` with the reason; a test asks. Nobody is given by this what pages would
not show them: not what an incubator notes of a mentor, nor another startup's need, nor what the
other side says before both have spoken.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.privacy.export_shapes import Condition, Exported, Mine, Part
from app.privacy.exported_enquiries import ASKED_OF_HUMANS
from app.privacy.exported_money import DRAWN_OR_CARED_FOR, RAISING
from app.privacy.exported_ties import TIES
from app.privacy.exported_times import OF_TIMES
from app.privacy.own_rows import is_own_queue_place, is_readable_at_end, is_readable_feedback
from models.address_changes import AddressChange
from models.affiliations import Affiliation, StartupTopic
from models.answers import EngagementAnswer
from models.audit import AuditEntry
from models.briefs import CoachingBrief, FundingBrief, OrderBrief
from models.calendars import (
    Availability,
    AvailabilityException,
    BusySource,
    BusyTime,
    CalendarFeed,
    TimeOffer,
    WeeklyHours,
)
from models.consents import ConsentStep, PrivacyNoticeShown
from models.deals import Deal, DealVisit, Funnel
from models.documents import Document, DocumentReport, DocumentShare, DocumentVersion
from models.engagements import CoachingSession, Engagement, EngagementEvent, Feedback
from models.evaluation import EngagementFeedback, EvaluationObjection
from models.facts import Fact
from models.funds import Mandate, SoughtFunding
from models.imports import ImportBatch, ImportRow
from models.instruments import Instrument, InstrumentOutage, Slot
from models.log_ins import LogIn
from models.matches import Match, MatchEvidence, MatchRun
from models.needs import DismissedProposal, Need, NeedCondition, ReadingCorrection
from models.notices import Notice, OutboxMail
from models.organisations import Startup
from models.orm import Base
from models.passkeys import Passkey
from models.people import Invitation, Membership, Person
from models.pools import PoolEntry
from models.provider_links import ProviderLink
from models.provider_texts import ProviderText
from models.providers import (
    Centre,
    CentreService,
    Investor,
    Mentor,
    ProfileCorrection,
    Provider,
)
from models.questions import EngagementQuestion
from models.queues import QueuePlace
from models.refusals import Refusal
from models.second_factors import SecondFactor
from models.tokens import ApiRequest, ApiToken
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationQuote,
    VerificationReport,
    VerificationResult,
    VerificationSample,
    VerificationStep,
)
from models.workspace import (
    ActionItem,
    AgendaPoint,
    PairNote,
    ProfileSnapshot,
    SessionMinutes,
    WorkspaceMessage,
)

# Since the provider has accepted, the two sides know each other, also when it is over.
_KNOWN_TO_BOTH: Final = ("accepted", "active", "completed", "cancelled")


def _is_of_organisation(
    startup_id: InstrumentedAttribute[Any], provider_id: InstrumentedAttribute[Any]
) -> Condition:
    return lambda mine: or_(startup_id.in_(mine.startup_ids), provider_id.in_(mine.provider_ids))


def _is_of_provider(provider_id: InstrumentedAttribute[int]) -> Condition:
    return lambda mine: provider_id.in_(mine.provider_ids)


def _select_sources(mine: Mine) -> Select[int]:
    return select(BusySource.id).where(BusySource.person_id == mine.person_id)


def _select_deals(mine: Mine) -> Select[int]:
    return (
        select(Deal.id)
        .join(Engagement, Engagement.id == Deal.engagement_id)
        .where(Engagement.provider_id.in_(mine.provider_ids))
    )


def _select_orders(mine: Mine) -> Select[int]:
    return select(VerificationOrder.id).where(
        VerificationOrder.engagement_id.in_(_select_engagements(mine))
    )


def _select_centre_orders(mine: Mine) -> Select[int]:
    return (
        select(VerificationOrder.id)
        .join(Engagement, Engagement.id == VerificationOrder.engagement_id)
        .where(Engagement.provider_id.in_(mine.provider_ids))
    )


def _is_readable_result(mine: Mine) -> ColumnElement[bool]:
    """The centre's own until a report says it."""
    published = exists().where(VerificationReport.result_id == VerificationResult.id)
    return or_(
        VerificationResult.order_id.in_(_select_centre_orders(mine)),
        VerificationResult.order_id.in_(_select_orders(mine)) & published,
    )


def _is_readable_step(mine: Mine) -> ColumnElement[bool]:
    """What a centre does with a result before it is published is told to nobody else."""
    return or_(
        VerificationStep.order_id.in_(_select_centre_orders(mine)),
        VerificationStep.order_id.in_(_select_orders(mine))
        & VerificationStep.kind.not_like("result%"),
    )


def _export_of_order(model: type[Base], order_id: InstrumentedAttribute[int]) -> Exported:
    return Exported(Part.ENGAGEMENTS, model, lambda mine: order_id.in_(_select_orders(mine)))


def _select_needs(mine: Mine) -> Select[int]:
    return select(Need.id).where(Need.startup_id.in_(mine.startup_ids))


def _select_runs(mine: Mine) -> Select[int]:
    return select(MatchRun.id).where(MatchRun.need_id.in_(_select_needs(mine)))


def _select_matches(mine: Mine) -> Select[int]:
    return select(Match.id).where(Match.run_id.in_(_select_runs(mine)))


_is_my_engagement: Final = _is_of_organisation(Engagement.startup_id, Engagement.provider_id)
_is_my_document: Final = _is_of_organisation(Document.startup_id, Document.provider_id)


def _is_open_to_me(mine: Mine) -> ColumnElement[bool]:
    """What the startup's side said is its own until the provider has accepted."""
    return or_(Engagement.startup_id.in_(mine.startup_ids), Engagement.state.in_(_KNOWN_TO_BOTH))


def _select_engagements(mine: Mine) -> Select[int]:
    return select(Engagement.id).where(_is_my_engagement(mine))


def _select_open_engagements(mine: Mine) -> Select[int]:
    return select(Engagement.id).where(_is_my_engagement(mine), _is_open_to_me(mine))


def _select_documents(mine: Mine) -> Select[int]:
    return select(Document.id).where(_is_my_document(mine))


def _export_of_engagement(model: type[Base], engagement_id: InstrumentedAttribute[int]) -> Exported:
    return Exported(
        Part.ENGAGEMENTS,
        model,
        lambda mine: engagement_id.in_(_select_open_engagements(mine)),
    )


EXPORTED: Final[tuple[Exported, ...]] = (
    Exported(
        Part.ACCOUNT,
        Person,
        lambda mine: Person.id == mine.person_id,
        withheld=frozenset({"password_hash", "credential_version"}),
    ),
    Exported(Part.ACCOUNT, Membership, lambda mine: Membership.person_id == mine.person_id),
    Exported(
        Part.ACCOUNT,
        Invitation,
        lambda mine: or_(
            Invitation.email == mine.email, Invitation.invited_by_id == mine.person_id
        ),
        withheld=frozenset({"token_hash"}),
    ),
    # Also what others who answer for the same profile agreed to.
    Exported(
        Part.ACCOUNT,
        ConsentStep,
        lambda mine: or_(
            ConsentStep.person_id == mine.person_id, ConsentStep.provider_id.in_(mine.provider_ids)
        ),
    ),
    Exported(
        Part.ACCOUNT,
        PrivacyNoticeShown,
        lambda mine: PrivacyNoticeShown.person_id == mine.person_id,
    ),
    Exported(
        Part.ACCOUNT,
        LogIn,
        lambda mine: LogIn.person_id == mine.person_id,
        withheld=frozenset({"token_hash"}),
    ),
    Exported(
        Part.ACCOUNT,
        SecondFactor,
        lambda mine: SecondFactor.person_id == mine.person_id,
        withheld=frozenset({"sealed_secret", "last_step"}),
    ),
    Exported(
        Part.ACCOUNT,
        Passkey,
        lambda mine: Passkey.person_id == mine.person_id,
        withheld=frozenset({"public_key", "last_challenge"}),
    ),
    Exported(Part.ACCOUNT, ProviderLink, lambda mine: ProviderLink.person_id == mine.person_id),
    Exported(Part.ACCOUNT, AddressChange, lambda mine: AddressChange.person_id == mine.person_id),
    Exported(
        Part.ACCOUNT,
        ApiToken,
        lambda mine: ApiToken.person_id == mine.person_id,
        withheld=frozenset({"token_hash", "credential_version"}),
    ),
    Exported(
        Part.ACCOUNT,
        ApiRequest,
        lambda mine: ApiRequest.person_id == mine.person_id,
        # The answer is that of the person's own program, sealed for a day.
        withheld=frozenset({"content_hash", "body"}),
    ),
    Exported(Part.RECORD, Refusal, lambda mine: Refusal.person_id == mine.person_id),
    Exported(
        Part.ACCOUNT,
        CalendarFeed,
        lambda mine: CalendarFeed.person_id == mine.person_id,
        withheld=frozenset({"token_hash"}),
    ),
    Exported(Part.ACCOUNT, BusySource, lambda mine: BusySource.person_id == mine.person_id),
    Exported(Part.ACCOUNT, BusyTime, lambda mine: BusyTime.source_id.in_(_select_sources(mine))),
    Exported(Part.TOLD, Notice, lambda mine: Notice.person_id == mine.person_id),
    Exported(
        Part.TOLD,
        OutboxMail,
        lambda mine: or_(OutboxMail.person_id == mine.person_id, OutboxMail.address == mine.email),
        withheld=frozenset({"last_error"}),
    ),
    Exported(
        Part.RECORD,
        AuditEntry,
        lambda mine: or_(
            AuditEntry.actor_id == mine.person_id, AuditEntry.on_behalf_of_id == mine.person_id
        ),
        # A request that was declined does not tell whose startup it came from.
        withheld=frozenset({"incubator_id"}),
    ),
    Exported(Part.PROFILES, Startup, lambda mine: Startup.id.in_(mine.startup_ids)),
    Exported(
        Part.PROFILES, StartupTopic, lambda mine: StartupTopic.startup_id.in_(mine.startup_ids)
    ),
    Exported(Part.PROFILES, Provider, lambda mine: Provider.id.in_(mine.provider_ids)),
    Exported(Part.PROFILES, Mentor, lambda mine: Mentor.provider_id.in_(mine.provider_ids)),
    Exported(Part.PROFILES, Investor, lambda mine: Investor.provider_id.in_(mine.provider_ids)),
    Exported(Part.PROFILES, Centre, lambda mine: Centre.provider_id.in_(mine.provider_ids)),
    Exported(
        Part.PROFILES, CentreService, lambda mine: CentreService.provider_id.in_(mine.provider_ids)
    ),
    Exported(
        Part.PROFILES,
        Affiliation,
        _is_of_organisation(Affiliation.startup_id, Affiliation.provider_id),
    ),
    Exported(
        Part.PROFILES,
        PoolEntry,
        lambda mine: PoolEntry.provider_id.in_(mine.provider_ids),
        withheld=frozenset({"private_note"}),
    ),
    *(
        Exported(Part.PROFILES, model, _is_of_provider(model.provider_id))
        for model in (Availability, WeeklyHours, AvailabilityException, ProfileCorrection)
    ),
    Exported(Part.PROFILES, ProviderText, _is_of_provider(ProviderText.provider_id)),
    Exported(Part.PROFILES, Mandate, lambda mine: Mandate.provider_id.in_(mine.provider_ids)),
    Exported(Part.NEEDS, Need, lambda mine: Need.startup_id.in_(mine.startup_ids)),
    Exported(
        Part.NEEDS, NeedCondition, lambda mine: NeedCondition.need_id.in_(_select_needs(mine))
    ),
    Exported(
        Part.NEEDS,
        ReadingCorrection,
        lambda mine: ReadingCorrection.need_id.in_(_select_needs(mine)),
        withheld=frozenset({"sentence_key"}),
    ),
    Exported(
        Part.NEEDS,
        DismissedProposal,
        lambda mine: DismissedProposal.need_id.in_(_select_needs(mine)),
    ),
    Exported(
        Part.NEEDS, SoughtFunding, lambda mine: SoughtFunding.need_id.in_(_select_needs(mine))
    ),
    Exported(Part.NEEDS, MatchRun, lambda mine: MatchRun.need_id.in_(_select_needs(mine))),
    Exported(Part.NEEDS, Match, lambda mine: Match.run_id.in_(_select_runs(mine))),
    Exported(
        Part.NEEDS, MatchEvidence, lambda mine: MatchEvidence.match_id.in_(_select_matches(mine))
    ),
    Exported(
        Part.ENGAGEMENTS,
        Engagement,
        _is_my_engagement,
        # Whom a request is from is told when it is accepted.
        shown_where=dict.fromkeys(
            ("background", "incubator_id", "startup_id", "need_id", "match_id"), _is_open_to_me
        ),
    ),
    Exported(Part.PROFILES, Funnel, lambda mine: Funnel.provider_id.in_(mine.provider_ids)),
    # What a fund makes of a request is its own; the startup has been told what it is shown.
    Exported(Part.ENGAGEMENTS, Deal, lambda mine: Deal.id.in_(_select_deals(mine))),
    Exported(Part.ENGAGEMENTS, DealVisit, lambda mine: DealVisit.deal_id.in_(_select_deals(mine))),
    *RAISING,
    Exported(Part.NEEDS, Claim, lambda mine: Claim.startup_id.in_(mine.startup_ids)),
    _export_of_order(VerificationOrder, VerificationOrder.id),
    _export_of_order(VerificationQuote, VerificationQuote.order_id),
    _export_of_order(VerificationSample, VerificationSample.order_id),
    _export_of_order(VerificationReport, VerificationReport.order_id),
    Exported(Part.ENGAGEMENTS, VerificationStep, _is_readable_step),
    _export_of_order(Slot, Slot.order_id),
    Exported(Part.PROFILES, Instrument, lambda mine: Instrument.provider_id.in_(mine.provider_ids)),
    Exported(
        Part.PROFILES,
        InstrumentOutage,
        lambda mine: InstrumentOutage.instrument_id.in_(
            select(Instrument.id).where(Instrument.provider_id.in_(mine.provider_ids))
        ),
    ),
    Exported(Part.ENGAGEMENTS, VerificationResult, _is_readable_result),
    *DRAWN_OR_CARED_FOR,
    _export_of_engagement(CoachingBrief, CoachingBrief.engagement_id),
    _export_of_engagement(FundingBrief, FundingBrief.engagement_id),
    _export_of_engagement(OrderBrief, OrderBrief.engagement_id),
    _export_of_engagement(TimeOffer, TimeOffer.engagement_id),
    _export_of_engagement(EngagementAnswer, EngagementAnswer.engagement_id),
    _export_of_engagement(EngagementQuestion, EngagementQuestion.engagement_id),
    _export_of_engagement(EngagementEvent, EngagementEvent.engagement_id),
    _export_of_engagement(WorkspaceMessage, WorkspaceMessage.engagement_id),
    _export_of_engagement(AgendaPoint, AgendaPoint.engagement_id),
    _export_of_engagement(SessionMinutes, SessionMinutes.engagement_id),
    _export_of_engagement(ActionItem, ActionItem.engagement_id),
    _export_of_engagement(PairNote, PairNote.engagement_id),
    _export_of_engagement(ProfileSnapshot, ProfileSnapshot.engagement_id),
    Exported(
        Part.ENGAGEMENTS,
        CoachingSession,
        lambda mine: CoachingSession.engagement_id.in_(_select_engagements(mine)),
    ),
    *OF_TIMES,
    *TIES,
    Exported(
        Part.ENGAGEMENTS,
        Feedback,
        is_readable_feedback,
        # Comments are for operators, and for who wrote them.
        shown_where=dict.fromkeys(
            ("comment", "private_note"), lambda mine: Feedback.author_id == mine.person_id
        ),
    ),
    ASKED_OF_HUMANS,
    Exported(Part.NEEDS, QueuePlace, is_own_queue_place),
    Exported(
        Part.ENGAGEMENTS,
        EngagementFeedback,
        is_readable_at_end,
        # Comments are for operators, and for who wrote them.
        shown_where={"comment": lambda mine: EngagementFeedback.author_id == mine.person_id},
    ),
    Exported(Part.PROFILES, EvaluationObjection, _is_of_provider(EvaluationObjection.provider_id)),
    Exported(
        Part.FACTS,
        Fact,
        lambda mine: or_(
            _is_of_organisation(Fact.startup_id, Fact.provider_id)(mine),
            Fact.stated_by_id == mine.person_id,
        ),
    ),
    Exported(Part.DOCUMENTS, Document, _is_my_document),
    Exported(
        Part.DOCUMENTS,
        DocumentVersion,
        lambda mine: or_(
            DocumentVersion.document_id.in_(_select_documents(mine)),
            DocumentVersion.uploaded_by_id == mine.person_id,
        ),
        withheld=frozenset({"storage_key"}),
    ),
    Exported(
        Part.DOCUMENTS, DocumentReport, lambda mine: DocumentReport.reporter_id == mine.person_id
    ),
    Exported(
        Part.DOCUMENTS,
        DocumentShare,
        lambda mine: or_(
            DocumentShare.document_id.in_(_select_documents(mine)),
            DocumentShare.created_by_id == mine.person_id,
        ),
    ),
    Exported(Part.FILES, ImportBatch, lambda mine: ImportBatch.actor_id == mine.person_id),
    Exported(Part.FILES, ImportRow, lambda mine: ImportRow.email == mine.email),
)

# Tables that hold something of people or hang on them, and why nobody is given their rows.
NOT_EXPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "incubator": "an incubator's own texts: its page shows whom it names as service officer",
        "provider_passage": "numbers that are computed from the published text",
        "provider_text_passage": "numbers that are computed from a further text",
        "incubator_term": "what an incubator calls things: its operators see it",
        "voucher_scheme": "what an incubator says of a public scheme: its page shows it",
        "tried_lately": "hashes by which nobody can be found",
        "recovery_code": "hashes of codes that let somebody in",
        "audit_seal": "hashes that hold the record of acts together",
        "digest_notice": "which mail told which notice: both are given",
        "data_room": "a door alone: what is behind it is given, and to whom it is open",
        "joint_time": "which two sessions are one time: both are given",
        "minutes_writer": "who wrote in which minutes: these are given",
        "passed_request": "what became of a request: the steps of both say it",
        "session_quarter": "the hours of sessions, which are given",
        "slot_step": "the hours of slots, which are given",
    }
)
