from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from matching.background import NEED, PROFILE, prepare_background, read_texts, read_trades
from matching.encoders.hashing import HashingEncoder
from matching.ranking.calibration import POSSIBLE, STRONG, WEAK, calibrate
from matching.ranking.folding import measure_cosines
from matching.ranking.weights import SHIPPED, Weights
from matching.text.words import detect_language


class CountingEncoder(HashingEncoder):
    calls = 0

    def encode(self, texts, *, role, progress=None):  # type: ignore[no-untyped-def]
        type(self).calls += 1
        return super().encode(texts, role=role, progress=progress)


def test_every_topic_has_a_need_and_a_profile_in_both_languages() -> None:
    texts = read_texts()
    topics = Counter(text.topic for text in texts)
    assert len(topics) >= 60
    assert set(topics.values()) == {4}
    assert len({(t.topic, t.role, t.language) for t in texts}) == len(texts)
    assert len({t.text for t in texts}) == len(texts)
    assert all(detect_language(t.text) == t.language for t in texts)


def test_other_trades_are_profiles_in_both_languages_and_no_topics() -> None:
    trades = read_trades()
    assert set(Counter(text.topic for text in trades).values()) == {2}
    assert {text.topic for text in trades}.isdisjoint(text.topic for text in read_texts())
    assert len({text.text for text in trades}) == len(trades)
    assert all(detect_language(text.text) == text.language for text in trades)
    background = prepare_background(HashingEncoder())
    assert background.trades.texts == tuple(text.text for text in trades)


def test_centring_takes_the_mean_of_each_role_and_language_away() -> None:
    encoder = HashingEncoder()
    background = prepare_background(encoder)
    texts = [t.text for t in read_texts() if t.role == NEED and t.language == "zh"]
    raw = encoder.encode(texts, role="query")
    centred = background.centre(raw, NEED, ["zh"] * len(texts))
    assert np.linalg.norm(centred, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert np.abs(centred.mean(axis=0)).max() < np.abs(raw.mean(axis=0)).max() / 2


def test_vectors_are_encoded_once_and_read_from_the_cache_after(tmp_path: Path) -> None:
    CountingEncoder.calls = 0
    first = prepare_background(CountingEncoder(), tmp_path)
    assert CountingEncoder.calls == 2
    again = prepare_background(CountingEncoder(), tmp_path)
    assert CountingEncoder.calls == 2
    assert np.array_equal(first.profiles.vectors, again.profiles.vectors)


@pytest.mark.faults
@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, damage: bytes) -> None:
    whole = prepare_background(HashingEncoder(), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    CountingEncoder.calls = 0
    again = prepare_background(CountingEncoder(), tmp_path)
    assert CountingEncoder.calls == 2
    assert np.array_equal(whole.needs.vectors, again.needs.vectors)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_strengths_are_calibrated_so_that_unrelated_pairs_are_weak() -> None:
    background = prepare_background(HashingEncoder())
    calibration = calibrate(background, SHIPPED)
    assert 0 < calibration.possible < calibration.strong
    assert 0 < calibration.possible_across < calibration.strong_across
    for across, possible, strong in (
        (False, calibration.possible, calibration.strong),
        (True, calibration.possible_across, calibration.strong_across),
    ):
        assert calibration.name_strength(strong, 1.0, across=across) == STRONG
        assert calibration.name_strength(possible, 1.0, across=across) == POSSIBLE
        # Where not even the best of a list fits, nobody in it is possible.
        below = np.nextafter(calibration.fits, -1)
        assert calibration.name_strength(possible, below, across=across) == WEAK
        assert calibration.name_strength(np.nextafter(possible, -1), 1.0, across=across) == WEAK
    meaning = calibration.scale.apply(
        measure_cosines(background.needs.vectors, background.profiles.vectors)
    )
    assert meaning.min() >= 0
    assert meaning.max() <= 1
    same = background.needs.topics[:, np.newaxis] == background.profiles.topics
    assert meaning[same].mean() > meaning[~same].mean()
    assert PROFILE == "profile"


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"late": 0.5}, "add up"), ({"words": -0.1, "late": 0.78}, "negative"), ({"load": -1}, "neg")],
)
def test_weights_that_make_no_sense_are_refused(changes: dict[str, float], message: str) -> None:
    values = {name: getattr(SHIPPED, name) for name in Weights.__slots__}
    with pytest.raises(ValueError, match=message):
        Weights(**{**values, **changes})
