"""What a list of matches amounts to and why: what was found, and what shut others out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.labels import get_label
from app.matches.conflicts import CONFLICT_CODE
from app.needs.condition_words import word_values
from models.needs import NeedCondition
from models.vocabulary import ConditionAttribute, ProviderKind, Strength


@dataclass(frozen=True, slots=True)
class Explanation:
    """How many providers of a kind there are, and what shut out how many of them."""

    considered: str
    reasons: tuple[str, ...]


def explain(
    kind: ProviderKind,
    considered: int,
    excluded_by: Sequence[tuple[str, int]],
    conditions: Sequence[NeedCondition],
) -> Explanation:
    """The words for the counts of one kind. `conditions` are the need's, for their values."""
    values = {c.attribute: word_values(c.attribute, c.values) for c in conditions}
    return Explanation(
        considered=_word_considered(kind, considered),
        reasons=tuple(_word_reason(code, count, values) for code, count in excluded_by),
    )


def word_outcome(strengths: Sequence[Strength]) -> str:
    """What was found, without calling everything that was compared a find."""
    fitting = sum(strength is not Strength.WEAK for strength in strengths)
    if fitting:
        return ngettext(
            "%(num)d provider fits. Look at the sentences that speak for it.",
            "%(num)d providers fit. Look at the sentences that speak for each.",
            fitting,
        )
    if strengths:
        return _("Nobody fits well so far. You see those who come nearest.")
    return _("Nobody was found. Below you see what shut the others out.")


def _word_considered(kind: ProviderKind, count: int) -> str:
    match kind:
        case ProviderKind.MENTOR:
            return ngettext("%(num)d mentor is published.", "%(num)d mentors are published.", count)
        case ProviderKind.INVESTOR:
            return ngettext(
                "%(num)d investor is published.", "%(num)d investors are published.", count
            )
        case _:
            return ngettext(
                "%(num)d concept-verification centre is published.",
                "%(num)d concept-verification centres are published.",
                count,
            )


def _word_reason(code: str, count: int, values: Mapping[ConditionAttribute, str]) -> str:
    if code == "pool":
        return ngettext(
            "%(num)d is neither in your incubator's mentor pool nor open to all.",
            "%(num)d are neither in your incubator's mentor pool nor open to all.",
            count,
        )
    if code == "capacity":
        return ngettext("%(num)d has no free place.", "%(num)d have no free place.", count)
    if code == CONFLICT_CODE:
        return ngettext(
            "%(num)d is connected with your startup: a conflict of interest.",
            "%(num)d are connected with your startup: a conflict of interest.",
            count,
        )
    attribute = ConditionAttribute(code)
    # The condition may have been taken back since: then its name has to do.
    if attribute not in values:
        return ngettext(
            "%(num)d does not meet the condition on “%(name)s”.",
            "%(num)d do not meet the condition on “%(name)s”.",
            count,
            name=get_label(attribute),
        )
    return ngettext(
        "%(num)d does not meet “%(name)s: %(values)s”.",
        "%(num)d do not meet “%(name)s: %(values)s”.",
        count,
        name=get_label(attribute),
        values=values[attribute],
    )
