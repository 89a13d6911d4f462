"""Ranks the eligible of one index for one need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.background import Background
from matching.eligibility.conditions import Eligibility
from matching.index.blocks import list_slots
from matching.index.bm25 import QueryWords, WordCounts
from matching.index.columns import BoolRows
from matching.index.reaches import ProviderReaches
from matching.index.rows import Index
from matching.ranking.agreement import measure_agreement
from matching.ranking.arrangement import Arranged, arrange
from matching.ranking.calibration import POSSIBLE, STRONG, WEAK, Calibration
from matching.ranking.folding import fold
from matching.ranking.needs import Need, Reading
from matching.ranking.newcomers import count_places
from matching.ranking.relevance import (
    Compared,
    Scored,
    choose_nearer,
    choose_texts,
    compare_texts,
    weigh_standing,
)
from matching.ranking.reranking import choose_first, hand_out_again, look_up
from matching.ranking.strength import Wished, name_strengths, weigh_for_strength
from matching.ranking.weights import Weights
from matching.text.tokens import is_term
from matching.text.words import CHINESE, ENGLISH

Rows = NDArray[np.int64]

# So few eligible are all compared, which is exact; of more, those that a search proposes.
ALL_COMPARED = 400
LEAST_PROPOSED = 100
_LEAST_HEAD = 40
_NAMES = (WEAK, POSSIBLE, STRONG)
_TIERS = {name: level for level, name in enumerate(_NAMES)}


@dataclass(frozen=True, slots=True)
class Sides:
    """The vectors of n providers: (n, d) `wholes`, and (m, d) `sentences`, of each `counts` (n,).

    `worths` (m,) is what each sentence counts, `opposed` (m,) how surely it speaks of what is
    sought there, `taken` (m,) how surely that its owner takes things, and
    `reaches` are the figures in them.
    """

    wholes: NDArray[Any]
    sentences: NDArray[Any]
    counts: NDArray[np.int64]
    worths: NDArray[np.float64]
    opposed: NDArray[np.float64]
    taken: NDArray[np.float64]
    reaches: ProviderReaches


class ReadWords(NamedTuple):
    """The tokens of a wish as the index knows them: those of its language, and those of both."""

    own: QueryWords
    shared: QueryWords


@dataclass(frozen=True, slots=True)
class NeedWords:
    """A need's tokens as the index knows them: those of the whole and of each wish, and all."""

    whole: ReadWords
    all: QueryWords
    readings: tuple[ReadWords, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best candidates: `arranged` says which of those `scored` are shown, and where.

    `strengths` are those of all scored, in their order, `wishes` (n,) which wish each answers, and
    `texts` (n,) the row of the text that counts.
    """

    scored: Scored
    strengths: list[str]
    wishes: NDArray[np.int64]
    texts: Rows
    words: NeedWords
    arranged: Arranged

    @property
    def rows(self) -> Rows:
        """The rows of the index, best first."""
        return self.scored.rows[self.arranged.order]

    @property
    def text_rows(self) -> Rows:
        """The rows of the texts that count, best first."""
        return self.texts[self.arranged.order]

    @property
    def scores(self) -> NDArray[np.float64]:
        """The final scores, best first."""
        return self.arranged.scores


class Ranker:
    """What a ranking takes besides the index and the need: all of it versioned.

    `reads_again` says that the first of a list are read again.
    """

    def __init__(
        self,
        background: Background,
        calibration: Calibration,
        weights: Weights,
        *,
        reads_again: bool = False,
    ) -> None:
        self.background = background
        self.calibration = calibration
        self.weights = weights
        self.reads_again = reads_again

    def rank(
        self,
        index: Index,
        need: Need,
        eligibility: Eligibility,
        limit: int,
        read: Mapping[str, float] | None = None,
    ) -> Ranked:
        """The best `limit` eligible rows: the stronger first, then by score, then the lower id.

        For a description (see `Need`) by score alone.

        All proposed are compared quickly; those that can come near the first `limit` again,
        exactly, so that no figure depends on what else is compared at the same time. Where the
        first are read again, `read` has the figure of each text. Raises TextsUnread where some
        have none.
        """
        words = _read_words(index, need)
        rows = self._propose(index, need, words.all, eligibility, limit)
        head = 2 * limit + _LEAST_HEAD
        if len(rows) > head:
            rough, texts, *_ = self._score(index, need, words, eligibility, rows, np.float32)
            best = np.argsort(-rough.score, kind="stable")
            # The stronger stand first, whatever their score.
            strongest = np.argsort(
                -weigh_for_strength(texts, rough.features["asked"] > 0), kind="stable"
            )
            # The places kept for newcomers may go to some that are not in the head.
            new = best[index.columns.newcomers[rows[best]]]
            new = new[: 2 * count_places(limit, self.weights)]
            chosen = np.concatenate((best[:head], strongest[: limit + _LEAST_HEAD // 2], new))
            rows = rows[np.unique(chosen)]
        scored, _, wishes, sides, said = self._score(
            index, need, words, eligibility, rows, np.float64
        )
        strengths, judged, answered = name_strengths(
            [reading.vectors for reading in need.choose_readings()],
            need.language,
            sides.wholes,
            sides.sentences,
            sides.counts,
            sides.worths,
            np.where(index.is_chinese[said], CHINESE, ENGLISH),
            wishes,
            _read_kinds(index, rows),
            self.background,
            self.calibration,
        )
        scored.features["judged"] = np.clip(judged, 0.0, 1.0)
        levels = np.array([_TIERS[name] for name in strengths], dtype=np.int64)
        # Of a description the words say more than its nearest sentences: there the order is that of
        # the scores, and nobody is called stronger than who stands before.
        tiers = np.zeros_like(levels) if need.describes else levels
        if self.reads_again:
            first = choose_first(scored.score, tiers, index.ids[rows])
            shown = [index.texts[row] for row in said[first].tolist()]
            nearness = look_up(shown, read or {})
            scored = hand_out_again(scored, first, tiers, nearness)
        arranged = arrange(
            scored.score,
            index.wholes.gather(index.whole_at[rows]),
            index.ids[rows],
            index.columns.newcomers[rows],
            limit=limit,
            weights=self.weights,
            seed=need.query.seed,
            salt=need.query.kind or "",
            tiers=tiers,
        )
        if need.describes:
            falling = np.minimum.accumulate(levels[arranged.order])
            for at, level in zip(arranged.order.tolist(), falling.tolist(), strict=True):
                strengths[at] = _NAMES[level]
        numbers = np.array(need.number_readings(), dtype=np.int64)
        return Ranked(scored, strengths, numbers[answered], said, words, arranged)

    def _score(
        self,
        index: Index,
        need: Need,
        words: NeedWords,
        eligibility: Eligibility,
        rows: Rows,
        precision: type[np.floating[Any]],
    ) -> tuple[Scored, Compared, list[Wished], Sides, Rows]:
        """What is found of `rows`, and the rows of the texts by which it is."""
        said, owners = index.list_texts(rows)
        sides = gather(index, said, precision)
        is_same = index.is_chinese[said] == (need.language == CHINESE)
        readings = need.choose_readings()
        found = [
            self._compare(index, need, reading, own, sides, is_same, said)
            for reading, own in zip(readings, words.readings, strict=True)
        ]
        if owners is not None:
            # From here on everybody has one text, which is the best.
            best = choose_texts(found, owners, self.weights)
            found = [each.take(best) for each in found]
            said, is_same = said[best], is_same[best]
            sides = gather(index, said, precision)
        asked = index.columns.flag_kinds(rows, need.list_asked())
        # Whoever answers a further wish that names nobody may be asked too.
        wishes = [
            Wished(
                compared,
                index.columns.flag_kinds(rows, reading.kinds),
                asked | (at > 0 and not reading.kinds),
            )
            for at, (reading, compared) in enumerate(zip(readings, found, strict=True))
        ]
        compared = choose_nearer(
            [each.compared for each in wishes], [each.may_answer for each in wishes]
        )
        is_asked = np.stack([each.is_asked for each in wishes])[
            compared.reading, np.arange(len(rows))
        ]
        # Which wish somebody answers decides the strength; the whole need decides the order.
        whole = (
            compared
            if len(readings) == 1
            else self._compare(index, need, need.whole, words.whole, sides, is_same, said)
        )
        scored = weigh_standing(
            rows,
            whole,
            index.columns,
            eligibility.unmet,
            is_asked,
            self.weights,
        )
        return scored, compared, wishes, sides, said

    def _compare(
        self,
        index: Index,
        need: Need,
        reading: Reading,
        words: ReadWords,
        sides: Sides,
        is_same: BoolRows,
        rows: Rows,
    ) -> Compared:
        """The texts in `rows` against one wish."""
        folded = fold(
            reading.vectors,
            sides.wholes,
            sides.sentences,
            sides.counts,
            sides.worths,
            self.calibration.scale.low,
            sides.opposed,
            sides.taken,
        )
        shares = reading.vectors.shares / reading.vectors.shares.max()
        figures = measure_agreement(
            need.reaches,
            shares,
            sides.reaches,
            len(rows),
            self.calibration.measure_nearness(folded.nearness),
        )
        counts = index.lexical.counts
        return compare_texts(
            folded,
            np.where(
                is_same,
                counts.score_rows(words.own, rows),
                counts.score_rows(words.shared, rows),
            ),
            is_same,
            figures,
            self.weights,
            self.calibration,
        )

    def _propose(
        self, index: Index, need: Need, words: QueryWords, eligibility: Eligibility, limit: int
    ) -> Rows:
        """Rows worth comparing in full, ascending: all eligible when they are few."""
        eligible = np.flatnonzero(eligibility.rows)
        if len(eligible) <= ALL_COMPARED:
            return eligible
        count = max(LEAST_PROPOSED, 2 * limit)
        return np.unique(
            np.concatenate(
                [
                    found
                    for among in self._list_groups(index, eligibility.rows, limit)
                    for found in _search(index, need, words, index.reach_behind(among), count)
                ]
            )
        )

    def _list_groups(self, index: Index, eligible: BoolRows, limit: int) -> list[BoolRows]:
        """The eligible, and those of them who would be lost if only the nearest were proposed.

        Newcomers have places of their own, and who had no attention lately may pass many who had.
        """
        columns, groups = index.columns, [eligible]
        if count_places(limit, self.weights):
            groups.append(eligible & columns.newcomers)
        if self.weights.exposure > 0:
            groups.append(eligible & (columns.exposure == 0))
        distinct = {group.tobytes(): group for group in groups if group.any()}
        return list(distinct.values())


def _read_words(index: Index, need: Need) -> NeedWords:
    counts = index.lexical.counts
    return NeedWords(
        whole=_read_own(counts, need.whole),
        all=counts.read_tokens({**need.whole.words, **need.whole.shared}, need.whole.beside),
        readings=tuple(_read_own(counts, reading) for reading in need.choose_readings()),
    )


def _read_own(counts: WordCounts, reading: Reading) -> ReadWords:
    plain = {token: times for token, times in reading.beside.items() if not is_term(token)}
    own = counts.read_tokens(reading.words, plain)
    return ReadWords(own, counts.read_tokens(reading.shared, reading.beside).among(own))


def _read_kinds(index: Index, rows: Rows) -> NDArray[np.str_]:
    return np.array([index.columns.read_kind(row) for row in rows.tolist()])


def gather(index: Index, rows: Rows, precision: type[np.floating[Any]]) -> Sides:
    """What is compared of `rows`, in their order."""
    counts = index.sentence_counts[rows]
    slots = list_slots(index.sentences_at[rows], counts)
    return Sides(
        index.wholes.gather(index.whole_at[rows]).astype(precision, copy=False),
        index.sentences.gather(slots).astype(precision, copy=False),
        counts,
        index.read_worths(rows),
        index.read_opposed(rows),
        index.read_taken(rows),
        index.read_reaches(rows),
    )


def _search(
    index: Index, need: Need, words: QueryWords, among: BoolRows, count: int
) -> tuple[Rows, Rows, Rows]:
    """The rows among those flagged whose wholes, sentences or words are nearest to the need."""
    whole = need.whole.vectors.whole[np.newaxis]
    by_whole, _ = index.wholes.search(whole, count, among)
    by_sentence, _ = index.sentences.search(need.whole.vectors.sentences, count, among)
    return (
        index.find_main(index.wholes.find_rows(by_whole)),
        index.find_main(index.sentences.find_rows(by_sentence)),
        index.find_main(index.lexical.search(words, count, among, index.ids)),
    )
