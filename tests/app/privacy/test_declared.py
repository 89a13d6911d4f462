"""What the models declare of an erasure is what it does: every such column is filled and tried."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.access import Organisation
from app.accounts.actions import begin_log_in, create_token, invite
from app.calendars.actions import add_source, renew_feed
from app.engagements.actions import engagements, questions
from app.engagements.asking import Ask, CoachingAsk, FundingAsk, OrderAsk
from app.enquiries.actions import answering, asking
from app.evaluation.actions import objecting
from app.facts.actions import state_fact
from app.facts.values import StatedFact
from app.funds.actions import dealing, draft_mandate
from app.funds.values import MandateValues
from app.privacy.exported import EXPORTED, NOT_EXPORTED
from app.privacy.gathering import find_mine, gather
from app.signing import Signer
from app.transactions import writing
from app.vault.actions.reporting import report_document
from app.vault.storage.folder import FolderStore
from app.workspace.actions import agenda, items, messages, notes
from models.address_changes import AddressChange
from models.arrangements import ArrangementStep
from models.contradictions import Contradiction
from models.datarooms import (
    DataRoom,
    RoomAgreement,
    RoomGrant,
    RoomItem,
    RoomQuestion,
    RoomRight,
)
from models.documents import Document
from models.engagements import CoachingSession, Engagement
from models.enquiries import EnquiryConcern, EnquiryOutcome
from models.erasure import Fate
from models.evaluation import EngagementFeedback
from models.evaluation_codes import EvaluationFigure, GoalReached
from models.fact_types import FactType
from models.financing_codes import ArrangementOutcome
from models.instruments import Instrument, InstrumentOutage, Slot, SlotStep, SlotWish
from models.log_ins import LogInMethod
from models.missed_times import MissedTime, MissedTimeKind
from models.needs import DismissedProposal, ReadingCorrection
from models.organisations import Startup
from models.passkeys import Passkey
from models.people import Person
from models.provider_links import ProviderLink
from models.providers import ProfileCorrection, Provider
from models.second_factors import SecondFactor
from models.tokens import ApiRequest
from models.verification import (
    Claim,
    VerificationOrder,
    VerificationQuote,
    VerificationReport,
    VerificationResult,
    VerificationSample,
    VerificationStep,
)
from models.vocabulary import (
    ClaimComparator,
    ClaimVerdict,
    ConditionAttribute,
    NeedRole,
    PassReason,
    ProfileRole,
    ReportReason,
    Role,
    Side,
)
from models.vouchers import Voucher, VoucherScheme, VoucherStep
from tests.app.arrangements.scenes import make_arrangement
from tests.app.calendars.scenes import offer, open_hours
from tests.app.commissioners.scenes import make_care, make_case, make_commissioner
from tests.app.engagements.scenes import LATER, Scene, ask, hold
from tests.app.financings.scenes import make_financing, make_interest
from tests.app.funds.scenes import make_money_need
from tests.app.imports.files import COMPLETE_MENTOR
from tests.app.imports.scenes import House as ImportHouse
from tests.app.imports.scenes import preview
from tests.app.privacy.filling import (
    Rows,
    fill,
    find_markers,
    find_rows_of,
    list_columns,
    say_elsewhere,
)
from tests.app.privacy.scenes import (
    CODE,
    EMAIL,
    Installation,
    live_through,
    make_scene,
    suggest,
)
from tests.app.vault.scenes import keep
from tests.factories import (
    AT,
    act_as,
    make_centre,
    make_engagement,
    make_investor,
    make_need,
    make_startup,
    make_text,
)

pytestmark = pytest.mark.privacy

ADDRESS = "zzaddresszz@example.org"
NAME = "zznamezz"
FOUNDER = "founder.of.wafers@example.org"

# Where others are told of a person, or name one: these say the name in all rows that stay.
ELSEWHERE = (
    "api_request.body",
    "audit_entry.detail",
    "import_batch.filename",
    "import_batch.notes",
    "import_batch.unknown_columns",
    "incubator.service_officer",
    "notice.facts",
    "outbox_mail.facts",
)
# What is the same in several columns, because the person is known by it.
KNOWN_BY = {
    "person.email": ADDRESS,
    "invitation.email": ADDRESS,
    "import_row.email": ADDRESS,
    "person.name": NAME,
}


def report_on_document(
    session: Session, installation: Installation, owner: Organisation, owned_by: Person
) -> Document:
    store = FolderStore(installation.settings.documents_path)
    document = keep(session, store, owner, owned_by, name="plan.txt", content=b"plan")
    report_document(
        session,
        document=document,
        reason=ReportReason.OTHER,
        words="Reasonword",
        actor=act_as(owned_by),
        at=AT,
    )
    return document


def write_to(session: Session, scene: Scene, address: str) -> None:
    """`address` is invited, and stands in a file with a column that nobody knows."""
    invite(
        session,
        email=address,
        name="Whoever is invited",
        role=Role.OPERATOR,
        incubator_id=scene.incubator.id,
        actor=act_as(scene.operator),
        at=AT,
    )
    preview(
        session,
        ImportHouse(scene.incubator, scene.operator),
        dict(COMPLETE_MENTOR) | {"邮箱": address, "Hobby": "chess"},
    )


def connect_calendars(session: Session, person: Person) -> None:
    """`person` has a feed, and a calendar elsewhere that is read."""
    renew_feed(session, person=person, actor=act_as(person), at=AT)
    url = f"https://example.org/{person.id}.ics"
    add_source(session, person=person, url=url, actor=act_as(person), at=AT)


def ask_for_codes(session: Session, person: Person) -> None:
    """`person` has a second factor, and is about to have another address."""
    session.add(
        SecondFactor(person_id=person.id, sealed_secret="sealed", last_step=0, created_at=AT)
    )
    session.add(
        Passkey(
            person_id=person.id,
            name=f"Laptop of {person.name}",
            credential_id=person.public_id,
            public_key=person.email.encode(),
            transports=["internal"],
            sign_count=0,
            last_challenge=0,
            created_at=AT,
        )
    )
    session.add(
        ProviderLink(
            person_id=person.id,
            issuer="https://city.example",
            subject=f"subject of {person.email}",
            created_at=AT,
        )
    )
    session.add(
        AddressChange(
            person_id=person.id,
            old_email=person.email,
            new_email=f"new.{person.email}",
            begun_at=AT,
        )
    )
    session.flush()


def let_program_in(session: Session, person: Person) -> None:
    """A program has acted for `person`, and its answer is kept for a repeat."""
    create_token(
        session,
        person=person,
        name="a program",
        scopes=["all"],
        days=30,
        signer=Signer("only for tests"),
        actor=act_as(person),
        at=AT,
    )
    session.add(
        ApiRequest(
            person_id=person.id,
            key="first",
            content_hash="0",
            claimed_at=AT,
            done_at=AT,
            status=200,
            body="{}",
        )
    )


def work_together(session: Session, scene: Scene, engagement: Engagement) -> None:
    """Both sides have written whatever a workspace keeps."""
    for actor in (scene.by_mentor, scene.by_founder):
        messages.send_message(session, engagement=engagement, text="Workword", actor=actor, at=AT)
        agenda.add_point(session, engagement=engagement, text="Pointword", actor=actor, at=AT)
        notes.write_note(session, engagement=engagement, text="Pairword", actor=actor, at=AT)
        items.add_item(
            session,
            engagement=engagement,
            text="Itemword",
            owner_side=Side.STARTUP,
            due_on=None,
            actor=actor,
            at=AT,
        )
    agenda.write_minutes(
        session,
        coaching_session=hold(session, scene, engagement, LATER + timedelta(days=1)),
        text="Minuteword",
        version=0,
        actor=scene.by_mentor,
        at=LATER + timedelta(days=2),
    )


def look_back(session: Session, scene: Scene, engagement: Engagement) -> None:
    """Both sides have said how it was, and the mentor has objected and was answered."""
    for side, person in ((Side.STARTUP, scene.founder), (Side.PROVIDER, scene.mentor)):
        session.add(
            EngagementFeedback(
                engagement=engagement,
                side=side,
                author_id=person.id,
                usefulness=4,
                goal_reached=GoalReached.YES,
                would_meet_again=True,
                comment="Endword",
                given_at=AT,
            )
        )
    missed = CoachingSession(
        engagement=engagement,
        state="missed",
        starts_at=AT,
        ends_at=AT + timedelta(hours=1),
        place="Missedword",
        proposed_by_side=Side.STARTUP,
        created_at=AT,
    )
    session.add(missed)
    for side, person in ((Side.STARTUP, scene.founder), (Side.PROVIDER, scene.mentor)):
        session.add(
            MissedTime(
                engagement=engagement,
                coaching_session=missed,
                side=side,
                kind=MissedTimeKind.NO_SHOW,
                state="upheld",
                planned_at=AT,
                counted_at=AT,
                appeal="Appealword",
                appealed_by_id=person.id,
                appealed_at=AT,
                decision="Decisionword",
                decided_by_id=scene.operator.id,
                decided_at=AT,
            )
        )
    session.add(
        Contradiction(
            coaching_session=missed,
            state="upheld",
            was_held=False,
            side=Side.STARTUP,
            words="Otherword",
            made_by_id=scene.founder.id,
            made_at=AT,
            decision="Settleword",
            decided_by_id=scene.operator.id,
            decided_at=AT,
        )
    )
    session.flush()
    objection = objecting.object_to_figure(
        session,
        provider=scene.provider,
        incubator=scene.incubator,
        figure=EvaluationFigure.ANSWERS,
        words="Objectword",
        actor=scene.by_mentor,
        at=AT,
    )
    objecting.answer_objection(
        session, objection=objection, answer="Lookedword", actor=scene.by_operator, at=AT
    )
    asked = asking.ask_about_places(
        session,
        provider=scene.provider,
        incubator=scene.incubator,
        concern=EnquiryConcern.NOT_SUGGESTED,
        words="Askedword",
        contact="",
        actor=scene.by_mentor,
        at=AT,
    )
    answering.answer_enquiry(
        session,
        enquiry=asked,
        outcome=EnquiryOutcome.EXPLAINED,
        answer="Explainedword",
        actor=scene.by_operator,
        at=AT,
    )


def ask_for_everything(session: Session, scene: Scene) -> None:
    """The founder has asked each kind of provider for what it gives."""
    asks: tuple[tuple[Provider, Ask], ...] = (
        (scene.provider, CoachingAsk(goal="Goalword", wished_time="Timeword")),
        (
            make_investor(session),
            FundingAsk(1_000_000, milestone="Mileword", use_of_funds="Use"),
        ),
        (make_centre(session), OrderAsk(service_name="Work", sample="Sampleword", claim="Claim")),
    )
    for provider, asked in asks:
        need = make_need(session, scene.startup, title="Asked about")
        made = ask(
            session, scene, need=need, provider=provider, ask=asked, background="Backgroundword"
        )
        if provider is scene.provider:
            questions.ask_back(
                session, engagement=made, question="Askword", actor=scene.by_mentor, at=AT
            )
            questions.reply(
                session, engagement=made, reply="Replyword", actor=scene.by_founder, at=AT
            )
            engagements.accept(
                session, engagement=made, actor=scene.by_mentor, at=AT, words="Answerword"
            )
            work_together(session, scene, made)
            open_hours(session, scene, place="Roomword")
            offer(session, scene, made, link="https://meet.example.org/offered")
            look_back(session, scene, made)


@pytest.fixture
def lived(installation: Installation) -> Installation:
    """A mentor and a founder of whom there is everything that can be there of a person."""
    with Session(installation.database) as session, writing(session):
        scene = make_scene(session)
        scene.founder.email = FOUNDER
        ids = [(type(each), each.id) for each in vars_of(scene)]
        centre = make_centre(session, person=scene.mentor, name="Centre")
        order_a_test(session, scene, centre)
        wants = [(ConditionAttribute.LANGUAGES, ["zh"], False)]
        need = make_need(session, scene.startup, title="With a condition", conditions=wants)
        need.corrections.append(
            ReadingCorrection(
                sentence="Needsentence", sentence_key="key", role=NeedRole.WISH, corrected_at=AT
            )
        )
        need.dismissed_proposals.append(
            DismissedProposal(attribute=ConditionAttribute.HOURS, values=["4"], dismissed_at=AT)
        )
        scene.provider.corrections.append(
            ProfileCorrection(
                sentence="Passageword", sentence_key="key", role=ProfileRole.DOES, corrected_at=AT
            )
        )
        make_text(session, scene.provider, "Textword of a paper.", title="Titleword")
        scene.startup.topics = ["Topicword"]
        scene.startup.shareholders = ("Shareholderword",)
        for owner, person in ((scene.provider, scene.mentor), (scene.startup, scene.founder)):
            report_on_document(session, installation, owner, person)
        # A fund of theirs excludes topics in words of its own.
        fund = make_investor(session, person=scene.mentor, name="Fund")
        draft_mandate(
            session,
            provider=fund,
            values=MandateValues(excluded_topics=("Excludedword",)),
            actor=act_as(scene.mentor),
            at=AT,
        )
        asked = make_engagement(
            session, make_money_need(session, make_startup(session)), fund, state="accepted"
        )
        deal_with(session, scene, fund, asked)
        raised = make_financing(session, make_money_need(session, scene.startup))
        other_fund = make_investor(session)
        make_interest(session, raised, other_fund, "released")
        arrange_money(session, scene.startup, other_fund, scene.founder)
        open_room(session, scene.startup, other_fund)
        # Its value is a text: the only one that could name somebody.
        stated = StatedFact(fact_type=FactType.MAIN_PRODUCT, value="Devices")
        state_fact(
            session, subject=scene.startup, stated=stated, actor=act_as(scene.founder), at=AT
        )
        need_id = scene.need.id
    suggest(installation, need_id)
    with Session(installation.database) as session, writing(session):
        scene = Scene(*(session.get_one(kind, number) for kind, number in ids))
        live_through(session, scene)
        ask_for_everything(session, scene)
        for person in (scene.mentor, scene.founder):
            write_to(session, scene, person.email)
            begin_log_in(
                session,
                person=person,
                device="Firefox",
                method=LogInMethod.TYPED,
                is_remembered=True,
                at=AT,
            )
            let_program_in(session, person)
            connect_calendars(session, person)
            ask_for_codes(session, person)
        let_program_in(session, scene.operator)
    return installation


def arrange_money(session: Session, startup: Startup, fund: Provider, founder: Person) -> None:
    """An arrangement that its founder proposes to end."""
    deal = make_engagement(session, make_money_need(session, startup), fund, state="accepted")
    arrangement = make_arrangement(
        session,
        deal,
        state="running",
        offered_at=AT,
        agreed_at=AT,
        end_outcome=ArrangementOutcome.WAIVED,
        end_by_id=founder.id,
    )
    arrangement.steps.append(
        ArrangementStep(kind="arrangement_end_proposed", actor_id=founder.id, happened_at=AT)
    )
    session.flush()


def open_room(session: Session, startup: Startup, fund: Provider) -> None:
    """`fund` may read a folder of the room of `startup`, in which one document is."""
    document = session.scalars(select(Document).where(Document.startup_id == startup.id)).first()
    room = DataRoom(startup=startup, created_at=AT)
    room.items.append(RoomItem(document=document, folder="Folderword", added_at=AT))
    room.agreements.append(
        RoomAgreement(number=1, text="Agreeword", sha256="0" * 64, published_at=AT)
    )
    rights = [RoomRight(folder="Folderword")]
    room.grants.append(RoomGrant(provider=fund, granted_at=AT, changed_at=AT, rights=rights))
    session.add(room)
    session.add(
        RoomQuestion(
            room=room,
            grant=room.grants[0],
            document=document,
            document_number=1,
            text="Askedword",
            asked_at=AT,
            state="answered",
            answer="Answeredword",
            answered_at=AT,
            common_text="Commonword",
            published_at=AT,
        )
    )
    session.flush()


def deal_with(session: Session, scene: Scene, fund: Provider, asked: Engagement) -> None:
    """The fund of the scene's mentor passes on a deal that it took to a step of its own."""
    given: dict[str, Any] = {"actor": act_as(scene.mentor), "at": AT}
    dealing.set_steps(session, provider=fund, steps=["Stepword"], **given)
    dealing.advance_deal(session, engagement=asked, step="Stepword", **given)
    dealing.pass_deal(
        session, engagement=asked, reason=PassReason.TEAM, words="Password of ours", **given
    )


