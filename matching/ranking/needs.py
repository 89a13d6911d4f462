"""Reads a need: what each sentence does, what counts of it, and its vectors and words.

Two texts are encoded that nobody wrote in these words. Each sentence is followed by what its terms
are called in the other language, so that a profile in that language is as near. And in place of
the whole text stands what is left without introduction and refusals.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.background import ENCODER_ROLES, NEED, Background
from matching.encoders.contract import TextEncoder
from matching.ranking.agreement import NeedReach
from matching.ranking.folding import NeedVectors
from matching.records import Passage, Query, ReadSentence
from matching.text.clauses import refuses, refuses_what_stands_before
from matching.text.mixed import list_chinese, list_chinese_words
from matching.text.offering import offers
from matching.text.own_terms import OwnTerms, read_own_terms
from matching.text.reaches import find_reaches
from matching.text.roles import BACKGROUND, REFUSAL, RULED, WISH, weigh_roles
from matching.text.sentences import read_standing, split_need
from matching.text.settled import lacks
from matching.text.tokens import crosses_languages, is_term, list_tokens, translate_terms
from matching.text.voice import speaks
from matching.text.wishes import Wish, part_wishes, read_kinds
from matching.text.words import detect_language

Figures = NDArray[np.float64]

# A sentence that counts less than this share of the best one is left out of the whole.
_LEAST_OF_WHOLE = 0.15
# Nor do its words count.
_LEAST_OF_WORDS = 0.05
# Of so few sentences that refuse nothing hardly one is left out of the whole.
_FEW = 3
# How much less a sentence that counts little answers for one of the provider's.
_PULL = 0.1
# What a sentence of another wish counts.
_ELSEWHERE = 0.05
# A few words in which nobody asks are a need that is put briefly, and no description.
_LEAST_DESCRIBED = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A need as far as one of its wishes goes, or all: its vectors, words and who may answer.

    `kinds` is empty where the words do not say whom they ask. `words` and `shared` say how often
    it has each token: those of its own language, and those of both; `beside` has the
    tokens of what somebody's own terms are called in other words.
    """

    kinds: frozenset[str]
    vectors: NeedVectors
    words: Mapping[str, float]
    shared: Mapping[str, float]
    beside: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Need:
    """A query as it was read.

    `describes` says that it is a description of some length in which nobody asks for anything;
    `sentences` are its passages in order and `read` what each was taken for; `meant` is its text
    without introduction and refusals. Where it has several
    wishes, `readings` has one for each of `wishes`, else the `whole` alone. `reaches` are the
    figures with units of what is meant. `background` is the version of the background that it was
    read by.
    """

    query: Query
    background: str
    language: str
    describes: bool
    meant: str
    sentences: tuple[Passage, ...]
    read: tuple[ReadSentence, ...]
    whole: Reading
    readings: tuple[Reading, ...]
    reaches: tuple[NeedReach, ...]
    wishes: tuple[Wish, ...] = ()

    def choose_readings(self) -> tuple[Reading, ...]:
        """Those by which providers of the kind that is listed are compared."""
        kind = self.query.kind
        if kind is None:
            return self.readings
        meant = tuple(each for each in self.readings if kind in each.kinds)
        return meant or tuple(each for each in self.readings if not each.kinds) or self.readings

    def number_readings(self) -> tuple[int, ...]:
        """Of each of `choose_readings`, which wish it is, from 1; 0 where there is only one."""
        if not self.wishes:
            return (0,)
        chosen = {id(each) for each in self.choose_readings()}
        return tuple(at for at, each in enumerate(self.readings, start=1) if id(each) in chosen)

    def flag_elsewhere(self, wish: int) -> NDArray[np.bool_]:
        """(s,) the sentences that belong to other wishes than the one numbered `wish`, from 1."""
        flags = np.zeros(len(self.sentences), dtype=np.bool_)
        for number, other in enumerate(self.wishes, start=1):
            if wish and number != wish:
                flags[list(other.sentences)] = True
        return flags

    def list_asked(self) -> frozenset[str]:
        """The kinds of provider that are asked for; none where all are alike."""
        if self.query.kind is not None:
            return frozenset((self.query.kind,))
        if self.query.asked is None:
            return frozenset()
        return frozenset((self.query.asked,)).union(*(each.kinds for each in self.readings))


