"""Minimal pairs of our own: the right one and a near miss, told apart by figures, by sides, by
what is not wanted, or by who takes what is offered."""

from pathlib import Path

import numpy as np
import pytest

from matching.encoding import encode_texts
from matching.engine import Engine
from matching.evaluate import CorpusSource
from matching.records import Query
from tests.matching.remembering import RememberingEncoder

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]

# Needs of trades that have nothing to do with technology.
_ELSEWHERE = (
    "我们在古镇开汉服妆造馆，二十个化妆师，淡季没客人，想请懂异业合作的人。",
    "想做一档美食探店综艺，缺四百万，找愿意冠名或者投的人。",
    "家传的养蜂场，蜜卖不上价，想请做过礼盒的人带带。",
    "一家儿童滑雪馆，会员九百，想融五百万开第二家店，要求投过体育场馆。",
    "实木餐椅要做甲醛和承重的检验报告，哪个机构可以？",
    "爷爷的酱油坊要做老字号申报，请懂非遗和品牌故事的专家。",
    "Our ballet school has 90 pupils and a leaking roof; we need someone who knows donations.",
    "Nail bars: franchise contract help needed.",
    "We run a podcast about gardening and look for an editor who knows storytelling.",
    "We publish illustrated cookbooks and seek 250,000 for the next catalogue.",
    "Our lipstick needs a patch test and heavy metals in cosmetics.",
    "Our choir needs a tax adviser for donations.",
)
_PAIRS = Path(__file__).parent / "data" / "pairs.tsv"


@pytest.mark.parametrize("kind", ["numbers", "sides", "negation", "offers"])
def test_the_right_one_stands_above_the_near_miss(
    remembering: RememberingEncoder, kind: str
) -> None:
    lines = [line.split("\t") for line in _PAIRS.read_text(encoding="utf-8").splitlines()]
    texts = [text for _, _, *both in lines for text in both]
    places = list(range(len(texts)))
    # No id tells which one is right.
    np.random.default_rng(5).shuffle(places)
    shuffled = [texts[at] for at in places]
    engine = Engine(remembering, CorpusSource(shuffled, encode_texts(remembering, shuffled)))
    id_of = {at: number for number, at in enumerate(places, start=1)}
    won = []
    for number, (own, need, *_) in enumerate(lines):
        if own == kind:
            found = engine.match(Query(need, all_published=True), limit=len(texts)).results
            rank = {result.provider_id: result.rank for result in found}
            won.append(rank[id_of[2 * number]] < rank[id_of[2 * number + 1]])
    assert sum(won) / len(won) >= 0.8


def test_needs_of_other_trades_find_nobody_among_technology(
    remembering: RememberingEncoder,
) -> None:
    """Of twelve, eleven found somebody before there were profiles of other trades."""
    lines = [line.split("\t") for line in _PAIRS.read_text(encoding="utf-8").splitlines()]
    texts = [text for _, _, *both in lines for text in both]
    engine = Engine(remembering, CorpusSource(texts, encode_texts(remembering, texts)))
    found = [
        need
        for need in _ELSEWHERE
        if engine.match(Query(need, all_published=True), limit=1).results[0].strength != "weak"
    ]
    assert len(found) <= 3
