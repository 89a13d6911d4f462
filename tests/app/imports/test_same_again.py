"""Who and what is brought in again: known under other ways of writing, or asked about with both
records side by side; and the same keys for rows of one file, profiles and conflicts of interest."""

import pytest
from sqlalchemy.orm import Session

from app.imports.problems import Remark
from app.matches.queries.conflicts import list_conflicts
from models.credit_code import complete_credit_code
from models.imports import ImportKind, RowOutcome
from tests.app.imports.scenes import House, make_house, plan
from tests.factories import admit, make_mentor, make_startup

NEW = RowOutcome.CREATE


def plan_names(session: Session, house: House, *names: str, kind: ImportKind) -> list[RowOutcome]:
    header = "姓名" if kind is ImportKind.MENTORS else "企业名称"
    plans = plan(session, house, *({header: name} for name in names), kind=kind)
    return [one.outcome for one in plans]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("买买提·某某", "買買提・某某 教授"),
        ("方远", "方　遠（CTO）"),
        ("Łucja Brücke", "Dr. LUCJA BRUCKE, MBA"),
        ("ﬁona Æsa", "Ｆｉｏｎａ Aesa"),
    ],
)
def test_a_mentor_is_known_again(session: Session, known: str, said: str) -> None:
    house = make_house(session)
    mentor = make_mentor(session, name=known)
    admit(session, house.incubator, mentor)
    (found,) = plan(session, house, {"姓名": said})
    assert found.target_id == mentor.id
    assert plan_names(session, make_house(session), known, said, kind=ImportKind.MENTORS) == [
        NEW,
        RowOutcome.REFUSED,
    ]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ("Fang Wei", "Wei Fang"),
        ("Jörg Brücke", "Joerg Bruecke"),
        ("Jörg Brücke", "Bruecke, Joerg"),
        ("Manuel Brücke", "Manuel Bruecke"),
        ("Manuel Bruecke", "Brücke, Manuel"),
        ("Bjørn Åsen", "Bjoern Aasen"),
        ("Lyu Yuanshan", "Lü Yuanshan"),
        ("方远", "方远（David）"),
        ("方远", "Fang Yuan（方远）"),
        ("方远", "Fang Yuan 方远"),
    ],
)
def test_who_may_be_the_same_is_asked_about(session: Session, known: str, said: str) -> None:
    house = make_house(session)
    admit(session, house.incubator, make_mentor(session, name=known))
    (found,) = plan(session, house, {"姓名": said})
    assert found.remarks == {Remark.MAYBE_KNOWN}
    # In one file as in the pool; but two addresses are two people.
    elsewhere = make_house(session)
    _first, second = plan(session, elsewhere, {"姓名": known}, {"姓名": said})
    assert second.remarks == {Remark.MAYBE_REPEATED}
    apart = plan(
        session,
        elsewhere,
        {"姓名": known, "邮箱": "a@example.org"},
        {"姓名": said, "邮箱": "b@example.org"},
    )
    assert [one.outcome for one in apart] == [NEW, NEW]


STARTUPS = [
    ("示例芯片有限公司", "上海示例芯片股份有限公司"),
    ("示例芯片有限公司", "西咸新区示例芯片有限公司"),
    ("示例芯片有限公司", "示例芯片（北京）有限公司"),
    ("曜河电子有限公司", "示例芯片有限公司（原曜河电子有限公司）"),
    ("示例芯片有限公司（原曜河电子有限公司）", "曜河电子有限公司"),
    ("示例芯片有限公司（原曜河电子有限公司）", "曜河电子股份有限公司（曾用名：远山电子有限公司）"),
    ("示例芯片有限公司 (Example Chips Co., Ltd.)", "Example Chips"),
    ("Example Chips（示例芯片有限公司）", "示例芯片有限公司"),
    ("示例芯片有限公司（在筹）", "示例芯片"),
    ("鼓楼区示例芯片有限公司", "徐州示例芯片有限公司"),
    ("Müller Devices GmbH", "MULLER DEVICES"),
]


@pytest.mark.parametrize(("known", "said"), STARTUPS)
def test_an_organisation_is_one_for_files_profiles_and_conflicts(
    session: Session, known: str, said: str
) -> None:
    house = make_house(session)
    startup = make_startup(session, incubator=house.incubator, name=known)
    (found,) = plan(session, house, {"企业名称": said}, kind=ImportKind.STARTUPS)
    assert found.target_id == startup.id
    assert plan_names(session, make_house(session), known, said, kind=ImportKind.STARTUPS) == [
        NEW,
        RowOutcome.REFUSED,
    ]
    other = make_startup(session, name="Another (example)", competitors=[said])
    mentor = make_mentor(session, mentor={"employer": known})
    assert list(list_conflicts(session, other)) == [mentor.id]


def test_codes_come_before_names(session: Session) -> None:
    one, other = (complete_credit_code(f"91310115MA7B000{n}") for n in (1, 2))
    plans = plan(
        session,
        make_house(session),
        {"企业名称": "示例芯片有限公司", "信用代码": one},
        {"企业名称": "示例芯片有限公司", "信用代码": other},
        {"企业名称": "曜河电子有限公司", "信用代码": one},
        kind=ImportKind.STARTUPS,
    )
    assert [found.outcome for found in plans] == [NEW, NEW, RowOutcome.REFUSED]


def test_organisations_of_two_places_are_two(session: Session) -> None:
    names = ("福州市鼓楼区示例芯片有限公司", "南京市鼓楼区示例芯片有限公司")
    outcomes = plan_names(session, make_house(session), *names, kind=ImportKind.STARTUPS)
    assert outcomes == [NEW, NEW]
