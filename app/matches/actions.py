"""Looking for matches, and what a founder does with what was found.

Looking has two parts, because encoding and searching must be over before the first write:
`find_suggestions` reads, `store_suggestions` writes. An entry point calls the one, begins
writing, and calls the other.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.audit import record
from app.clock import today
from app.errors import ChangedMeanwhile
from app.mandates.judging import (
    NOTHING_JUDGED,
    Judged,
    judge_published,
    list_unknown,
    write_sought,
)
from app.matches.queries.asking import list_excluded, locate_corrections, make_query
from app.matches.queries.conflicts import list_conflicts
from app.matches.queries.readings import write_reading
from app.matches.queries.runs import find_latest_run
from app.matches.queries.texts import ShownText, list_shown_texts
from app.needs.errors import NeedNotOpen
from matching.engine import Engine
from matching.records import Against, EvidencePair, MatchList, MatchResult
from models.matches import Match, MatchEvidence, MatchRun
from models.needs import Need
from models.vocabulary import DismissReason, ProviderKind, Strength

# How many providers of each kind are suggested for a need.
SUGGESTED = 10


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What matching found for one version of a need, not stored yet.

    `text` is what was asked; `seed` drew which near-equals changed places, None for none. `judged`
    is what the published mandates said of the need; `uses_history` whether earlier matches counted.
    """

    need_id: int
    need_version: int
    text: str
    by_kind: Mapping[ProviderKind, MatchList]
    seed: int | None = None
    judged: Judged = NOTHING_JUDGED
    uses_history: bool = True


def draw_seed() -> int:
    """A seed for one run, as the database can hold it."""
    return secrets.randbits(31)


def find_suggestions(
    session: Session, engine: Engine, need: Need, *, at: datetime, seed: int | None = None
) -> Suggestions:
    """The best providers of each kind for `need`. Encodes and searches; stores nothing.

    With a `seed`, near-equals may change places, each kind by a draw of its own.
    Whoever is in conflict of interest with the startup is left out inside the search, and so is a
    fund whose mandate, as it is at `at`, does not pass. Raises NeedNotOpen.
    """
    if need.state != "open":
        raise NeedNotOpen
    judged = judge_published(session, need, today(at))
    excluded = list_excluded(judged, list_conflicts(session, need.startup))
    text, version = need.text, need.version
    queries = {kind: make_query(need, kind, seed=seed, judged=judged) for kind in ProviderKind}
    found = {
        kind: engine.match(query, excluded=excluded, limit=SUGGESTED)
        for kind, query in queries.items()
    }
    uses_history = all(query.history for query in queries.values())
    return Suggestions(need.id, version, text, found, seed, judged, uses_history)


def store_suggestions(
    session: Session, *, need: Need, suggestions: Suggestions, actor: Actor, at: datetime
) -> MatchRun:
    """The suggestions are stored as a run of `need`, each with its evidence and versions.

    Evidence is kept as literal slices of both texts. A provider that changed between the search
    and now is left out: its text is not the one that was compared. Whom the founder set aside in
    the run before stays set aside. Raises ChangedMeanwhile when the need is not the version that
    was asked, NeedNotOpen when it was closed meanwhile.
    """
    require(actor, "need:match", need)
    if need.state != "open":
        raise NeedNotOpen
    if (need.id, need.version) != (suggestions.need_id, suggestions.need_version):
        raise ChangedMeanwhile
    set_aside = _read_dismissals(session, find_latest_run(session, need))
    lists = suggestions.by_kind
    # All kinds were asked with one text, which was read in one way.
    read = next(iter(lists.values())).read
    versions = next(iter(lists.values())).versions
    # Each kind was searched on its own; all of them knew what this revision brought.
    revision = min(found.versions.revision for found in lists.values())
    texts = list_shown_texts(
        session,
        [result for found in lists.values() for result in found.results],
        revision=revision,
    )
    run = MatchRun(
        need_id=need.id,
        actor_id=actor.person_id,
        run_at=at,
        need_version=need.version,
        encoder_fingerprint=versions.encoder,
        background_version=versions.background,
        weights_version=versions.weights,
        index_revision=revision,
        terms_version=versions.terms,
        uses_history=suggestions.uses_history,
        seed=suggestions.seed,
        considered={kind.value: found.considered for kind, found in lists.items()},
        excluded_by={kind.value: dict(found.excluded_by) for kind, found in lists.items()},
        relaxations={
            kind.value: [
                {"attributes": list(each.attributes), "found": each.found}
                for each in found.relaxations
            ]
            for kind, found in lists.items()
        },
        mandates=suggestions.judged.write_verdicts(),
        sought=write_sought(suggestions.judged),
        sentences=write_reading(need.text, read, locate_corrections(need)),
    )
    for kind, found in lists.items():
        shown = [result for result in found.results if result.provider_id in texts]
        for rank, result in enumerate(shown, start=1):
            unknown = list_unknown(suggestions.judged, result.provider_id)
            said = texts[result.provider_id]
            match = _make_match(result, unknown, kind, rank, need.text, said)
            if result.provider_id in set_aside:
                match.dismissed_at, match.dismissed_reason = set_aside[result.provider_id]
            run.matches.append(match)
    session.add(run)
    session.flush()
    record(
        session,
        actor=actor,
        kind="matches_found",
        subject=need,
        at=at,
        incubator_id=need.startup.incubator_id,
        detail={"run": run.public_id},
    )
    return run


