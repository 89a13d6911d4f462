"""What further texts and own terms gain on a small set: `python -m tests.bench.texts_and_terms`.

Ten providers say of themselves only what they are, and are known by three texts each; they stand
among the profiles of `tests/matching/data/pairs.tsv`. Thirty needs ask for what one of the texts is
about, half of them in the other language; twelve more name it by an abbreviation that only an
operator's own table knows.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.ranking.indexing import open_configured_encoder
from app.settings import read_settings
from matching.encoders.contract import TextEncoder
from matching.encoding import encode_texts
from matching.engine import Engine
from matching.records import FurtherText, OwnTerm, ProviderRecord, Query, TermSet

_OTHERS = Path(__file__).parents[1] / "matching" / "data" / "pairs.tsv"

# Who somebody is, and each of his texts with a need that it answers.
PROVIDERS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        "大学教授，机械工程，带过许多项目。",
        (
            ("超声刀振幅衰减与换能器疲劳的研究。", "我们的超声刀用二十台手术后振幅就掉。"),
            ("发明专利：冰层钻进的螺旋钻头。", "Our drill gets stuck in ice cores below 80 m."),
            ("汽轮机末级叶片的水蚀防护。", "末级叶片被水滴打出坑，想找人看看涂层。"),
        ),
    ),
    (
        "Consultant with thirty years in chemistry.",
        (
            (
                "Patent: lithium isotope separation by ion exchange.",
                "想分离锂同位素，交换柱老化快。",
            ),
            ("Report on the fouling of milk evaporators.", "Our milk evaporators foul every day."),
            ("Product: catalysts for the exhaust of ship engines.", "船用发动机尾气催化剂中毒了。"),
        ),
    ),
    (
        "材料研究所研究员，欢迎企业咨询。",
        (
            ("陶瓷刀具断续切削时的崩刃机理。", "Ceramic inserts chip in interrupted cutting."),
            ("模拟月壤的烧结与成型。", "想把模拟月壤烧成砖，总开裂。"),
            ("陶瓷股骨头的低温老化。", "Our ceramic hip heads age in the autoclave."),
        ),
    ),
    (
        "Engineer, retired, likes to help young companies.",
        (
            ("Tuned mass dampers for footbridges.", "步行桥人一多就晃，求懂减振的。"),
            (
                "Acoustic leak detection in district heating.",
                "Where do district heating pipes leak?",
            ),
            ("Vibration of piano soundboards.", "我们的钢琴音板有一个音特别闷。"),
        ),
    ),
    (
        "电子学博士，连续创业者。",
        (
            ("心磁图的磁屏蔽与传感器阵列。", "心磁图屏蔽室太贵，想用主动屏蔽。"),
            ("矿井透地通信的天线与调制。", "We need radio through rock for miners."),
            ("电子鼻识别白酒年份。", "Who can tell the age of spirits by smell sensors?"),
        ),
    ),
    (
        "Physicist at a national laboratory.",
        (
            ("Muon imaging of blast furnaces.", "想看清高炉内衬还剩多厚，不能停炉。"),
            (
                "A cold atom gravimeter on board of ships.",
                "Our gravimeter fails on a rolling ship.",
            ),
            ("Neutron detectors without helium-3.", "氦三买不到，中子探测器怎么办？"),
        ),
    ),
    (
        "农业工程师，常年在基层。",
        (
            ("采茶机器人的嫩芽识别与剪切。", "Our robot crushes tea shoots when it plucks."),
            ("荔枝冷链的气调保鲜。", "荔枝运到北方壳就褐了。"),
            ("鱼塘增氧机的能耗与控制。", "Aerators of our fish ponds eat too much power."),
        ),
    ),
    (
        "Biotechnologist, teaches and advises.",
        (
            ("Bacterial cellulose as a wound dressing.", "细菌纤维素敷料一干就硬。"),
            (
                "Spores that heal cracks in concrete.",
                "We want concrete that closes its own cracks.",
            ),
            (
                "Enzymes that take the bitterness out of citrus juice.",
                "橙汁放两天发苦，想用酶处理。",
            ),
        ),
    ),
    (
        "光学工程师，做过多年产品。",
        (
            ("大口径反射镜的离子束抛光。", "Edges of our telescope mirrors roll off in figuring."),
            ("水下激光测距的后向散射抑制。", "水一浑，激光测距就乱跳。"),
            ("隐形眼镜厚度的光学相干测量。", "How thick is a contact lens in the line?"),
        ),
    ),
    (
        "Software engineer, freelance.",
        (
            ("Scheduling of operating theatres.", "医院手术室排班总是超时。"),
            ("Routes for snow ploughs.", "Snow ploughs of our town meet each other on the road."),
            ("Forecasts of spare parts for wind farms.", "风场备件要么压库要么缺货。"),
        ),
    ),
)
# An operator's own term, the provider's number, and a need that says nothing but the abbreviation.
TERMS: Sequence[tuple[OwnTerm, int, str]] = (
    (OwnTerm(("离子束抛光",), ("ion beam figuring",), ("IBFG",)), 8, "IBFG之后边缘塌了，谁懂？"),
    (
        OwnTerm(("模拟月壤",), ("lunar regolith simulant",), ("LRS7",)),
        2,
        "Our LRS7 bricks crumble.",
    ),
    (OwnTerm(("透地通信",), ("through-the-earth radio",), ("TTEX",)), 4, "TTEX收不到信号。"),
    (OwnTerm(("细菌纤维素",), ("bacterial cellulose",), ("BACL",)), 7, "BACL太硬，求助。"),
    (OwnTerm(("调谐质量阻尼器",), ("tuned mass damper",), ("TMDX",)), 3, "TMDX该装在哪里？"),
    (OwnTerm(("缪子成像",), ("muon imaging",), ("MUIM",)), 5, "Who has used MUIM?"),
    (OwnTerm(("心磁图",), ("magnetocardiography",), ("XCTM",)), 4, "Looking for help with XCTM."),
    (OwnTerm(("锂同位素分离",), ("lithium isotope separation",), ("LIS6",)), 1, "LIS6想找人带。"),
    (OwnTerm(("冷原子重力仪",), ("cold atom gravimeter",), ("CATG",)), 5, "CATG读数漂。"),
    (OwnTerm(("水蚀防护",), ("droplet erosion",), ("WDEL",)), 0, "We need an expert for WDEL."),
    (OwnTerm(("采茶机器人",), ("tea-picking robot",), ("TPR2",)), 6, "TPR2夹断茎。"),
    (OwnTerm(("蒸发器结垢",), ("fouling of evaporators",), ("FMEV",)), 1, "FMEV每天停机。"),
)


@dataclass(frozen=True, slots=True)
class _Source:
    """Records that never change."""

    records: Sequence[ProviderRecord]

    def latest_revision(self) -> int:
        return len(self.records)

    def changes_after(self, revision: int, _fingerprint: str) -> Iterator[ProviderRecord]:
        yield from self.records[revision:]


def main() -> None:
    """Print one JSON object for each way of telling the same."""
    settings = read_settings()
    encoder = open_configured_encoder(settings)
    others = [
        text
        for line in _OTHERS.read_text(encoding="utf-8").splitlines()
        for text in line.split("\t")[2:]
    ]
    plain = [text for text, _ in PROVIDERS]
    known = [[said for said, _ in own] for _, own in PROVIDERS]
    joined = ["\n".join([text, *own]) for text, own in zip(plain, known, strict=True)]
    needs = [(need, at) for at, (_, own) in enumerate(PROVIDERS) for _, need in own]
    short = [(need, at) for _, at, need in TERMS]
    terms = TermSet("own", tuple(term for term, _, _ in TERMS))
    further = _open(encoder, plain, others, known)
    _report("profiles alone", _open(encoder, plain, others), needs)
    _report("all in one profile", _open(encoder, joined, others), needs)
    _report("further texts", further, needs)
    _report("abbreviations", further, short)
    _report("abbreviations with own terms", further, short, terms)


def _open(
    encoder: TextEncoder,
    texts: Sequence[str],
    others: Sequence[str],
    further: Sequence[Sequence[str]] | None = None,
) -> Engine:
    everybody = [*texts, *others]
    flat = [said for own in further or () for said in own]
    passages = encode_texts(encoder, [*everybody, *flat])
    own_texts = iter(
        FurtherText(number, text, cut)
        for number, (text, cut) in enumerate(
            zip(flat, passages[len(everybody) :], strict=True), start=1
        )
    )
    records = [
        ProviderRecord(
            at + 1,
            at + 1,
            "mentor",
            text,
            passages[at],
            texts=tuple(next(own_texts) for _ in further[at])
            if further and at < len(further)
            else (),
        )
        for at, text in enumerate(everybody)
    ]
    return Engine(encoder, _Source(records))


def _report(
    name: str, engine: Engine, needs: Sequence[tuple[str, int]], terms: TermSet | None = None
) -> None:
    ranks, strengths = [], []
    for text, right in needs:
        query = Query(text, all_published=True, terms=terms or TermSet())
        found = engine.match(query, limit=10**6).results
        own = next(each for each in found if each.provider_id == right + 1)
        ranks.append(own.rank)
        strengths.append(own.strength)
    row = {
        "name": name,
        "needs": len(needs),
        "first": round(float(np.mean(np.array(ranks) == 1)), 2),
        "first three": round(float(np.mean(np.array(ranks) <= 3)), 2),
        "reciprocal rank": round(float(np.mean(1 / np.array(ranks))), 2),
        "strong": round(float(np.mean([each == "strong" for each in strengths])), 2),
        "at least possible": round(float(np.mean([each != "weak" for each in strengths])), 2),
    }
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
