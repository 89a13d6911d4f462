"""The canonical text of a profile: its parts, their order, and where they stand."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.canonical import canonical_line, canonical_text
from models.profile_text import compose_profile_text
from models.providers import Centre, CentreService, Provider
from models.vocabulary import ProviderKind

lines = st.text(max_size=40).map(canonical_line)
texts = st.text(max_size=200).map(canonical_text)


def describe(**values: object) -> Provider:
    return Provider(
        **(
            {
                "kind": ProviderKind.MENTOR,
                "headline": "晶圆工艺与良率",
                "summary": "管过一条碳化硅产线。\n良率从40%到75%。",
                "can_help_with": "看缺陷图。",
                "topics": ["外延", "刻蚀"],
            }
            | values
        )
    )


def test_parts_stand_in_paragraphs_of_their_own_in_one_order() -> None:
    text, sections = compose_profile_text(describe())
    assert text == (
        "晶圆工艺与良率\n管过一条碳化硅产线。\n良率从40%到75%。\n看缺陷图。\n外延、刻蚀"
    )
    assert [section.name for section in sections] == [
        "headline",
        "summary",
        "can_help_with",
        "topics",
    ]
    assert text[sections[1].start : sections[1].end] == "管过一条碳化硅产线。\n良率从40%到75%。"


def test_a_centre_is_read_with_its_services() -> None:
    provider = describe(kind=ProviderKind.CENTRE, topics=[])
    provider.centre = Centre(
        services=[
            CentreService(name="晶圆测试", description="三批各77只。"),
            CentreService(name="功率循环", description=""),
        ]
    )
    text, sections = compose_profile_text(provider)
    assert [text[s.start : s.end] for s in sections if s.name == "services"] == [
        "晶圆测试：三批各77只。",
        "功率循环",
    ]


def test_what_is_empty_leaves_no_line() -> None:
    text, sections = compose_profile_text(
        describe(headline="", summary="Only this.", can_help_with="", topics=[])
    )
    assert text == "Only this."
    assert [(s.name, s.start, s.end) for s in sections] == [("summary", 0, 10)]


def test_an_empty_profile_has_no_text() -> None:
    empty = describe(headline="", summary="", can_help_with="", topics=[])
    assert compose_profile_text(empty) == ("", ())


@given(headline=lines, summary=texts, can_help_with=texts, topics=st.lists(lines, max_size=4))
def test_sections_are_slices_and_the_text_is_canonical(
    headline: str, summary: str, can_help_with: str, topics: list[str]
) -> None:
    topics = [topic for topic in topics if topic]
    provider = describe(
        headline=headline, summary=summary, can_help_with=can_help_with, topics=topics
    )
    text, sections = compose_profile_text(provider)
    parts = {
        "headline": headline,
        "summary": summary,
        "can_help_with": can_help_with,
        "topics": "、".join(topics),
    }
    assert {s.name: text[s.start : s.end] for s in sections} == {
        name: part for name, part in parts.items() if part
    }
    # What lies between two sections is the line end that keeps their sentences apart.
    assert [text[a.end : b.start] for a, b in pairwise(sections)] == ["\n"] * max(
        0, len(sections) - 1
    )
