"""Named features of candidates, and the one formula that makes them a score."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.eligibility.conditions import CONCERNS, OWN_TERMS, describe_found
from matching.index.columns import BoolRows, Columns
from matching.ranking.agreement import Agreement
from matching.ranking.calibration import Calibration, blend_meaning, measure_parts
from matching.ranking.exposure import LEVELS
from matching.ranking.folding import Folded
from matching.ranking.weights import Weights
from matching.records import Against, Condition, Met

Figures = NDArray[np.float64]
Rows = NDArray[np.int64]

# The feature in which each condition shows.
FEATURE_OF = {
    "fields": "field",
    "funding_stage": "stage",
    "gate": "stage",
    "amount": "money",
    "instruments": "money",
    "price": "money",
    "voucher": "money",
    "place": "place",
}
# A remote provider is half as far away.
REMOTE_SHARE = 0.5
BUSY_SHARE = 0.75
# So many unanswered requests are said, where they are half or more of the recent ones.
LEAST_SILENCE = 2


@dataclass(frozen=True, slots=True)
class Scored:
    """n candidates: features by name, each (n,) in [0, 1]; `relevance` and `score` too.

    The features hold all that another record of weights would need to weigh the same candidates:
    the parts of meaning, the words, whether these can speak, the standing, and the score before
    the list is arranged.
    """

    rows: Rows
    features: dict[str, Figures]
    relevance: Figures
    score: Figures


@dataclass(frozen=True, slots=True)
class Compared:
    """What the texts of n candidates say, whatever their standing: parts by name, and relevance.

    `nearest` is the cosine of the two nearest sentences, of those that count, and `reading` the
    number of the wish by which each was compared.
    """

    parts: dict[str, Figures]
    relevance: Figures
    nearest: Figures
    reading: Rows

    def take(self, places: Rows) -> "Compared":
        """Those at `places`, in their order."""
        return Compared(
            {name: figures[places] for name, figures in self.parts.items()},
            self.relevance[places],
            self.nearest[places],
            self.reading[places],
        )


def compare_texts(
    folded: Folded,
    words: Figures,
    in_need_language: BoolRows,
    figures: Agreement,
    weights: Weights,
    calibration: Calibration,
) -> Compared:
    """The relevance of n candidates and its parts, each from itself and the query alone.

    `words` and `in_need_language` are (n,): of who writes in another language the words are those
    that both languages share. `figures` says how far the quantities of both agree.
    """
    parts = measure_parts(folded, calibration.scale)
    meaning = blend_meaning(parts, weights)
    relevance = weigh_words(meaning, words, in_need_language, weights, calibration)
    return Compared(
        {
            "relevance": relevance,
            "meaning": meaning,
            "whole": parts.whole,
            "late": parts.late,
            "back": parts.back,
            "words": words,
            "one_language": in_need_language.astype(np.float64),
            "refused": folded.refused / (calibration.scale.high - calibration.scale.low),
            "figures_met": figures.met,
            "figures_missed": figures.missed,
            "taken": calibration.measure_nearness(folded.taken),
        },
        relevance,
        folded.nearest,
        np.zeros(len(relevance), dtype=np.int64),
    )


def choose_texts(wishes: Sequence[Compared], owners: Rows, weights: Weights) -> Rows:
    """The places of n providers' best texts among m, by whichever wish they do most for the score.

    `owners` (m,), ascending from 0, says whose each text is. The earlier of equals is chosen.
    """
    worths = [
        each.relevance
        - weights.refused * each.parts["refused"]
        + weights.figures * (each.parts["figures_met"] - each.parts["figures_missed"])
        + weights.taken * each.parts["taken"]
        for each in wishes
    ]
    order = np.lexsort((-np.max(worths, axis=0), owners))
    places: Rows = order[np.flatnonzero(np.diff(owners[order], prepend=-1))]
    return places


def choose_nearer(readings: Sequence[Compared], answers: Sequence[BoolRows]) -> Compared:
    """Of n candidates each by the wish to which it comes nearest, of those that it may answer.

    `readings` are what was compared by each wish, and `answers` (n,) each, who may answer it; who
    may answer none is compared by all.
    """
    if len(readings) == 1:
        return readings[0]
    may = flag_answers(answers)
    relevance = np.stack([each.relevance for each in readings])
    nearer = np.where(may, relevance, -np.inf).argmax(axis=0)
    each_row = np.arange(len(nearer))
    return Compared(
        {
            name: np.stack([each.parts[name] for each in readings])[nearer, each_row]
            for name in readings[0].parts
        },
        relevance[nearer, each_row],
        np.stack([each.nearest for each in readings])[nearer, each_row],
        nearer,
    )


def flag_answers(answers: Sequence[BoolRows]) -> NDArray[np.bool_]:
    """(wishes, n) who may answer which wish; who may answer none may answer all."""
    may = np.stack(answers)
    may |= ~may.any(axis=0)
    return may


def weigh_standing(
    rows: Rows,
    compared: Compared,
    columns: Columns,
    unmet: Sequence[tuple[Condition, BoolRows]],
    is_asked: BoolRows,
    weights: Weights,
) -> Scored:
    """Features and score of the candidates in `rows`: the relevance, and what the standing adds.

    What is refused or sought on the wrong side, figures that contradict the need's, another kind
    than the one asked for (`is_asked` is (n,)), unmet soft conditions, load, recent attention and
    silence lower the score; figures that meet the need's and a good record raise it, and a bad
    record lowers it.
    """
    capacity = np.maximum(columns.capacity[rows], 1)
    load = np.clip(columns.free_capacity[rows] / capacity, 0.0, 1.0)
    record = measure_record(columns.rating[rows], columns.answer_hours[rows])
    exposure = np.clip(columns.exposure[rows] / LEVELS, 0.0, 1.0)
    silence = measure_silence(columns.requests[rows], columns.unanswered[rows])
    features = {
        **compared.parts,
        **{name: np.ones(len(rows)) for name in ("field", "stage", "money", "place")},
        "load": load,
        "record": record,
        "exposure": exposure,
        "silence": silence,
        "newcomer": columns.newcomers[rows].astype(np.float64),
        "asked": is_asked.astype(np.float64),
    }
    score = compared.relevance - weights.load * (1 - load) ** 2 + weights.record * (record - 0.5)
    score = score - weights.refused * features["refused"] - weights.asked * (1 - features["asked"])
    score = score + weights.figures * (features["figures_met"] - features["figures_missed"])
    score = score + weights.taken * features["taken"]
    score = score - weights.exposure * exposure - weights.silence * silence
    for condition, flags in unmet:
        missed = flags[rows].astype(np.float64)
        if condition.attribute == "place":
            missed = missed * np.where(columns.remote[rows], REMOTE_SHARE, 1.0)
        score = score - weights.soft[condition.attribute] * missed
        name = FEATURE_OF.get(condition.attribute)
        if name is not None:
            features[name] = np.minimum(features[name], 1 - missed)
    score = np.clip(score, 0.0, 1.0)
    features["score"] = score
    return Scored(rows, features, compared.relevance, score)


def weigh_words(
    meaning: Figures,
    words: Figures,
    in_need_language: BoolRows,
    weights: Weights,
    calibration: Calibration,
) -> Figures:
    """(n,) relevance in [0, 1]: the meaning and the words, by their weights.

    Words of one language cannot speak for or against a provider who writes in another than the
    need: there, what a text of its meaning would share in one language stands in for them, and the
    terms that both share come on top.
    """
    expected = np.where(
        in_need_language, words, np.minimum(words + calibration.expect_words(meaning), 1.0)
    )
    relevance: Figures = (1 - weights.words) * meaning + weights.words * expected
    return relevance


def measure_record(ratings: Figures, answer_hours: Figures) -> Figures:
    """What is known of past service, in [0, 1]: ½ for a newcomer.

    The mean of the rating (1 to 5) and of the speed of answering (a day: 0.75, three days: 0.5);
    nan stands for unknown.
    """
    rated = np.where(np.isnan(ratings), 0.5, np.clip((ratings - 1) / 4, 0.0, 1.0))
    answered = np.where(np.isnan(answer_hours), 0.5, 72 / (72 + np.maximum(answer_hours, 0.0)))
    return (rated + answered) / 2


def measure_silence(requests: Rows, unanswered: Rows) -> Figures:
    """The share of the recent requests that expired, in [0, 1).

    Two answered requests are added, so that one that expired does not yet make somebody silent.
    """
    share: Figures = unanswered / (requests + 2)
    return share


def list_met(
    columns: Columns,
    row: int,
    conditions: Iterable[Condition],
    unmet: Iterable[tuple[Condition, BoolRows]],
    judged: BoolRows,
) -> tuple[Met, ...]:
    """The conditions of an eligible `row` that concern its kind and are met, in their order.

    Not those that the own terms of a `judged` row say.
    """
    standing, kind = columns.read_standing(row), columns.read_kind(row)
    missed = {condition.attribute for condition, flags in unmet if flags[row]}
    return tuple(
        Met(each.attribute, each.values, describe_found(standing, each.attribute))
        for each in conditions
        if kind in CONCERNS[each.attribute]
        and each.attribute not in missed
        and not (judged[row] and each.attribute in OWN_TERMS)
    )


def list_against(
    columns: Columns, row: int, unmet: Iterable[tuple[Condition, BoolRows]], has_evidence: bool
) -> tuple[Against, ...]:
    """What speaks against showing `row`.

    Unmet soft conditions, a heavy load, half or more of the last requests unanswered, no evidence.
    """
    standing = columns.read_standing(row)
    against = [
        Against(
            condition.attribute,
            condition.values,
            describe_found(standing, condition.attribute),
        )
        for condition, flags in unmet
        if flags[row]
    ]
    used = 1 - standing.free_capacity / max(standing.capacity, 1)
    if used >= BUSY_SHARE:
        against.append(Against("load", (), (str(standing.free_capacity), str(standing.capacity))))
    if standing.unanswered_requests >= max(LEAST_SILENCE, standing.recent_requests / 2):
        answered = standing.recent_requests - standing.unanswered_requests
        against.append(Against("silence", (), (str(answered), str(standing.recent_requests))))
    if not has_evidence:
        against.append(Against("no_evidence"))
    return tuple(against)
