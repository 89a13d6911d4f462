"""Minimal pairs of our own: the right one and a near miss, told apart by figures, by sides, by
what is not wanted, or by who takes what is offered."""

from pathlib import Path

import numpy as np
import pytest

from matching.background import Background
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


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    """Kind, need, the right one and the near miss of each pair."""
    return [line.split("\t") for line in _PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def places(lines: list[list[str]]) -> list[int]:
    """Where each text of the pairs stands: no id tells which one is right."""
    places = list(range(2 * len(lines)))
    np.random.default_rng(5).shuffle(places)
    return places


@pytest.fixture(scope="module")
def engine(
    remembering: RememberingEncoder,
    background: Background,
    lines: list[list[str]],
    places: list[int],
) -> Engine:
    texts = [text for _, _, *both in lines for text in both]
    shuffled = [texts[at] for at in places]
    source = CorpusSource(shuffled, encode_texts(remembering, shuffled))
    return Engine(remembering, source, background=background)


@pytest.mark.parametrize("kind", ["numbers", "sides", "negation", "offers"])
def test_the_right_one_stands_above_the_near_miss(
    engine: Engine, lines: list[list[str]], places: list[int], kind: str
) -> None:
    id_of = {at: number for number, at in enumerate(places, start=1)}
    won = []
    for number, (own, need, *_) in enumerate(lines):
        if own == kind:
            found = engine.match(Query(need, all_published=True), limit=len(places)).results
            rank = {result.provider_id: result.rank for result in found}
            won.append(rank[id_of[2 * number]] < rank[id_of[2 * number + 1]])
    assert sum(won) / len(won) >= 0.8


def test_needs_of_other_trades_find_nobody_among_technology(engine: Engine) -> None:
    """Of twelve, eleven found somebody before there were profiles of other trades."""
    found = [
        need
        for need in _ELSEWHERE
        if engine.match(Query(need, all_published=True), limit=1).results[0].strength != "weak"
    ]
    assert len(found) <= 3
