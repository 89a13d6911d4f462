"""How fast passages become vectors, against the library's own `encode` on the same folder.

Both are warmed, take turns, and see each text once; the texts are new in every round. The
baseline is `SentenceTransformer(folder).encode(texts, prompt_name="passage")` with the
library's defaults: float32, batches of 32, as many threads as torch likes.
"""

import json
import random
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from matching.encoders.bundle import prepare_bundled
from matching.encoders.model import Encoder
from matching.encoders.universal import UniversalEncoder

REPOSITORY = Path(__file__).resolve().parents[2]
ROUNDS = 3
TEXTS_A_ROUND = 140
TEXTS_TO_WARM_UP = 40

_SUBJECTS_ZH = (
    "我们的团队",
    "这家概念验证中心",
    "该种子基金",
    "一位来自高校的导师",
    "项目组",
    "平台的工程师",
    "第三方检测实验室",
    "创始人",
    "这条中试线",
    "负责注册的顾问",
)
_ACTIONS_ZH = (
    "正在开发碳化硅功率器件的车规级封装",
    "完成了固态电池软包样品的循环测试",
    "需要手术机器人的动物实验支持",
    "能提供激光雷达点云压缩算法的实测数据",
    "关注钙钛矿叠层电池的户外老化",
    "擅长把晶圆良率从六成提升到九成五",
    "计划在明年建成一条百公斤级的催化剂产线",
    "希望找到懂三类医疗器械注册的人",
    "为氢气泄漏传感器做过计量认证",
    "投资集成电路与先进材料的早期项目",
    "与三家整车厂做过联合试制",
    "可以开放扫描电镜和热循环设备",
)
_DETAILS_ZH = (
    "排期约两周",
    "单笔 200 万至 500 万元",
    "已有 20 片样品",
    "每月可以线上辅导两次",
    "接受科技创新券",
    "数据来自公开的晶体结构",
    "功耗低于 1 W",
    "通过了 AEC-Q101 的前两项",
    "目前只有六个月的数据",
)
_SUBJECTS_EN = (
    "Our team",
    "The pilot line",
    "A mentor from industry",
    "This seed fund",
    "The test platform",
    "The founder",
    "An engineer at the centre",
    "The regulatory adviser",
)
_ACTIONS_EN = (
    "builds silicon-carbide modules for electric trucks",
    "measures hydrogen leaks in parts per billion",
    "has taken two diagnostics companies through certification",
    "writes first cheques in photonics",
    "grows two-inch diamond wafers for radio-frequency designers",
    "needs access to a clean room",
    "plans a pilot of solid-state cells with a forklift maker",
    "prices licences of university patents",
    "runs preclinical animal studies under an ethics board",
    "compresses LiDAR point clouds on a chip",
)
_DETAILS_EN = (
    "within three months",
    "at 350 Wh/kg in the laboratory",
    "for less than one million yuan",
    "with a waiting time of two weeks",
    "and answers within three days",
    "together with two hospitals",
)


def make_texts(count: int, *, seed: int) -> list[str]:
    """`count` distinct texts of one to twelve sentences, three in five of them Chinese.

    Short ones prevail, as among the passages of profiles.
    """
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    texts: dict[str, None] = {}
    while len(texts) < count:
        sentences = min(12, 1 + int(chance.expovariate(0.5)))
        make = _make_chinese if chance.random() < 0.6 else _make_english
        texts["".join(make(chance) for _ in range(sentences)).strip()] = None
    return list(texts)


def measure() -> dict[str, object]:
    """Passages a second, ours as `value`, the library's as `baseline`; `cosine` is the lowest.

    Both compute the same checkpoint. `pair` is what the bundled pair of encoders makes of the same
    texts, passages a second; `pair_share` is that as a share of `value`.
    """
    import torch
    from sentence_transformers import SentenceTransformer

    folder = str(prepare_bundled(REPOSITORY / "instance" / "encoder"))
    ours = Encoder(folder)
    second = UniversalEncoder()
    theirs = SentenceTransformer(folder, device="cpu", local_files_only=True)
    threads = torch.get_num_threads()
    texts = make_texts(TEXTS_TO_WARM_UP + ROUNDS * TEXTS_A_ROUND, seed=20240607)
    starts = [0, *range(TEXTS_TO_WARM_UP, len(texts) + 1, TEXTS_A_ROUND)]
    seconds = {"ours": 0.0, "theirs": 0.0, "second": 0.0}
    lowest = 1.0
    for first, last in pairwise(starts):
        part = texts[first:last]
        # Our workers tell torch to compute on one thread each; the baseline keeps its own number.
        torch.set_num_threads(threads)
        start = time.perf_counter()
        expected = theirs.encode(part, prompt_name="passage")
        between = time.perf_counter()
        vectors = ours.encode(part, role="passage")
        end = time.perf_counter()
        second.encode(part, role="passage")
        last_end = time.perf_counter()
        if first > 0:
            seconds["theirs"] += between - start
            seconds["ours"] += end - between
            seconds["second"] += last_end - end
        lowest = min(lowest, float(np.einsum("nd,nd->n", vectors, expected).min()))
    encoded = ROUNDS * TEXTS_A_ROUND
    value, baseline = encoded / seconds["ours"], encoded / seconds["theirs"]
    return {
        "name": "encode_speedup",
        "value": round(value, 1),
        "unit": "passages/s",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 3),
        "cosine": round(lowest, 6),
        "pair": round(encoded / (seconds["ours"] + seconds["second"]), 1),
        "pair_share": round(seconds["ours"] / (seconds["ours"] + seconds["second"]), 3),
    }


def _make_chinese(chance: random.Random) -> str:
    subject, action = chance.choice(_SUBJECTS_ZH), chance.choice(_ACTIONS_ZH)
    return f"{subject}{action}，{chance.choice(_DETAILS_ZH)}，编号 {chance.randrange(10_000)}。"


def _make_english(chance: random.Random) -> str:
    subject, action = chance.choice(_SUBJECTS_EN), chance.choice(_ACTIONS_EN)
    return f"{subject} {action} {chance.choice(_DETAILS_EN)}, lot {chance.randrange(10_000)}. "


if __name__ == "__main__":
    print(json.dumps(measure()))
