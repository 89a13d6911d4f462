"""What is typed into the search of a list finds what is meant, on both databases alike."""

import time
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.access import Actor
from app.needs.queries import NeedFilter, list_needs
from app.pools.queries import list_hosted, list_pool
from app.profiles.queries import ProviderFilter, list_providers
from app.words.searching import split_words
from tests.factories import (
    act_as,
    admit,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)

STRANGER = Actor(person_id=0)

PROFILES: dict[str, dict[str, Any]] = {
    "方砚": {
        "headline": "碳化硅晶圆减薄",
        "summary": "做过六英寸产线。",
        "topics": ["减薄", "划片"],
    },
    "Jörg Keller": {"headline": "Gallium nitride RF", "summary": "Epitaxy.", "topics": ["MOCVD"]},
    "Cleo Musica": {"headline": "Music hardware", "summary": "Loudspeakers.", "topics": ["audio"]},
    "買买提・某某": {"headline": "钙钛矿电池", "summary": "通过 ISO 13485。", "topics": ["镀膜"]},
    "林　子木": {"headline": "ＧａＮ 功率", "summary": "Drivers.", "topics": ["封装"]},
    "Zoë Müller": {"headline": "C++ und C#", "summary": "Straße.", "topics": ["ﬁlter", "Æther"]},
    "早川基金（示例）": {"headline": "早期投资", "summary": "看硬科技。", "topics": ["天使轮"]},
}

SEARCHES = [
    ("碳化硅 晶圆", {"方砚"}),
    ("晶圆，碳化硅", {"方砚"}),
    ("碳化矽", {"方砚"}),
    ("晶圓", {"方砚"}),
    ("SiC", {"方砚"}),
    ("ｓｉｃ", {"方砚"}),
    ("silicon carbide", {"方砚"}),
    ("六英寸 减薄", {"方砚"}),
    ("GaN", {"Jörg Keller", "林　子木"}),
    ("氮化鎵", {"Jörg Keller", "林　子木"}),
    ("mocvd", {"Jörg Keller"}),
    ("KELLER", {"Jörg Keller"}),
    ("keller jorg", {"Jörg Keller"}),
    ("Jörg", {"Jörg Keller"}),
    ("keler", {"Jörg Keller"}),
    ("Kellre", {"Jörg Keller"}),
    ("music", {"Cleo Musica"}),
    ("muscia", {"Cleo Musica"}),
    ("鈣鈦礦", {"買买提・某某"}),
    ("ISO13485", {"買买提・某某"}),
    ("iso-13485", {"買买提・某某"}),
    ("买买提·某某", {"買买提・某某"}),
    ("买买提某某", {"買买提・某某"}),
    ("林子木", {"林　子木"}),
    ("林子木教授", {"林　子木"}),
    ("早川基金(示例)", {"早川基金（示例）"}),
    ("早川 基金", {"早川基金（示例）"}),
    ("audi", {"Cleo Musica"}),
    ("udio", set()),
    ("碳化硅 loudspeakers", set()),
    ("C++", {"Zoë Müller"}),
    ("c＋＋", {"Zoë Müller"}),
    ("C#", {"Zoë Müller"}),
    ("C", set()),
    ("F#", set()),
    ("filter", {"Zoë Müller"}),
    ("ﬁlter", {"Zoë Müller"}),
    ("aether", {"Zoë Müller"}),
    ("ÆTHER", {"Zoë Müller"}),
    ("strasse", {"Zoë Müller"}),
    ("Straße", {"Zoë Müller"}),
    ("muller", {"Zoë Müller"}),
    ("Muler", {"Zoë Müller"}),
    ("Mueller", {"Zoë Müller"}),
    ("ＭÜＬＬＥＲ　zoe", {"Zoë Müller"}),
    ("joerg", {"Jörg Keller"}),
    ("100%", set()),
    (r"\ [a-z] (.*) _ %", set()),
    ("，。", set()),
    ("·", set()),
    ("・", {"買买提・某某"}),
    ("", set(PROFILES)),
]

# Texts of which each is found by each of its group, and none by one of another.
SAME_IN_OTHER_WRITING = [
    ("GB/T18487", "GB/T 18487", "GBT18487", "gb t 18487", "ＧＢ／Ｔ　１８４８７"),
    ("8inch", "8 inch", "8-inch", "８－ｉｎｃｈ"),
    ("SiC-MOSFET", "SiC MOSFET", "SiCMOSFET", "碳化硅MOSFET"),
    ("COVID19", "COVID-19", "COVID 19", "ＣＯＶＩＤ－１９"),
    ("ISO13485", "ISO 13485", "iso-13485", "ISO‑13485"),
    ("TRL6", "TRL 6"),
    ("Type-C", "TypeC"),
    ("1200V", "1200 V"),
    ("Jack O'Connor", "jack o’connor", "O'Connor Jack"),
    (
        "阿不都·热依木",
        "阿不都•热依木",
        "阿不都・热依木",
        "阿不都.热依木",
        "阿不都热依木",
        "阿不都˙熱依木",
    ),
    ("𠮷田一郎", "吉田一郎"),
    ("王𬀩", "王　𬀩"),
]


