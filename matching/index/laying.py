"""Lays the passages of changed providers side by side: centred, weighed, with words and figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import PROFILE, Background
from matching.encoding import word_passages
from matching.index.reaches import Placed, list_reaches
from matching.records import Passage, ProviderRecord
from matching.text.checklists import flag_excluded
from matching.text.offering import offers, sells, takes
from matching.text.passages import WHOLE, split_passages
from matching.text.roles import PROFILE_ROLES, RULED, SEEKS, weigh_roles, weigh_sentences
from matching.text.tokens import list_tokens
from matching.text.voice import reports
from matching.text.words import ENGLISH, detect_languages

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]

# Of a sentence that surely refuses, nothing else is left to be weighed.
_LEAST_MEANT = 0.01
# What is less sure is not taken.
_LEAST_TAKEN = 0.2
_CENTRED_AT_ONCE = 256
# A share is held in a byte.
FULL = 255
_INVESTOR = "investor"


@dataclass(frozen=True, slots=True)
class Laid:
    """The passages of some records, laid side by side.

    `wholes` is (n, d) and `sentences` (m, d), both centred; `counts` (n,) says how many of the
    latter each record has, at least 1, and `spans` (m, 2) where they are in its text. `reaches` has
    for each record its figures with units, each with the number of its sentence in the record.
    """

    wholes: Vectors
    sentences: Vectors
    counts: Rows
    spans: NDArray[np.int32]
    worths: NDArray[np.uint8]
    refusals: NDArray[np.uint8]
    seeks: NDArray[np.uint8]
    takes: NDArray[np.uint8]
    reaches: list[list[Placed]]
    tokens: list[list[str]]


def lay_out(
    records: Sequence[ProviderRecord], encode: Encode, background: Background
) -> Laid | None:
    """The passages of `records`, centred and weighed; None for none. Those missing are encoded."""
    if not records:
        return None
    passages = [_list_passages(record) for record in records]
    vectors = _stack_vectors(records, passages, encode)
    pieces = [
        record.text[p.start : p.end]
        for record, own in zip(records, passages, strict=True)
        for p in own
    ]
    languages = detect_languages(pieces)
    # Some hundred at once fit into the processor's cache; each is centred by itself.
    centred = np.concatenate(
        [
            background.centre(
                vectors[at : at + _CENTRED_AT_ONCE],
                PROFILE,
                languages[at : at + _CENTRED_AT_ONCE],
            )
            for at in range(0, len(vectors), _CENTRED_AT_ONCE)
        ]
    )
    wholes, sentences, counts, spans, start = [], [], [], [], 0
    for own in passages:
        is_whole = [passage.role == WHOLE for passage in own]
        whole = is_whole.index(True)
        rest = [at for at, flag in enumerate(is_whole) if not flag] or [whole]
        wholes.append(start + whole)
        sentences += [start + at for at in rest]
        counts.append(len(rest))
        spans += [(own[at].start, own[at].end) for at in rest]
        start += len(own)
    said = [pieces[at] for at in sentences]
    worths, refusals, seeks = _weigh(background, records, said, vectors[sentences], counts, spans)
    is_meant = (refusals <= 0.5) & (seeks <= 0.5)
    return Laid(
        centred[wholes],
        centred[sentences],
        np.array(counts, dtype=np.int64),
        np.array(spans, dtype=np.int32),
        (worths * FULL).round().astype(np.uint8),
        (refusals * FULL).round().astype(np.uint8),
        (seeks * FULL).round().astype(np.uint8),
        (_measure_taking(said, seeks, refusals) * FULL).round().astype(np.uint8),
        list_reaches(said, is_meant, counts),
        _list_tokens(said, refusals > 0.5, counts),
    )


def _weigh(
    background: Background,
    records: Sequence[ProviderRecord],
    said: Sequence[str],
    vectors: Vectors,
    counts: Sequence[int],
    spans: Sequence[tuple[int, int]],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """What each sentence of all records counts, how surely it refuses, and how surely seeks.

    A report on a piece of research neither refuses nor seeks; and all sentences of one in
    English count alike (docs/matching.md has what was measured). Whom an investor looks for,
    he invests in. What somebody corrected is certain, also in a report.
    """
    worths, refusals, seeks = weigh_sentences(background.readers[PROFILE], said, vectors)
    excluded = _flag_excluded(records, counts, spans)
    refusals = np.where(excluded, np.maximum(refusals, RULED), refusals)
    worths = np.where(excluded, np.minimum(worths, 1 - RULED), worths)
    seeks = np.where(excluded, np.minimum(seeks, 1 - RULED), seeks)
    corrected = dict(_list_corrected(records, counts, spans))
    if corrected:
        certain = np.eye(len(PROFILE_ROLES))[list(corrected.values())]
        at = list(corrected)
        worths[at], refusals[at] = weigh_roles(PROFILE_ROLES, certain)
        seeks[at] = certain[:, PROFILE_ROLES.index(SEEKS)]
    invests = np.repeat(np.array([r.kind == _INVESTOR for r in records], dtype=np.bool_), counts)
    worths = np.where(invests, np.minimum(worths + seeks, 1.0), worths)
    seeks = np.where(invests, 0.0, seeks)
    texts = [record.text for record in records]
    is_english = [language == ENGLISH for language in detect_languages(texts)]
    is_report = [reports(text) for text in texts]
    reported = np.repeat(np.array(is_report, dtype=np.bool_), counts)
    reported[list(corrected)] = False
    alike = reported & np.repeat(np.array(is_english, dtype=np.bool_), counts)
    meant = worths / np.maximum(1 - refusals, _LEAST_MEANT)
    worths = np.where(alike, 1.0, np.where(reported, np.minimum(meant, 1.0), worths))
    return worths, np.where(reported, 0.0, refusals), np.where(reported, 0.0, seeks)


def _flag_excluded(
    records: Sequence[ProviderRecord], counts: Sequence[int], spans: Sequence[tuple[int, int]]
) -> NDArray[np.bool_]:
    """(m,) which sentences name in a list what their owner does not do."""
    flags: list[bool] = []
    for record, count in zip(records, counts, strict=True):
        flags += flag_excluded(record.text, spans[len(flags) : len(flags) + count])
    return np.array(flags, dtype=np.bool_)


def _measure_taking(
    said: Sequence[str], seeks: NDArray[np.float64], refusals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(m,) how surely each sentence says that its owner takes things, who seeks among them."""
    sure = np.where(refusals > 0.5, 0.0, np.maximum([float(takes(text)) for text in said], seeks))
    for at in np.flatnonzero(sure >= _LEAST_TAKEN).tolist():
        if sells(said[at]) or offers(said[at]):
            sure[at] = 0.0
    return np.where(sure >= _LEAST_TAKEN, sure, 0.0)


