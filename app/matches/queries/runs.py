"""Reading matches: stored runs for the pages, and a match of a bare text for the command line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access import Actor, can_view_provider
from app.clauses import Verdict
from app.mandates.judging import UNKNOWN_CODE
from app.matches.words import word_against, word_met
from app.ranking.track_records import count_taken_places, list_answer_hours
from models.engagements import Engagement
from models.funds import Mandate
from models.lifecycle import ENGAGEMENT_OPEN
from models.matches import Match, MatchRun
from models.needs import Need
from models.providers import Centre, Investor, Provider
from models.vocabulary import (
    FIRST_KIND,
    ConditionAttribute,
    DismissReason,
    Language,
    NeedKind,
    ProviderKind,
    Strength,
)

# How many pairs of sentences a suggestion shows before the rest is folded away.
PAIRS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of the need and the sentence of the provider that answers it.

    `text` is the title of the further text that says it; "" where the profile does.
    """

    need: str
    provider: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class AskedEngagement:
    """The open engagement of this need with a provider."""

    public_id: str
    state: str


@dataclass(frozen=True, slots=True)
class MandateView:
    """The version of a fund's mandate by which it was judged, and what that said.

    `unknown` are the codes of the clauses of which nothing was known.
    """

    public_id: str
    number: int
    verdict: Verdict
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionView:
    """One suggestion as the page shows it; everything but the pairs is as of now.

    `answer_hours` is the median time to an answer, None for somebody who never answered.
    `hours_per_month` is a mentor's, the tickets and the `mandate` an investor's, `free_slots` and
    `price_from_yuan` a centre's. `wish` numbers from 1 the one of several wishes that it answers;
    0 where there is only one. `met` says which conditions are met, and `against` what does not
    fit. `can_be_asked` says whether the provider is published and has a free place. Who `is_new`
    was so when it was suggested, and `has_kept_place` where a better one made room for it.
    """

    match_public_id: str
    provider_public_id: str
    name: str
    headline: str
    kind: ProviderKind
    rank: int
    strength: Strength
    wish: int
    pairs: tuple[Pair, ...]
    further_pairs: tuple[Pair, ...]
    against: tuple[str, ...]
    met: tuple[str, ...]
    answer_hours: float | None
    free_places: int
    capacity: int
    hours_per_month: int | None
    ticket_min_yuan: int | None
    ticket_max_yuan: int | None
    free_slots: int | None
    place_code: str | None
    remote: bool
    languages: tuple[Language, ...]
    asked: AskedEngagement | None
    can_be_asked: bool
    dismissed_reason: DismissReason | None
    is_new: bool
    has_kept_place: bool
    mandate: MandateView | None


@dataclass(frozen=True, slots=True)
class KindView:
    """The suggestions of one kind, and what shut the others out.

    `excluded_by` counts, by condition, those of the `considered` that it shut out, the most
    first; one provider may count under several. `relaxations` are the least sets of conditions
    without which more would have fitted, with how many. `gone` counts those that can no longer be
    seen.
    """

    kind: ProviderKind
    suggestions: tuple[SuggestionView, ...]
    dismissed: tuple[SuggestionView, ...]
    considered: int
    excluded_by: tuple[tuple[str, int], ...]
    relaxations: tuple[tuple[tuple[ConditionAttribute, ...], int], ...]
    gone: int

    @property
    def fitting(self) -> tuple[SuggestionView, ...]:
        """The suggestions that are more than weak."""
        return tuple(each for each in self.suggestions if each.strength is not Strength.WEAK)

    @property
    def first_fitting(self) -> SuggestionView | None:
        """The best of those that are more than weak and can be asked now."""
        return next((each for each in self.fitting if each.can_be_asked), None)

    @property
    def shown(self) -> tuple[SuggestionView, ...]:
        """What the page shows at once: all that are more than weak."""
        return self.fitting

    @property
    def folded(self) -> tuple[SuggestionView, ...]:
        """The weak ones that are folded away."""
        return tuple(each for each in self.suggestions if each.strength is Strength.WEAK)

    def narrow(self, wish: int) -> "KindView":
        """The same with those alone that answer the wish with this number."""
        return replace(
            self,
            suggestions=tuple(each for each in self.suggestions if each.wish == wish),
            dismissed=tuple(each for each in self.dismissed if each.wish == wish),
        )


def find_run(session: Session, public_id: str) -> MatchRun | None:
    """The run with this address, with its need."""
    return session.scalar(
        select(MatchRun)
        .where(MatchRun.public_id == public_id)
        .options(joinedload(MatchRun.need).joinedload(Need.startup))
    )


def find_match(session: Session, public_id: str) -> Match | None:
    """The match with this address, with its run and need."""
    return session.scalar(
        select(Match)
        .where(Match.public_id == public_id)
        .options(joinedload(Match.run).joinedload(MatchRun.need).joinedload(Need.startup))
    )


def find_latest_run(session: Session, need: Need) -> MatchRun | None:
    """The last time that matches were looked for; None when they never were."""
    return session.scalar(
        select(MatchRun).where(MatchRun.need_id == need.id).order_by(MatchRun.id.desc()).limit(1)
    )


def select_runs(need: Need) -> Select[MatchRun]:
    """Every time that matches were looked for."""
    return select(MatchRun).where(MatchRun.need_id == need.id)


