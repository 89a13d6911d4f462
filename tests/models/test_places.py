"""What people write for a place, and which of GB/T 2260 it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.abroad import read_abroad
from models.place_tables import (
    find_city,
    find_successor,
    get_place_names,
    is_place,
    list_codes,
    shorten_place_name,
)
from models.places import read_place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("浙江省杭州市", "330100"),
        ("浙江杭州", "330100"),
        ("浙江 杭州 余杭", "330110"),
        ("四川省成都市武侯区", "510107"),
        ("武侯区，成都市，四川省", "510107"),
        ("中国·北京", "110000"),
        ("中国（天津）", "120000"),
        ("北京市市辖区", "110000"),
        ("北京市北京市海淀区", "110108"),
        ("宁夏", "640000"),
        ("寧夏回族自治區", "640000"),
        ("廣東省廣州市", "440100"),
        ("湘西州", "433100"),
        ("恩施土家族苗族自治州", "422800"),
        ("Chengdu, Sichuan Province, China", "510100"),
        ("Yuhang District, Hangzhou", "330110"),
        ("Guangxi Zhuang Autonomous Region", "450000"),
        ("Xi’an", "610100"),
        ("XIAN, SHAANXI", "610100"),
        ("Hong Kong SAR", "810000"),
        ("Taizhou, Zhejiang", "331000"),
        ("Taizhou, Jiangsu", "321200"),
        ("湖北仙桃", "429004"),
        ("新疆石河子市", "659001"),
        ("浙江义乌", "330782"),
        ("长沙", "430100"),
        ("长沙县", "430121"),
        ("西安", "610100"),
        ("海南", "460000"),
        ("辽宁省朝阳市", "211300"),
        ("３１０１１５", "310115"),
        ("Chaoyang, Liaoning", "211300"),
        ("Changzhi", "140400"),
        ("Hunchun, Jilin", "222404"),
        ("万柏林", "140109"),
        ("徐州鼓楼", "320302"),
        ("鼓楼区（福州）", "350102"),
        ("舟山普陀区", "330903"),
        ("南通市通州区", "320612"),
        ("长春朝阳", "220104"),
        ("苏州（昆山）", "320583"),
        ("330106000000", "330106"),
    ],
)
def test_a_place_is_read_with_and_without_what_it_lies_in(text: str, code: str) -> None:
    found = read_place(text)
    assert (found.codes, found.old_name, found.rest) == ((code,), "", "")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("西湖区", {"330106", "360103"}),
        ("宝山", {"310113", "230506"}),
        ("城关", {"620102", "540102"}),
        ("江苏省鼓楼区", {"320106", "320302"}),
        ("Fuzhou", {"350100", "361000"}),
        ("朝阳", {"110105", "211300", "220104"}),
        ("吉林", {"220000", "220200"}),
        ("西咸新区", {"610100", "610400"}),
        ("陕西西咸新区", {"610100", "610400"}),
        ("四川天府新区", {"510100", "511400"}),
        ("贵安新区", {"520100", "520400"}),
        ("赣江新区", {"360100", "360400"}),
        ("太湖新城", {"320500", "320200"}),
        ("Chaoyang", {"110105", "211300", "220104", "440513"}),
        ("巴州", {"511902", "652800"}),
        ("新华区", {"130105", "130902", "410402", "460105"}),
    ],
)
def test_a_name_of_several_places_gives_all_of_them(text: str, codes: set[str]) -> None:
    assert set(read_place(text).codes) == codes


@pytest.mark.parametrize(
    ("text", "code", "old_name"),
    [
        ("北京市宣武区", "110102", "宣武区"),
        ("崇文区", "110101", "崇文区"),
        ("静安区", "310106", ""),
        ("上海闸北", "310106", "闸北区"),
        ("南京市下关区", "320106", "下关区"),
        ("杭州江干", "330102", "江干区"),
        ("苏州市金阊区", "320508", "金阊区"),
        ("吴江市", "320509", "吴江市"),
        ("310108", "310106", "闸北区"),
        ("襄樊", "420600", "襄樊市"),
    ],
)
def test_a_place_that_is_no_more_leads_to_its_successor(
    text: str, code: str, old_name: str
) -> None:
    found = read_place(text)
    assert (found.codes, found.old_name) == ((code,), old_name)


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("深圳市南山区科技园路1号", "440305", "科技园路1号"),
        ("上海市浦东新区祖冲之路", "310115", "祖冲之路"),
        ("武汉东湖高新区", "420100", ""),
        ("武汉某某高新区", "", ""),
        ("成都市高新区", "510100", "高新区"),
        ("杭州路88号", "", ""),
        ("苏州河畔", "", ""),
        ("杭州市杭州路88号", "330100", "杭州路88号"),
        ("北京中关村", "110108", ""),
        ("雄安新区", "130600", ""),
        ("合肥经开区", "340100", "经开区"),
        # Areas that are no divisions and never were, also those that statistics gave a code.
        ("苏州工业园区", "320500", "苏州工业园区"),
        ("320571", "320500", "苏州工业园区"),
        ("蘇州工業園區", "320500", "苏州工业园区"),
        ("兰州新区", "620100", "兰州新区"),
        ("西安西咸新区", "610100", "西咸新区"),
        ("咸阳市西咸新区", "610400", "西咸新区"),
        ("成都天府新区", "510100", "天府新区"),
        ("眉山市天府新区", "511400", "天府新区"),
        ("钱塘新区", "330114", "钱塘新区"),
        ("龙华新区", "440309", "龙华新区"),
        ("上海临港", "310000", "临港"),
        ("东莞松山湖", "441900", "松山湖"),
        ("深圳南山高新区", "440305", "高新区"),
        ("杭州未来科技城", "330100", "未来科技城"),
        ("上海张江镇", "310000", "张江镇"),
        ("香港九龙", "810000", "九龙"),
        ("臺北市", "710000", "台北市"),
        ("Ilmenau, Germany", "DE0000", "Ilmenau"),
        ("Germany (remote)", "DE0000", "remote"),
        ("德国伊尔梅瑙", "DE0000", "伊尔梅瑙"),
        ("德国慕尼黑工业大学", "DEMUNI", "工业大学"),
        ("慕尼黑工业大学", "", ""),
    ],
)
def test_an_address_is_a_place_and_a_rest(text: str, code: str, rest: str) -> None:
    found = read_place(text)
    assert (found.codes, found.rest) == ((code,) if code else (), rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "区",
        "省",
        "亚特兰蒂斯",
        "江苏省深圳市",
        "北京/上海",
        "北京市、上海市",
        "999999",
        "Berlin/Munich",
        "德国和中国",
        "Shanghai, Germany",
        "海外",
    ],
)
def test_what_is_no_one_place_gives_none(text: str) -> None:
    assert read_place(text).codes == ()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Paris", "FRPARI"),
        ("München", "DEMUNI"),
        ("德国慕尼黑", "DEMUNI"),
        ("新加坡", "SG0000"),
        ("Cambridge", "GBCAMB USCAMB"),
        ("Cambridge, UK", "GBCAMB"),
        ("Cambridge MA, USA", "USCAMB"),
        ("加州圣何塞", "USSANJ"),
        ("日本东京都", "JPTOKY"),
        ("圣地亚哥", "CLSANT USSAND"),
        ("the Netherlands", "NL0000"),
        ("demuni", "DEMUNI"),
        # Counties here, unless a country stands beside them.
        ("大田", "350425"),
        ("韩国大田", "KRDAEJ"),
        ("黑山", "210726"),
        ("内蒙古", "150000"),
    ],
)
def test_places_abroad_are_read_where_they_are_no_others(text: str, codes: str) -> None:
    assert read_place(text).codes == tuple(codes.split())


def test_every_place_abroad_lies_in_a_country_and_is_found_with_it() -> None:
    for code, names in read_abroad().items():
        country = code[:2] + "0000"
        of_country = read_abroad()[country]
        assert find_city(code) == (None if code == country else country)
        for name, whole in zip(names, of_country, strict=True):
            text = f"{name}, {whole}" if name.isascii() else f"{whole}{name}"
            codes = read_place(name if code == country else text).codes
            assert code in codes or name in ("黑山",), text


def test_every_place_is_found_by_its_whole_name() -> None:
    for code in list_codes():
        city = find_city(code)
        whole = (get_place_names(city)[0] if city else "") + get_place_names(code)[0]
        assert code in read_place(whole).codes, whole


def test_every_old_code_has_a_place_of_today() -> None:
    assert find_successor("310103") == "310101"
    assert find_successor("310101") is None
    for code in ("310103", "110104", "320503"):
        successor = find_successor(code)
        assert successor is not None
        assert is_place(successor)
        assert get_place_names(code)[0]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("上海市", "上海"),
        ("浦东新区", "浦东"),
        ("内蒙古自治区", "内蒙古"),
        ("黔东南苗族侗族自治州", "黔东南"),
        ("东乡族自治县", "东乡"),
        ("城区", "城区"),
    ],
)
def test_the_short_name_says_neither_kind_nor_people(name: str, short: str) -> None:
    assert shorten_place_name(name) == short


@pytest.mark.fuzz
@given(st.text(alphabet="上海市浦东新区江苏吉林 ,/区县abhSghani", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert all(is_place(code) for code in read_place(text).codes)
