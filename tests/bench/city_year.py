"""A simulated year of a city: who is shown, by relevance alone and by the product's weights.

10,000 startups ask one after the other; 300 mentors take on as many as they have places for, and
one in five of them arrives during the year. The labels come from topics (`city.py`), the relevance
from the real encoder and the product's own comparison, and the lists from the functions that the
site uses (`city_life.py`). All weights see the same arrivals and the same luck.

`python -m tests.bench.city_year docs/exposure-trade-off.svg` draws the curve.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from matching.encoders.choice import BUNDLED, open_encoder, prepare_encoder
from matching.encoding import encode_texts
from matching.engine import Engine
from matching.ranking.weights import SHIPPED, Weights
from matching.records import Change, Passage, ProviderRecord, Query
from tests.bench.city import City, found_city, grade
from tests.bench.city_life import Figures, Outcome, Texts, Year, draw_life
from tests.bench.trade_off_curve import Point, draw_curve

REPOSITORY = Path(__file__).resolve().parents[2]
MENTORS, STARTUPS, WORDINGS = 300, 10_000, 800
# The amounts of `exposure` on the curve; the shipped one is among them.
AMOUNTS = (0.0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.13)
# Relevance alone: what any search without these amounts does.
PLAIN = replace(
    SHIPPED,
    version="plain",
    load=0.0,
    record=0.0,
    duplicate=0.0,
    exposure=0.0,
    silence=0.0,
    newcomer_share=0.0,
    chance=0.0,
)
# The seeds of the years that are averaged.
YEARS = (5,)
SILENT_SHARE = 0.1


class Mentors:
    """The city's mentors as a source that never changes; the year is played on their columns."""

    def __init__(self, texts: Sequence[str], passages: Sequence[tuple[Passage, ...]]) -> None:
        self._records = [
            ProviderRecord(number, number, "mentor", text, of_text)
            for number, (text, of_text) in enumerate(zip(texts, passages, strict=True), start=1)
        ]

    def latest_revision(self) -> int:
        """One revision a mentor."""
        return len(self._records)

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """The records after `revision`."""
        return iter(self._records[revision:])


def read_texts() -> Texts:
    """Relevance by the product's own ranking, grades by topics."""
    city = found_city(mentors=MENTORS, needs=WORDINGS, seed=21)
    encoders = REPOSITORY / "instance" / "encoder"
    prepare_encoder(BUNDLED, cache_root=encoders)
    encoder = open_encoder(BUNDLED, cache_root=encoders)
    texts = [mentor.text for mentor in city.mentors]
    # Without any other amount, a score is the relevance.
    engine = Engine(
        encoder,
        Mentors(texts, encode_texts(encoder, texts)),
        weights=PLAIN,
        cache_folder=REPOSITORY / "instance" / "cache",
    )
    relevance = np.zeros((len(city.needs), MENTORS))
    for number, need in enumerate(city.needs):
        query = Query(need.text, "mentor", all_published=True)
        for mentor, score in engine.order(query, limit=MENTORS):
            relevance[number, mentor - 1] = score
    index = engine.refresh()
    rows = np.array([index.row_of[number] for number in range(1, MENTORS + 1)])
    return Texts(
        relevance,
        list_grades(city),
        index.wholes.gather(index.whole_at[rows]),
        np.array(city.demand),
    )


def list_grades(city: City) -> Figures:
    """(needs, mentors) labels."""
    return np.array(
        [[grade(need, mentor) for mentor in city.mentors] for need in city.needs], dtype=np.float64
    )


def play_years(texts: Texts, weights: Weights, *, silent_share: float = 0.0) -> Outcome:
    """The mean of the `YEARS` under `weights`."""
    lives = [
        draw_life(texts, startups=STARTUPS, seed=seed, silent_share=silent_share) for seed in YEARS
    ]
    outcomes = [Year(texts, life, weights).play() for life in lives]
    return Outcome(
        **{
            field.name: float(np.mean([getattr(each, field.name) for each in outcomes]))
            for field in fields(Outcome)
        }
    )


def measure() -> list[dict[str, object]]:
    """The Gini of exposure, ours by plain; and the attention that the silent get, ours by plain."""
    texts = read_texts()
    plain, ours = play_years(texts, PLAIN), play_years(texts, SHIPPED)
    plain_silent = play_years(texts, PLAIN, silent_share=SILENT_SHARE)
    ours_silent = play_years(texts, SHIPPED, silent_share=SILENT_SHARE)
    return [
        {
            "name": "city_year",
            "value": round(ours.gini, 4),
            "unit": "Gini of exposure",
            "baseline": round(plain.gini, 4),
            "ratio": round(ours.gini / plain.gini, 3),
            "ndcg@10": round(ours.ndcg, 4),
            "ndcg@10_plain": round(plain.ndcg, 4),
            "ndcg_cost": round(1 - ours.ndcg / plain.ndcg, 4),
            "ndcg_cost_of_all": round(1 - ours.ndcg_of_all / plain.ndcg_of_all, 4),
            "shown_share": ours.shown,
            "newcomer_share": round(ours.newcomers, 4),
            "newcomer_share_plain": round(plain.newcomers, 4),
            "lists_with_newcomer": round(ours.with_newcomer, 3),
            "changes_stored_per_list": round(ours.stored, 2),
            "weights": SHIPPED.version,
        },
        {
            "name": "city_year_silence",
            "value": round(ours_silent.to_silent, 4),
            "unit": "share of attention",
            "baseline": round(plain_silent.to_silent, 4),
            "ratio": round(ours_silent.to_silent / plain_silent.to_silent, 3),
            "silent_share": SILENT_SHARE,
            "answered": round(ours_silent.answered, 3),
            "answered_plain": round(plain_silent.answered, 3),
        },
    ]


def main(path: str) -> None:
    """Draw the curve of all `AMOUNTS` into the file `path` and print its points."""
    texts = read_texts()
    plain = play_years(texts, PLAIN)
    points = []
    for amount in AMOUNTS:
        outcome = play_years(texts, replace(SHIPPED, exposure=amount))
        gini, cost = outcome.gini / plain.gini, 1 - outcome.ndcg / plain.ndcg
        points.append(Point(amount, gini, cost, is_shipped=amount == SHIPPED.exposure))
        print(f"| {amount:.2f} | {gini:.2f} | {100 * cost:+.1f} % |", flush=True)
    Path(path).write_text(draw_curve(points), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
