"""The bundled encoder: true to its reference, indifferent to batches, and unbreakable by text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.encoders.contract import Role
from matching.encoders.model import Encoder

REFERENCE = Path(__file__).with_name("reference_vectors.npz")
NEED = "我们做 SiC MOSFET 器件，需要懂车规认证的导师"
HOSTILE = {
    "nothing": "",
    "blank": " \u3000\t\r\n",
    "nul": "\x00",
    "controls": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029",
    "expanding": "\ufdfa" * 1000,
    "expanding alone": "\ufdfa",
    "family of emoji": "👩\u200d👩\u200d👧\u200d👦🧪🏳️\u200d🌈" * 60,
    "zalgo": "a" + "\u0301\u0489" * 2000,
    "lone surrogate": "硅\ud800片\udfff",
    "noncharacter": "\ufdd0\uffff\U0010ffff",
    "right to left": "\u202e" + NEED + "\u202c مرحبا",
    "one long word": "x" * 1_000_000,
    "one long run of Chinese": "硅" * 1_000_000,
    "special tokens": "<s></s><pad><unk><mask>" * 100,
    "mixed": "SiC器件🚗ﷺ 3～5 个月\u200b完成 AEC-Q101\ufeff",
}


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, d), (n, d) unit rows → (n,)."""
    return np.einsum("nd,nd->n", one, other)


def of_every_length() -> list[str]:
    """Fourteen texts between one character and more than the model takes."""
    sentence = f"{NEED}，also for gallium nitride, 第一批样片已经下线。"
    return [(sentence * 30)[: 1 + number**3 // 2] + str(number) for number in range(14)]


@pytest.fixture(scope="module")
def exact(encoder_folder: Path) -> Encoder:
    """The bundled encoder in float32."""
    return Encoder(str(encoder_folder), precision="float32")


@pytest.mark.parametrize("role", ["query", "passage"])
@pytest.mark.parametrize("precision", ["auto", "float32"])
def test_vectors_are_those_of_the_reference(
    encoder: Encoder, exact: Encoder, precision: str, role: Role
) -> None:
    reference = np.load(REFERENCE)
    texts = reference["texts"].tolist()
    vectors = (encoder if precision == "auto" else exact).encode(texts, role=role)
    assert cosines(vectors, reference[role]).min() >= 0.999


def test_reduced_precision_is_close_to_full(encoder_folder: Path, exact: Encoder) -> None:
    texts = of_every_length()
    reduced = Encoder(str(encoder_folder), precision="bfloat16").encode(texts, role="passage")
    assert cosines(reduced, exact.encode(texts, role="passage")).min() >= 0.999


def test_vectors_are_those_of_sentence_transformers(encoder_folder: Path, exact: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = of_every_length()
    model = SentenceTransformer(str(encoder_folder), device="cpu", local_files_only=True)
    theirs = model.encode(texts, prompt_name="query")
    assert cosines(exact.encode(texts, role="query"), theirs).min() >= 0.99999


@pytest.mark.parametrize("precision", ["auto", "float32"])
def test_neighbours_do_not_matter(encoder: Encoder, exact: Encoder, precision: str) -> None:
    chosen = encoder if precision == "auto" else exact
    texts = of_every_length()
    together = chosen.encode(texts, role="passage")
    backwards = chosen.encode(texts[::-1], role="passage")[::-1]
    alone = np.concatenate([chosen.encode([text], role="passage") for text in texts])
    assert cosines(together, alone).min() >= 0.9999
    assert cosines(together, backwards).min() >= 0.9999


def test_rows_are_unit_vectors_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = of_every_length()
    vectors = encoder.encode(texts, role="passage")
    assert (vectors.shape, vectors.dtype) == ((14, encoder.dimensions), np.dtype(np.float32))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(14), abs=1e-5)
    again = encoder.encode([texts[7]], role="passage")
    assert (vectors @ again[0]).argmax() == 7


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    vectors = encoder.encode([], role="query")
    assert (vectors.shape, vectors.dtype) == ((0, 384), np.dtype(np.float32))


def test_each_role_has_its_prompt(exact: Encoder) -> None:
    as_query, as_passage = (exact.encode([NEED], role=role) for role in ("query", "passage"))
    assert 0.8 < cosines(as_query, as_passage)[0] < 0.999


def test_of_a_long_text_the_beginning_counts(exact: Encoder) -> None:
    beginning = "碳化硅功率器件的可靠性验证。" * 100
    one = exact.encode([beginning + "完全不同的结尾"], role="passage")
    other = exact.encode([beginning + "and an ending in English" * 9000], role="passage")
    assert cosines(one, other)[0] >= 0.99999


def test_blanks_around_a_text_do_not_matter(exact: Encoder) -> None:
    plain, blank = (exact.encode([t], role="passage") for t in (NEED, f" \n{NEED}\u3000 \r\n"))
    assert cosines(plain, blank)[0] >= 0.99999


def test_the_tilde_of_ranges_is_not_folded(encoder_folder: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder / "tokenizer.json"))
    assert "～" in tokenizer.encode("3～5个月").tokens
    assert tokenizer.encode("ＡＢ１２").tokens == tokenizer.encode("AB12").tokens


def test_meaning_is_found_across_languages(encoder: Encoder) -> None:
    query = encoder.encode(["谁能帮我们做动物实验？"], role="query")
    passages = encoder.encode(
        ["We run preclinical animal studies.", "We lease clean rooms to chip makers."],
        role="passage",
    )
    assert (passages @ query[0]).argmax() == 0


def test_progress_ends_with_all_texts(encoder: Encoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.encode(of_every_length(), role="passage", progress=lambda *step: told.append(step))
    assert told == sorted(told)
    assert told[-1] == (14, 14)
    assert len(told) > 1


@pytest.mark.fuzz
def test_hostile_texts_are_encoded_like_any_other(encoder: Encoder) -> None:
    texts = [*HOSTILE.values(), NEED]
    vectors = encoder.encode(texts, role="passage")
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert cosines(vectors[-1:], encoder.encode([NEED], role="passage"))[0] >= 0.9999


@pytest.mark.fuzz
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(st.characters(), max_size=80), min_size=1, max_size=6))
def test_any_text_gives_a_unit_vector(encoder: Encoder, texts: list[str]) -> None:
    vectors = encoder.encode(texts, role="query")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
