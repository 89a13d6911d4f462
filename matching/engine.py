"""The matching engine: keeps its index up to date with what is committed, and answers queries."""

import threading
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.background import ENCODER_ROLES, NEED, PROFILE, Background, prepare_background
from matching.calibration import Calibration
from matching.conditions import MENTOR, Eligibility, decide_eligible
from matching.encoder import Progress, TextEncoder
from matching.evidence import find_evidence
from matching.folding import NeedVectors, fold, list_slots
from matching.index import Index
from matching.lexical import QueryWords
from matching.passages import SENTENCE, WHOLE, split_passages
from matching.records import (
    ChangeSource,
    MatchList,
    MatchResult,
    Passage,
    Query,
    Versions,
)
from matching.relevance import Scored, list_against, score_candidates
from matching.spread import spread_duplicates
from matching.weights import SHIPPED, Weights
from matching.words import detect_language

# So few eligible are all compared, which is exact; of more, those that a search proposes.
ALL_COMPARED = 400
LEAST_PROPOSED = 200
_CHANGES_AT_ONCE = 2000
_DECIMALS = 6


class Engine:
    """Ranks providers for needs.

    Threads may share an engine: encoding happens outside its lock, changes and searches inside.
    Nothing is read or loaded before the first call. An index that an error left half-changed is
    thrown away and built again from the source by the next call.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        source: ChangeSource,
        *,
        background: Background | None = None,
        weights: Weights | None = None,
        cache_folder: Path | None = None,
    ) -> None:
        self.encoder = encoder
        self.weights = SHIPPED if weights is None else weights
        self._source = source
        self._background = background
        self._cache_folder = cache_folder
        self._calibration = Calibration()
        self._index: Index | None = None
        self._revision = 0
        self._lock = threading.RLock()

    @property
    def background(self) -> Background:
        """The background of the encoder, prepared when first needed."""
        with self._lock:
            if self._background is None:
                self._background = prepare_background(self.encoder, self._cache_folder)
            return self._background

    @property
    def revision(self) -> int:
        """The last revision that this engine has seen."""
        return self._revision

    def encode_text(self, text: str) -> tuple[Passage, ...]:
        """The passages of a provider's canonical text with their vectors, as they are stored."""
        return self.encode_texts([text])[0]

    def encode_texts(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> list[tuple[Passage, ...]]:
        """The passages of each text with their vectors; `progress` is told (passages, in all)."""
        return encode_texts(self.encoder, texts, progress)

    def catch_up(self) -> int:
        """Apply every committed change that was not seen before; returns how many there were."""
        with self._lock:
            latest = self._source.latest_revision()
            if latest == self._revision and self._index is not None:
                return 0
            if latest < self._revision:
                # Another database stands behind the source: nothing that is held can be trusted.
                self._index = None
            if self._index is None:
                self._revision = 0
                self._index = Index(self.encoder.dimensions, self.background)
            return self._apply_changes(self._index, latest)

    def match(
        self, query: Query, *, excluded: Mapping[int, str] | None = None, limit: int = 10
    ) -> MatchList:
        """The best `limit` eligible providers for `query`, best first.

        `excluded` maps the ids of providers that may not be shown to this asker to a reason code.
        The answer depends on the query, the committed state and the versions alone. Raises
        ConditionUnknown for a condition that cannot be read, ValueError for a limit below 1.
        """
        if limit < 1:
            raise ValueError(f"limit is {limit}; it must be at least 1")
        passages = split_passages(query.text)
        need = self._encode_need(query.text, passages) if passages else None
        with self._lock:
            self.catch_up()
            index = self._index
            if index is None:  # catch_up has made it
                raise RuntimeError("the index is missing after catching up")
            eligibility = decide_eligible(index.columns, query, excluded or {}, index.row_of)
            results: tuple[MatchResult, ...] = ()
            if need is not None and eligibility.rows.any():
                results = self._rank(index, query, passages, need, eligibility, limit)
            return MatchList(
                results=results,
                considered=eligibility.considered,
                excluded_by=dict(eligibility.excluded_by),
                versions=Versions(
                    encoder=self.encoder.fingerprint,
                    background=self.background.version,
                    weights=self.weights.version,
                    revision=self._revision,
                ),
            )

    def _apply_changes(self, index: Index, latest: int) -> int:
        fingerprint = self.encoder.fingerprint
        changes = iter(self._source.changes_after(self._revision, fingerprint))
        count, seen = 0, latest
        try:
            while batch := list(islice(changes, _CHANGES_AT_ONCE)):
                index.apply(batch, self._encode_again)
                count += len(batch)
                seen = max(seen, batch[-1].revision)
        except BaseException:
            self._index, self._revision = None, 0
            raise
        self._revision = seen
        return count

    def _encode_again(self, texts: list[str]) -> NDArray[np.float32]:
        return self.encoder.encode(texts, role=ENCODER_ROLES[PROFILE])

    def _encode_need(self, text: str, passages: Sequence[Passage]) -> NeedVectors:
        """Vectors of the whole and the sentences; a single sentence is encoded once."""
        pieces = list(dict.fromkeys(text[p.start : p.end] for p in passages))
        vectors = self.encoder.encode(pieces, role=ENCODER_ROLES[NEED])
        languages = [detect_language(piece) for piece in pieces]
        centred = self.background.centre(vectors, NEED, languages)
        at = {piece: number for number, piece in enumerate(pieces)}
        rows = [at[text[p.start : p.end]] for p in passages]
        sentences = [row for row, p in zip(rows, passages, strict=True) if p.role == SENTENCE]
        whole = next(row for row, p in zip(rows, passages, strict=True) if p.role == WHOLE)
        shares = np.full(len(sentences), 1 / len(sentences))
        return NeedVectors(centred[whole], centred[sentences], shares)

    def _rank(
        self,
        index: Index,
        query: Query,
        passages: Sequence[Passage],
        need: NeedVectors,
        eligibility: Eligibility,
        limit: int,
    ) -> tuple[MatchResult, ...]:
        words = index.lexical.read_query(query.text)
        rows = _propose(index, query, need, words, eligibility, limit)
        counts = index.sentence_counts[rows]
        slots = list_slots(index.sentences_at[rows], counts)
        wholes = index.wholes.gather(index.whole_at[rows])
        folded = fold(need, wholes, index.sentences.gather(slots), counts)
        scored = score_candidates(
            rows,
            folded,
            index.lexical.score_rows(words, rows),
            index.columns,
            eligibility.unmet,
            self.weights,
            self._calibration,
        )
        ids = np.array([index.rows[row].id for row in rows.tolist()], dtype=np.int64)
        head = np.lexsort((ids, -scored.score))[: 2 * limit + 20]
        order, scores = spread_duplicates(
            scored.score[head], wholes[head], ids[head], self.weights.duplicate, limit
        )
        word_shares = {
            word: float(weight / words.total)
            for word, weight in zip(words.words, words.weights, strict=True)
        }
        sentences = [passage for passage in passages if passage.role == SENTENCE]
        results = []
        for rank, (at, score) in enumerate(zip(head[order].tolist(), scores.tolist(), strict=True)):
            row_number = int(rows[at])
            row = index.rows[row_number]
            first = int(index.sentences_at[row_number])
            evidence = find_evidence(
                query.text,
                sentences,
                need,
                row.text,
                row.spans,
                index.sentences.gather(np.arange(first, first + len(row.spans))),
                word_shares,
                self.weights,
                self._calibration,
            )
            results.append(
                MatchResult(
                    provider_id=row.id,
                    kind=row.kind,
                    rank=rank + 1,
                    strength=self._calibration.name_strength(float(scored.relevance[at])),
                    score=round(score, _DECIMALS),
                    features=_list_features(scored, at),
                    evidence=evidence,
                    against=list_against(
                        index.columns, row_number, eligibility.unmet, bool(evidence)
                    ),
                )
            )
        return tuple(results)


def _list_features(scored: Scored, at: int) -> dict[str, float]:
    return {name: round(float(figures[at]), _DECIMALS) for name, figures in scored.features.items()}


def _propose(
    index: Index,
    query: Query,
    need: NeedVectors,
    words: QueryWords,
    eligibility: Eligibility,
    limit: int,
) -> NDArray[np.int64]:
    """Rows worth comparing in full, ascending: all eligible when they are few."""
    eligible = np.flatnonzero(eligibility.rows)
    if len(eligible) <= ALL_COMPARED:
        return eligible
    count = max(LEAST_PROPOSED, 2 * limit)
    whole_slots, _ = index.wholes.search(need.whole[np.newaxis], count, eligibility.rows)
    slots, _ = index.sentences.search(need.sentences, count, eligibility.rows)
    by_words = index.lexical.search(words, count, eligibility.rows, _list_required(query))
    proposed = np.concatenate(
        [
            index.wholes.owners[whole_slots[whole_slots >= 0]],
            index.sentences.owners[slots[slots >= 0]],
            by_words,
        ]
    )
    return np.unique(proposed)


def _list_required(query: Query) -> list[list[str]]:
    """Groups of lexical terms of which an eligible row has one each."""
    kinds = [query.kind] if query.kind is not None else ["mentor", "investor", "centre"]
    groups = [[f"open:{kind}" for kind in kinds]]
    if not query.all_published and query.kind == MENTOR:
        pools = [f"pool:{query.pool}"] if query.pool is not None else []
        groups.append([*pools, "pool:any"])
    return groups


def encode_texts(
    encoder: TextEncoder, texts: Sequence[str], progress: Progress | None = None
) -> list[tuple[Passage, ...]]:
    """The passages of each provider's text with vectors; `progress` is told (passages, in all)."""
    split = [split_passages(text) for text in texts]
    pieces = [
        text[passage.start : passage.end]
        for text, passages in zip(texts, split, strict=True)
        for passage in passages
    ]
    vectors = iter(encoder.encode(pieces, role=ENCODER_ROLES[PROFILE], progress=progress))
    return [
        tuple(Passage(p.role, p.start, p.end, next(vectors)) for p in passages)
        for passages in split
    ]
