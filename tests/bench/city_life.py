"""A year in the life of a city: startups ask, mentors answer or do not, and become free again.

Each startup is shown a list, made by the functions that the site uses; it may ask one of those
shown, the more fitting and the higher, the likelier. Attention is counted every hour, as the worker
of the site does. Whatever is luck was drawn before, so that it is the same under all weights.
"""

import heapq
from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns
from matching.ranking.arrangement import arrange
from matching.ranking.exposure import choose_levels, is_still_new, measure_attention
from matching.ranking.relevance import Compared, weigh_standing
from matching.ranking.weights import Weights
from matching.records import Standing

DAYS = 365
PLACES = 10
_WINDOW_DAYS = 30.0
_LATE_SHARE = 0.2
# Of its requests, a silent mentor lets this share expire.
_EXPIRING = 0.85
_ASKING = 0.4
_ACCEPTING = 0.85
_ANSWER_DUE_DAYS = 14.0
_MEAN_ANSWER_DAYS = 1.5
_MEDIAN_ENGAGEMENT_DAYS = 60.0
_RECENT_REQUESTS = 10
# How many of the best are arranged, and how many newcomers besides.
_HEAD, _NEW_HEAD = 60, 2
_ATTENTION = np.array([measure_attention(rank) for rank in range(1, PLACES + 1)])

Figures = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is fixed before the year begins, by need and mentor.

    `relevance` and `grades` are (needs, mentors); `vectors` is (mentors, d), of the whole texts.
    `tiers`, (needs, mentors), are levels of strength, inside which standing counts; without, one.
    """

    relevance: Figures
    grades: Figures
    vectors: NDArray[np.float32]
    demand: Figures
    tiers: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """The luck of the city, the same under every policy. Times in days."""

    arrives: Figures
    capacity: Rows
    is_silent: NDArray[np.bool_]
    asks_at: Figures
    needs: Rows
    luck: Figures


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a year, or the mean of several, came to.

    `gini` is that of the attention a mentor got per day of presence. `ndcg` compares each list with
    the best of those who had a free place, `ndcg_of_all` with the best of all present. `shown` is
    the share of mentors shown at all. Of the lists for which a newcomer was free, `newcomers` is
    the share of places that went to newcomers, `with_newcomer` the share that had one. `to_silent`
    is the share of attention that went to the silent, `answered` that of the requests that were
    answered, and `stored` counts the changes of level or newness that were stored for each list.
    """

    gini: float
    ndcg: float
    ndcg_of_all: float
    shown: float
    newcomers: float
    with_newcomer: float
    to_silent: float
    answered: float
    stored: float


def draw_life(texts: Texts, *, startups: int, seed: int, silent_share: float = 0.0) -> Life:
    """The luck of one year with so many startups.

    One mentor in five arrives during the year; `silent_share` of them hardly ever answer.
    """
    mentors = len(texts.vectors)
    generator = np.random.default_rng(seed)
    is_late = generator.random(mentors) < _LATE_SHARE
    return Life(
        arrives=np.where(is_late, generator.uniform(1, DAYS - 30, mentors), 0.0),
        capacity=generator.integers(2, 7, mentors),
        is_silent=generator.random(mentors) < silent_share,
        asks_at=np.sort(generator.uniform(0, DAYS, startups)),
        needs=generator.choice(len(texts.demand), startups, p=texts.demand / texts.demand.sum()),
        luck=generator.random((startups, 6)),
    )