def order_a_test(session: Session, scene: Scene, centre: Provider) -> None:
    """The scene's startup has a claim tested by `centre`, for which the mentor acts."""
    claim = Claim(
        startup=scene.startup,
        sentence="Sentenceword",
        metric="Metricword",
        comparator=ClaimComparator.AT_LEAST,
        low=Decimal(1),
        unit="Unitword",
        conditions="Conditionword",
        created_at=AT,
        updated_at=AT,
    )
    need = make_need(session, scene.startup, title="To be tested")
    result = VerificationResult(
        number=1,
        state="verified",
        verdict=ClaimVerdict.REFUTED,
        measured=Decimal(0),
        measured_on=AT.date(),
        uncertainty="Uncertainword",
        note="Deviationword",
        submitted_at=AT,
        decided_at=AT,
    )
    terms = ("service", "property", "secrecy", "damages", "breach", "dispute")
    order = VerificationOrder(
        engagement=make_engagement(session, need, centre, state="accepted"),
        claim=claim,
        state="settled",
        asked_at=AT,
        changed_at=AT,
        settled_at=AT,
        invoice="Invoiceword",
        quotes=[
            VerificationQuote(
                number=1,
                service_name="Serviceword",
                method="Methodword",
                standard="Standardword",
                sample_spec="Specword",
                pass_rule="Ruleword",
                price_yuan=1,
                lead_days=1,
                valid_until=AT.date(),
                offered_at=AT,
                **{f"{name}_terms": f"{name} words" for name in terms},
            )
        ],
        samples=[VerificationSample(description="Dieword", sent_at=AT, changed_at=AT)],
        steps=[
            VerificationStep(
                kind="quote_asked", happened_at=AT, note="Stepnote", actor=scene.mentor
            )
        ],
        results=[result],
        reports=[
            VerificationReport(
                number=1, result=result, document_number=1, sha256="0" * 64, published_at=AT
            )
        ],
    )
    session.add(order)
    instrument = Instrument(
        provider=centre,
        name="Chamberword",
        description="Chamberdescription",
        created_at=AT,
        updated_at=AT,
        outages=[InstrumentOutage(starts_at=AT, ends_at=LATER, reason="Outageword")],
    )
    slot = Slot(
        instrument=instrument,
        order=order,
        place=1,
        starts_at=AT,
        ends_at=LATER,
        booked_at=AT,
        state="cancelled",
        ended_at=AT,
        ended_by_id=scene.mentor.id,
        note="Slotnote",
    )
    session.add(slot)
    session.flush()
    session.add_all(
        [
            Slot(
                instrument=instrument,
                order=order,
                follows_id=slot.id,
                place=1,
                starts_at=AT,
                ends_at=LATER,
                booked_at=AT,
                steps=[SlotStep(instrument_id=instrument.id, place=1, begins_at=AT)],
            ),
            SlotWish(
                instrument=instrument,
                order=order,
                minutes=60,
                from_at=AT,
                until_at=LATER,
                created_at=AT,
            ),
        ]
    )
    session.flush()
    session.add(draw_a_voucher(scene, order))
    session.flush()
    look_after(session, scene)