def list_kinds(session: Session, run: MatchRun, need: Need, viewer: Actor) -> list[KindView]:
    """The suggestions of `run` that `viewer` may still see, by kind, the need's own kind first."""
    matches = session.scalars(
        select(Match)
        .where(Match.run_id == run.id)
        .options(
            selectinload(Match.evidence),
            joinedload(Match.provider).options(
                joinedload(Provider.mentor),
                joinedload(Provider.investor),
                joinedload(Provider.centre).selectinload(Centre.services),
                selectinload(Provider.pool_entries),
            ),
        )
        .order_by(Match.rank)
    ).all()
    ids = [match.provider_id for match in matches]
    taken = count_taken_places(session, ids)
    hours = list_answer_hours(session, ids)
    asked = _list_asked(session, need, ids)
    mandates = _list_mandates(session, run, ids)
    views: dict[ProviderKind, list[SuggestionView]] = defaultdict(list)
    gone: dict[ProviderKind, int] = defaultdict(int)
    for match in matches:
        if can_view_provider(viewer, match.provider):
            free = max(0, match.provider.capacity - taken.get(match.provider_id, 0))
            views[match.kind].append(
                _make_view(
                    match,
                    free,
                    hours.get(match.provider_id),
                    asked.get(match.provider_id),
                    mandates.get(match.provider_id),
                )
            )
        else:
            gone[match.kind] += 1
    return [
        KindView(
            kind=kind,
            suggestions=tuple(v for v in views[kind] if v.dismissed_reason is None),
            dismissed=tuple(v for v in views[kind] if v.dismissed_reason is not None),
            considered=run.considered.get(kind.value, 0),
            excluded_by=tuple(
                sorted(
                    run.excluded_by.get(kind.value, {}).items(),
                    key=lambda item: (-item[1], item[0]),
                )
            ),
            relaxations=tuple(
                (tuple(map(ConditionAttribute, each["attributes"])), each["found"])
                for each in run.relaxations.get(kind.value, ())
            ),
            gone=gone[kind],
        )
        for kind in order_kinds(need.kind)
    ]


def order_kinds(kind: NeedKind) -> tuple[ProviderKind, ...]:
    """All kinds of provider, the one that a need of `kind` asks for first."""
    first = FIRST_KIND[kind]
    return (first, *(other for other in ProviderKind if other is not first))


def _make_view(
    match: Match,
    free: int,
    answer_hours: float | None,
    asked: AskedEngagement | None,
    judged: tuple[Mandate, Verdict] | None,
) -> SuggestionView:
    provider = match.provider
    mentor, investor, centre = provider.mentor, provider.investor, provider.centre
    tickets: Investor | Mandate | None = investor
    mandate = None
    if judged is not None:
        tickets, verdict = judged
        unknown = [each["wanted"][0] for each in match.against if each["code"] == UNKNOWN_CODE]
        mandate = MandateView(tickets.public_id, tickets.number, verdict, tuple(unknown))
    pairs = tuple(Pair(e.need_slice, e.provider_slice, e.text_title) for e in match.evidence)
    return SuggestionView(
        match_public_id=match.public_id,
        provider_public_id=provider.public_id,
        name=provider.name,
        headline=provider.headline,
        kind=match.kind,
        rank=match.rank,
        strength=match.strength,
        wish=match.wish,
        pairs=pairs[:PAIRS_SHOWN],
        further_pairs=pairs[PAIRS_SHOWN:],
        # That there is no evidence is said in the place of the evidence.
        against=tuple(
            word_against(each["code"], each["wanted"], each["found"])
            for each in match.against
            if each["code"] not in ("no_evidence", "load")
        ),
        met=tuple(word_met(each["code"], each["wanted"], each["found"]) for each in match.met),
        answer_hours=answer_hours,
        free_places=free,
        capacity=provider.capacity,
        hours_per_month=mentor.hours_per_month if mentor else None,
        ticket_min_yuan=tickets.ticket_min_yuan if tickets else None,
        ticket_max_yuan=tickets.ticket_max_yuan if tickets else None,
        free_slots=sum(s.free_slots for s in centre.services) if centre else None,
        place_code=provider.place_code,
        remote=provider.remote,
        languages=tuple(provider.languages),
        asked=asked,
        can_be_asked=provider.state == "published" and free > 0 and asked is None,
        dismissed_reason=DismissReason(match.dismissed_reason) if match.dismissed_at else None,
        is_new=match.features.get("newcomer", 0) > 0,
        has_kept_place=match.features.get("kept_place", 0) > 0,
        mandate=mandate,
    )


def _list_mandates(
    session: Session, run: MatchRun, provider_ids: Sequence[int]
) -> Mapping[int, tuple[Mandate, Verdict]]:
    """Of each of these funds the version that was asked in `run`, and what it said."""
    if not run.mandates:
        return {}
    found = session.scalars(select(Mandate).where(Mandate.provider_id.in_(provider_ids)))
    return {
        mandate.provider_id: (mandate, Verdict(said))
        for mandate in found
        if (said := run.mandates.get(str(mandate.id))) is not None
    }


def _list_asked(
    session: Session, need: Need, provider_ids: Sequence[int]
) -> Mapping[int, AskedEngagement]:
    rows = session.execute(
        select(Engagement.provider_id, Engagement.public_id, Engagement.state).where(
            Engagement.need_id == need.id,
            Engagement.provider_id.in_(provider_ids),
            Engagement.state.in_(ENGAGEMENT_OPEN),
        )
    )
    return {row[0]: AskedEngagement(row[1], row[2]) for row in rows}
