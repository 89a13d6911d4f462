"""How a need is read: which texts are encoded for it, and how often."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.background import prepare_background
from matching.encoders.contract import Progress, Role
from matching.encoders.hashing import HashingEncoder
from matching.ranking.needs import read_need
from matching.records import Query

_DESCRIBED = "The kiln holds 900 °C. Its walls are of cordierite. The burner stands beside it."
_ASKED = "Our kiln cracks its walls. Who knows cordierite?"
_REFUSED = "We look for whoever knows cordierite. We need no burners. Our kiln cracks its walls."
_TOLD = (
    "We won the prize of our town in spring. Our company was founded by three potters. "
    "A bank gave us a loan last year. Our kiln cracks its walls. Who knows cordierite?"
)


class NotingEncoder(HashingEncoder):
    """Notes what it is asked to encode, each time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return super().encode(texts, role=role, progress=progress)


@pytest.mark.parametrize("text", [_DESCRIBED, _ASKED, _REFUSED])
def test_a_short_need_is_encoded_in_one_go_with_what_it_means_as_a_whole(text: str) -> None:
    encoder = NotingEncoder()
    need = read_need(Query(text), encoder, prepare_background(HashingEncoder()))
    assert need is not None
    ((*sentences, whole),) = encoder.asked
    assert whole.startswith(need.meant)
    assert len(sentences) == len(need.sentences)


def test_what_a_longer_need_means_is_encoded_once_its_sentences_are_read() -> None:
    encoder = NotingEncoder()
    need = read_need(Query(_TOLD), encoder, prepare_background(HashingEncoder()))
    assert need is not None
    sentences, (whole,) = encoder.asked
    assert len(sentences) == len(need.sentences) == 5
    assert whole.startswith(need.meant)


def test_the_vectors_are_the_same_whatever_was_encoded_beside_them() -> None:
    encoder, background = HashingEncoder(), prepare_background(HashingEncoder())
    for text in (_DESCRIBED, _ASKED, _REFUSED, _TOLD):
        need = read_need(Query(text), encoder, background)
        assert need is not None
        alone = read_need(Query(need.meant), encoder, background)
        assert alone is not None
        np.testing.assert_array_equal(need.whole.vectors.whole, alone.whole.vectors.whole)
