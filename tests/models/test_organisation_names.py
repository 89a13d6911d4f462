"""When two names mean the same organisation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.organisation_names import (
    KEY_LIMIT,
    is_same_organisation,
    list_names,
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
    # Areas that are no divisions, also those that lie in two cities.
    ("西咸新区示例芯片有限公司", "示例芯片有限公司"),
    ("西咸新区示例芯片有限公司", "咸阳示例芯片有限公司"),
    ("四川天府新区示例芯片有限公司", "眉山示例芯片有限公司"),
    ("中国（上海）自由贸易试验区示例芯片有限公司", "示例芯片有限公司"),
    ("上海自贸区示例芯片有限公司", "上海示例芯片有限公司"),
    ("苏州工业园区示例芯片有限公司", "苏州示例芯片有限公司"),
    ("深圳前海示例芯片有限公司", "示例芯片有限公司"),
    ("雄安新区示例芯片有限公司", "示例芯片（河北）有限公司"),
    ("台北示例芯片股份有限公司", "示例芯片"),
    # Districts that share a name, and cities that have become districts.
    ("鼓楼区示例芯片有限公司", "徐州市鼓楼区示例芯片有限公司"),
    ("鼓楼区示例芯片有限公司", "福州示例芯片有限公司"),
    ("长春市朝阳区示例芯片有限公司", "朝阳区示例芯片有限公司"),
    ("萧山示例芯片有限公司", "杭州示例芯片有限公司"),
    ("常州武进示例芯片有限公司", "武进示例芯片有限公司"),
    ("闸北区示例芯片有限公司", "上海示例芯片有限公司"),
    ("江苏省苏州市昆山市示例芯片有限公司", "示例芯片有限公司"),
    # Branches, former names, shares.
    ("示例芯片有限公司（上海分公司）", "示例芯片有限公司"),
    ("示例芯片有限公司苏州研发中心", "示例芯片有限公司"),
    ("Bridge Devices Co., Ltd. Shanghai Branch", "Bridge Devices"),
    ("示例芯片有限公司，原曜河电子", "示例芯片有限公司"),
    ("示例芯片有限公司（在筹）", "示例芯片有限公司"),
    ("示例芯片有限公司（以下简称“示例”）", "示例芯片"),
    ("示例芯片有限公司（股票代码：688000）", "示例芯片"),
    ("示例芯片有限公司 (上海分公司)", "上海示例芯片有限公司"),
    ("上海示例律师事务所", "示例律师事务所"),
    ("北京示例律师事务所上海分所", "北京示例律师事务所"),
    ("The Bridge Corporation", "Bridge Corp."),
    ("中科院上海微系统所", "中国科学院上海微系统与信息技术研究所"),
    ("深圳华为技术有限公司", "华为"),
    ("示例芯片有限公司（筹建中）", "示例芯片"),
    ("曜河电子（现示例芯片）", "曜河电子有限公司"),
    ("示例创投（12.5%）", "示例创投"),
    ("示例创投有限公司 40%", "示例创投"),
    # Brackets, signs, forms and accents of every kind.
    ("示例[北京]芯片有限公司", "示例（北京）芯片有限公司"),
    ("示例【北京】芯片有限公司", "北京示例芯片有限公司"),
    ("“示例芯片”有限公司。", "示例芯片有限公司"),
    ("Bridge & Sons Ltd", "Bridge and Sons"),
    ("The Bridge Devices", "Bridge Devices"),
    ("Bridge Devices Suzhou Co., Ltd.", "Suzhou Bridge Devices Co., Ltd."),
    ("Café Bridge SAS", "CAFE BRIDGE S.A.S."),
    ("Æther Bridge ApS", "Aether Bridge"),
    ("ﬁeld Bridge Oy", "Field Bridge"),
    ("Straße Bridge GmbH", "Strasse Bridge"),
    ("Bridge Sdn. Bhd.", "Bridge Pvt. Ltd."),
    # Short names, with where a part of them is.
    ("哈工大（深圳）", "哈尔滨工业大学（深圳）"),
    ("哈工大", "哈爾濱工業大學"),
    ("中科院微电子所", "中国科学院微电子研究所"),
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
    ("福州市鼓楼区示例芯片有限公司", "南京市鼓楼区示例芯片有限公司"),
    ("西咸新区示例芯片有限公司", "成都示例芯片有限公司"),
    ("天府新区示例芯片有限公司", "西咸新区示例芯片有限公司"),
    ("示例芯片集团有限公司", "示例芯片有限公司"),
    ("中国地质大学（武汉）", "中国地质大学（北京）"),
    ("东方示例有限公司", "示例有限公司"),
    ("Root and Branch", "Root"),
    ("Nanjing Bridge Devices Ltd", "Suzhou Bridge Devices Ltd"),
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
    ("name", "others"),
    [
        ("示例芯片有限公司（原曜河电子有限公司）", ["曜河电子有限公司"]),
        ("示例芯片（原名：曜河电子（上海）有限公司）", ["曜河电子(上海)有限公司"]),
        ("示例芯片有限公司，曾用名曜河电子", ["曜河电子"]),
        ("曜河电子（现示例芯片有限公司）", ["示例芯片有限公司"]),
        ("Bridge Devices (formerly River Labs)", ["river labs"]),
        ("示例芯片有限公司 原名曜河电子有限公司", ["曜河电子有限公司"]),
        ("示例芯片有限公司/原曜河电子有限公司", ["曜河电子有限公司"]),
        ("示例芯片有限公司 (Example Chips Ltd)", ["example chips ltd"]),
        ("Example Chips Ltd（示例芯片有限公司）", ["example chips ltd"]),
        ("ABB（中国）有限公司", []),
        ("示例芯片（Shanghai）有限公司", []),
        ("示例芯片有限公司", []),
        ("平原示例有限公司", []),
    ],
)
def test_a_name_says_what_it_was_before(name: str, others: list[str]) -> None:
    assert list_names(name) == (name, *others)


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
