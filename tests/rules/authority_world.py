"""A small world in which every action can be shown, and strangers who have no right in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Acting, Actor, Installation, make_actor
from app.accounts.actions import begin_log_in, create_token, invitations
from app.accounts.queries import hash_token
from app.calendars.actions import add_exception, add_source
from app.calendars.values import Difference
from app.engagements.actions import contradictions, missed_times, sessions
from app.enquiries.actions import asking
from app.evaluation.actions import objecting
from app.events import queue_event
from app.facts.actions import state_fact
from app.funds.actions import draft_mandate
from app.imports.planning import Plan
from app.pools.actions.terms import TermValues, add_term
from app.sealing import Sealer
from app.signing import Signer
from app.vault.actions import reporting, sharing, uploading
from app.vault.contents import check_file
from app.vault.keeping import StoredFile
from app.vault.storage.port import make_key
from app.webhooks.actions import create_webhook
from app.workspace.actions import agenda, items, notes
from models.arrangements import Arrangement
from models.calendars import AvailabilityException, BusySource, ExceptionKind
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.contradictions import Contradiction
from models.datarooms import DataRoom, RoomGrant, RoomItem, RoomQuestion
from models.documents import Document, DocumentShare
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement
from models.enquiries import EnquiryConcern, ListEnquiry
from models.evaluation import EvaluationObjection
from models.evaluation_codes import EvaluationFigure
from models.facts import Fact
from models.financings import Financing, Interest
from models.funds import Mandate
from models.imports import ImportBatch
from models.incubator_terms import IncubatorTerm
from models.instruments import Instrument, InstrumentOutage, Slot
from models.log_ins import LogIn, LogInMethod
from models.matches import Match, MatchRun
from models.missed_times import MissedBy, MissedTime
from models.passkeys import Passkey
from models.people import Invitation, Person
from models.pools import PoolEntry
from models.products import FinanceProduct
from models.provider_links import ProviderLink
from models.provider_texts import ProviderText
from models.providers import Provider
from models.questions import EngagementQuestion
from models.queues import QueuePlace
from models.tokens import ApiToken
from models.verification import Claim, VerificationOrder, VerificationSample
from models.vocabulary import (
    ClaimComparator,
    DocumentKind,
    ProviderKind,
    ReportReason,
    Role,
    Side,
    Strength,
)
from models.voucher_codes import VoucherCover
from models.vouchers import Voucher, VoucherScheme
from models.webhooks import Webhook, WebhookDelivery, WebhookEvent
from models.workspace import ActionItem, AgendaPoint, PairNote
from models.workspace_guests import WorkspaceGuest
from tests.app.arrangements.scenes import make_arrangement
from tests.app.calendars.scenes import offer, open_hours
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.engagements.scenes import LATER, Scene, make_accepted, make_scene, plan
from tests.app.facts.scenes import of_year
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import VALUES, make_money_need
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House, preview
from tests.app.imports.scenes import plan as plan_rows
from tests.app.lived_history import make_run
from tests.app.products.scenes import make_product
from tests.app.vault.scenes import PDF
from tests.factories import (
    AT,
    act_as,
    act_for,
    admit,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
    make_text,
)

# Several worlds can stand in one database.
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class World:
    """An incubator with its people and one of everything that can be acted upon."""

    scene: Scene
    invitation: Invitation
    applied: PoolEntry
    unclaimed: Provider
    plans: Sequence[Plan]
    batch: ImportBatch
    run: MatchRun
    match: Match
    requested: Engagement
    asked_back: Engagement
    accepted: Engagement
    proposed: CoachingSession
    held: CoachingSession
    full: Provider
    place: QueuePlace
    missed: MissedTime
    appealed: MissedTime
    contradiction: Contradiction
    point: AgendaPoint
    item: ActionItem
    done: ActionItem
    note: PairNote
    read_along: Engagement
    exception: AvailabilityException
    ended: Engagement
    met: Engagement
    objection: EvaluationObjection
    source: BusySource
    newcomer: Person
    document: Document
    reported: Document
    share: DocumentShare
    fact: Fact
    mandate: Mandate
    other_fund: Provider
    deal: Engagement
    financing: Financing
    interest: Interest
    arrangement: Arrangement
    offered: Arrangement
    room_item: RoomItem
    room_grant: RoomGrant
    room_question: RoomQuestion
    order: VerificationOrder
    sample: VerificationSample
    slot: Slot
    log_in: LogIn
    passkey: Passkey
    provider_link: ProviderLink
    token: ApiToken
    webhook: Webhook
    delivery: WebhookDelivery
    scheme: VoucherScheme
    scheme_draft: VoucherScheme
    product: FinanceProduct
    product_draft: FinanceProduct
    offered_post: Commissioner
    applied_post: Commissioner
    commissioner: Commissioner
    free_post: Commissioner
    assigned: CompanyCare
    asked: CompanyCare
    in_care: CompanyCare
    case_open: FinanceCase
    case_running: FinanceCase
    voucher: Voucher
    further_text: ProviderText
    second: Engagement
    pair: DualMentoring
    term: IncubatorTerm
    enquiry: ListEnquiry

    @property
    def founder(self) -> Actor:
        return act_as(self.scene.founder)

    @property
    def mentor(self) -> Actor:
        return act_as(self.scene.mentor)

    @property
    def operator(self) -> Actor:
        return act_as(self.scene.operator)

    @property
    def stand_in(self) -> Actor:
        return self.scene.by_operator_for(self.scene.founder)

    @property
    def applicant(self) -> Actor:
        return act_as(self.applied.provider.memberships[0].person)


def make_world(session: Session) -> World:
    scene = make_scene(session, capacity=9)
    sent = invitations.invite(
        session,
        email="invited@example.org",
        role=Role.FOUNDER,
        startup_id=scene.startup.id,
        actor=scene.by_founder,
        at=AT,
    )
    applicant = make_mentor(session, person=make_person(session))
    unclaimed = make_mentor(session)
    admit(session, scene.incubator, unclaimed)
    house = House(scene.incubator, scene.operator)
    run = make_run(session, scene.need)
    match = Match(
        provider_id=scene.provider.id,
        kind=ProviderKind.MENTOR,
        rank=1,
        score=0.5,
        strength=Strength.POSSIBLE,
        features={},
        against=[],
    )
    run.matches.append(match)
    session.flush()
    fund_person = make_person(session)
    fund = make_investor(session, person=fund_person)
    accepted = make_accepted(session, scene)
    document, reported = (_keep(session, scene, content) for content in (PDF, PDF + b"\n"))
    share = sharing.show_document(
        session,
        document=document,
        receiver=scene.incubator,
        actor=scene.by_founder,
        at=AT,
        occasion=accepted,
    )
    reporting.report_document(
        session,
        document=reported,
        reason=ReportReason.UNSAFE,
        words="",
        actor=scene.by_founder,
        at=AT,
    )
    proposed = plan(session, accepted, scene.by_mentor)
    held = plan(session, accepted, scene.by_mentor, starts_at=LATER + timedelta(days=1))
    sessions.confirm(session, coaching_session=held, actor=scene.by_founder, at=AT)
    sessions.record_held(session, coaching_session=held, actor=scene.by_mentor, at=held.ends_at)
    open_hours(session, scene)
    exception = add_exception(
        session,
        provider=scene.provider,
        difference=Difference(ExceptionKind.AWAY, LATER.date(), LATER.date()),
        actor=scene.by_mentor,
        at=AT,
    )
    offer(session, scene, accepted, LATER + timedelta(days=5))
    webhook = create_webhook(
        session,
        incubator=scene.incubator,
        url="https://example.org/told",
        events=[WebhookEvent.NEED_CLOSED],
        networks=(),
        sealer=Sealer("only for tests"),
        actor=act_as(scene.operator),
        at=AT,
    )
    delivery = queue_event(session, webhook=webhook, event=None, subject=webhook, at=AT)
    delivery.given_up_at = AT
    order = _order(session, scene, fund_person)
    deal = make_engagement(session, make_money_need(session, scene.startup), fund, state="accepted")
    financing = make_financing(session, deal.need)
    item = RoomItem(
        room=DataRoom(startup=scene.startup, created_at=AT), document=document, added_at=AT
    )
    session.add(item)
    grant = RoomGrant(room=item.room, provider_id=fund.id, granted_at=AT, changed_at=AT)
    question = RoomQuestion(
        room=grant.room, grant=grant, document_number=1, text="Why", asked_at=AT
    )
    session.add(question)
    session.flush()
    interest = make_interest(session, financing, fund, state="committed")
    other_deal = make_engagement(
        session, make_money_need(session, scene.startup), fund, state="accepted"
    )
    offered = make_arrangement(session, other_deal, state="offered", offered_at=AT)
    scheme = _scheme(session, scene, "current")
    return World(
        scene,
        sent.invitation,
        admit(session, scene.incubator, applicant, state="applied"),
        unclaimed,
        plan_rows(session, house, COMPLETE_MENTOR),
        preview(session, house, COMPLETE_MENTOR),
        run,
        match,
        make_engagement(session, make_need(session, scene.startup, title="B"), scene.provider),
        _ask_back(session, scene),
        accepted,
        proposed,
        held,
        *_queue(session, scene),
        *_miss(session, scene, accepted),
        agenda.add_point(session, engagement=accepted, text="Yield", actor=scene.by_mentor, at=AT),
        items.add_item(
            session,
            engagement=accepted,
            text="Send maps",
            owner_side=Side.STARTUP,
            due_on=None,
            actor=scene.by_mentor,
            at=AT,
        ),
        _finish(session, accepted),
        notes.write_note(
            session, engagement=accepted, text="Between us", actor=scene.by_mentor, at=AT
        ),
        _let_operators_in(session, scene),
        exception,
        make_engagement(
            session,
            make_need(session, scene.startup, title="E"),
            scene.provider,
            state="completed",
            closed_at=AT,
        ),
        held.engagement,
        objecting.object_to_figure(
            session,
            provider=scene.provider,
            incubator=scene.incubator,
            figure=EvaluationFigure.GOALS,
            words="Not so",
            actor=scene.by_mentor,
            at=AT,
        ),
        add_source(
            session,
            person=scene.founder,
            url="https://example.org/busy.ics",
            actor=scene.by_founder,
            at=AT,
        ),
        make_person(session),
        document,
        reported,
        share,
        state_fact(
            session, subject=scene.startup, stated=of_year(2024, 90), actor=scene.by_founder, at=AT
        ),
        _draft(session, make_investor(session, person=fund_person)),
        fund,
        deal,
        financing,
        interest,
        make_arrangement(session, deal),
        offered,
        item,
        question.grant,
        question,
        order,
        order.samples[0],
        _slot(session, order),
        _log_in(session, scene.founder),
        _keep_passkey(session, scene.founder),
        _connect(session, scene.founder),
        create_token(
            session,
            person=scene.founder,
            name="a program",
            scopes=["all"],
            days=30,
            signer=Signer("only for tests"),
            actor=scene.by_founder,
            at=AT,
        ).token,
        webhook,
        delivery,
        scheme,
        _scheme(session, scene, "draft"),
        make_product(session, scene.incubator),
        make_product(session, scene.incubator, state="draft"),
        *_appoint(session, scene),
        _voucher(session, scheme, order),
        make_text(session, scene.provider, "Another line that was sealed."),
        *_bring_together(session, scene),
        add_term(
            session,
            incubator=scene.incubator,
            values=TermValues(english=("sintered silver", "silver sintering")),
            actor=act_as(scene.operator),
            at=AT,
        ),
        _ask_human(session, scene),
    )


def _ask_human(session: Session, scene: Scene) -> ListEnquiry:
    """The founder asks about the list of another need."""
    need = make_need(session, scene.startup, title="G")
    return asking.ask_about_list(
        session,
        need=need,
        run=make_run(session, need),
        concern=EnquiryConcern.HOW_MADE,
        words="Why these",
        contact="",
        actor=scene.by_founder,
        at=AT,
    )


def _appoint(
    session: Session, scene: Scene
) -> tuple[
    Commissioner,
    Commissioner,
    Commissioner,
    Commissioner,
    CompanyCare,
    CompanyCare,
    CompanyCare,
    FinanceCase,
    FinanceCase,
]:
    """One who is asked, one who applies and one who is, with companies and cases of each state."""
    offered, applied, commissioner, free, second, third = (
        make_commissioner(session, scene.incubator, make_person(session), state, words="Come")
        for state in ("offered", "applied", "active", "active", "active", "active")
    )
    in_care = make_care(session, commissioner, scene.startup)
    return (
        offered,
        applied,
        commissioner,
        free,
        make_care(session, second, scene.startup, "assigned"),
        make_care(session, third, scene.startup, "asked"),
        in_care,
        make_case(session, in_care, "open"),
        make_case(session, in_care),
    )


def _scheme(session: Session, scene: Scene, state: str) -> VoucherScheme:
    """A scheme of the incubator, as a draft or open."""
    scheme = VoucherScheme(
        incubator=scene.incubator,
        code=f"own {state}",
        number=1,
        state=state,
        title="A scheme",
        covers=[VoucherCover.TESTING],
        share_bp=5000,
        cap_yuan=1000,
        opens_on=AT.date(),
        apply_until=AT.date(),
        use_until=AT.date(),
        claim_until=AT.date(),
        source_title="A notice",
        created_at=AT,
        updated_at=AT,
        published_at=AT,
    )
    session.add(scheme)
    session.flush()
    return scheme


def _voucher(session: Session, scheme: VoucherScheme, order: VerificationOrder) -> Voucher:
    """Of the scheme, reserved for the order."""
    voucher = Voucher(
        scheme=scheme,
        startup=order.engagement.startup,
        order=order,
        claim_id=order.claim_id,
        code=scheme.code,
        year=2026,
        fee_yuan=100,
        reserved_yuan=50,
        amount_yuan=50,
        claim_by=AT.date(),
        reserved_at=AT,
        changed_at=AT,
    )
    session.add(voucher)
    session.flush()
    return voucher


def _order(session: Session, scene: Scene, person: Person) -> VerificationOrder:
    """A claim of the startup at a centre for which `person` acts, and a sample on its way."""
    order = VerificationOrder(
        engagement=make_engagement(
            session,
            make_need(session, scene.startup, title="D"),
            make_centre(session, person=person),
            state="accepted",
        ),
        claim=Claim(
            startup=scene.startup,
            metric="Yield",
            comparator=ClaimComparator.AT_LEAST,
            low=Decimal(60),
            created_at=AT,
            updated_at=AT,
        ),
        asked_at=AT,
        changed_at=AT,
        samples=[VerificationSample(description="A wafer", sent_at=AT, changed_at=AT)],
    )
    session.add(order)
    session.flush()
    return order


def _slot(session: Session, order: VerificationOrder) -> Slot:
    """A slot at an instrument of the centre that is out of use for a while."""
    slot = Slot(
        instrument=Instrument(
            provider=order.engagement.provider,
            name="Chamber",
            created_at=AT,
            updated_at=AT,
            outages=[InstrumentOutage(starts_at=AT, ends_at=LATER)],
        ),
        order=order,
        place=1,
        starts_at=LATER,
        ends_at=LATER + timedelta(hours=1),
        booked_at=AT,
    )
    session.add(slot)
    session.flush()
    return slot


def _ask_back(session: Session, scene: Scene) -> Engagement:
    """A request in which the mentor waits for a reply."""
    need = make_need(session, scene.startup, title="C")
    engagement = make_engagement(session, need, scene.provider)
    engagement.questions.append(
        EngagementQuestion(question="Which wafers?", asked_at=AT, minutes_left=60)
    )
    session.flush()
    return engagement


def _bring_together(session: Session, scene: Scene) -> tuple[Engagement, DualMentoring]:
    """An engagement with another mentor, and two that are asked to become one."""
    running = []
    for name in "XYZ":
        mentor = make_person(session)
        other = make_mentor(session, person=mentor)
        need = make_need(session, scene.startup, title=name)
        provider = scene.provider if name == "Y" else other
        running.append(make_engagement(session, need, provider, state="accepted"))
    second, lead, partner = running
    pair = DualMentoring(lead=lead, partner=partner, asked_at=AT)
    session.add(pair)
    session.flush()
    return second, pair


def _queue(session: Session, scene: Scene) -> tuple[Provider, QueuePlace]:
    """A mentor without a free place, and a need that waits for one."""
    full = make_mentor(session, person=make_person(session), capacity=0)
    need = make_need(session, scene.startup, title="Q")
    place = QueuePlace(need=need, provider=full, joined_at=AT)
    session.add(place)
    session.flush()
    return full, place


def _miss(
    session: Session, scene: Scene, engagement: Engagement
) -> tuple[MissedTime, MissedTime, Contradiction]:
    """A time that the mentor missed, another one about which it appeals, and one that it says was
    held."""
    found = []
    for days in (10, 11, 12):
        planned = plan(session, engagement, scene.by_mentor, starts_at=LATER + timedelta(days=days))
        sessions.confirm(session, coaching_session=planned, actor=scene.by_founder, at=AT)
        sessions.record_missed(
            session,
            coaching_session=planned,
            missed_by=MissedBy.PROVIDER,
            actor=scene.by_founder,
            at=planned.ends_at,
        )
        found.append(
            session.scalars(
                select(MissedTime).where(MissedTime.coaching_session_id == planned.id)
            ).one()
        )
    missed, appealed, contested = found
    missed_times.appeal(
        session,
        missed_time=appealed,
        words="I waited for an hour.",
        actor=scene.by_mentor,
        at=LATER + timedelta(days=12),
    )
    contradiction = contradictions.contradict(
        session,
        coaching_session=contested.coaching_session,
        words="We met in room 2.",
        actor=scene.by_mentor,
        at=LATER + timedelta(days=13),
    )
    contradiction.decision = "Not yet"
    session.flush()
    return missed, appealed, contradiction


def _draft(session: Session, fund: Provider) -> Mandate:
    return draft_mandate(session, provider=fund, values=VALUES, actor=act_for(fund), at=AT)


def _log_in(session: Session, person: Person) -> LogIn:
    token = begin_log_in(
        session, person=person, device="", method=LogInMethod.TYPED, is_remembered=False, at=AT
    )
    return session.scalars(select(LogIn).where(LogIn.token_hash == hash_token(token))).one()


def _keep_passkey(session: Session, person: Person) -> Passkey:
    passkey = Passkey(
        person=person,
        name="Laptop",
        credential_id=f"AA{next(_numbers)}",
        public_key=b"",
        sign_count=0,
        last_challenge=0,
        created_at=AT,
    )
    session.add(passkey)
    session.flush()
    return passkey


def _connect(session: Session, person: Person) -> ProviderLink:
    link = ProviderLink(
        person=person,
        issuer="https://city.example",
        subject=f"someone {next(_numbers)}",
        created_at=AT,
    )
    session.add(link)
    session.flush()
    return link


def _finish(session: Session, engagement: Engagement) -> ActionItem:
    """An action that is done."""
    item = ActionItem(
        engagement=engagement,
        state="done",
        text="Sent maps",
        owner_side=Side.STARTUP,
        added_at=AT,
        closed_at=AT,
    )
    session.add(item)
    session.flush()
    return item


def _let_operators_in(session: Session, scene: Scene) -> Engagement:
    """An engagement into whose workspace the startup lets the operators look."""
    need = make_need(session, scene.startup, title="D")
    engagement = make_engagement(session, need, scene.provider, state="accepted")
    engagement.workspace_guests.append(WorkspaceGuest(side=Side.STARTUP, invited_at=AT))
    session.flush()
    return engagement


def store(content: bytes) -> StoredFile:
    """A file that is said to be in the store."""
    return StoredFile(make_key(content), check_file("plan.pdf", content, megabytes=1))


def _keep(session: Session, scene: Scene, content: bytes) -> Document:
    return uploading.upload_document(
        session,
        owner=scene.startup,
        stored=store(content),
        title="Plan",
        kind=DocumentKind.PITCH,
        is_declared=True,
        quota_megabytes=5,
        actor=scene.by_founder,
        at=AT,
    )


def list_strangers(session: Session, world: World) -> dict[str, Acting]:
    """Who has no right over anything in `world`, and where they come from."""
    elsewhere = make_person(session)
    incubator = make_incubator(session, operator=elsewhere)
    startup = make_startup(session, founder=elsewhere, incubator=incubator)
    admit(session, incubator, make_mentor(session, person=elsewhere))
    founder = startup.memberships[0].person
    other = make_person(session)
    make_startup(session, founder=other, incubator=incubator)
    return {
        "somebody who belongs to nothing": act_as(make_person(session)),
        "operator, founder and mentor of another tenant": act_as(founder),
        "a founder of another tenant": act_as(other),
        "an operator of another tenant who stands in": make_actor(
            founder, on_behalf_of=other, within_incubator_id=incubator.id
        ),
        # An operator there cannot reach through a mentor of theirs into what is here.
        "somebody who stands in for the mentor elsewhere": make_actor(
            founder, on_behalf_of=world.scene.mentor, within_incubator_id=incubator.id
        ),
        "the clock": Installation.CLOCK,
        "the command line": Installation.COMMAND_LINE,
    }