@pytest.fixture
def pool(session: Session) -> Any:
    incubator = make_incubator(session)
    for name, values in PROFILES.items():
        admit(session, incubator, make_mentor(session, name=name, can_help_with="", **values))
    session.flush()
    return incubator


def test_lists_of_providers_and_pools_find_what_is_meant(session: Session, pool: Any) -> None:
    for text, names in SEARCHES:
        page = list_providers(session, viewer=STRANGER, chosen=ProviderFilter(text=text))
        assert {row.provider.name for row in page.rows} == names, text
        assert {row.provider.name for row in list_pool(session, pool, text=text)} == names, text


def test_each_way_of_writing_finds_every_other(session: Session) -> None:
    incubator = make_incubator(session)
    for group in SAME_IN_OTHER_WRITING:
        for text in group:
            admit(session, incubator, make_mentor(session, name=text, summary="", topics=[]))
    session.flush()
    for group in SAME_IN_OTHER_WRITING:
        for text in group:
            if text == "TypeC":
                # One word says nothing of where another one would begin.
                continue
            found = {row.provider.name for row in list_pool(session, incubator, text=text)}
            assert found == set(group), text
    for text in ("GB/T 18488", "ISO 1348", "18 inch", "COVID 1", "RL6"):
        assert list_pool(session, incubator, text=text) == [], text


def test_a_draft_in_the_pool_is_found_by_its_text_and_topics(session: Session) -> None:
    incubator = make_incubator(session)
    draft = make_mentor(session, name="方砚", state="draft", topics=["化学机械抛光", "清洗"])
    admit(session, incubator, draft)
    for text in ("CMP", "清洗 抛光", "化學機械拋光", "silicon-carbide"):
        assert [row.provider.id for row in list_pool(session, incubator, text=text)] == [draft.id]
    assert list_pool(session, incubator, text="光刻") == []


def test_startups_are_found_by_name_text_and_topics(session: Session) -> None:
    incubator = make_incubator(session)
    startup = make_startup(
        session,
        incubator=incubator,
        name="上海砚光半导体有限公司",
        one_line="氧化镓外延",
        description="Six-inch wafers.",
        topics=["功率器件"],
    )
    for text in (
        *("砚光", "半導體 砚光", "砚光半导体（上海）有限公司", "砚光半导体", "氧化鎵"),
        *("Ga2O3", "wafers", "功率 外延"),
    ):
        assert [row.startup.id for row in list_hosted(session, incubator, text=text)] == [
            startup.id
        ], text
    assert list_hosted(session, incubator, text="砚山") == []


def test_needs_are_found_by_title_text_and_startup(session: Session) -> None:
    operator = make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, incubator=incubator, name="Bridge Devices")
    need = make_need(session, startup, title="晶圆翘曲", text="碳化硅衬底减薄后翘曲超标。")
    make_need(session, startup, title="Somebody for music", text="Sound of machines.")
    viewer = act_as(operator)
    for text in ("翘曲 SiC", "bridge 翹曲", "brigde 减薄", "碳化矽"):
        found = list_needs(session, viewer, NeedFilter(text=text))
        assert [row.public_id for row in found] == [need.public_id], text


@pytest.mark.parametrize("text", ["", "碳化硅 晶圆 keller GaN music iso13485 减薄 抛光"])
def test_a_search_costs_no_more_queries_than_the_list(
    session: Session, pool: Any, text: str
) -> None:
    statements: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
    list_providers(session, viewer=STRANGER, chosen=ProviderFilter(text=text))
    assert len(statements) <= 4


@pytest.mark.trust
@pytest.mark.parametrize(
    "text", ["a" * 5_000, "碳" * 5_000, "(" * 100, "a?" * 60, "x*x*x*x*x*y" * 9, "SiC GaN " * 60]
)
def test_nothing_that_is_typed_takes_long(session: Session, pool: Any, text: str) -> None:
    make_mentor(session, name="a" * 120, summary=("a" * 60 + " x*x碳 ") * 100)
    begun = time.process_time()
    list_providers(session, viewer=STRANGER, chosen=ProviderFilter(text=text))
    assert time.process_time() - begun < 2


def test_words_keep_their_order_and_bring_their_terms() -> None:
    first, second = split_words("碳化硅 晶圆")
    assert first[0] == "碳化硅"
    assert {"sic", "silicon carbide"} <= set(first)
    assert second == ("晶圆",)
    assert "氮化镓" in split_words("gan")[0]
    assert "生成对抗网络" not in split_words("GaN")[0]