def read_need(query: Query, encoder: TextEncoder, background: Background) -> Need | None:
    """The query with all that ranking takes of it; None when its text is blank.

    Depends on the query, the encoder and the shipped texts alone.
    """
    text = query.text
    sentences = split_need(text)
    if not sentences:
        return None
    pieces = [text[p.start : p.end] for p in sentences]
    language = detect_language(text)
    own_terms = read_own_terms(query.terms)
    is_told = speaks(text) or bool(query.corrected)
    likely = _guess_whole(pieces, is_told)
    worded = [_word_both(each, language, own_terms) for each in (*pieces, *likely)]
    encoded = _encode(encoder, worded)
    raw, known = encoded[: len(pieces)], dict(zip((*pieces, *likely), encoded, strict=True))
    roles = background.readers[NEED].roles
    figures = _read_roles(query, sentences, pieces, raw, background)
    worths, refusals = weigh_roles(roles, figures)
    if not is_told:
        # A description does one thing from its first sentence to its last.
        worths, refusals = np.ones(len(pieces)), np.zeros(len(pieces))
    centred = background.centre(raw, NEED, [detect_language(piece) for piece in pieces])
    # What is half a refusal is none.
    refusals = np.where(refusals > 0.5, refusals, 0.0)
    is_wish = (refusals == 0) & (figures.argmax(axis=1) == roles.index(WISH))
    wishes = part_wishes(pieces, is_wish.tolist()) if is_told else ()
    asked = frozenset[str]()
    if is_told and not wishes:
        asked = asked.union(
            *(read_kinds(piece) for piece, flag in zip(pieces, is_wish, strict=True) if flag)
        )
    elsewhere = [
        np.isin(
            np.arange(len(pieces)),
            [at for other in wishes if other is not wish for at in other.sentences],
        )
        for wish in wishes
    ]
    offering = (
        np.array([offers(piece) for piece in pieces]) & (refusals == 0)
        if is_told
        else np.zeros(len(pieces), dtype=np.bool_)
    )
    worths_of = [worths, *(np.where(flags, _ELSEWHERE * worths, worths) for flags in elsewhere)]
    joined = [_join_meant(pieces, own) for own in worths_of]
    if missing := [each for each in joined if each not in known and len(pieces) > 1]:
        added = _encode(encoder, [_word_both(each, language, own_terms) for each in missing])
        known |= zip(missing, added, strict=True)
    wholes = _centre_wholes(joined, known, centred, background)
    kinds_of = [asked, *(wish.kinds for wish in wishes)]
    readings = tuple(
        Reading(
            kinds,
            _lay_out(own, whole, centred, refusals, offering),
            *_count_tokens(pieces, own),
            _count_beside(pieces, own, own_terms),
        )
        for kinds, own, whole in zip(kinds_of, worths_of, wholes, strict=True)
    )
    wish_of = {at: n for n, wish in enumerate(wishes, start=1) for at in wish.sentences}
    return Need(
        query=query,
        background=background.version,
        language=language,
        describes=not is_told and len(pieces) >= _LEAST_DESCRIBED,
        meant=joined[0],
        sentences=sentences,
        read=tuple(
            ReadSentence(
                p.start, p.end, roles[int(own.argmax())], float(own.max()), wish_of.get(at, 0)
            )
            for at, (p, own) in enumerate(zip(sentences, figures, strict=True))
        ),
        whole=readings[0],
        readings=readings[1:] or readings,
        reaches=tuple(
            NeedReach(at, reach)
            for at, piece in enumerate(pieces)
            if not refusals[at]
            for reach in find_reaches(piece, is_asked=True)
        ),
        wishes=wishes,
    )


def encode_sentences(
    texts: Sequence[str], languages: Sequence[str], encoder: TextEncoder
) -> NDArray[np.float32]:
    """(n, d) vectors of sentences of needs by which their roles are read, each of a need in the
    language that stands at its place in `languages`."""
    worded = [_word_both(*pair, None) for pair in zip(texts, languages, strict=True)]
    return _encode(encoder, worded)


def _join_meant(pieces: Sequence[str], worths: Figures) -> str:
    """Those sentences that count, as one text."""
    least = _LEAST_OF_WHOLE * worths.max()
    return " ".join(p for p, worth in zip(pieces, worths, strict=True) if worth >= least)


def _guess_whole(pieces: Sequence[str], is_told: bool) -> tuple[str, ...]:
    """What the whole will most likely be, where that can be said before the sentences are read.

    It is the longest text of all, and encoded alone it would keep one core busy.
    """
    meant = [piece for piece in pieces if not (is_told and refuses(piece))]
    if len(meant) < 2 or (is_told and len(meant) > _FEW):
        return ()
    return (" ".join(meant),)


def _centre_wholes(
    joined: Sequence[str],
    vectors: Mapping[str, NDArray[np.float32]],
    centred: NDArray[np.float32],
    background: Background,
) -> list[NDArray[np.float32]]:
    """(d,) for each of `joined`; a need of one sentence, of which `centred` has one, is that."""
    if len(centred) == 1:
        return [centred[0] for _ in joined]
    raw = np.stack([vectors[text] for text in joined])
    return list(background.centre(raw, NEED, [detect_language(text) for text in joined]))