def look_after(session: Session, scene: Scene) -> None:
    """The mentor is a commissioner as well, and has the scene's startup in care."""
    commissioner = make_commissioner(
        session,
        scene.incubator,
        scene.mentor,
        words="Comeword",
        end_words="Gonewords",
        ended_by_id=scene.mentor.id,
    )
    care = make_care(session, commissioner, scene.startup)
    care.end_words = "Careword"
    make_case(session, care, end_words="Caseend")


def draw_a_voucher(scene: Scene, order: VerificationOrder) -> Voucher:
    """A voucher of the scene's incubator has paid a part of `order`."""
    scheme = VoucherScheme(
        incubator=scene.incubator,
        code="own",
        number=1,
        title="Schemeword",
        created_at=AT,
        updated_at=AT,
    )
    return Voucher(
        scheme=scheme,
        startup=scene.startup,
        order=order,
        claim_id=order.claim_id,
        code="own",
        state="paid",
        year=2026,
        fee_yuan=2,
        reserved_yuan=1,
        amount_yuan=1,
        invoice="Voucherinvoice",
        claim_by=AT.date(),
        held_because=["Holdingword"],
        reference="Transferword",
        reserved_at=AT,
        paid_at=AT,
        changed_at=AT,
        steps=[
            VoucherStep(kind="voucher_paid", happened_at=AT, note="Voucherword", actor=scene.mentor)
        ],
    )


