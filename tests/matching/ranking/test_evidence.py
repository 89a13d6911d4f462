"""Which pairs of sentences are shown as reasons, from cosines that are given."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.ranking.calibration import POSSIBLE, STRONG, WEAK, Scale
from matching.ranking.evidence import MAX_PAIRS, NEAR_TO_NOTHING, find_evidence
from matching.ranking.weights import SHIPPED
from matching.records import EvidencePair, Passage
from matching.text.passages import SENTENCE
from tests.matching.memory_source import read_calibration

CALIBRATION = replace(
    read_calibration(),
    scale=Scale(0.0, 1.0),
    evidence=0.3,
    weak_evidence=0.6,
    evidence_words=0.2,
)
SENTENCES = ("alpha beta. ", "gamma delta. ", "epsilon zeta. ", "eta theta. ", "iota kappa. ")


def find(
    cosines: list[list[float]],
    *,
    need_words: list[set[str]] | None = None,
    word_shares: dict[str, float] | None = None,
    by_figures: list[list[float]] | None = None,
    strength: str = POSSIBLE,
) -> tuple[EvidencePair, ...]:
    """Evidence of a provider with a sentence for each row, a need with one for each column."""
    figures = np.array(cosines)
    m, s = figures.shape
    ends = np.cumsum([len(sentence) for sentence in SENTENCES[:m]])
    spans = np.array([(end - len(t), end) for end, t in zip(ends, SENTENCES[:m], strict=True)])
    return find_evidence(
        [Passage(SENTENCE, 100 * n, 100 * n + 50) for n in range(s)],
        need_words or [set()] * s,
        np.full(s, 1 / s),
        "".join(SENTENCES),
        spans.astype(np.int32),
        figures,
        word_shares or {},
        np.zeros((m, s)) if by_figures is None else np.array(by_figures),
        strength,
        SHIPPED,
        CALIBRATION,
    )


def read(pairs: tuple[EvidencePair, ...]) -> list[tuple[int, str]]:
    """For each pair the number of the need's sentence and the provider's sentence."""
    text = "".join(SENTENCES)
    return [(p.need_start // 100, text[p.provider_start : p.provider_end]) for p in pairs]


def test_a_contribution_is_what_the_pair_adds_in_both_directions() -> None:
    (pair,) = find([[0.8], [0.1]])
    expected = SHIPPED.late * 0.8 + SHIPPED.back * 0.8 / 2
    assert pair.contribution == pytest.approx(expected, abs=1e-6)


def test_all_contributions_together_are_late_interaction_and_the_way_back() -> None:
    pairs = find([[0.9, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.7]])
    meaning = np.mean([0.9, 0.8, 0.7])
    total = (SHIPPED.late + SHIPPED.back) * meaning
    assert sum(p.contribution for p in pairs) == pytest.approx(total, abs=1e-5)
    assert read(pairs) == [(0, SENTENCES[0]), (1, SENTENCES[1]), (2, SENTENCES[2])]


def test_a_sentence_of_the_provider_is_shown_once() -> None:
    """The first sentence answers both of the need's best; the second pair says something else."""
    pairs = find([[0.9, 0.8], [0.2, 0.1], [0.1, 0.75]])
    assert read(pairs) == [(0, SENTENCES[0]), (1, SENTENCES[2])]


def test_nothing_that_is_no_nearer_than_unrelated_texts_is_claimed() -> None:
    assert find([[0.29, 0.1], [0.2, 0.25]]) == ()
    assert read(find([[0.31, 0.1], [0.1, 0.1]])) == [(0, SENTENCES[0])]


def test_a_weak_match_has_to_prove_more() -> None:
    assert find([[0.5]], strength=WEAK) == ()
    assert len(find([[0.5]], strength=STRONG)) == 1
    assert len(find([[0.61]], strength=WEAK)) == 1


def test_shared_words_of_weight_are_evidence_by_themselves() -> None:
    cosines = [[0.0], [0.1]]
    assert find(cosines, need_words=[{"alpha"}], word_shares={"alpha": 0.19}) == ()
    (pair,) = find(cosines, need_words=[{"alpha"}], word_shares={"alpha": 0.3})
    assert read((pair,)) == [(0, SENTENCES[0])]
    assert pair.contribution == pytest.approx(SHIPPED.words * 0.3, abs=1e-6)


def test_a_sentence_that_would_not_be_missed_is_no_reason() -> None:
    """Near enough, yet below the provider's other sentences and nobody's best answer."""
    assert read(find([[0.9], [0.4]])) == [(0, SENTENCES[0])]
    pairs = find([[0.9, 0.85], [0.4, 0.3], [0.8, 0.84]])
    assert SENTENCES[1] not in [sentence for _, sentence in read(pairs)]


def test_what_is_refused_is_no_evidence_by_its_words_either() -> None:
    cosines = [[NEAR_TO_NOTHING], [0.1]]
    words, shares = [{"alpha", "gamma"}], {"alpha": 0.3, "gamma": 0.3}
    assert read(find(cosines, need_words=words, word_shares=shares)) == [(0, SENTENCES[1])]


def test_of_sentences_that_stand_in_for_each_other_one_is_a_reason() -> None:
    """Without either, the other would answer as well: still something answers."""
    twins = [[0.8], [0.8], [0.8], [0.8], [0.8]]
    for strength in (POSSIBLE, STRONG):
        assert read(find(twins, strength=strength)) == [(0, SENTENCES[0])]
    assert find(twins, strength=WEAK) == ()


@given(
    st.integers(1, 5).flatmap(
        lambda m: st.integers(1, 4).flatmap(
            lambda s: st.lists(
                st.lists(st.floats(-1, 1, width=16), min_size=s, max_size=s),
                min_size=m,
                max_size=m,
            )
        )
    ),
    st.sampled_from([STRONG, POSSIBLE, WEAK]),
)
def test_what_is_shown_keeps_the_rules(cosines: list[list[float]], strength: str) -> None:
    pairs = find(cosines, strength=strength)
    contributions = [pair.contribution for pair in pairs]
    assert len(pairs) <= MAX_PAIRS
    assert contributions == sorted(contributions, reverse=True)
    assert all(0 < contribution <= 1 for contribution in contributions)
    assert len({pair.need_start for pair in pairs}) == len(pairs)
    assert len({pair.provider_start for pair in pairs}) == len(pairs)
    least = CALIBRATION.choose_evidence(strength)
    for number, sentence in read(pairs):
        assert cosines[SENTENCES.index(sentence)][number] >= least


def test_a_quantity_in_common_is_evidence_and_adds_to_the_contribution() -> None:
    """Neither sentence would be near enough by itself."""
    (pair,) = find([[0.2], [0.1]], by_figures=[[0.0], [0.05]])
    assert read((pair,)) == [(0, SENTENCES[1])]
    assert pair.contribution == pytest.approx(0.05, abs=0.02)
