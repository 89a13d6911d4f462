"""A world in which for everybody everything waits that can ever wait for somebody like them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.arrangements.actions import ending
from app.verification.actions import reporting, testing
from app.vouchers.actions import reviewing
from models.contradictions import Contradiction
from models.datarooms import DataRoom, RoomGrant, RoomQuestion
from models.documents import Document
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement
from models.enquiries import EnquiryConcern, ListEnquiry
from models.evaluation import EvaluationObjection
from models.evaluation_codes import EvaluationFigure
from models.instruments import Instrument, Slot
from models.matches import Match, MatchRun
from models.missed_times import MissedBy, MissedTime, MissedTimeKind
from models.organisations import Incubator, Startup
from models.people import Person
from models.providers import Provider
from models.questions import EngagementQuestion
from models.queues import QueuePlace
from models.vocabulary import DocumentKind, Role, Side
from models.workspace import ActionItem
from tests.app.arrangements.scenes import CONVERSION, EQUITY, agree, offer, pay
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.financings.scenes import Scene as FinancingScene
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import Scene as FundScene
from tests.app.funds.scenes import draft, make_money_need, state_gate
from tests.app.products.scenes import make_product
from tests.app.verification.scenes import RESULT, bring_to, send
from tests.app.verification.scenes import Scene as OrderScene
from tests.app.vouchers.scenes import (
    claim,
    offer_scheme,
    order_with,
    report,
    take_vouchers,
    use,
)
from tests.factories import (
    AT,
    act_as,
    admit,
    join,
    make_centre,
    make_engagement,
    make_incubator,
    make_investor,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

DAY = timedelta(days=1)
YES = {"state": "accepted", "answered_at": AT}


@dataclass(frozen=True)
class World:
    """Whom it waits for, each in one role; the operator keeps vouchers, too."""

    incubator: Incubator
    founder: Person
    mentor: Person
    fund: Person
    centre: Person
    operator: Person
    commissioner: Person
    regulator: Person

    def reload(self, session: Session) -> "World":
        """The same in a session that has forgotten it."""
        return World(
            session.get_one(Incubator, self.incubator.id),
            *(session.get_one(Person, each.id) for each in self.people),
        )

    @property
    def people(self) -> list[Person]:
        """All for whom something waits, and a regulator, for whom nothing does."""
        return [each for each in vars(self).values() if isinstance(each, Person)]


def make_world(session: Session) -> World:
    operator = make_person(session)
    people = [make_person(session) for _ in range(6)]
    incubator = make_incubator(session, operator=operator, place_code="310115")
    join(session, people[5], Role.REGULATOR, place_code="310000")
    founder, mentor, fund, centre, commissioner, regulator = people
    return World(incubator, founder, mentor, fund, centre, operator, commissioner, regulator)


def add_everything(session: Session, world: World) -> None:
    """One more of each, of a startup and of providers of its own."""
    startup = make_startup(session, founder=world.founder, incubator=world.incubator)
    mentor = make_mentor(session, person=world.mentor)
    _add_requests(session, startup, mentor)
    _add_times(session, startup, mentor)
    _add_needs(session, startup, mentor)
    _add_desk(session, world, startup, mentor)
    _add_cases(session, world, startup)
    funds = FundScene(
        world.incubator,
        startup,
        make_money_need(session, startup),
        make_investor(session, person=world.fund),
        world.founder,
        world.operator,
        world.fund,
        make_person(session),
    )
    _add_money(session, funds)
    _add_orders(session, world, funds)
    session.flush()


def _add_requests(session: Session, startup: Startup, mentor: Provider) -> None:
    make_engagement(session, make_need(session, startup), mentor)
    asked = make_engagement(session, make_need(session, startup), mentor)
    session.add(
        EngagementQuestion(engagement_id=asked.id, question="Why", asked_at=AT, minutes_left=60)
    )
    need = make_need(session, startup)
    other = make_engagement(session, need, make_mentor(session), **YES)
    own = make_engagement(session, need, mentor, **YES)
    session.add(DualMentoring(lead=other, partner=own, asked_at=AT, lead_agreed_at=AT))
    session.add(
        QueuePlace(
            need=make_need(session, startup),
            provider=mentor,
            state="offered",
            joined_at=AT,
            offer_due_at=AT + DAY,
        )
    )
    person = mentor.memberships[0].person
    paused = make_mentor(session, person=person, state="paused")
    over = {"closed_at": AT - DAY}
    make_engagement(session, make_need(session, startup), paused, state="expired", **over)
    make_engagement(session, need, mentor, state="completed", answered_at=AT, **over)


def _add_times(session: Session, startup: Startup, mentor: Provider) -> None:
    running = make_engagement(
        session, make_need(session, startup), mentor, state="active", answered_at=AT
    )
    times = [
        (7, "proposed", Side.PROVIDER),
        (8, "proposed", Side.STARTUP),
        (-2, "confirmed", Side.PROVIDER),
        (-3, "held", Side.PROVIDER),
        (-4, "contested", Side.PROVIDER),
        (-5, "missed", Side.PROVIDER),
    ]
    made = [_make_time(running, AT + days * DAY, state, side) for days, state, side in times]
    session.add_all(made)
    *_, contested, missed = made
    session.add_all(
        (
            Contradiction(
                coaching_session=contested,
                was_held=True,
                missed_by=MissedBy.PROVIDER,
                side=Side.STARTUP,
                words="Nobody came.",
                made_at=AT,
            ),
            MissedTime(
                engagement=running,
                coaching_session=missed,
                side=Side.PROVIDER,
                kind=MissedTimeKind.NO_SHOW,
                state="appealed",
                planned_at=missed.starts_at,
                counted_at=AT,
                appeal="The link was wrong.",
                appealed_at=AT,
            ),
            *(
                ActionItem(
                    engagement=running,
                    text="Send the maps",
                    owner_side=side,
                    due_on=AT.date(),
                    added_at=AT,
                )
                for side in Side
            ),
        )
    )


def _make_time(
    engagement: Engagement, starts_at: datetime, state: str, side: Side
) -> CoachingSession:
    return CoachingSession(
        engagement_id=engagement.id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        place="Room 2",
        state=state,
        proposed_by_side=side,
        created_at=starts_at,
    )


def _add_needs(session: Session, startup: Startup, mentor: Provider) -> None:
    make_need(session, startup, state="draft")
    make_need(session, startup)
    found = Match(provider=mentor, kind="mentor", rank=1, score=0.5, strength="strong")
    session.add(
        MatchRun(
            need=make_need(session, startup),
            run_at=AT,
            need_version=1,
            encoder_fingerprint="x",
            background_version="x",
            weights_version="x",
            index_revision=0,
            matches=[found],
        )
    )


def _add_desk(session: Session, world: World, startup: Startup, mentor: Provider) -> None:
    incubator = world.incubator
    make_incubator(session, operator=world.operator, requires_second_factor=True)
    admit(session, incubator, make_mentor(session), state="applied")
    admit(session, incubator, mentor, state="invited")
    make_product(session, incubator).valid_until = AT.date() + 5 * DAY
    session.flush()
    asked = {"words": "Why", "asked_at": AT, "due_at": AT + DAY, "incubator": incubator}
    concern = next(iter(EnquiryConcern))
    session.add_all(
        (
            ListEnquiry(need=make_need(session, startup), about=mentor, concern=concern, **asked),
            ListEnquiry(provider=mentor, concern=concern, **asked),
            EvaluationObjection(
                provider=mentor,
                incubator=incubator,
                figure=next(iter(EvaluationFigure)),
                words="Wrong",
                made_at=AT,
            ),
            Document(
                startup=startup,
                title="Plan",
                kind=DocumentKind.TEST_REPORT,
                state="reported",
                created_at=AT,
                updated_at=AT,
            ),
        )
    )


def _add_cases(session: Session, world: World, startup: Startup) -> None:
    elsewhere = make_incubator(session)
    make_commissioner(session, make_incubator(session), world.commissioner, "offered")
    make_commissioner(session, world.incubator, make_person(session), "applied")
    standing = make_commissioner(session, world.incubator, make_person(session))
    make_care(session, standing, startup, "assigned")
    own = make_commissioner(session, elsewhere, world.commissioner)
    make_care(session, own, make_startup(session, incubator=elsewhere), "asked")
    care = make_care(session, own, make_startup(session, incubator=elsewhere))
    make_case(session, care, "open")
    make_case(session, care, changed_at=AT - 30 * DAY)


def _add_money(session: Session, funds: FundScene) -> None:
    draft(session, funds)
    state_gate(session, funds, "prototype")
    room = DataRoom(startup=funds.startup, created_at=AT)
    grant = RoomGrant(provider=funds.fund, granted_at=AT, changed_at=AT)
    room.grants.append(grant)
    session.add_all(
        (
            room,
            RoomQuestion(room=grant.room, grant=grant, document_number=1, text="Why", asked_at=AT),
        )
    )
    offer(session, _fund(session, funds))
    agree(session, _fund(session, funds))
    agree(session, _fund(session, funds), EQUITY).state = "due"
    for proposer in (funds.by_founder, funds.by_fund):
        one = _fund(session, funds)
        arrangement = agree(session, one)
        pay(session, one, arrangement, 1)
        arrangement.state = "convertible"
        session.flush()
        ending.propose_end(
            session,
            arrangement=arrangement,
            values=CONVERSION,
            version=arrangement.version,
            actor=proposer,
            at=AT,
        )
    soon = {"closes_on": AT.date() + 5 * DAY}
    reached = make_financing(session, _fund(session, funds).need, **soon)
    make_interest(session, reached, make_investor(session), "committed", 1_000_000)
    closed = make_financing(session, _fund(session, funds).need)
    make_interest(session, closed, make_investor(session), "committed", 1_000_000)
    closed.state, closed.ended_at = "closed", AT
    make_interest(session, reached, funds.fund, "considering")
    make_financing(session, _fund(session, funds).need)


def _fund(session: Session, funds: FundScene) -> FinancingScene:
    """A need of its own that the fund has accepted."""
    need = make_money_need(session, funds.startup)
    first = make_engagement(session, need, funds.fund, **YES)
    return FinancingScene(replace(funds, need=need), first, first, funds.outsider)


def _add_orders(session: Session, world: World, funds: FundScene) -> None:
    need = make_need(session, funds.startup)
    reviewer = make_person(session)
    centre = make_centre(session, person=world.centre)
    join(session, reviewer, Role.CENTRE, provider=centre)
    asked = make_engagement(session, need, centre, **YES)
    scene = OrderScene(funds, need, centre, asked, world.centre, reviewer)
    take_vouchers(session, scene)
    for state in ("asked", "quoted", "ordered", "in_lab", "verified"):
        bring_to(session, scene, state, metric=f"Value {state}")
    send(session, scene, bring_to(session, scene, "ordered", metric="Value sent"))
    testing.submit_result(
        session,
        order=bring_to(session, scene, "in_lab", metric="Value to verify"),
        values=RESULT,
        actor=scene.by_reviewer,
        at=AT,
    )
    disputed = bring_to(session, scene, "reported", metric="Value disputed")
    reporting.dispute_report(
        session, order=disputed, reason="Wrong probe", actor=scene.by_founder, at=AT
    )
    instrument = Instrument(provider=centre, name="Chamber", created_at=AT, updated_at=AT)
    booked = bring_to(session, scene, "in_lab", metric="Value booked")
    session.add(
        Slot(
            instrument=instrument,
            order=booked,
            place=2,
            starts_at=AT + DAY,
            ends_at=AT + DAY + timedelta(hours=2),
            booked_at=AT,
        )
    )
    _add_vouchers(session, scene)


def _add_vouchers(session: Session, scene: OrderScene) -> None:
    by_officer = act_as(scene.funds.operator)
    scheme = offer_scheme(session, scene, cap_yuan=1_000_000)
    for state in ("reported", "used", "claimed", "accepted", "fallen"):
        order = bring_to(session, scene, "quoted", metric=f"Value with a voucher {state}")
        voucher = order_with(session, scene, order, scheme)
        report(session, scene, order)
        if state == "reported":
            continue
        use(session, scene, order, voucher)
        if state == "used":
            continue
        claim(session, scene, voucher)
        if state == "claimed":
            continue
        reviewing.accept_voucher(session, voucher=voucher, actor=by_officer, at=AT)
        if state == "fallen":
            reporting.invalidate_report(
                session, order=order, reason="Wrong probe", actor=scene.by_analyst, at=AT
            )
