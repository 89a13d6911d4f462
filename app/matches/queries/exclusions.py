"""What a list of matches amounts to and why: what was found, and what shut others out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.mandates.judging import MANDATE_CODE
from app.matches.queries.conflicts import CONFLICT_CODE
from app.matches.queries.runs import KindView
from app.needs.words import word_values
from app.words.labels import get_label
from app.words.localisation import enumerate_words
from matching.eligibility.left_out import CAPACITY
from models.needs import NeedCondition
from models.vocabulary import ConditionAttribute, ProviderKind, Strength


@dataclass(frozen=True, slots=True)
class WayOut:
    """What would come of it if the conditions on `attributes` were no longer required."""

    sentence: str
    attributes: tuple[ConditionAttribute, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How many providers of a kind there are, what shut out how many of them, and ways out."""

    considered: str
    reasons: tuple[str, ...]
    ways_out: tuple[WayOut, ...]


def explain(view: KindView, conditions: Sequence[NeedCondition]) -> Explanation:
    """The words for the counts of one kind. `conditions` are the need's, for their values.

    A way out that names a condition which is no longer required is none any more.
    """
    values = {c.attribute: word_values(c.attribute, c.values) for c in conditions}
    required = {c.attribute for c in conditions if c.is_hard}
    return Explanation(
        considered=_word_considered(view.kind, view.considered),
        reasons=tuple(_word_reason(code, count, values) for code, count in view.excluded_by),
        ways_out=tuple(
            WayOut(_word_way_out(view.kind, count, attributes, values), attributes)
            for attributes, count in view.relaxations
            if required.issuperset(attributes)
        ),
    )


def name_reason(code: str, conditions: Sequence[NeedCondition]) -> str:
    """A reason for being left out, as a heading. Raises ValueError for another code."""
    if code == CAPACITY:
        return _("No free place")
    if code == CONFLICT_CODE:
        return _("Conflict of interest")
    if code == MANDATE_CODE:
        return _("Mandate")
    attribute = ConditionAttribute(code)
    values = {c.attribute: word_values(c.attribute, c.values) for c in conditions}
    return _name_condition(attribute, values) if attribute in values else str(get_label(attribute))


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


def _word_way_out(
    kind: ProviderKind,
    count: int,
    attributes: Sequence[ConditionAttribute],
    values: Mapping[ConditionAttribute, str],
) -> str:
    given_up = enumerate_words(
        [_("“%(condition)s”", condition=_name_condition(each, values)) for each in attributes]
    )
    match kind:
        case ProviderKind.MENTOR:
            return ngettext(
                "If you no longer require %(conditions)s, %(num)d mentor meets your conditions.",
                "If you no longer require %(conditions)s, %(num)d mentors meet your conditions.",
                count,
                conditions=given_up,
            )
        case ProviderKind.INVESTOR:
            return ngettext(
                "If you no longer require %(conditions)s, %(num)d investor meets your conditions.",
                "If you no longer require %(conditions)s, %(num)d investors meet your conditions.",
                count,
                conditions=given_up,
            )
        case _:
            return ngettext(
                "If you no longer require %(conditions)s, %(num)d centre meets your conditions.",
                "If you no longer require %(conditions)s, %(num)d centres meet your conditions.",
                count,
                conditions=given_up,
            )


def _name_condition(attribute: ConditionAttribute, values: Mapping[ConditionAttribute, str]) -> str:
    return _("%(name)s: %(values)s", name=get_label(attribute), values=values[attribute])


def _word_reason(code: str, count: int, values: Mapping[ConditionAttribute, str]) -> str:
    if code == "pool":
        return ngettext(
            "%(num)d is neither in your incubator's mentor pool nor open to all.",
            "%(num)d are neither in your incubator's mentor pool nor open to all.",
            count,
        )
    if code == CAPACITY:
        return ngettext("%(num)d has no free place.", "%(num)d have no free place.", count)
    if code == CONFLICT_CODE:
        return ngettext(
            "%(num)d is connected with your startup: a conflict of interest.",
            "%(num)d are connected with your startup: a conflict of interest.",
            count,
        )
    if code == MANDATE_CODE:
        return ngettext(
            "%(num)d fund asks by its mandate for something else.",
            "%(num)d funds ask by their mandates for something else.",
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
