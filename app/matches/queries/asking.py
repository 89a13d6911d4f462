"""What matching is asked for a need, and who may not be shown for it."""

from collections.abc import Iterable

from app.mandates.judging import MANDATE_CODE, NOTHING_JUDGED, Judged
from app.matches.queries.conflicts import CONFLICT_CODE
from app.ranking.own_terms import read_term_set
from matching.records import Condition, Query, ReadSentence
from matching.text.sentences import split_need
from models.needs import Need
from models.vocabulary import FIRST_KIND, ProviderKind


def make_query(
    need: Need,
    kind: ProviderKind | None,
    *,
    seed: int | None = None,
    judged: Judged = NOTHING_JUDGED,
) -> Query:
    """`need` as matching reads it, for one kind of provider or all in one list.

    The mandate of a fund that is in `judged` says what it asks for, and no condition says it again.
    The terms of the startup's incubator are taken to be said in all their forms.
    """
    conditions = tuple(
        Condition(each.attribute.value, tuple(each.values), each.is_hard)
        for each in need.conditions
    )
    return Query(
        need.text,
        None if kind is None else kind.value,
        conditions,
        need.startup.incubator_id,
        seed=seed,
        asked=FIRST_KIND[need.kind].value if kind is None else None,
        corrected=locate_corrections(need),
        judged=frozenset(judged.funds),
        terms=read_term_set(need.startup.incubator),
        history=need.startup.uses_history,
    )


def list_excluded(judged: Judged, conflicts: Iterable[int]) -> dict[int, str]:
    """Who may not be shown, by the reason: a conflict of interest before a mandate."""
    return dict.fromkeys(judged.failing, MANDATE_CODE) | dict.fromkeys(conflicts, CONFLICT_CODE)


def locate_corrections(need: Need) -> tuple[ReadSentence, ...]:
    """Where the need says the sentences of which its founder corrected the reading."""
    if not need.corrections:
        return ()
    roles = {each.sentence: each.role.value for each in need.corrections}
    return tuple(
        ReadSentence(each.start, each.end, roles[said])
        for each in split_need(need.text)
        if (said := need.text[each.start : each.end]) in roles
    )
