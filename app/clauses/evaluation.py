"""What a document says of one subject, and why: the tree again, with a verdict at every node.

Three values, as in Kleene's strong logic. All of: fails when a part fails, else is unknown when a
part is, else passes. Any of: passes when a part passes, else is unknown when a part is, else fails.
Score: passes when the points that are certain reach the mark, fails when even those that are
possible do not, and is unknown between. A check is unknown when what it compares is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.clauses.documents import (
    AllOf,
    AnyOf,
    Check,
    Document,
    Elapsed,
    Interval,
    Node,
    Part,
    Score,
    Words,
    say_nothing,
)
from app.clauses.quantities import Missing, Quantity, is_number, read_parts, read_quantity
from app.clauses.terms import Facts, Known, Number, Verdict, make_number

# What a quantity would be, instead of what it is.
Assumed = Mapping[Quantity, Known]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a failing check is from passing, in base units: never less than 0.

    `amount` is to be added where `is_raise`, else taken away. Where the bound does not belong to
    what passes (`is_open`), it is a little more. For a ratio, `numerator` is what its upper part
    would have to rise (or fall) by alone, `denominator` what its lower part would have to fall (or
    rise) by alone, None where no change of it alone would do. A date is apart by so many days.
    """

    amount: Number
    is_raise: bool
    is_open: bool = False
    numerator: Number | None = None
    denominator: Number | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What one node says. `kind` is all, any, score, part, band or check.

    For a check: `value` is what was found, or why nothing was; `gap` is there when it fails by
    size. For a score and its parts: `points` are certain, `possible` the most that what is unknown
    could bring; `mark` is what is asked for, None for a part without a least of its own.
    """

    kind: str
    path: str
    verdict: Verdict
    words: Words = field(default_factory=say_nothing)
    children: tuple["Result", ...] = ()
    check: Check | None = None
    value: Known | Missing | None = None
    gap: Gap | None = None
    points: Number | None = None
    possible: Number | None = None
    mark: Number | None = None


def evaluate(
    document: Document, facts: Facts, on: date, *, assumed: Assumed | None = None
) -> Result:
    """What `document` says of `facts` on the day `on`, with `assumed` in the place of facts."""
    return _judge(document.root, facts, on, assumed or {})


def combine_all(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a node whose parts must all pass."""
    if Verdict.FAIL in verdicts:
        return Verdict.FAIL
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.PASS


def combine_any(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a node of whose parts one must pass."""
    if Verdict.PASS in verdicts:
        return Verdict.PASS
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.FAIL


def _judge(node: Node, facts: Facts, on: date, assumed: Assumed) -> Result:
    match node:
        case Check():
            return _judge_check(node, facts, on, assumed)
        case AllOf():
            children = tuple(_judge(part, facts, on, assumed) for part in node.parts)
            verdict = combine_all([child.verdict for child in children])
            return Result("all", node.path, verdict, node.words, children)
        case AnyOf():
            children = tuple(_judge(part, facts, on, assumed) for part in node.parts)
            verdict = combine_any([child.verdict for child in children])
            return Result("any", node.path, verdict, node.words, children)
        case Score():
            return _judge_score(node, facts, on, assumed)


def _judge_score(score: Score, facts: Facts, on: date, assumed: Assumed) -> Result:
    children = tuple(_judge_part(part, facts, on, assumed) for part in score.parts)
    points = sum_points(child.points for child in children)
    possible = sum_points(child.possible for child in children)
    if score.reaches(points):
        own = Verdict.PASS
    else:
        own = Verdict.UNKNOWN if score.reaches(possible) else Verdict.FAIL
    verdict = combine_all([own, *(child.verdict for child in children)])
    return Result(
        "score",
        score.path,
        verdict,
        score.words,
        children,
        points=points,
        possible=possible,
        mark=score.mark,
    )


def _judge_part(part: Part, facts: Facts, on: date, assumed: Assumed) -> Result:
    """A part without a least passes whatever it brings: only its points count."""
    if part.bands:
        judged = [(band, _judge(band.node, facts, on, assumed)) for band in part.bands]
        children = tuple(
            Result("band", found.path, found.verdict, children=(found,), mark=band.points)
            for band, found in judged
        )
        points = max_points(b.points for b, r in judged if r.verdict is Verdict.PASS)
        possible = max_points(b.points for b, r in judged if r.verdict is not Verdict.FAIL)
        verdict = Verdict.PASS
    else:
        children = tuple(_judge_part(inner, facts, on, assumed) for inner in part.parts)
        points = sum_points(child.points for child in children)
        possible = sum_points(child.possible for child in children)
        verdict = combine_all([child.verdict for child in children])
    if part.least is not None and points < part.least:
        own = Verdict.UNKNOWN if possible >= part.least else Verdict.FAIL
        verdict = combine_all([verdict, own])
    return Result(
        "part",
        part.path,
        verdict,
        part.words,
        children,
        points=points,
        possible=possible,
        mark=part.least,
    )


def sum_points(points: Iterable[Number | None]) -> Number:
    """Points together; none is 0."""
    return make_number(Fraction(sum(each for each in points if each is not None)))


def max_points(points: Iterable[Number]) -> Number:
    """The most of the points of some bands; of none, 0."""
    return max(points, default=0)


def _judge_check(check: Check, facts: Facts, on: date, assumed: Assumed) -> Result:
    quantity = check.quantity
    value: Known | Missing
    value = assumed[quantity] if quantity in assumed else read_quantity(quantity, facts, on)
    verdict = check.judge(value, on)
    gap = None
    if verdict is Verdict.FAIL and not isinstance(value, Missing):
        parts = None if quantity in assumed else read_parts(quantity, facts, on)
        gap = _measure(check, value, on, parts)
    return Result("check", check.path, verdict, check.words, check=check, value=value, gap=gap)


def _measure(
    check: Check, value: Known, on: date, parts: tuple[Number, Number] | None
) -> Gap | None:
    condition = check.resolve(on)
    if not isinstance(condition, Interval) or not is_number(value):
        return None
    is_raise = condition.low is not None and (
        value < condition.low or (value == condition.low and not condition.is_low_closed)
    )
    bound = condition.low if is_raise else condition.high
    if bound is None:
        return None
    is_open = not (condition.is_low_closed if is_raise else condition.is_high_closed)
    amount = make_number(abs(Fraction(bound) - Fraction(value)))
    if parts is None or isinstance(check.condition, Elapsed):
        return Gap(amount, is_raise, is_open)
    above, below = Fraction(parts[0]), Fraction(parts[1])
    numerator = make_number(abs(bound * below - above))
    wanted = above / bound if bound else None
    # The lower part stays above 0, or the ratio would be none.
    denominator = None if wanted is None or wanted <= 0 else make_number(abs(below - wanted))
    return Gap(amount, is_raise, is_open, numerator, denominator)