def _list_corrected(
    records: Sequence[ProviderRecord], counts: Sequence[int], spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The numbers of the sentences that were corrected, each with the number of its role."""
    start = 0
    for record, count in zip(records, counts, strict=True):
        if record.corrected:
            roles = {(each.start, each.end): each.role for each in record.corrected}
            for at in range(start, start + count):
                if (role := roles.get(spans[at])) in PROFILE_ROLES:
                    yield at, PROFILE_ROLES.index(str(role))
        start += count


def _list_tokens(
    sentences: Sequence[str], is_refused: NDArray[np.bool_], counts: Sequence[int]
) -> list[list[str]]:
    """What each record is found by: not by what it says that it does not do, unless by that alone.

    `counts` says how many of the sentences each record has.
    """
    tokens, start = [], 0
    for count in counts:
        own = range(start, start + count)
        kept = [at for at in own if not is_refused[at]] or own
        tokens.append(list_tokens("\n".join(sentences[at] for at in kept)))
        start += count
    return tokens


def _stack_vectors(
    records: Sequence[ProviderRecord], passages: Sequence[tuple[Passage, ...]], encode: Encode
) -> Vectors:
    """The vectors of all passages of all records, one row each; those missing are encoded."""
    stacks: list[Vectors] = []
    missing: list[str] = []
    for record, own in zip(records, passages, strict=True):
        if record.vectors is not None and own is record.passages:
            stacks.append(record.vectors)
        else:
            known = [passage.vector for passage in own if passage.vector is not None]
            if len(known) == len(own):
                stacks.append(np.stack(known))
            else:
                missing += word_passages(record.text, own)
                stacks.append(np.zeros((0, 0), dtype=np.float32))
    if not missing:
        return np.concatenate(stacks)
    fresh, start = encode(missing), 0
    for number, own in enumerate(passages):
        if not stacks[number].size:
            stacks[number] = fresh[start : start + len(own)]
            start += len(own)
    return np.concatenate(stacks)


def _list_passages(record: ProviderRecord) -> tuple[Passage, ...]:
    """The record's passages with the whole among them; a blank text is one empty passage.

    Those that have to be encoded anyway are cut anew: the way may have changed since.
    """
    passages = record.passages
    if not passages or (record.vectors is None and any(p.vector is None for p in passages)):
        passages = split_passages(record.text)
    if any(passage.role == WHOLE for passage in passages):
        return passages
    return (Passage(WHOLE, 0, len(record.text)), *passages)