def vars_of(scene: Scene) -> list[Any]:
    return [getattr(scene, each.name) for each in fields(scene)]


def list_starts(session: Session, person: Person) -> Rows:
    """What goes with `person`, before anything that hangs on it."""
    theirs = person.memberships
    return {
        "person": {person.id},
        "provider": {m.provider_id for m in theirs if m.provider_id},
        "startup": {m.startup_id for m in theirs if m.startup_id},
    }


def read_archive(session: Session, markers: Mapping[str, str], email: str) -> set[str]:
    """The columns of `markers` that whoever has `email` is given of themselves."""
    person = session.scalars(select(Person).where(Person.email == email)).one_or_none()
    if person is None:
        return set()
    said = json.dumps(list(gather(session, find_mine(session, person)).values()))
    return {where for where, marker in markers.items() if marker in said}


def fill_and_erase(
    lived: Installation, email: str
) -> tuple[set[str], set[tuple[str, str]], set[str], set[str]]:
    """Which columns were filled, which markers are found after the erasure, and which of the
    columns the archive of the person held before, or that of the founder beside them."""
    with Session(lived.database) as session:
        person = session.scalars(select(Person).where(Person.email == email)).one()
        starts = list_starts(session, person)
    with lived.database.begin() as connection:
        rows = find_rows_of(connection, starts, email)
        say_elsewhere(connection, ELSEWHERE, NAME, rows)
        markers = fill(connection, rows, KNOWN_BY, CODE)
    with lived.database.connect() as connection:
        # What is looked for could be found: all of it is there.
        assert {marker for marker, _ in find_markers(connection, markers.values())} == set(
            markers.values()
        )
    with Session(lived.database) as session:
        given = read_archive(session, markers, ADDRESS)
        beside = read_archive(session, markers, FOUNDER)
    lived.erase(ADDRESS)
    with lived.database.connect() as connection:
        return set(markers), find_markers(connection, markers.values()), given, beside