def _lay_out(
    worths: Figures,
    whole: NDArray[np.float32],
    centred: NDArray[np.float32],
    refusals: Figures,
    offering: NDArray[np.bool_],
) -> NeedVectors:
    return NeedVectors(
        whole=whole,
        sentences=centred,
        shares=worths / worths.sum(),
        pulls=(worths / worths.max()) ** _PULL,
        refusals=refusals,
        # What belongs to another wish is not offered here.
        offers=bool((offering & (worths > _ELSEWHERE)).any()),
    )


def _read_roles(
    query: Query,
    sentences: Sequence[Passage],
    pieces: Sequence[str],
    vectors: NDArray[np.float32],
    background: Background,
) -> Figures:
    """(s, roles) probabilities; what somebody has corrected is certain."""
    model = background.readers[NEED]
    figures = model.read(pieces, vectors)
    if len(pieces) == 1 and figures[0].argmax() != model.roles.index(REFUSAL):
        # Whoever says one thing wishes it.
        figures[0] = np.eye(len(model.roles))[model.roles.index(WISH)]
    for at, piece in enumerate(pieces):
        if lacks(piece):
            figures[at] = _share_out(model.roles, WISH, BACKGROUND)
    standing = read_standing(query.text, sentences)
    for at, is_open in enumerate(standing):
        if is_open:
            figures[at] = _spread(model.roles, WISH)
        elif is_open is False and standing.count(False) < len(pieces):
            figures[at] = _spread(model.roles, REFUSAL)
    for at in range(1, len(pieces)):
        if refuses_what_stands_before(pieces[at]) and not speaks(pieces[at - 1]):
            figures[at - 1] = _spread(model.roles, REFUSAL)
    corrected = {(each.start, each.end): each.role for each in query.corrected}
    for at, passage in enumerate(sentences):
        role = corrected.get((passage.start, passage.end))
        if role in model.roles:
            figures[at] = np.eye(len(model.roles))[model.roles.index(role)]
    return figures


def _share_out(roles: Sequence[str], *among: str) -> Figures:
    """(roles,) equal probabilities of those named, and none of the others."""
    return np.isin(roles, among) / len(among)


def _spread(roles: Sequence[str], role: str) -> Figures:
    """(roles,) the probabilities of a sentence of which a rule knows what its role is."""
    figures = np.full(len(roles), (1 - RULED) / (len(roles) - 1))
    figures[roles.index(role)] = RULED
    return figures


def _word_both(text: str, language: str, own_terms: OwnTerms | None) -> str:
    """`text` with what its terms are called in the other language, and own ones in either; English
    words among Chinese ones are followed by the Chinese."""
    terms = translate_terms(text, language)
    terms += [name for name in list_chinese(text) if name not in terms]
    if own_terms is not None:
        terms += [name for name in own_terms.list_names(text) if name not in terms]
    return f"{text} ({', '.join(terms)})" if terms else text


def _encode(encoder: TextEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
    # A piece that is said twice is encoded once.
    distinct = list(dict.fromkeys(texts))
    vectors = encoder.encode(distinct, role=ENCODER_ROLES[NEED])
    at = {text: number for number, text in enumerate(distinct)}
    return vectors[[at[text] for text in texts]]


def _count_tokens(
    pieces: Sequence[str], worths: Figures
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """How often the need has each word, and each token of both languages, by what counts."""
    counted = worths / worths.max()
    times: dict[str, float] = defaultdict(float)
    for piece, worth in zip(pieces, counted.tolist(), strict=True):
        if worth > _LEAST_OF_WORDS:
            for token in list_tokens(piece):
                times[token] += worth
    words = {token: count for token, count in times.items() if not is_term(token)}
    shared = {token: count for token, count in times.items() if crosses_languages(token)}
    return words, shared


def _count_beside(
    pieces: Sequence[str], worths: Figures, own_terms: OwnTerms | None
) -> Mapping[str, float]:
    """How often the need would have each token if it said its own terms in their other forms, and
    the English words among Chinese ones in Chinese."""
    times: dict[str, float] = defaultdict(float)
    counted = worths / worths.max()
    for piece, worth in zip(pieces, counted.tolist(), strict=True):
        if worth > _LEAST_OF_WORDS:
            added = list_chinese_words(piece)
            if own_terms is not None:
                added += [each for each in own_terms.list_tokens(piece) if each not in added]
            for token in added:
                times[token] += worth
    return times
