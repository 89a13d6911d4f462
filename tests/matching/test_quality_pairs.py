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