def test_what_is_declared_to_be_emptied_is_emptied(lived: Installation) -> None:
    of_mentor, left_of_mentor, given_to_mentor, beside = fill_and_erase(lived, EMAIL)
    of_founder, left_of_founder, given_to_founder, _ = fill_and_erase(lived, FOUNDER)

    assert left_of_mentor == set()
    assert left_of_founder == set()
    declared = {f"{each.table.name}.{each.name}" for each in list_columns(Fate.EMPTIED)}
    assert sorted(declared - of_mentor - of_founder - set(ELSEWHERE)) == [], (
        "these are declared, and nobody of the scene has a row with them: give them one above"
    )
    withheld = {f"{e.model.__tablename__}.{name}" for e in EXPORTED for name in e.withheld}
    elsewhere = {where for where in declared if where.partition(".")[0] in NOT_EXPORTED}
    asked = (of_mentor | of_founder) - withheld - elsewhere
    assert sorted(asked - given_to_mentor - beside - given_to_founder) == [], (
        "these are not in the archive of the person: see app/privacy/exported.py"
    )
    # What pages show to nobody but its owner is not given to the other side either.
    assert not {"need.text", "match_evidence.need_slice"} & given_to_mentor
    assert "pool_entry.private_note" not in given_to_mentor


def test_a_column_that_is_not_emptied_is_found(lived: Installation) -> None:
    with lived.database.begin() as connection:
        connection.execute(text("UPDATE incubator SET introduction = 'zz999zz'"))
        connection.execute(text("UPDATE provider SET headline = 'zz998zz'"))
        found = find_markers(connection, ["zz999zz", "zz998zz"])
    assert found == {("zz998zz", "provider.headline")}
