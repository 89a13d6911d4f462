"""What is no rule is refused, with the place and what is wrong there."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clauses import ClauseInvalid, Problem, parse, parse_text
from app.clauses.terms import Dimension
from tests.app.clauses.samples import all_of, any_of, bands, check, score

GOOD = check("staff", "at_least", 5)
TOP = {"format": 1, "code": "sample", "version": 1, "clause": GOOD}


def of(clause: Any) -> dict[str, Any]:
    return TOP | {"clause": clause}


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        ([], "", Problem.NOT_AN_OBJECT),
        ({}, "format", Problem.MISSING_KEY),
        (TOP | {"format": 2}, "format", Problem.UNKNOWN_FORMAT),
        (TOP | {"format": True}, "format", Problem.UNKNOWN_FORMAT),
        (TOP | {"code": "no good"}, "code", Problem.NOT_A_CODE),
        (TOP | {"version": 0}, "version", Problem.OUT_OF_RANGE),
        (TOP | {"version": "1"}, "version", Problem.NOT_A_WHOLE_NUMBER),
        (TOP | {"more": 1}, "more", Problem.UNKNOWN_KEY),
        (TOP | {"efforts": {"a": 0}}, "efforts.a", Problem.OUT_OF_RANGE),
        (of("yes"), "clause", Problem.NOT_AN_OBJECT),
        (of({}), "clause.kind", Problem.MISSING_KEY),
        (of({"kind": "not"}), "clause.kind", Problem.UNKNOWN_KIND),
        (of({"kind": "all"}), "clause.of", Problem.MISSING_KEY),
        (of({"kind": "all", "of": {}}), "clause.of", Problem.NOT_A_LIST),
        (of(all_of()), "clause.of", Problem.EMPTY),
        (of(all_of(GOOD, GOOD | {"fact": "Staff"})), "clause.of[1].fact", Problem.NOT_A_NAME),
        (
            of(any_of(all_of(GOOD | {"bound": 0.5}))),
            "clause.of[0].of[0].bound",
            Problem.FLOATING_POINT,
        ),
        (of(GOOD | {"bound": "five"}), "clause.bound", Problem.NOT_A_NUMBER),
        (of(GOOD | {"bound": True}), "clause.bound", Problem.NOT_A_NUMBER),
        (of(GOOD | {"bound": "1e9"}), "clause.bound", Problem.NOT_A_NUMBER),
        (of(GOOD | {"comparator": ">="}), "clause.comparator", Problem.UNKNOWN_COMPARATOR),
        (of(GOOD | {"unit": "pieces"}), "clause.unit", Problem.UNKNOWN_UNIT),
        (of({k: v for k, v in GOOD.items() if k != "unit"}), "clause.unit", Problem.MISSING_KEY),
        (of(GOOD | {"closed": "yes"}), "clause.closed", Problem.NOT_TRUE_OR_FALSE),
        (of(GOOD | {"low": 1}), "clause.low", Problem.DOES_NOT_GO_TOGETHER),
        (of(GOOD | {"codes": ["a"]}), "clause.codes", Problem.DOES_NOT_GO_TOGETHER),
        (of(GOOD | {"words": {"en": " "}}), "clause.words", Problem.NOT_WORDS),
        (of(GOOD | {"over": "sales"}), "clause.unit", Problem.UNIT_DOES_NOT_FIT),
        (of(GOOD | {"unit": "year"}), "clause.unit", Problem.DOES_NOT_GO_TOGETHER),
        (of(GOOD | {"elapsed": True}), "clause.unit", Problem.UNIT_DOES_NOT_FIT),
        (of(check("on", "at_least", "3 March", unit="date")), "clause.bound", Problem.NOT_A_DATE),
        (of(check("stage", "one_of")), "clause.codes", Problem.MISSING_KEY),
        (of(check("stage", "one_of", codes=[])), "clause.codes", Problem.EMPTY),
        (of(check("stage", "one_of", codes=["a", 2])), "clause.codes[1]", Problem.NOT_A_CODE),
        (
            of(check("a", "between", unit="count", low=3, high=2)),
            "clause.high",
            Problem.REVERSED,
        ),
        (
            of(check("a", "between", unit="count", low=2, high=2, low_closed=False)),
            "clause.high",
            Problem.REVERSED,
        ),
        (
            of(GOOD | {"window": {"aggregate": "sum"}}),
            "clause.window.years",
            Problem.DOES_NOT_GO_TOGETHER,
        ),
        (
            of(GOOD | {"window": {"years": 3, "aggregate": "total"}}),
            "clause.window.aggregate",
            Problem.UNKNOWN_AGGREGATE,
        ),
        (
            of(GOOD | {"window": {"years": 0, "aggregate": "sum"}}),
            "clause.window.years",
            Problem.OUT_OF_RANGE,
        ),
        (of(score(10, bands((5, GOOD)))), "clause.mark", Problem.NOT_REACHABLE),
        (of(score(5, bands((5, GOOD)), closed=False)), "clause.mark", Problem.NOT_REACHABLE),
        (of(score(5, bands((5, GOOD), least=6))), "clause.parts[0].least", Problem.NOT_REACHABLE),
        (of(score(5, bands((0, GOOD)))), "clause.parts[0].bands[0].points", Problem.OUT_OF_RANGE),
        (of(all_of(*[GOOD] * 1001)), "clause.of", Problem.TOO_MANY),
        (of(all_of(*[all_of(*[GOOD] * 40)] * 40)), "clause", Problem.TOO_MANY),
    ],
)
def test_what_is_wrong_is_named_with_its_place(data: Any, path: str, problem: Problem) -> None:
    with pytest.raises(ClauseInvalid) as raised:
        parse(data)
    assert (raised.value.path, raised.value.problem) == (path, problem)
    assert str(raised.value).startswith(path or "the document")


def test_too_deep_is_refused_before_it_hurts() -> None:
    clause = GOOD
    for _level in range(25):
        clause = all_of(clause)
    with pytest.raises(ClauseInvalid, match="too deep"):
        parse(of(clause))
    with pytest.raises(ClauseInvalid, match="not json"):
        parse_text("[" * 100_000)


VOCABULARY = {
    "staff": Dimension.COUNT,
    "sales": Dimension.MONEY,
    "rd": Dimension.MONEY,
    "founded_on": Dimension.DATE,
    "stage": None,
}


@pytest.mark.parametrize(
    ("clause", "path", "problem"),
    [
        (check("staf", "at_least", 5), "clause.fact", Problem.UNKNOWN_FACT),
        (check("staff", "at_least", 5, unit="yuan"), "clause.unit", Problem.UNIT_DOES_NOT_FIT),
        (check("stage", "at_least", 5), "clause.unit", Problem.UNIT_DOES_NOT_FIT),
        (check("staff", "one_of", codes=["a"]), "clause.fact", Problem.UNIT_DOES_NOT_FIT),
        (
            check("rd", "at_least", 5, over="staff", unit="percent"),
            "clause.over",
            Problem.UNIT_DOES_NOT_FIT,
        ),
        (
            check("staff", "at_least", 1, unit="year", elapsed=True),
            "clause.fact",
            Problem.UNIT_DOES_NOT_FIT,
        ),
    ],
)
def test_a_vocabulary_is_held_to(clause: Any, path: str, problem: Problem) -> None:
    with pytest.raises(ClauseInvalid) as raised:
        parse(of(clause), vocabulary=VOCABULARY)
    assert (raised.value.path, raised.value.problem) == (path, problem)


def test_what_keeps_to_the_vocabulary_is_taken() -> None:
    good = all_of(
        check("staff", "at_least", 5),
        check("rd", "at_least", "2.5", over="sales", unit="percent"),
        check("sales", "at_least", 5, unit="ten_thousand_yuan"),
        check("sales", "at_least", 20, unit="percent", window={"years": 3, "aggregate": "growth"}),
        check("founded_on", "at_least", 1, unit="year", elapsed=True),
        check("founded_on", "at_least", "2020-01-01", unit="date"),
        check("stage", "one_of", codes=["seed"]),
    )
    assert len(parse(of(good), vocabulary=VOCABULARY).list_checks()) == 7


def test_paths_are_the_clauses_own_or_their_places() -> None:
    document = parse(of(all_of(GOOD, any_of(GOOD, GOOD | {"path": "7 (b)"}), path="II")))
    assert [each.path for each in document.list_checks()] == ["II.1", "II.2.1", "7 (b)"]


def test_the_fingerprint_is_that_of_what_is_said() -> None:
    text = json.dumps(TOP)
    turned = json.dumps(dict(reversed(list(TOP.items()))))
    first = parse_text(text).fingerprint
    assert first == parse_text(turned).fingerprint == parse(TOP).fingerprint
    assert first != parse(TOP | {"version": 2}).fingerprint
    assert parse_text(
        '{"format": 1, "code": "a", "version": 1, "clause": {"kind": "check", '
        '"fact": "a", "comparator": "at_least", "bound": 0.05, "unit": "ratio"}}'
    )


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["all", "any", "score", "check", "at_least", "one_of", "count", "staff"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kind",
                    "of",
                    "fact",
                    "comparator",
                    "bound",
                    "unit",
                    "codes",
                    "window",
                    "parts",
                    "mark",
                    "bands",
                    "points",
                    "when",
                    "format",
                    "clause",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_nothing_else_is_ever_raised(data: Any) -> None:
    for attempt in (data, of(data)):
        try:
            parse(attempt)
        except ClauseInvalid as error:
            assert isinstance(error.path, str)