def suggest(
    session: Session, engine: Engine, *, need: Need, actor: Actor, at: datetime
) -> MatchRun:
    """`find_suggestions` and `store_suggestions` in one call, for jobs that write anyway.

    Pages call the two apart, so that the write lock is not held while texts are encoded.
    """
    require(actor, "need:match", need)
    suggestions = find_suggestions(session, engine, need, at=at)
    return store_suggestions(session, need=need, suggestions=suggestions, actor=actor, at=at)


def dismiss_match(
    session: Session, *, match: Match, reason: DismissReason, actor: Actor, at: datetime
) -> None:
    """`match` is set aside for `reason`; one that is set aside already takes the new reason."""
    require(actor, "match:dismiss", match)
    _set_aside([match], reason, at)
    session.flush()
    _record_dismissal(session, match.run, reason, 1, actor=actor, at=at)


def dismiss_kind(
    session: Session,
    *,
    run: MatchRun,
    kind: ProviderKind,
    reason: DismissReason,
    actor: Actor,
    at: datetime,
) -> int:
    """None of the run's suggestions of `kind` fits: all are set aside. Returns how many were not
    before."""
    require(actor, "match_run:dismiss", run)
    left = [m for m in run.matches if m.kind is kind and m.dismissed_at is None]
    _set_aside(left, reason, at)
    session.flush()
    if left:
        _record_dismissal(session, run, reason, len(left), actor=actor, at=at)
    return len(left)


def restore_match(session: Session, *, match: Match, actor: Actor, at: datetime) -> None:
    """`match` stands in the list again."""
    require(actor, "match:dismiss", match)
    match.dismissed_at = None
    match.dismissed_reason = ""
    session.flush()
    record(
        session,
        actor=actor,
        kind="match_restored",
        subject=match.run.need,
        at=at,
        incubator_id=match.run.need.startup.incubator_id,
    )


def _make_match(
    result: MatchResult,
    unknown: Sequence[Against],
    kind: ProviderKind,
    rank: int,
    need_text: str,
    said: ShownText,
) -> Match:
    return Match(
        provider_id=result.provider_id,
        kind=kind,
        rank=rank,
        score=result.score,
        propensity=result.propensity,
        strength=Strength(result.strength),
        features=dict(result.features),
        against=[
            {"code": each.code, "wanted": list(each.wanted), "found": list(each.found)}
            for each in (*result.against, *unknown)
        ],
        met=[
            {"code": each.attribute, "wanted": list(each.wanted), "found": list(each.found)}
            for each in result.met
        ],
        wish=result.wish,
        evidence=[
            _make_evidence(ordinal, pair, need_text, said)
            for ordinal, pair in enumerate(result.evidence)
        ],
    )


def _make_evidence(
    ordinal: int, pair: EvidencePair, need_text: str, said: ShownText
) -> MatchEvidence:
    source = said.get_source(pair)
    return MatchEvidence(
        ordinal=ordinal,
        need_slice=need_text[pair.need_start : pair.need_end],
        provider_slice=said.quote(pair),
        need_start=pair.need_start,
        need_end=pair.need_end,
        provider_start=pair.provider_start,
        provider_end=pair.provider_end,
        contribution=pair.contribution,
        text_title=source.title if source else "",
        text_public_id=source.public_id if source else "",
    )


def _read_dismissals(
    session: Session, run: MatchRun | None
) -> Mapping[int, tuple[datetime | None, str]]:
    if run is None:
        return {}
    rows = session.execute(
        select(Match.provider_id, Match.dismissed_at, Match.dismissed_reason).where(
            Match.run_id == run.id, Match.dismissed_at.is_not(None)
        )
    )
    return {provider_id: (at, reason) for provider_id, at, reason in rows}


def _set_aside(matches: Iterable[Match], reason: DismissReason, at: datetime) -> None:
    for match in matches:
        match.dismissed_at = match.dismissed_at or at
        match.dismissed_reason = reason.value


def _record_dismissal(
    session: Session,
    run: MatchRun,
    reason: DismissReason,
    count: int,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    record(
        session,
        actor=actor,
        kind="matches_dismissed",
        subject=run.need,
        at=at,
        incubator_id=run.need.startup.incubator_id,
        detail={"reason": reason.value, "count": str(count)},
    )
