"""What a row would do: whom it is about, what would change, and why it is refused."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.imports.planning import Plan
from app.imports.problems import Remark
from app.profiles.values import ProviderValues, read_provider
from models.imports import ImportKind, ImportRow, RowOutcome
from models.organisations import Startup
from models.people import Invitation, Person
from models.providers import Provider
from models.vocabulary import HelpMode, Language, Role
from tests.app.imports.files import COMPLETE_MENTOR, COMPLETE_STARTUP
from tests.app.imports.scenes import House, apply, list_rows, make_house, plan, preview
from tests.factories import AT, admit, join, make_mentor, make_person, make_startup

EMAIL = COMPLETE_MENTOR["邮箱"]
NAME = COMPLETE_MENTOR["导师姓名"]


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


def get_remarks(plan: Plan) -> list[tuple[str, Remark]]:
    return [(problem.column, problem.remark) for problem in plan.problems]


def test_a_complete_mentor_would_be_created_and_published(session: Session, house: House) -> None:
    (found,) = plan(session, house, COMPLETE_MENTOR)
    assert (found.outcome, found.problems, found.is_published) == (RowOutcome.CREATE, (), True)
    assert (found.email, found.target_id) == (EMAIL, None)


def test_a_mentor_who_lacks_something_would_stay_a_draft(session: Session, house: House) -> None:
    (found,) = plan(session, house, {"姓名": "只有姓名的导师"})
    assert (found.outcome, found.is_published) == (RowOutcome.CREATE, False)
    assert get_remarks(found) == [
        (name, Remark.NEEDED_TO_PUBLISH)
        for name in ("headline", "summary", "fields", "languages", "help_modes")
    ]


def test_a_preview_stores_no_profile_and_nobody_is_written_to(
    session: Session, house: House
) -> None:
    batch = preview(session, house, COMPLETE_MENTOR, {"导师姓名": "", "邮箱": "x@example.org"})

    assert [row.outcome for row in list_rows(session, batch)] == ["create", "refused"]
    assert batch.state == "previewed"
    for table in (Provider, Startup, Invitation):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert session.scalars(select(Person.email)).all() == [house.operator.email]


def test_the_same_file_again_changes_nothing(session: Session, house: House) -> None:
    nameless = {"导师姓名": "另一位导师", "每月小时数": "3"}
    apply(session, house, COMPLETE_MENTOR, nameless)

    again = plan(session, house, COMPLETE_MENTOR, nameless)

    assert [p.outcome for p in again] == [RowOutcome.UNCHANGED, RowOutcome.UNCHANGED]
    assert again[0].problems == ()


def test_the_address_says_who_is_meant_also_when_nobody_was_invited(
    session: Session, house: House
) -> None:
    (row,) = apply(session, house, COMPLETE_MENTOR)

    (found,) = plan(session, house, {"姓名": "碳化硅导师", "邮箱": EMAIL.upper()})

    assert (found.outcome, found.target_id) == (RowOutcome.UPDATE, row.provider_id)
    assert get_remarks(found) == [("name", Remark.REPLACES)]
    assert found.problems[0].text == NAME


def test_an_empty_cell_and_a_column_that_is_not_there_change_nothing(
    session: Session, house: House
) -> None:
    (row,) = apply(session, house, COMPLETE_MENTOR)
    provider = session.get_one(Provider, row.provider_id)
    before = read_provider(provider)

    (found,) = plan(session, house, {"姓名": NAME, "邮箱": EMAIL, "语言": "", "每月小时数": "9"})

    assert isinstance(found.values, ProviderValues)
    assert found.values.languages == before.languages == (Language.CHINESE, Language.ENGLISH)
    assert found.values.summary == before.summary
    assert get_remarks(found) == [("hours_per_month", Remark.REPLACES)]


def test_a_second_employer_comes_beside_the_organisations_that_are_known(
    session: Session, house: House
) -> None:
    apply(session, house, {"姓名": "方某", "关联机构": "丙厂"})

    (found,) = plan(session, house, {"姓名": "方某", "单位": "某某大学/甲光电有限公司"})

    assert isinstance(found.values, ProviderValues)
    assert found.values.affiliations == ("丙厂", "甲光电有限公司")


def test_a_mentor_of_the_pool_is_known_by_name(session: Session, house: House) -> None:
    mentor = make_mentor(session, name="Wafer mentor")
    admit(session, house.incubator, mentor)
    make_mentor(session, name="Mentor of nobody's pool")

    known, new = plan(session, house, {"name": "Wafer mentor"}, {"name": "Mentor of nobody's pool"})

    assert (known.outcome, known.target_id) == (RowOutcome.UNCHANGED, mentor.id)
    assert (new.outcome, new.target_id) == (RowOutcome.CREATE, None)


def test_two_of_one_name_in_the_pool_are_not_guessed_at(session: Session, house: House) -> None:
    for _ in range(2):
        admit(session, house.incubator, make_mentor(session, name="Zhang"))

    (found,) = plan(session, house, {"name": "Zhang"})

    assert get_remarks(found) == [("name", Remark.SEVERAL_OF_THIS_NAME)]


def test_one_name_under_two_addresses_is_not_taken_for_one_person(
    session: Session, house: House
) -> None:
    mentor = make_mentor(session, name="Zhang", person=make_person(session))
    admit(session, house.incubator, mentor)

    (found,) = plan(session, house, {"name": "Zhang", "email": "another.zhang@example.org"})

    assert (found.outcome, get_remarks(found)) == (
        RowOutcome.REFUSED,
        [("name", Remark.OTHER_ADDRESS)],
    )


@pytest.mark.permissions
@pytest.mark.parametrize(
    ("state", "remark"),
    [
        (None, Remark.OWN_ACCOUNT_INVITED),
        ("applied", Remark.OWN_ACCOUNT_ADMITTED),
        ("invited", Remark.OWN_ACCOUNT),
        ("admitted", Remark.OWN_ACCOUNT),
        ("paused", Remark.OWN_ACCOUNT),
        ("declined", Remark.OWN_ACCOUNT_LEFT),
        ("retired", Remark.OWN_ACCOUNT_LEFT),
    ],
)
def test_a_mentor_with_an_account_keeps_their_profile(
    session: Session, house: House, state: str | None, remark: Remark
) -> None:
    mentor = make_mentor(session, person=make_person(session, email=EMAIL))
    if state is not None:
        admit(session, house.incubator, mentor, state=state)

    (found,) = plan(session, house, COMPLETE_MENTOR)

    assert (found.outcome, get_remarks(found)) == (RowOutcome.REFUSED, [("", remark)])
    assert found.values is None


@pytest.mark.privacy
def test_what_another_incubator_imported_and_invited_is_not_found(
    session: Session, house: House
) -> None:
    other = make_house(session)
    apply(session, other, COMPLETE_MENTOR, invites=True)
    apply(session, other, COMPLETE_STARTUP, kind=ImportKind.STARTUPS, invites=True)

    (mentor,) = plan(session, house, COMPLETE_MENTOR)
    (startup,) = plan(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS)

    assert (mentor.outcome, mentor.target_id, mentor.problems) == (RowOutcome.CREATE, None, ())
    assert (startup.outcome, startup.target_id, startup.problems) == (RowOutcome.CREATE, None, ())


@pytest.mark.permissions
def test_a_profile_that_two_incubators_look_after_is_not_changed(
    session: Session, house: House
) -> None:
    mentor = make_mentor(session, name="Shared mentor")
    admit(session, house.incubator, mentor)
    admit(session, make_house(session).incubator, mentor)

    (found,) = plan(session, house, {"name": "Shared mentor", "headline": "Another one"})

    assert get_remarks(found) == [("", Remark.OTHER_INCUBATOR)]


def test_a_published_profile_does_not_lose_what_it_needs(session: Session, house: House) -> None:
    apply(session, house, COMPLETE_MENTOR)

    (found,) = plan(
        session, house, {"姓名": NAME, "邮箱": EMAIL, "简介": "太短", "每月小时数": "0"}
    )

    assert found.outcome is RowOutcome.REFUSED
    assert get_remarks(found) == [
        ("summary", Remark.NEEDED_WHILE_PUBLISHED),
        ("hours_per_month", Remark.NEEDED_WHILE_PUBLISHED),
    ]


def test_a_paused_profile_is_changed_and_stays_paused(session: Session, house: House) -> None:
    mentor = make_mentor(session, name="Paused mentor", state="paused")
    admit(session, house.incubator, mentor)

    (found,) = plan(session, house, {"name": "Paused mentor", "headline": "Etching"})

    assert (found.outcome, found.is_published) == (RowOutcome.UPDATE, False)
    assert get_remarks(found) == [("headline", Remark.REPLACES), ("", Remark.STAYS_PAUSED)]


def test_a_row_that_repeats_an_earlier_one_is_refused_and_names_it(
    session: Session, house: House
) -> None:
    first = {"name": "Wafer mentor", "email": "wafer@example.org"}
    found = plan(
        session,
        house,
        first,
        {"name": "Another name", "email": "wafer@example.org"},
        {"name": "WAFER mentor", "email": "other@example.org"},
        {"name": "Someone else"},
    )
    assert [p.outcome.value for p in found] == ["create", "refused", "refused", "create"]
    assert [(p.problems[0].remark, p.problems[0].text) for p in found[1:3]] == [
        (Remark.REPEATED, "2"),
        (Remark.REPEATED, "2"),
    ]


def test_two_rows_about_one_profile_are_not_both_taken(session: Session, house: House) -> None:
    person_less = make_mentor(session, name="Old name", mentor={"help_modes": [HelpMode.STRATEGY]})
    admit(session, house.incubator, person_less)
    session.add(
        Invitation(
            token_hash="0" * 64,
            email="wafer@example.org",
            role=Role.MENTOR,
            provider_id=person_less.id,
            sender_incubator_id=house.incubator.id,
            created_at=AT,
            expires_at=AT,
        )
    )
    session.flush()

    by_address, by_name = plan(
        session,
        house,
        {"name": "New name", "email": "wafer@example.org"},
        {"name": "Old name", "headline": "x"},
    )

    assert (by_address.outcome, by_address.target_id) == (RowOutcome.UPDATE, person_less.id)
    assert get_remarks(by_name) == [("", Remark.REPEATED)]


def test_a_refused_row_does_not_stand_in_the_way_of_its_correction(
    session: Session, house: House
) -> None:
    wrong, right = plan(
        session, house, {"name": "A", "email": "nowhere"}, {"name": "A", "email": "a@example.org"}
    )
    assert (wrong.outcome, right.outcome) == (RowOutcome.REFUSED, RowOutcome.CREATE)


class TestStartups:
    def test_a_hosted_startup_is_known_by_name_also_when_its_founder_has_an_account(
        self, session: Session, house: House
    ) -> None:
        founder = make_person(session)
        startup = make_startup(
            session, founder=founder, name="Wafer Lab (example)", incubator_id=house.incubator.id
        )
        (found,) = plan(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS)
        assert (found.outcome, found.target_id) == (RowOutcome.UPDATE, startup.id)

    def test_a_founder_says_which_startup_is_meant_when_it_has_a_new_name(
        self, session: Session, house: House
    ) -> None:
        founder = make_person(session, email="founder@example.org")
        startup = make_startup(
            session, founder=founder, name="Old name", incubator_id=house.incubator.id
        )
        (found,) = plan(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS)
        assert found.target_id == startup.id
        assert ("name", Remark.REPLACES) in get_remarks(found)

    def test_a_founder_of_two_is_asked_by_name(self, session: Session, house: House) -> None:
        founder = make_person(session, email="founder@example.org")
        startups = [
            make_startup(session, founder=founder, name=name, incubator_id=house.incubator.id)
            for name in ("First", "Second")
        ]
        second, third = (
            plan(
                session,
                house,
                {"企业名称": name, "创始人邮箱": "founder@example.org"},
                kind=ImportKind.STARTUPS,
            )[0]
            for name in ("Second", "Third")
        )
        assert second.target_id == startups[1].id
        assert (third.outcome, third.target_id) == (RowOutcome.CREATE, None)

    @pytest.mark.privacy
    def test_what_a_founder_has_elsewhere_is_not_found(
        self, session: Session, house: House
    ) -> None:
        founder = make_person(session, email="founder@example.org")
        make_startup(session, founder=founder, name="Wafer Lab (example)")
        make_startup(
            session,
            founder=founder,
            name="Hosted elsewhere",
            incubator_id=make_house(session).incubator.id,
        )
        (found,) = plan(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS)
        assert (found.outcome, found.target_id) == (RowOutcome.CREATE, None)


def test_a_mentor_of_two_pools_under_one_address_is_the_one_of_this_pool(
    session: Session, house: House
) -> None:
    person = make_person(session, email=EMAIL)
    make_mentor(session, person=person)
    own = make_mentor(session, person=person)
    admit(session, house.incubator, own)

    (found,) = plan(session, house, COMPLETE_MENTOR)

    assert (found.target_id, get_remarks(found)) == (own.id, [("", Remark.OWN_ACCOUNT)])


def test_thousands_of_rows_take_few_queries(session: Session, house: House) -> None:
    from sqlalchemy import event

    rows = [{"name": f"Mentor {i}", "email": f"mentor{i}@example.org"} for i in range(1_200)]
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: statements.append(str(call[2])))
    plans = plan(session, house, *rows)
    assert len(plans) == 1_200
    assert len(statements) <= 15
    assert session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_an_operator_who_is_a_mentor_elsewhere_is_no_exception(
    session: Session, house: House
) -> None:
    mentor = make_mentor(session)
    join(session, house.operator, Role.MENTOR, provider=mentor)
    (found,) = plan(session, house, {"name": "Me", "email": house.operator.email})
    assert get_remarks(found) == [("", Remark.OWN_ACCOUNT_INVITED)]
