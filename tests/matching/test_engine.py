"""What the engine promises about one answer: who is in it, in which order, and why."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from matching.eligibility.conditions import ConditionUnknown
from matching.engine import Engine
from matching.records import Condition, Query, Service, Standing
from tests.matching.memory_source import MemorySource, compute_by_hand, make_engine

WAFER = "碳化硅晶圆工艺导师。管过外延和刻蚀产线，帮助多家公司提升良率。"
CATHETER = "Animal test centre for cardiac catheters. Imaging and type inspection on one site."
FUND = "早期硬科技种子基金。投集成电路和先进材料，首笔三百万元。"
NEED = "我们做碳化硅功率器件。良率上不去，需要懂晶圆工艺的导师。"


def make_source() -> MemorySource:
    source = MemorySource()
    source.put(1, WAFER, "mentor")
    source.put(2, CATHETER, "centre")
    source.put(3, FUND, "investor")
    return source


def list_ids(engine: Engine, query: Query, **options: object) -> list[int]:
    return [r.provider_id for r in engine.match(query, **options).results]  # type: ignore[arg-type]


def test_the_provider_that_answers_the_need_comes_first_with_its_sentences() -> None:
    matches = make_engine(make_source()).match(Query(NEED))
    best = matches.results[0]
    pair = best.evidence[0]
    assert (best.provider_id, best.kind, best.rank) == (1, "mentor", 1)
    assert NEED[pair.need_start : pair.need_end] == "良率上不去，需要懂晶圆工艺的导师。"
    assert WAFER[pair.provider_start : pair.provider_end] == "碳化硅晶圆工艺导师。"
    contributions = [p.contribution for p in best.evidence]
    assert contributions == sorted(contributions, reverse=True)
    assert [r.score for r in matches.results] == sorted(
        (r.score for r in matches.results), reverse=True
    )
    assert all(0 <= r.score <= 1 for r in matches.results)
    assert matches.considered == 3


def test_without_evidence_nothing_is_claimed() -> None:
    matches = make_engine(make_source()).match(Query("Zoology of deep sea jellyfish"))
    assert [r.evidence for r in matches.results] == [()] * 3
    assert all(r.against[-1].code == "no_evidence" for r in matches.results)
    assert {r.strength for r in matches.results} == {"weak"}


def test_a_kind_is_ranked_by_itself() -> None:
    matches = make_engine(make_source()).match(Query(NEED, kind="centre"))
    assert [r.provider_id for r in matches.results] == [2]
    assert matches.considered == 1


def test_a_blank_need_has_no_results() -> None:
    matches = make_engine(make_source()).match(Query(" \n"))
    assert (matches.results, matches.considered) == ((), 3)


def test_no_provider_at_all_gives_an_empty_answer() -> None:
    matches = make_engine(MemorySource()).match(Query(NEED))
    assert (matches.results, matches.considered, matches.excluded_by) == ((), 0, {})
    assert matches.versions.revision == 0


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_is_an_error(limit: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        make_engine(make_source()).match(Query(NEED), limit=limit)


@pytest.mark.parametrize(
    "condition",
    [
        Condition("colour", ("red",), hard=True),
        Condition("amount", ("much",), hard=True),
        Condition("fields", ()),
        Condition("hours", ("-2",)),
    ],
)
def test_an_unreadable_condition_is_an_error(condition: Condition) -> None:
    with pytest.raises(ConditionUnknown):
        make_engine(make_source()).match(Query(NEED, conditions=(condition,)))


def test_paused_full_and_foreign_pool_are_not_shown_and_are_counted() -> None:
    source = MemorySource()
    source.put(1, WAFER, standing=Standing(published=False))
    source.put(2, WAFER, standing=Standing(capacity=2, free_capacity=0))
    source.put(3, WAFER, standing=Standing(open_to_all=False, pools=frozenset({8})))
    source.put(4, WAFER, standing=Standing(open_to_all=False, pools=frozenset({7, 9})))
    source.put(5, WAFER)
    source.put(6, FUND, "investor", Standing(open_to_all=False))
    engine = make_engine(source)
    matches = engine.match(Query(NEED, pool=7), excluded={5: "conflict", 99: "conflict"})
    assert {r.provider_id for r in matches.results} == {4, 6}
    assert matches.considered == 5
    assert matches.excluded_by == {"capacity": 1, "pool": 1, "conflict": 1}
    assert set(list_ids(engine, Query(NEED))) == {5, 6}
    assert set(list_ids(engine, Query(NEED, all_published=True))) == {3, 4, 5, 6}


@pytest.mark.privacy
def test_of_mentors_outside_the_pool_only_that_they_are_is_counted() -> None:
    source = MemorySource()
    hidden = Standing(open_to_all=False, pools=frozenset({8}), free_capacity=0)
    source.put(1, WAFER, standing=hidden)
    source.put(2, WAFER, standing=replace(hidden, free_capacity=3))
    query = Query(NEED, pool=7, conditions=(Condition("place", ("110000",)),))
    matches = make_engine(source).match(query, excluded={1: "conflict", 2: "conflict"})
    assert (matches.considered, matches.excluded_by) == (2, {"pool": 2})


SERVICES = (Service("lab", 10, 5_000, 3), Service("pilot", 60, 90_000, 1))


@pytest.mark.parametrize(
    ("kind", "standing", "kept", "broken"),
    [
        ("mentor", Standing(fields=frozenset({"biomedicine"})),
         ("fields", ("biomedicine", "automobiles")), ("fields", ("automobiles",))),
        ("mentor", Standing(place_code="310115"), ("place", ("310000",)), ("place", ("310104",))),
        ("mentor", Standing(place_code="310115"), ("place", ("310115",)), ("place", ("320000",))),
        ("mentor", Standing(place_code="370200"), ("place", ("370000",)), ("place", ("370212",))),
        ("mentor", Standing(languages=frozenset({"en"})),
         ("languages", ("en", "zh")), ("languages", ("zh",))),
        ("mentor", Standing(hours_per_month=6), ("hours", ("6",)), ("hours", ("7",))),
        ("mentor", Standing(seat="academic"), ("seat", ("academic",)), ("seat", ("industrial",))),
        ("investor", Standing(funding_stages=frozenset({"seed"})),
         ("funding_stage", ("seed",)), ("funding_stage", ("growth",))),
        ("investor", Standing(ticket_min_yuan=1_000_000, ticket_max_yuan=5_000_000),
         ("amount", ("5000000",)), ("amount", ("5000001",))),
        ("investor", Standing(ticket_min_yuan=1_000_000), ("amount", ("9000000",)),
         ("amount", ("999999",))),
        ("investor", Standing(instruments=frozenset({"equity"})),
         ("instruments", ("equity", "guarantee")), ("instruments", ("guarantee",))),
        ("centre", Standing(services=SERVICES), ("gate", ("pilot",)), ("gate", ("market",))),
        ("centre", Standing(services=SERVICES), ("lead_time", ("10",)), ("lead_time", ("9",))),
        ("centre", Standing(services=SERVICES), ("price", ("5000",)), ("price", ("4999",))),
        ("centre", Standing(accepts_vouchers=True), ("voucher", ("true",)), None),
        ("centre", Standing(), None, ("voucher", ("true",))),
    ],
)  # fmt: skip
def test_a_hard_condition_excludes_exactly_those_that_break_it(
    kind: str,
    standing: Standing,
    kept: tuple[str, tuple[str, ...]] | None,
    broken: tuple[str, tuple[str, ...]] | None,
) -> None:
    source = MemorySource()
    source.put(1, WAFER, kind, standing)
    engine = make_engine(source)
    if kept is not None:
        query = Query(NEED, conditions=(Condition(*kept, hard=True),))
        assert list_ids(engine, query) == [1]
    if broken is not None:
        matches = engine.match(Query(NEED, conditions=(Condition(*broken, hard=True),)))
        assert matches.results == ()
        assert matches.excluded_by == {broken[0]: 1}


@pytest.mark.parametrize(
    "condition",
    [
        ("fields", ("automobiles",)),
        ("hours", ("2",)),
        ("seat", ("academic",)),
        ("languages", ("zh",)),
    ],
)
def test_what_is_not_known_is_not_kept(condition: tuple[str, tuple[str, ...]]) -> None:
    source = MemorySource()
    source.put(1, WAFER)
    query = Query(NEED, conditions=(Condition(*condition, hard=True),))
    assert list_ids(make_engine(source), query) == []


def test_a_condition_leaves_other_kinds_alone() -> None:
    conditions = (
        Condition("amount", ("1",), hard=True),
        Condition("gate", ("pilot",), hard=True),
        Condition("hours", ("99",), hard=True),
    )
    source = MemorySource()
    source.put(1, WAFER, "mentor", Standing(hours_per_month=100))
    source.put(2, WAFER, "centre", Standing(services=SERVICES))
    source.put(3, WAFER, "investor")
    matches = make_engine(source).match(Query(NEED, conditions=conditions))
    assert {r.provider_id for r in matches.results} == {1, 2, 3}


def test_one_and_the_same_service_keeps_all_conditions_on_services() -> None:
    source = MemorySource()
    source.put(1, WAFER, "centre", Standing(services=SERVICES))
    quick_pilot = (
        Condition("lead_time", ("10",), hard=True),
        Condition("gate", ("pilot",), hard=True),
    )
    matches = make_engine(source).match(Query(NEED, conditions=quick_pilot))
    assert (matches.results, dict(matches.excluded_by)) == ((), {"lead_time": 1})


def test_an_unmet_soft_condition_lowers_the_score_by_its_amount_and_is_said() -> None:
    source = MemorySource()
    source.put(1, WAFER, standing=Standing(languages=frozenset({"zh"})))
    engine = make_engine(source)
    plain = engine.match(Query(NEED)).results[0]
    asked = engine.match(Query(NEED, conditions=(Condition("languages", ("de",)),))).results[0]
    assert plain.score - asked.score == pytest.approx(engine.weights.soft["languages"], abs=2e-6)
    assert plain.strength == asked.strength
    assert [(a.code, a.wanted, a.found) for a in asked.against] == [("languages", ("de",), ("zh",))]


def test_a_remote_provider_is_half_as_far_away() -> None:
    source = MemorySource()
    source.put(1, WAFER, standing=Standing(place_code="310115", remote=True))
    source.put(2, WAFER + "。", standing=Standing(place_code="310115", remote=False))
    engine = make_engine(source)
    plain = {r.provider_id: r.score for r in engine.match(Query(NEED)).results}
    far = engine.match(Query(NEED, conditions=(Condition("place", ("110000",)),))).results
    lowered = {r.provider_id: plain[r.provider_id] - r.score for r in far}
    assert lowered[1] < lowered[2]


def test_a_busy_provider_comes_later_and_the_page_can_say_so() -> None:
    source = MemorySource()
    source.put(1, WAFER, standing=Standing(capacity=5, free_capacity=1))
    source.put(2, WAFER, standing=Standing(capacity=5, free_capacity=5))
    results = make_engine(source).match(Query(NEED)).results
    assert [r.provider_id for r in results] == [2, 1]
    assert [a.code for a in results[1].against] == ["load"]


def test_the_second_of_two_equal_profiles_makes_room() -> None:
    source = MemorySource()
    source.put(1, WAFER)
    source.put(2, WAFER)
    source.put(3, FUND)
    results = make_engine(source).match(Query(NEED)).results
    assert [r.provider_id for r in results] == [1, 2, 3]
    assert results[0].features == results[1].features
    assert results[0].score - results[1].score == pytest.approx(0.03, abs=2e-6)


def test_one_eligible_ranked_last_of_ten_thousand_is_found() -> None:
    source = MemorySource()
    need = "轴承润滑 磨损监测"
    for provider_id in range(1, 10_000):
        source.put(provider_id, need, standing=Standing(seat="industrial"))
    source.put(10_000, "Opera singing lessons", standing=Standing(seat="academic"))
    query = Query(need, kind="mentor", conditions=(Condition("seat", ("academic",), hard=True),))
    engine = make_engine(source)
    assert list_ids(engine, query) == [10_000]
    others = dict.fromkeys(range(1, 10000), "veto")
    matches = engine.match(Query(need, kind="mentor"), excluded=others)
    assert [r.provider_id for r in matches.results] == [10_000]
    assert matches.excluded_by == {"veto": 9_999}


def test_many_eligible_give_the_order_of_the_full_comparison() -> None:
    generator = np.random.default_rng(3)
    words = [f"topic{n}" for n in range(40)]
    source = MemorySource()
    for provider_id in range(1, 1001):
        source.put(provider_id, " ".join(generator.choice(words, 6)) + ". Then more of it follows.")
    query = Query("topic1 topic2 topic3 and topic4")
    engine = make_engine(source)
    by_hand = compute_by_hand(source, query)
    for result in engine.match(query, limit=20).results:
        assert result.features["meaning"] == pytest.approx(by_hand[result.provider_id][0], abs=1e-5)
    few = {r.id for r in source.list_records()[:700]}
    narrowed = engine.match(query, excluded=dict.fromkeys(few, "veto"), limit=5)
    from_all = [r for r in engine.match(query, limit=1000).results if r.provider_id not in few]
    assert [r.provider_id for r in narrowed.results] == [r.provider_id for r in from_all[:5]]


def test_an_answer_depends_on_no_other_query() -> None:
    queries = [Query(NEED), Query("cardiac catheter animal test"), Query("种子基金 三百万")]
    engine = make_engine(make_source())
    alone = [make_engine(make_source()).match(query) for query in queries]
    assert [engine.match(query) for query in reversed(queries)] == alone[::-1]
    assert [engine.match(query) for query in queries] == alone


def test_text_with_every_odd_character_is_matched() -> None:
    source = make_source()
    source.put(4, "混合 mixed 🧪 \ufdfa\u0000 text" + "\U0001f9ec" * 50)
    odd = "🧪 \ufdfa 混合文本 \u202e\x07 test"
    assert len(list_ids(make_engine(source), Query(odd))) == 4


def test_threads_share_an_engine_while_it_changes() -> None:
    source = make_source()
    engine = make_engine(source)
    expected = engine.match(Query(NEED, kind="centre")).results
    answers: list[bool] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            for _ in range(20):
                answers.append(engine.match(Query(NEED, kind="centre")).results == expected)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(30):
        source.change_standing(1, replace(Standing(), recent_exposure=number))
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(answers) == 80
