"""What is the same name for a conflict of interest, for a duplicate in a file and for the search is
the same for all three."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access import Actor
from app.imports.planning import plan_file
from app.imports.reading import read_file
from app.imports.recognising import recognise_tables
from app.matches.queries.conflicts import find_conflict
from app.pools.queries import list_hosted, list_pool
from app.profiles.queries import ProviderFilter, list_providers
from models.imports import ImportKind, RowOutcome
from models.organisation_names import is_called_the_same
from models.person_names import make_person_key
from tests.app.imports.files import make_csv
from tests.factories import admit, make_incubator, make_mentor, make_startup

STRANGER = Actor(person_id=0)

# Simplified, and the same in Traditional.
PEOPLE = [("林砚书", "林硯書"), ("欧阳 晓东", "歐陽 曉東"), ("阿依·图尔荪", "阿依·圖爾蓀")]
LATIN = ["Jörg Keller", "Zoë O'Hara-Lin", "Łukasz Wójcik"]
BRANDS = [("砚光半导体", "硯光半導體"), ("曜渡微电子科技", "曜渡微電子科技")]


def spell_person(name: str, draw: st.DrawFn) -> str:
    """Another way of writing `name`, which is the same person to everybody."""
    for dot in ("·", "・", "•", "．", ""):
        if draw(st.booleans()):
            name = name.replace("·", dot)
    if draw(st.booleans()):
        name = name.replace(" ", draw(st.sampled_from(["", "　", "  "])))
    if draw(st.booleans()):
        name += draw(st.sampled_from(["教授", " 博士", "老师", "（教授）"]))
    return name


@st.composite
def spellings_of_people(draw: st.DrawFn) -> tuple[str, str]:
    if draw(st.booleans()):
        name = draw(st.sampled_from(LATIN))
        other = draw(
            st.sampled_from(
                [name.upper(), name.lower(), f"Dr. {name}", f"{name}, PhD", f"{name} 教授"]
            )
        )
        if draw(st.booleans()):
            other = "".join(
                chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in other
            )
        return name, other
    name, traditional = draw(st.sampled_from(PEOPLE))
    return name, spell_person(draw(st.sampled_from([name, traditional])), draw)


@st.composite
def spellings_of_companies(draw: st.DrawFn) -> tuple[str, str]:
    simplified, traditional = draw(st.sampled_from(BRANDS))
    place = draw(st.sampled_from(["上海", "苏州市", "湖州", "浙江省湖州市", "昆山"]))
    brand = draw(st.sampled_from([simplified, traditional]))
    other = draw(
        st.sampled_from(
            [
                f"{brand}有限公司",
                f"{brand}（{place}）有限公司",
                f"{brand}({place})股份有限公司",
                f"{place}{brand}有限责任公司",
                f"{place} {brand} 有限公司",
                f"{place}{brand}有限公司（原星河微电）",
                f"星河微电有限公司（原{place}{brand}有限公司）",
                f"{place}{brand}有限公司 (Star River Microdevices Ltd.)",
                f"Star River Microdevices Ltd.（{place}{brand}有限公司）",
                f"{place}{brand}有限公司（筹）",
                f"{place}{brand}有限公司北京分公司",
            ]
        )
    )
    return f"{place}{simplified}有限公司", other


UNHURRIED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@UNHURRIED
@given(names=spellings_of_people())
def test_a_person_is_one_for_files_and_for_the_search(
    session: Session, names: tuple[str, str]
) -> None:
    stored, said = names
    assert make_person_key(said) == make_person_key(stored)
    with session.begin_nested() as taken_back:
        incubator = make_incubator(session)
        mentor = make_mentor(session, name=stored)
        admit(session, incubator, mentor)
        content = make_csv([["姓名", "邮箱"], [said, ""]])
        rows = recognise_tables(ImportKind.MENTORS, read_file(ImportKind.MENTORS, content)).rows
        (plan,) = plan_file(session, incubator=incubator, kind=ImportKind.MENTORS, rows=rows)
        assert plan.target_id == mentor.id, said
        twice = read_file(ImportKind.MENTORS, make_csv([["姓名"], [said], [stored]]))
        rows = recognise_tables(ImportKind.MENTORS, twice).rows
        outcomes = plan_file(session, incubator=incubator, kind=ImportKind.MENTORS, rows=rows)
        assert outcomes[1].outcome is RowOutcome.REFUSED
        assert [row.provider.id for row in list_pool(session, incubator, text=said)] == [mentor.id]
        page = list_providers(session, viewer=STRANGER, chosen=ProviderFilter(text=said))
        assert mentor.id in [row.provider.id for row in page.rows]
        taken_back.rollback()
        # SQLite gives the same numbers out again.
        session.expunge_all()


@UNHURRIED
@given(names=spellings_of_companies())
def test_an_organisation_is_one_for_conflicts_for_files_and_for_the_search(
    session: Session, names: tuple[str, str]
) -> None:
    stored, said = names
    assert is_called_the_same(stored, said)
    with session.begin_nested() as taken_back:
        incubator = make_incubator(session)
        startup = make_startup(session, name=stored, incubator=incubator)
        employed = make_mentor(session, mentor={"employer": said})
        assert find_conflict(session, startup, employed) is not None, said
        rival = make_startup(session, name="别家", competitors=[said])
        at_rival = make_mentor(session, mentor={"employer": stored})
        assert find_conflict(session, rival, at_rival) is not None, said
        # The other way round: what the startup is called beside is the employer's name.
        beside = make_startup(session, name=said)
        assert find_conflict(session, beside, at_rival) is not None, said
        content = make_csv([["企业名称"], [said]])
        rows = recognise_tables(ImportKind.STARTUPS, read_file(ImportKind.STARTUPS, content)).rows
        (plan,) = plan_file(session, incubator=incubator, kind=ImportKind.STARTUPS, rows=rows)
        assert plan.target_id == startup.id, said
        assert [row.startup.id for row in list_hosted(session, incubator, text=said)] == [
            startup.id
        ], said
        taken_back.rollback()
        # SQLite gives the same numbers out again.
        session.expunge_all()
