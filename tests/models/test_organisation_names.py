"""When two names mean the same organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.organisation_names import (
    KEY_LIMIT,
    is_same_organisation,
    make_name_key,
    split_organisation_names,
)

SAME = [
    ("Bridge Fund", "bridge  fund"),
    ("ＢＲＩＤＧＥ基金（示例）", "Bridge基金(示例)"),
    ("示例大学 微电子学院", "示例大学微电子学院"),
    ("上海示例芯片科技有限公司", "示例芯片科技"),
    ("示例芯片科技", "上海市示例芯片科技股份有限公司"),
    ("示例芯片（上海）有限公司", "示例芯片"),
    ("示例芯片有限公司（上海）", "上海示例芯片有限公司"),
    ("示例芯片（中国）有限公司", "示例芯片"),
    ("示例创业投资合伙企业（有限合伙）", "示例创业投资"),
    ("示例传感器有限公司（试点）", "示例传感器（试点）"),
    ("示例传感器公司", "示例传感器有限责任公司"),
    ("Bridge Co., Ltd.", "BRIDGE"),
    ("Bridge Devices Inc.", "Bridge Devices GmbH"),
    ("Bridge (Shanghai) Co.,Ltd", "上海Bridge有限公司"),
    ("Shanghai Bridge Devices Co., Ltd.", "Bridge Devices"),
    ("Max-Planck Institute", "Max Planck Institute"),
]
DIFFERENT = [
    ("Bridge", "Bridge Fund"),
    ("上海示例芯片科技有限公司", "北京示例芯片科技有限公司"),
    ("示例芯片（上海）有限公司", "示例芯片（北京）有限公司"),
    ("上海大学", "大学"),
    ("上海银行股份有限公司", "银行"),
    ("南京电子技术研究所", "电子技术研究所"),
    ("北京理工大学", "理工大学"),
    ("Shanghai Bridge", "Bridge"),
    ("Tesco", "Tes"),
    ("示例资本", "示例科技"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_organisation_however_it_is_written(one: str, other: str) -> None:
    assert is_same_organisation(one, other)
    assert is_same_organisation(other, one)
    assert make_name_key(one) == make_name_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_are_only_alike(one: str, other: str) -> None:
    assert not is_same_organisation(one, other)
    assert not is_same_organisation(other, one)


@pytest.mark.parametrize(
    "name", ["", "  ", "无", "自由职业者", "Self-employed", "N/A", "-", "A", "Ltd."]
)
def test_what_stands_for_nobody_connects_nobody(name: str) -> None:
    assert make_name_key(name) == ""
    assert not is_same_organisation(name, name)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Bridge Co., Ltd., River Fund, Inc.; 示例大学、示例银行", 4),
        ("Bridge Co., Ltd.\nRiver Fund\nBridge Co., Ltd.", 2),
        (" , ;\n", 0),
    ],
)
def test_a_legal_form_behind_a_comma_is_no_name_of_its_own(text: str, names: int) -> None:
    found = split_organisation_names(text)
    assert len(found) == names
    assert all(make_name_key(name) for name in found)
    if found:
        assert found[0] == "Bridge Co., Ltd."


@given(st.text(max_size=30), st.text(max_size=30))
def test_names_are_compared_both_ways_and_by_their_keys(one: str, other: str) -> None:
    assert is_same_organisation(one, other) == is_same_organisation(other, one)
    assert is_same_organisation(one, one) == (make_name_key(one) != "")
    if is_same_organisation(one, other):
        assert make_name_key(one) == make_name_key(other)


@pytest.mark.fuzz
@given(
    st.lists(
        st.sampled_from(
            ["上海", "(", ")", "有限公司", "Co., Ltd.", "示例", "﷽", " ", "bridge", "公司"]
        )
    )
)
def test_no_name_breaks_the_comparison(parts: list[str]) -> None:
    name = "".join(parts) * 20
    assert len(make_name_key(name)) <= KEY_LIMIT
