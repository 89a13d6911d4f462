"""When two names may be the same person's, and what is the same for all comparisons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.affiliations import make_topic_key
from models.folding import fold, fold_to_letters
from models.organisation_names import is_same_organisation, make_name_key
from models.person_names import list_similar_keys, make_person_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿依古丽·吐尔逊", "阿依古丽・吐尔逊"),
        ("阿依古丽•吐尔逊", "阿依古丽．吐尔逊"),
        ("阿依古丽 吐尔逊", "阿依古丽‧吐尔逊"),
        ("司馬 遠", "司马远"),
        ("ＦＡＮＧ　Ｗｅｉ", "fang wei"),
        ("Jürgen Groß", "Jurgen Gross"),
        ("方远教授", "方远"),
        ("Prof. Dr. Fang Wei", "Fang Wei"),
        ("Fang Wei, PhD", "Fang Wei"),
        ("Fang Wei, Ph.D., MBA", "FANG WEI"),
        ("方远教授、博导", "方远"),
        ("方远 副院长/研究员", "方远"),
        ("方远（CTO）", "方远"),
        ("方远 正高级工程师", "方远"),
        ("方远总经理", "方远"),
        ("Łucja Brücke", "Lucja Brucke"),
        ("Ğözde Yılmaz", "Gozde Yilmaz"),
        ("ﬁona Æsa", "Fiona Aesa"),
    ],
)
def test_ways_of_writing_one_name_have_one_key(one: str, other: str) -> None:
    assert make_person_key(one) == make_person_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("方远", "方圆"), ("Fang Wei", "Fang Wen"), ("碳化硅工程师", "碳化硅"), ("方教授", "方")],
)
def test_names_that_are_only_alike_have_two(one: str, other: str) -> None:
    assert make_person_key(one) != make_person_key(other) or other in one


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("Wei Fang", "Fang Wei"),
        ("Fang, Wei", "Wei Fang"),
        ("方远（David）", "方远"),
        ("Fang Yuan（方远）", "方远"),
        ("方远 Fang Yuan", "方远"),
        ("方远 Fang Yuan", "fang yuan"),
        ("Jörg Brücke", "Joerg Bruecke"),
        ("Joerg Bruecke", "Jörg Brücke"),
    ],
)
def test_another_order_or_a_name_in_brackets_is_asked_about(name: str, similar: str) -> None:
    assert make_person_key(similar) in list_similar_keys(name)
    assert make_person_key(name) not in list_similar_keys(name)


@pytest.mark.parametrize("name", ["林经理", "李院长", "王总监", "Ceo", "方正", "安博士"])
def test_a_title_is_left_where_no_name_would_be(name: str) -> None:
    assert make_person_key(name) == fold_to_letters(name)


# What people change in a name without meaning another one.
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)} | {" ": "\u3000"})
TRADITIONAL = str.maketrans("桥蓝电设备东", "橋藍電設備東")
CHANGES = (
    lambda text: text.upper(),
    lambda text: text.translate(WIDE),
    lambda text: text.translate(TRADITIONAL),
    lambda text: f"  {text} ",
    lambda text: text.replace("·", "・"),
)


@given(
    st.lists(st.sampled_from(["桥", "蓝", "电", "设备", "东", "bridge", " ", "·"]), min_size=2),
    st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4),
)
def test_what_is_the_same_for_one_comparison_is_the_same_for_all(
    parts: list[str], changes: list[object]
) -> None:
    name = "".join(parts)
    changed = name
    for change in changes:
        changed = change(changed)  # type: ignore[operator]  # drawn from a tuple of functions
    assert fold_to_letters(changed) == fold_to_letters(name)
    assert make_person_key(changed) == make_person_key(name)
    assert make_name_key(changed) == make_name_key(name)
    assert make_topic_key(changed).replace("・", "·") == make_topic_key(name).replace("・", "·")
    assert is_same_organisation(changed, name) == (make_name_key(name) != "")


@given(st.text(max_size=40))
def test_folded_twice_is_folded_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_character_folds_as_the_library_says() -> None:
    from tests.models.make_traditional import list_pairs

    assert [pair for pair in list_pairs() if fold(pair[0]) != fold(pair[1])] == []
