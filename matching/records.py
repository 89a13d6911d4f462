"""What goes into matching and what comes out: plain frozen records, no behaviour.

`app` turns rows of the database into these and these into rows; `evaluate` makes them
from a folder of files. Codes (kinds, fields, stages, …) are the strings of
`models.vocabulary`; this package takes them as they come.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of a text, with its vector where it has been encoded.

    `text[start:end]` is the passage, in code points of the canonical text; the passage that
    covers the whole text has the role "whole", every other one "sentence".
    `vector` is 1-d float32 (dimensions of the encoder), of unit length, or None when the stored
    vector was made by another encoder and has to be made again.
    """

    role: str
    start: int
    end: int
    vector: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What a centre sells, as far as a condition can ask for it. Money in yuan, time in days."""

    gate: str
    lead_time_days: int
    price_yuan: int
    free_slots: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing conditions of a provider: what the engine keeps as columns.

    `free_capacity` counts the further engagements that the provider can take now;
    `capacity` is the limit, so that `1 - free_capacity / capacity` is the load.
    `recent_exposure` is the level, from 0, of the attention that it had lately. Of the last
    `recent_requests` that were answered or expired, `unanswered_requests` expired.
    Money in yuan; None means that the provider has no such limit or attribute.
    """

    published: bool = True
    pools: frozenset[int] = frozenset()
    open_to_all: bool = True
    fields: frozenset[str] = frozenset()
    place_code: str | None = None
    remote: bool = True
    languages: frozenset[str] = frozenset()
    capacity: int = 1
    free_capacity: int = 1
    hours_per_month: int | None = None
    seat: str | None = None
    funding_stages: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    ticket_min_yuan: int | None = None
    ticket_max_yuan: int | None = None
    services: tuple[Service, ...] = ()
    accepts_vouchers: bool = False
    recent_exposure: int = 0
    is_newcomer: bool = False
    recent_requests: int = 0
    unanswered_requests: int = 0
    answer_hours: float | None = None
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class FurtherText:
    """A further text of a provider: a paper, a patent, a product, an earlier engagement.

    What `id` names never changes. The rest is as in `ProviderRecord`.
    """

    id: int
    text: str
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32] | None = None
    corrected: "tuple[ReadSentence, ...]" = ()


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """One provider as of `revision`: everything that matching needs to know of it.

    `vectors`, where given, is (n, dimensions) float32: those of all n `passages`, in their order,
    in one array in place of one array a passage. `corrected` says what some sentences do where they
    would be taken for something else. Of the `text` and the further `texts` the best counts.
    """

    id: int
    revision: int
    kind: str
    text: str
    passages: tuple[Passage, ...]
    standing: Standing = field(default_factory=Standing)
    vectors: NDArray[np.float32] | None = None
    corrected: "tuple[ReadSentence, ...]" = ()
    texts: tuple[FurtherText, ...] = ()


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A provider of whose `revision` only the standing is new: text and vectors are as before."""

    id: int
    revision: int
    kind: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Removal:
    """The tombstone of a provider: nothing of it may remain."""

    id: int
    revision: int


Change = ProviderRecord | StandingChange | Removal


class ChangeSource(Protocol):
    """Where an engine learns what has been committed (the database, or a folder of files)."""

    def latest_revision(self) -> int:
        """The highest committed revision; 0 when nothing was ever written."""
        ...

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """All committed changes with a higher revision, ascending: each provider's newest state.

        A StandingChange stands only for a provider whose text was the same at `revision`. A
        passage's vector is given only when it was made by the encoder with `fingerprint`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a need. A hard one excludes; a soft one lowers the score.

    `attribute` and its `values`: fields (codes, any of), place (codes of GB/T 2260 or, as
    long, of places abroad; one ending in 00 or 0000 covers the city, province or country; "remote"
    beside them says that whoever works remotely is as near), languages (any of), funding_stage
    (one), amount (one, yuan), instruments (any of),
    gate (one), lead_time (at most, days), price (at most, yuan), voucher ("true"), hours (at
    least, a month), seat (one). A condition that does not concern a kind of provider (a ticket for
    a mentor) neither excludes nor lowers it.
    """

    attribute: str
    values: tuple[str, ...]
    hard: bool = False


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """`text[start:end]` of a need or a profile: its role (`matching.text.roles`), how surely.

    `wish` numbers from 1 the one of several wishes that it belongs to; 0 where there is only one,
    and for what stands before the first.
    """

    start: int
    end: int
    role: str
    sureness: float = 1.0
    wish: int = 0


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """One thing, and the forms in which people speak of it; the first of each is preferred."""

    chinese: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms that somebody uses beside those that are shipped, and the version that names them."""

    version: str = ""
    terms: tuple[OwnTerm, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A need as matching sees it.

    `pool` is the incubator whose pool the startup may draw on: mentors admitted to it or open to
    all are eligible. `all_published` drops that restriction (command line, evaluation). Only
    providers of `kind` are ranked; those of the `asked` kind are preferred where all are.
    `corrected` says what some sentences do where they would be taken for something else. Of the
    providers in `judged` the caller has asked their own terms: no condition on what those say
    concerns them. What `terms` say is taken to be said in their other forms too.
    Without `history` nothing counts that came of earlier matches: neither what was learned here,
    nor ratings, answers, attention and newness of providers.
    """

    text: str
    kind: str | None = None
    conditions: tuple[Condition, ...] = ()
    pool: int | None = None
    all_published: bool = False
    seed: int | None = None
    asked: str | None = None
    corrected: tuple[ReadSentence, ...] = ()
    judged: frozenset[int] = frozenset()
    terms: TermSet = TermSet()
    history: bool = True


@dataclass(frozen=True, slots=True)
class EvidencePair:
    """A passage of the need and the passage of the provider that answers it, as offsets.

    `contribution` is the share of the relevance, in [0, 1], that this pair adds. `text` is the
    further text of the provider in which its passage stands; 0 is the profile.
    """

    need_start: int
    need_end: int
    provider_start: int
    provider_end: int
    contribution: float
    text: int = 0


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against a match: a code that the pages put into words, and the values at odds.

    Codes are the condition attributes, "load" (few places are free: `found` says how many of how
    many), "silence" (`found` says how many of the last requests were answered, of how many),
    "figures" (a quantity of the need, and the one that the profile names in its place) and
    "no_evidence".
    """

    code: str
    wanted: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """A condition that a provider meets: what was wanted, and what the provider has."""

    attribute: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """One ranked provider. `score` orders; `strength` is relevance alone, calibrated.

    `propensity` is the probability, over all seeds, that this provider stands at this rank.
    `wish` numbers from 1 the one of several wishes that it answers; 0 where there is only one.
    `met` are the conditions that concern its kind and that it meets.
    """

    provider_id: int
    kind: str
    rank: int
    strength: str
    score: float
    features: Mapping[str, float]
    evidence: tuple[EvidencePair, ...]
    against: tuple[Against, ...]
    propensity: float = 1.0
    wish: int = 0
    met: tuple[Met, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """Everything that a stored match must name to be explained later.

    `terms` are those that were used beside the shipped ones; "" for none.
    """

    encoder: str
    background: str
    weights: str
    revision: int
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Hard conditions that could be given up together: then `found` providers would fit."""

    attributes: tuple[str, ...]
    found: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A provider that a query leaves out, with every reason: a condition's attribute with what was
    wanted and found, "capacity", or a code of the caller's."""

    provider_id: int
    reasons: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class LeftOutList:
    """Some of those whom a query leaves out, and how many there are in all."""

    shown: tuple[LeftOut, ...]
    count: int


@dataclass(frozen=True, slots=True)
class MatchList:
    """The answer to one query.

    `considered` counts the published providers of the asked kind; `excluded_by` says how many of
    them each hard condition (or "pool", "capacity", "conflict") shut out, counted one by one.
    `relaxations` are given where fewer fit than anybody would choose from. `read` says what each
    sentence of the need was taken for.
    """

    results: tuple[MatchResult, ...]
    considered: int
    excluded_by: Mapping[str, int]
    versions: Versions
    relaxations: tuple[Relaxation, ...] = ()
    read: tuple[ReadSentence, ...] = ()
