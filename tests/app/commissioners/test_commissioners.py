"""Finance commissioners: both sides choose, startups consent, cases are between two."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.access import Actor, Installation, is_permitted
from app.clock import now, today
from app.commissioners.actions import appointing, caring, cases, minding
from app.commissioners.errors import (
    CareKnown,
    CareOver,
    CaseUnfit,
    CommissionerKnown,
    CommissionerUnfit,
    CompaniesFull,
    NotYetTheirs,
    OneSided,
    QuotaFull,
    StartupElsewhere,
)
from app.commissioners.jobs import mind_commissioners
from app.commissioners.queries.cares import count_cases
from app.errors import DomainError, NotFound, NotPermitted
from app.extensions import db
from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioner_states import (
    CARE_STANDS,
    CASE_RUNS,
    COMMISSIONER,
    COMMISSIONER_STANDS,
    COMPANY_CARE,
    FINANCE_CASE,
)
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.people import Person
from models.product_codes import ProductKind
from tests.app.commissioners.scenes import CASE, VALUES, make_care, make_case, make_commissioner
from tests.app.engagements.races import Step, run_at_once
from tests.app.funds.scenes import Scene, make_scene
from tests.app.products.scenes import make_product
from tests.app.profiles.page_forms import read_action, read_form, send
from tests.app.web.programs import Program
from tests.factories import AT, act_as, log_in, make_person, make_startup
from tests.waiting import make_lister

list_waiting = make_lister("commissioners")

pytestmark = pytest.mark.funds
only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
CLOCK: dict[str, Any] = {"actor": Installation.CLOCK, "limit": 9}


def offer(session: Session, scene: Scene, email: str, **changes: Any) -> Commissioner:
    return appointing.offer_commissioner(
        session,
        incubator=scene.incubator,
        name="Lu",
        email=email,
        values=replace(VALUES, **changes),
        actor=scene.by_operator,
        at=AT,
    )


def list_told(session: Session, person: Person) -> list[str]:
    session.flush()
    return list(
        session.scalars(
            select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
        )
    )


def test_both_sides_choose_and_either_ends_it(session: Session) -> None:
    scene = make_scene(session)
    banker = make_person(session)
    by_banker = act_as(banker)
    for changes in (
        {"institution": " "},
        {"last_day": AT.date() - timedelta(days=1)},
        {"most_companies": 0},
    ):
        with pytest.raises(CommissionerUnfit):
            offer(session, scene, banker.email, **changes)
    with pytest.raises(CommissionerUnfit):
        offer(session, scene, "no address")
    with pytest.raises(OneSided):
        offer(session, scene, scene.operator.email)
    first = offer(session, scene, banker.email.upper())
    assert (first.state, first.person) == ("offered", banker)
    with pytest.raises(CommissionerKnown):
        offer(session, scene, banker.email)
    with pytest.raises(NotPermitted):
        appointing.accept_commissioner(session, commissioner=first, actor=scene.by_operator, at=AT)
    appointing.decline_commissioner(
        session, commissioner=first, words="No time", actor=by_banker, at=AT
    )
    with pytest.raises(NotPermitted):
        appointing.withdraw_commissioner(
            session, commissioner=first, actor=scene.by_operator, at=AT
        )
    second = appointing.apply_as_commissioner(
        session, incubator=scene.incubator, values=VALUES, actor=by_banker, at=AT
    )
    (waits,) = list_waiting(session, scene.by_operator, AT)
    assert waits.kind == "commissioner_applied"
    with pytest.raises(NotPermitted):
        appointing.accept_commissioner(session, commissioner=second, actor=by_banker, at=AT)
    appointing.accept_commissioner(session, commissioner=second, actor=scene.by_operator, at=AT)
    assert (second.state, second.answered_at) == ("active", AT)
    care = make_care(session, second, scene.startup)
    running, done = make_case(session, care), make_case(session, care, "done")
    appointing.end_commissioner(session, commissioner=second, words="Moved", actor=by_banker, at=AT)
    assert (second.state, care.state, done.state) == ("ended", "ended", "done")
    assert (running.state, running.closure) == ("closed", CaseClosure.CARE_ENDED)
    assert list_told(session, banker) == ["commissioner_offered", "commissioner_accepted"]
    assert list_told(session, scene.operator) == [
        "commissioner_declined",
        "commissioner_applied",
        "commissioner_ended",
    ]
    assert list_told(session, scene.founder) == ["care_ended"]


def test_offers_find_their_account_and_terms_end_by_the_clock(session: Session) -> None:
    scene = make_scene(session)
    on = AT.date()
    late = offer(session, scene, "later@example.org", last_day=on + timedelta(days=3))
    assert late.person is None
    (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.kind == "commissioner_sought"))
    assert mail.address == "later@example.org"
    assert minding.link_commissioners(session, at=AT, **CLOCK) == 0
    banker = make_person(session, email="later@example.org")
    assert minding.link_commissioners(session, at=AT, **CLOCK) == 1
    assert late.person is banker
    appointing.accept_commissioner(session, commissioner=late, actor=act_as(banker), at=AT)
    care = make_care(session, late, scene.startup, "asked")
    # The last day itself still counts.
    assert minding.lapse_commissioners(session, at=AT + timedelta(days=3), **CLOCK) == 0
    after = AT + timedelta(days=4)
    assert [minding.lapse_commissioners(session, at=after, **CLOCK) for _ in range(2)] == [1, 0]
    assert (late.state, late.ended_at, care.state) == ("over", after, "withdrawn")
    assert list_told(session, scene.operator)[-1] == "commissioner_over"
    with pytest.raises(NotYetTheirs):
        caring.assign_company(
            session,
            commissioner=late,
            startup=scene.startup,
            words="",
            actor=scene.by_operator,
            at=after,
        )


def test_as_many_of_a_kind_and_companies_as_were_said(session: Session) -> None:
    scene = make_scene(session)
    first, second = (make_person(session) for _ in range(2))
    asked = [offer(session, scene, person.email) for person in (first, second)]
    appointing.accept_commissioner(session, commissioner=asked[0], actor=act_as(first), at=AT)
    with pytest.raises(QuotaFull):
        appointing.accept_commissioner(session, commissioner=asked[1], actor=act_as(second), at=AT)
    assert asked[1].state == "offered"
    for most, error in ((2, None), (101, CommissionerUnfit)):
        quotas = {CommissionerKind.BANK: most}
        if error is not None:
            with pytest.raises(error):
                appointing.set_quotas(
                    session,
                    incubator=scene.incubator,
                    quotas=quotas,
                    actor=scene.by_operator,
                    at=AT,
                )
            continue
        appointing.set_quotas(
            session, incubator=scene.incubator, quotas=quotas, actor=scene.by_operator, at=AT
        )
    appointing.accept_commissioner(session, commissioner=asked[1], actor=act_as(second), at=AT)
    appointing.take_companies(
        session, commissioner=asked[0], most_companies=1, actor=act_as(first), at=AT
    )
    cares = [
        make_care(session, asked[0], startup, "asked")
        for startup in (scene.startup, make_startup(session, incubator=scene.incubator))
    ]
    caring.accept_company(session, care=cares[0], actor=act_as(first), at=AT)
    with pytest.raises(CompaniesFull):
        caring.accept_company(session, care=cares[1], actor=act_as(first), at=AT)
    assert cares[1].state == "asked"


@pytest.mark.concurrency
def test_of_two_acceptances_for_the_last_place_one_wins(fresh_engine: Engine) -> None:
    """Offers of one kind where one is wanted, and companies of one who takes one."""
    with Session(fresh_engine) as session:
        scene = make_scene(session)
        people = [make_person(session) for _ in range(2)]
        ids = [(offer(session, scene, person.email).id, person.id) for person in people]
        carer = make_person(session)
        taking = make_commissioner(
            session, scene.incubator, carer, kind=CommissionerKind.EQUITY, most_companies=1
        )
        startups = [scene.startup, make_startup(session, incubator=scene.incubator)]
        care_ids = [make_care(session, taking, startup, "asked").id for startup in startups]
        carer_id = carer.id
        session.commit()

    def accept(offer_id: int, person_id: int) -> Step:
        return lambda session: appointing.accept_commissioner(
            session,
            commissioner=session.get_one(Commissioner, offer_id),
            actor=act_as(session.get_one(Person, person_id)),
            at=AT,
        )

    def take(care_id: int) -> Step:
        return lambda session: caring.accept_company(
            session,
            care=session.get_one(CompanyCare, care_id),
            actor=act_as(session.get_one(Person, carer_id)),
            at=AT,
        )

    outcomes = run_at_once(fresh_engine, *(accept(*each) for each in ids))
    assert sorted(map(str, outcomes)) == sorted(map(str, (None, QuotaFull)))
    outcomes = run_at_once(fresh_engine, *(take(each) for each in care_ids))
    assert sorted(map(str, outcomes)) == sorted(map(str, (None, CompaniesFull)))
    with Session(fresh_engine) as session:
        offers = select(Commissioner.state).where(Commissioner.id.in_([each for each, _ in ids]))
        assert sorted(session.scalars(offers)) == ["active", "offered"]
        assert sorted(session.scalars(select(CompanyCare.state))) == ["active", "asked"]


@pytest.mark.permissions
def test_the_startup_consents_before_it_is_known_and_cases_are_between_two(
    session: Session,
) -> None:
    scene = make_scene(session)
    banker = make_person(session)
    by_banker = act_as(banker)
    commissioner = make_commissioner(session, scene.incubator, banker)
    care = caring.assign_company(
        session,
        commissioner=commissioner,
        startup=scene.startup,
        words="",
        actor=scene.by_operator,
        at=AT,
    )
    # Not a word of it before the startup consents.
    assert not is_permitted(by_banker, "care:view", care)
    assert list_waiting(session, by_banker, AT) == [] == list_told(session, banker)
    for action in (caring.consent_to_care, caring.accept_company):
        for actor in (by_banker, scene.by_operator, scene.by_outsider):
            with pytest.raises((NotFound, NotPermitted)):
                action(session, care=care, actor=actor, at=AT)
    caring.consent_to_care(session, care=care, actor=scene.by_founder, at=AT)
    assert list_told(session, banker) == ["care_asked"]
    with pytest.raises(CareKnown):
        caring.ask_commissioner(
            session,
            commissioner=commissioner,
            startup=scene.startup,
            words="",
            actor=scene.by_founder,
            at=AT,
        )
    with pytest.raises(CareOver):
        cases.open_case(session, care=care, values=CASE, actor=scene.by_founder, at=AT)
    caring.accept_company(session, care=care, actor=by_banker, at=AT)
    product = make_product(session, scene.incubator)
    for unfit in (replace(CASE, amount_yuan=0), replace(CASE, amount_yuan=10**18)):
        with pytest.raises(CaseUnfit):
            cases.open_case(session, care=care, values=unfit, actor=by_banker, at=AT)
    case = cases.open_case(
        session, care=care, values=replace(CASE, product=product), actor=scene.by_founder, at=AT
    )
    assert [each.kind for each in list_waiting(session, by_banker, AT)] == ["case_open"]
    for actor in (scene.by_operator, scene.by_outsider):
        assert not is_permitted(actor, "case:view", case)
    with pytest.raises(ActionNotAllowed):
        cases.finish_case(
            session,
            case=case,
            kind=ProductKind.BANK_LOAN,
            obtained_yuan=1,
            words="",
            actor=by_banker,
            at=AT,
        )
    cases.begin_case(session, case=case, actor=by_banker, at=AT)
    cases.note_case(session, case=case, words="Met", actor=by_banker, at=AT)
    (count,) = count_cases(session, scene.incubator, AT + timedelta(days=30))
    assert (count.states, count.resting, count.obtained_yuan) == ({"in_progress": 1}, 1, 0)
    cases.finish_case(
        session,
        case=case,
        kind=ProductKind.GUARANTEE,
        obtained_yuan=1_500_000,
        words="",
        actor=by_banker,
        at=AT,
    )
    (count,) = count_cases(session, scene.incubator, AT + timedelta(days=30))
    assert (count.states, count.resting, count.obtained_yuan) == ({"done": 1}, 0, None)
    assert list_told(session, scene.founder) == [
        "care_assigned",
        "care_accepted",
        "case_begun",
        "case_noted",
        "case_done",
    ]
    caring.end_care(session, care=care, words="Done", actor=scene.by_founder, at=AT)
    with pytest.raises(CareOver):
        cases.note_case(session, case=case, words="More", actor=by_banker, at=AT)
    # A founder who is the commissioner as well does not take the own company.
    own = make_commissioner(session, scene.incubator, scene.founder)
    asked = make_care(session, own, scene.startup, "asked")
    with pytest.raises(OneSided):
        caring.accept_company(session, care=asked, actor=scene.by_founder, at=AT)
    with pytest.raises(StartupElsewhere):
        caring.assign_company(
            session,
            commissioner=commissioner,
            startup=make_startup(session),
            words="",
            actor=scene.by_operator,
            at=AT,
        )


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["accept", "decline", "withdraw", "end", "lapse"]
            + [f"care_{name}" for name in ("consent", "accept", "decline", "withdraw", "end")]
            + ["assign", "ask", "open", "begin", "finish", "close", "note"]
        ),
        st.sampled_from(["operator", "founder", "banker", "outsider"]),
    ),
    min_size=4,
    max_size=24,
)


@only_sqlite
@pytest.mark.parametrize(
    ("done", "said"),
    [
        ((5, 0), (5, 0)),
        ((4, 0), (None, 0)),
        # What is left of all of it would be that of one.
        ((1, 6), (None, None)),
        ((4, 4), (None, None)),
        ((2, 3), (None, None)),
    ],
)
def test_operators_do_not_read_what_one_company_has_got(
    session: Session, done: tuple[int, int], said: tuple[int | None, int | None]
) -> None:
    scene = make_scene(session)
    commissioner = make_commissioner(session, scene.incubator, make_person(session))
    care = make_care(session, commissioner, scene.startup)
    kinds = (ProductKind.BANK_LOAN, ProductKind.GUARANTEE)
    for kind, many in zip(kinds, done, strict=True):
        make_case(session, care, "closed", kind=kind)
        for _ in range(many):
            make_case(session, care, "done", kind=kind, obtained_yuan=1)
    found = {row.kind: row for row in count_cases(session, scene.incubator, AT)}
    assert tuple(found[kind].obtained_yuan for kind in kinds) == said
    assert tuple(found[kind].states.get("done", 0) for kind in kinds) == done


class Play:
    """One appointment with its companies and cases, to which steps happen in any order."""

    def __init__(self, session: Session, scene: Scene, starts: str) -> None:
        self.session, self.scene = session, scene
        self.banker = make_person(session)
        self.commissioner = make_commissioner(session, scene.incubator, self.banker, starts)
        self.by: dict[str, Actor] = {
            "operator": scene.by_operator,
            "founder": scene.by_founder,
            "banker": act_as(self.banker),
            "outsider": scene.by_outsider,
        }

    @property
    def care(self) -> CompanyCare:
        found = self.session.scalars(select(CompanyCare).order_by(CompanyCare.id.desc())).first()
        if found is None:
            raise NotFound
        return found

    @property
    def case(self) -> FinanceCase:
        found = self.session.scalars(select(FinanceCase).order_by(FinanceCase.id.desc())).first()
        if found is None:
            raise NotFound
        return found

    def take(self, step: str, who: str) -> None:
        with_words: dict[str, Any] = {"words": "Why"}
        act: dict[str, Any] = {"actor": self.by[who], "at": AT}
        ways: dict[str, Callable[[], object]] = {
            "accept": lambda: appointing.accept_commissioner(
                self.session, commissioner=self.commissioner, **act
            ),
            "withdraw": lambda: appointing.withdraw_commissioner(
                self.session, commissioner=self.commissioner, **act
            ),
            "decline": lambda: appointing.decline_commissioner(
                self.session, commissioner=self.commissioner, **with_words, **act
            ),
            "end": lambda: appointing.end_commissioner(
                self.session, commissioner=self.commissioner, **with_words, **act
            ),
            "lapse": lambda: minding.lapse_commissioners(self.session, at=AT, **CLOCK),
            "assign": lambda: caring.assign_company(
                self.session,
                commissioner=self.commissioner,
                startup=self.scene.startup,
                **with_words,
                **act,
            ),
            "ask": lambda: caring.ask_commissioner(
                self.session,
                commissioner=self.commissioner,
                startup=self.scene.startup,
                **with_words,
                **act,
            ),
            "care_consent": lambda: caring.consent_to_care(self.session, care=self.care, **act),
            "care_accept": lambda: caring.accept_company(self.session, care=self.care, **act),
            "care_withdraw": lambda: caring.withdraw_company(self.session, care=self.care, **act),
            "care_decline": lambda: caring.decline_company(
                self.session, care=self.care, **with_words, **act
            ),
            "care_lapse": lambda: minding.lapse_cares(
                self.session, at=AT + timedelta(days=31), **CLOCK
            ),
            "care_end": lambda: caring.end_care(self.session, care=self.care, **with_words, **act),
            "open": lambda: cases.open_case(self.session, care=self.care, values=CASE, **act),
            "begin": lambda: cases.begin_case(self.session, case=self.case, **act),
            "finish": lambda: cases.finish_case(
                self.session,
                case=self.case,
                kind=ProductKind.EQUITY,
                obtained_yuan=7,
                **with_words,
                **act,
            ),
            "close": lambda: cases.close_case(
                self.session, case=self.case, closure=CaseClosure.OTHER, **with_words, **act
            ),
            "note": lambda: cases.note_case(self.session, case=self.case, **with_words, **act),
        }
        try:
            with self.session.begin_nested():
                ways[step]()
        except (DomainError, ActionNotAllowed, NotFound, NotPermitted):
            self.session.expire_all()

    def check(self) -> None:
        """What holds whatever happened: nothing runs in what is over, nothing is known unasked."""
        self.session.flush()
        assert self.commissioner.state in COMMISSIONER.states
        for care in self.session.scalars(select(CompanyCare)):
            assert care.state in COMPANY_CARE.states
            if care.state in CARE_STANDS:
                assert self.commissioner.state == "active"
            assert care.consented_at is not None or not is_permitted(
                self.by["banker"], "care:view", care
            )
        for case in self.session.scalars(select(FinanceCase)):
            assert case.state in FINANCE_CASE.states
            if case.state in CASE_RUNS:
                assert case.care.state == "active"
            for who in ("operator", "outsider"):
                assert not is_permitted(self.by[who], "case:view", case)
        assert (self.commissioner.ended_at is None) is (
            self.commissioner.state in COMMISSIONER_STANDS
        )


@only_sqlite
@given(starts=st.sampled_from(COMMISSIONER.starts), steps=STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_in_any_order_nothing_runs_in_what_is_over(
    session: Session, starts: str, steps: list[tuple[str, str]]
) -> None:
    with session.begin_nested() as savepoint:
        play = Play(session, make_scene(session), starts)
        for step, who in steps:
            play.take(step, who)
            play.check()
        savepoint.rollback()
    session.expire_all()


@only_sqlite
def test_the_steps_can_reach_every_state(session: Session) -> None:
    f, b, o = "founder", "banker", "operator"
    up = [("accept", b), ("assign", o), ("care_consent", f), ("care_accept", b), ("open", f)]
    ways = [
        ("offered", [*up, ("begin", b), ("finish", b), ("care_end", f), ("end", o)]),
        ("offered", [*up, ("close", f), ("lapse", o)]),
        ("offered", [("accept", b), ("assign", o), ("care_decline", f), ("ask", f)]),
        ("offered", [("accept", b), ("ask", f), ("care_withdraw", f)]),
        ("offered", [("accept", b), ("assign", o), ("care_lapse", o)]),
        ("offered", [("withdraw", o)]),
        ("applied", [("decline", o)]),
    ]
    reached: set[str] = set()
    for starts, steps in ways:
        with session.begin_nested() as savepoint:
            play = Play(session, make_scene(session), starts)
            for step, who in [("", ""), *steps]:
                if step == "lapse":
                    play.commissioner.last_day = AT.date() - timedelta(days=1)
                if step:
                    play.take(step, who)
                reached.add(f"commissioner {play.commissioner.state}")
                reached |= {f"care {x}" for x in session.scalars(select(CompanyCare.state))}
                reached |= {f"case {x}" for x in session.scalars(select(FinanceCase.state))}
            savepoint.rollback()
        session.expire_all()
    assert reached == {
        *(f"commissioner {state}" for state in COMMISSIONER.states),
        *(f"care {state}" for state in COMPANY_CARE.states),
        *(f"case {state}" for state in FINANCE_CASE.states),
    }


class Site:
    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client = app, client
        with app.app_context():
            scene = make_scene(db.session)
            banker = make_person(db.session, email="banker@example.org")
            self.people = {
                "founder": scene.founder.id,
                "operator": scene.operator.id,
                "banker": banker.id,
            }
            self.startup, self.incubator = scene.startup.public_id, scene.incubator.public_id
            product = make_product(db.session, scene.incubator)
            product.valid_until = today(now())
            self.product = product.public_id
            db.session.commit()

    def enter(self, who: str) -> None:
        with self.app.app_context():
            log_in(self.client, db.session.get_one(Person, self.people[who]))
            db.session.commit()

    def program(self, who: str) -> Program:
        with self.app.app_context():
            person = db.session.get_one(Person, self.people[who])
            db.session.expunge_all()
        return Program(self.app, person)

    def press(self, page: str, action: str, mark: str = "", **typed: Any) -> Any:
        answer = self.client.get(page)
        assert answer.status_code == 200, page
        form = read_form(answer.text, mark) if mark else read_action(answer.text, action)
        return send(self.client, action, form, typed)


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    return Site(app, client)


@only_sqlite
def test_pages_lead_from_the_offer_to_the_money(site: Site) -> None:
    desk = f"/incubators/{site.incubator}/commissioners"
    new = f"{desk}/new"
    site.enter("operator")
    typed = {
        "name": "Zzlu",
        "email": "banker@example.org",
        "kind": "bank",
        "institution": "Zzbank <b>",
        "most_companies": "",
        "last_day": "2001-01-01",
    }
    wrong = site.press(new, new, "institution", **typed)
    assert (wrong.status_code, "Zzbank &lt;b&gt;" in wrong.text) == (422, True)
    one = site.press(new, new, "institution", **typed | {"last_day": ""}).location
    again = site.press(new, new, "institution", **typed | {"last_day": ""})
    assert (again.status_code, "Zzbank &lt;b&gt;" in again.text) == (409, True)
    limits = f"{desk}/limits"
    assert site.press(limits, limits, "bank", bank="3").status_code == 303
    site.enter("banker")
    assert "Zzbank" in site.client.get("/dashboard").text
    assert site.press(one, f"{one}/decline").status_code == 422, "a reason is asked for"
    assert site.press(one, f"{one}/accept").status_code == 303
    assert site.press(one, f"{one}/take", most_companies="4").status_code == 303
    site.enter("operator")
    suggested = {"startup": site.startup, "words": "Zzassigned"}
    assert site.press(one, f"{one}/assign", **suggested).status_code == 303
    assert "Zzlu" in site.client.get(desk).text
    site.enter("banker")
    assert "Zzassigned" not in site.client.get(one).text
    site.enter("founder")
    with site.app.app_context():
        care = f"/care/{db.session.scalars(select(CompanyCare.public_id)).one()}"
    assert site.press(care, f"{care}/consent").status_code == 303
    site.enter("banker")
    assert site.press(care, f"{care}/accept").status_code == 303
    site.enter("founder")
    open_it = f"{care}/cases/new"
    need = {"kind": "bank_loan", "product": site.product, "words": "Zzwords"}
    wrong = site.press(open_it, open_it, "words", **need, amount_yuan="0")
    assert (wrong.status_code, "Zzwords" in wrong.text) == (422, True)
    case = site.press(open_it, open_it, "words", **need, amount_yuan="200 万").location
    site.enter("banker")
    assert site.press(case, f"{case}/begin").status_code == 303
    assert site.press(case, f"{case}/notes", words="Zznote").status_code == 303
    money = {"kind": "bank_loan", "obtained_yuan": "150"}
    assert site.press(case, f"{case}/finish", **money).status_code == 303
    site.enter("founder")
    page = site.client.get(case).text
    assert all(word in page for word in ("Zznote", "Zzwords", "1,500,000"))
    assert "Zzlu" in site.client.get("/commissioners").text
    site.enter("operator")
    assert site.client.get(case).status_code == 404
    for seen in (desk, one, care):
        page = site.client.get(seen).text
        assert "Zznote" not in page
        assert "Zzwords" not in page
    counts = site.client.get(desk).text
    assert "1,500,000" not in counts and "not said" in counts
    assert site.press(one, f"{one}/end", note="Thanks").status_code == 303


@pytest.mark.api
@only_sqlite
def test_programs_do_the_same(site: Site) -> None:
    operator, founder, banker = (site.program(who) for who in ("operator", "founder", "banker"))
    home = f"/incubators/{site.incubator}"
    said = {"kind": "equity", "institution": "Zzfund", "last_day": today(now()).isoformat()}
    made = banker.post(f"{home}/commissioner-applications", said, Idempotency_Key="a")
    assert (made.status_code, made.json["actions"]) == (201, ["withdraw"])
    one = f"/commissioners/{made.json['id']}"
    assert founder.get(one).status_code == 404
    assert operator.post(f"{one}/accept").json["state"] == "active"
    assert founder.get(one).json["contact"] == "", "an address is for the two sides"
    quotas = operator.post(f"{home}/commissioner-quotas", {"kind": "bank", "most": None}).json
    assert {"kind": "bank", "most": None} in quotas["items"]
    assert banker.post(f"{one}/limit", {"most_companies": 3}).json["most_companies"] == 3
    asked = founder.post(f"{one}/ask", {"startup": site.startup}, Idempotency_Key="b")
    assert asked.json["state"] == "asked"
    care = f"/care/{asked.json['id']}"
    assert banker.get("/care").json["items"][0]["actions"] == ["accept", "decline"]
    assert banker.post(f"{care}/accept").json["state"] == "active"
    need = {"kind": "equity", "amount_yuan": 5_000_000, "product": site.product}
    case = founder.post(f"{care}/cases", need, Idempotency_Key="c").json
    path = f"/cases/{case['id']}"
    assert (case["product"], operator.get(path).status_code) == (site.product, 404)
    assert banker.post(f"{path}/begin").json["state"] == "in_progress"
    noted = banker.post(f"{path}/notes", {"words": "Met"}, Idempotency_Key="d")
    assert [each["words"] for each in noted.json["notes"]] == ["Met"]
    got = {"kind": "equity", "obtained_yuan": 4_000_000}
    assert banker.post(f"{path}/finish", got).json["state"] == "done"
    (count,) = operator.get(f"{home}/case-counts").json["items"]
    assert (count["done"], count["obtained_yuan"]) == (1, None)
    assert mind_commissioners(site.app, now() + timedelta(days=2)) == 1
    assert founder.get("/cases").json["items"][0]["state"] == "done"
    assert banker.get("/commissioners?state=over").json["items"][0]["id"] == made.json["id"]
