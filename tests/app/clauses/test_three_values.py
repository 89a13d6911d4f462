"""Unknown is neither pass nor fail, and to know more never turns a verdict round."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.clauses import Facts, Screen, Verdict, evaluate
from app.clauses.evaluation import Result
from tests.app.clauses.made import known, rules
from tests.app.clauses.samples import ON, make, year

years = st.fixed_dictionaries(
    {}, optional={"y": st.lists(st.integers(0, 9), min_size=2, max_size=2)}
).map(lambda found: {n: [year(2024, v[0]), year(2025, v[1])] for n, v in found.items()})
facts_of_all_kinds = st.builds(lambda one, other: {**one, **other}, known, years)


def list_checks(result: Result) -> list[Result]:
    own = [result] if result.kind == "check" else []
    return own + [found for child in result.children for found in list_checks(child)]


@given(rules)
def test_where_nothing_is_known_the_verdict_is_unknown(rule: dict[str, Any]) -> None:
    result = evaluate(make(rule), {}, ON)
    assert result.verdict is Verdict.UNKNOWN
    assert {check.verdict for check in list_checks(result)} == {Verdict.UNKNOWN}


@given(rules, facts_of_all_kinds, st.data())
def test_to_know_more_never_turns_a_verdict_round(
    rule: dict[str, Any], facts: Facts, data: st.DataObject
) -> None:
    document = make(rule)
    kept = data.draw(st.sets(st.sampled_from(sorted(facts)))) if facts else set()
    less = evaluate(document, {name: facts[name] for name in kept}, ON).verdict
    more = evaluate(document, facts, ON).verdict
    assert less in (Verdict.UNKNOWN, more)


@given(rules, facts_of_all_kinds, st.data())
def test_what_is_withdrawn_carries_no_pass(
    rule: dict[str, Any], facts: Facts, data: st.DataObject
) -> None:
    """Without a fact, no check that compares it passes or fails."""
    if not facts:
        return
    gone = data.draw(st.sampled_from(sorted(facts)))
    rest = {name: stated for name, stated in facts.items() if name != gone}
    for found in list_checks(evaluate(make(rule), rest, ON)):
        assert found.check is not None
        if gone in (found.check.quantity.fact, found.check.quantity.over):
            assert found.verdict is Verdict.UNKNOWN


@given(st.lists(rules, min_size=1, max_size=4), facts_of_all_kinds)
def test_a_screen_says_what_the_explanation_says(
    several: list[dict[str, Any]], facts: Facts
) -> None:
    documents = [make(rule) for rule in several]
    assert Screen(documents, ON).judge(facts) == [
        evaluate(document, facts, ON).verdict for document in documents
    ]