class Year:
    """One year under one record of weights."""

    def __init__(self, texts: Texts, life: Life, weights: Weights) -> None:
        self._texts, self._life, self._weights = texts, life, weights
        self._size = len(life.arrives)
        self.standings = [
            Standing(
                published=bool(life.arrives[mentor] == 0),
                capacity=int(life.capacity[mentor]),
                free_capacity=int(life.capacity[mentor]),
                is_newcomer=bool(life.arrives[mentor] > 0),
            )
            for mentor in range(self._size)
        ]
        self.columns = Columns()
        for mentor, standing in enumerate(self.standings):
            self.columns.put(mentor, "mentor", standing)
        self._answers: list[deque[bool]] = [
            deque(maxlen=_RECENT_REQUESTS) for _ in range(self._size)
        ]
        self._events: list[tuple[float, str, int, float]] = []
        self._attention = np.zeros(self._size)
        self._recent = np.zeros(self._size)
        self._window: deque[tuple[float, Rows]] = deque()
        self._needs_shown_for = np.zeros(self._size, dtype=np.int64)
        self._hour = 0
        self._requested = self._answered = 0
        self._levels_stored = 0
        self._ndcgs: list[float] = []
        self._ndcgs_of_all: list[float] = []
        self._newcomer_places: list[int] = []

    def play(self) -> Outcome:
        """Let every startup ask in its turn, and say what the year came to."""
        for mentor in np.flatnonzero(self._life.arrives > 0).tolist():
            self._plan(self._life.arrives[mentor], "arrives", mentor)
        for number, at in enumerate(self._life.asks_at.tolist()):
            self._let_happen(at)
            self._count_attention(at)
            self._ask(number, at)
        return self._sum_up()

    def list_shown(self, need: int, seed: int | None) -> tuple[Rows, Rows]:
        """Whom the site would show now, best first, and who could be shown."""
        columns, texts = self.columns, self._texts
        free = columns.published[: self._size] & (columns.free_capacity[: self._size] > 0)
        rows = np.flatnonzero(free)
        relevance = texts.relevance[need, rows]
        nothing, all_rows = np.zeros(len(rows)), np.ones(len(rows), dtype=np.bool_)
        parts = dict.fromkeys(("refused", "figures_met", "figures_missed", "taken"), nothing)
        compared = Compared(parts, relevance, nothing, rows * 0)
        scored = weigh_standing(rows, compared, columns, (), all_rows, self._weights)
        best = np.argsort(-scored.score, kind="stable")
        new = best[columns.newcomers[rows[best]]][:_NEW_HEAD]
        head = np.union1d(best[:_HEAD], new)
        arranged = arrange(
            scored.score[head],
            texts.vectors[rows[head]],
            rows[head],
            columns.newcomers[rows[head]],
            limit=PLACES,
            weights=self._weights,
            seed=seed,
            salt="mentor",
            tiers=None if texts.tiers is None else texts.tiers[need, rows[head]],
        )
        return rows[head[arranged.order]], rows

    def _ask(self, number: int, at: float) -> None:
        need = int(self._life.needs[number])
        shown, could_be = self.list_shown(need, number)
        attention = _ATTENTION[: len(shown)]
        self._attention[shown] += attention
        self._recent[shown] += attention
        self._window.append((at, shown))
        self._needs_shown_for[shown] += 1
        grades = self._texts.grades[need]
        gained = float(grades[shown] @ attention)
        present = grades[self.columns.published[: self._size]]
        for found, among in ((self._ndcgs, grades[could_be]), (self._ndcgs_of_all, present)):
            best = np.sort(among)[::-1][:PLACES]
            ideal = float(best @ _ATTENTION[: len(best)])
            if ideal > 0:
                found.append(gained / ideal)
        if self.columns.newcomers[could_be].any():
            self._newcomer_places.append(int(self.columns.newcomers[shown].sum()))
        self._request(number, at, shown, grades[shown] * attention)

    def _request(self, number: int, at: float, shown: Rows, appeal: Figures) -> None:
        """The startup may ask one of those shown: the more fitting and the higher, the likelier."""
        asks, whom, answers, accepts, wait, length = self._life.luck[number].tolist()
        if asks >= _ASKING or appeal.sum() == 0:
            return
        place = int(np.searchsorted(np.cumsum(appeal) / appeal.sum(), whom, side="right"))
        mentor = int(shown[min(place, len(shown) - 1)])
        if self._life.is_silent[mentor] and answers < _EXPIRING:
            self._plan(at + _ANSWER_DUE_DAYS, "expires", mentor)
            return
        days = _MEDIAN_ENGAGEMENT_DAYS * float(np.exp(1.2 * (length - 0.5)))
        answered_at = at - _MEAN_ANSWER_DAYS * float(np.log(1 - wait))
        self._plan(answered_at, "accepts" if accepts < _ACCEPTING else "declines", mentor, days)

    def _plan(self, at: float, what: str, mentor: int, days: float = 0.0) -> None:
        heapq.heappush(self._events, (float(at), what, mentor, days))

    def _let_happen(self, until: float) -> None:
        while self._events and self._events[0][0] <= until:
            at, what, mentor, days = heapq.heappop(self._events)
            standing = self.standings[mentor]
            if what == "arrives":
                standing = replace(standing, published=True)
            elif what == "ends":
                standing = replace(standing, free_capacity=standing.free_capacity + 1)
            else:
                self._requested += 1
                self._answered += what != "expires"
                self._answers[mentor].append(what != "expires")
                answered = self._answers[mentor]
                standing = replace(
                    standing,
                    recent_requests=len(answered),
                    unanswered_requests=len(answered) - sum(answered),
                )
                if what == "accepts" and standing.free_capacity > 0:
                    self._plan(at + days, "ends", mentor)
                    standing = replace(standing, free_capacity=standing.free_capacity - 1)
            self._put(mentor, standing)

    def _count_attention(self, at: float) -> None:
        """What the worker does every hour: levels and newness are stored where they changed."""
        hour = int(at * 24)
        if hour == self._hour:
            return
        self._hour = hour
        while self._window and self._window[0][0] <= at - _WINDOW_DAYS:
            _, shown = self._window.popleft()
            self._recent[shown] -= _ATTENTION[: len(shown)]
        present = np.flatnonzero(self.columns.published[: self._size])
        levels = choose_levels(self._recent[present], self.columns.exposure[present])
        for mentor, level in zip(present.tolist(), levels.tolist(), strict=True):
            standing = self.standings[mentor]
            is_new = standing.is_newcomer and is_still_new(
                at - self._life.arrives[mentor], int(self._needs_shown_for[mentor])
            )
            if (level, is_new) != (standing.recent_exposure, standing.is_newcomer):
                self._put(mentor, replace(standing, recent_exposure=level, is_newcomer=is_new))
                self._levels_stored += 1

    def _put(self, mentor: int, standing: Standing) -> None:
        self.standings[mentor] = standing
        self.columns.put(mentor, "mentor", standing)

    def _sum_up(self) -> Outcome:
        per_day = self._attention / (DAYS - self._life.arrives)
        places = np.array(self._newcomer_places)
        return Outcome(
            gini=measure_gini(per_day),
            ndcg=float(np.mean(self._ndcgs)),
            ndcg_of_all=float(np.mean(self._ndcgs_of_all)),
            shown=float(np.mean(self._attention > 0)),
            newcomers=float(places.mean()) / PLACES,
            with_newcomer=float(np.mean(places > 0)),
            to_silent=float(self._attention[self._life.is_silent].sum() / self._attention.sum()),
            answered=self._answered / self._requested,
            stored=self._levels_stored / len(self._life.asks_at),
        )


def measure_gini(amounts: Figures) -> float:
    """The Gini coefficient of amounts ≥ 0: 0 when all are equal, near 1 when one has it all."""
    ordered, count = np.sort(amounts), len(amounts)
    ranks = np.arange(1, count + 1)
    return float(2 * (ranks @ ordered) / (count * ordered.sum()) - (count + 1) / count)
