"""Rules and facts made at random, small enough to try every value of every fact."""

from typing import Any

from hypothesis import strategies as st

from tests.app.clauses.samples import all_of, any_of, bands, check, know, score

NUMBERS = ("a", "b", "c")
GRID = range(-2, 13)
CODES = ("x", "y", "z")

bounds = st.integers(0, 10)


@st.composite
def intervals(draw: st.DrawFn) -> dict[str, Any]:
    fact = draw(st.sampled_from(NUMBERS))
    closed = draw(st.booleans())
    match draw(st.sampled_from(["at_least", "at_most", "between", "equals"])):
        case "between":
            low = draw(bounds)
            high = draw(st.integers(low + 2, low + 5))
            ends = {"low_closed": closed, "high_closed": draw(st.booleans())}
            return check(fact, "between", unit="count", low=low, high=high, **ends)
        case "equals":
            return check(fact, "equals", draw(bounds))
        case comparator:
            return check(fact, comparator, draw(bounds), closed=closed)


code_checks = st.builds(
    lambda codes: check("k", "one_of", codes=sorted(codes)),
    st.sets(st.sampled_from(CODES), min_size=1),
)
set_checks = st.builds(
    lambda comparator, codes: check("s", comparator, codes=sorted(codes)),
    st.sampled_from(["overlaps", "includes", "excludes"]),
    st.sets(st.sampled_from(CODES), min_size=1),
)
ratios = st.builds(
    lambda percent, closed: check(
        "a", "at_least", percent * 10, unit="percent", over="b", closed=closed
    ),
    bounds,
    st.booleans(),
)
years = st.builds(
    lambda aggregate, bound: check(
        "y", "at_least", bound, window={"years": 2, "aggregate": aggregate}
    ),
    st.sampled_from(["sum", "mean", "least", "most", "last"]),
    bounds,
)

points = st.integers(1, 5)


@st.composite
def scores(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> dict[str, Any]:
    parts = draw(
        st.lists(st.lists(st.tuples(points, inner), min_size=1, max_size=3), min_size=1, max_size=3)
    )
    most = [max(of_band for of_band, _when in part) for part in parts]
    made = [
        bands(*part, **({"least": draw(st.integers(1, best))} if draw(st.booleans()) else {}))
        for part, best in zip(parts, most, strict=True)
    ]
    if len(made) > 1 and draw(st.booleans()):
        made = [{"parts": made, "least": draw(st.integers(1, sum(most)))}]
    return score(draw(st.integers(1, sum(most))), *made)


def make_rules(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Trees of a few `leaves`."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: all_of(*parts)),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: any_of(*parts)),
            scores(inner),
        ),
        max_leaves=7,
    )


rules_of_numbers = make_rules(intervals())
rules = make_rules(st.one_of(intervals(), code_checks, set_checks, ratios, years))

known = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(GRID) for name in NUMBERS},
        "k": st.sampled_from(CODES),
        "s": st.frozensets(st.sampled_from(CODES)),
    },
).map(lambda values: know(**values))
