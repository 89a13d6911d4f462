import json
import math
from pathlib import Path

import pytest

from matching.encoders.hashing import HashingEncoder
from matching.evaluate import EvaluationError, EvaluationReport, compute_ndcg, evaluate_folder
from matching.text.roles import NEED_ROLES

DOCUMENTS = {
    "d1": "轴承润滑与磨损监测",
    "d2": "Animal tests for cardiac catheters",
    "d3": "早期硬科技种子基金",
}
QUERIES = {
    "q1": "主轴轴承磨损很快",
    "q2": "cardiac catheters need animal tests",
    "d3": "早期硬科技种子基金",
}
GRADES = [("q1", "d1", 2), ("q1", "d3", 1), ("q2", "d2", 1), ("d3", "d1", 1)]


def write_folder(
    folder: Path,
    documents: dict[str, str] | None = None,
    queries: dict[str, str] | None = None,
    grades: list[tuple[str, str, int]] | None = None,
) -> Path:
    (folder / "qrels").mkdir(parents=True)
    for name, texts in (("corpus", documents or DOCUMENTS), ("queries", queries or QUERIES)):
        lines = [
            json.dumps({"_id": key, "title": "", "text": text}, ensure_ascii=False)
            for key, text in texts.items()
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rows = ["query-id\tcorpus-id\tscore"]
    rows += ["\t".join(map(str, grade)) for grade in (grades if grades is not None else GRADES)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def evaluate(folder: Path, **options: object) -> EvaluationReport:
    return evaluate_folder(folder, HashingEncoder(), **options)  # type: ignore[arg-type]


def test_measures_graded_answers_and_ignores_a_query_s_own_record(tmp_path: Path) -> None:
    run = tmp_path / "out" / "run.trec"
    report = evaluate(write_folder(tmp_path / "set"), run_path=run)
    lines = [line.split() for line in run.read_text(encoding="utf-8").splitlines()]
    ranked = {query: [line[2] for line in lines if line[0] == query] for query in QUERIES}
    assert ranked["q1"][0] == "d1"
    assert ranked["q2"][0] == "d2"
    assert sorted(ranked["d3"]) == ["d1", "d2"]
    first_two = ranked["q1"].index("d3") + 1
    ndcg = (2 + 1 / math.log2(first_two + 1)) / (2 + 1 / math.log2(3))
    own = 1 / math.log2(ranked["d3"].index("d1") + 2)
    assert report.ndcg_at_10 == pytest.approx((ndcg + 1 + own) / 3)
    assert report.recall_at_10 == 1.0
    assert report.mrr_at_10 == pytest.approx((2 + 1 / (ranked["d3"].index("d1") + 1)) / 3)
    assert report.queries == 3
    assert report.seconds > 0
    assert {line[1] for line in lines} == {"Q0"}
    assert [int(line[3]) for line in lines if line[0] == "q1"] == [1, 2, 3]


def test_depth_cuts_the_run_and_not_the_measures(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "set")
    run = tmp_path / "run.trec"
    shallow = evaluate(folder, run_path=run, depth=1)
    assert len(run.read_text(encoding="utf-8").splitlines()) == 3
    assert shallow.per_query == evaluate(folder).per_query


def test_a_query_is_ranked_as_if_alone(tmp_path: Path) -> None:
    whole = evaluate(write_folder(tmp_path / "all")).per_query
    backwards = dict(reversed(QUERIES.items()))
    assert evaluate(write_folder(tmp_path / "back", queries=backwards)).per_query == whole
    for name, text in QUERIES.items():
        alone = write_folder(
            tmp_path / name, queries={name: text}, grades=[g for g in GRADES if g[0] == name]
        )
        assert evaluate(alone).per_query == {name: whole[name]}


def test_progress_is_told_for_the_corpus_and_each_query(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate(write_folder(tmp_path / "set"), progress=lambda *step: told.append(step))
    assert [step for step in told if step[0] == "queries"] == [
        ("queries", 1, 3),
        ("queries", 2, 3),
        ("queries", 3, 3),
    ]
    assert told[0][0] == "corpus"


def test_ndcg_of_a_known_ranking() -> None:
    grades = {"a": 2, "b": 1}
    assert compute_ndcg(["a", "b"], grades) == 1.0
    assert compute_ndcg(["x", "a"], grades) == pytest.approx(
        (2 / math.log2(3)) / (2 + 1 / math.log2(3))
    )
    assert compute_ndcg(["x"] * 10 + ["a"], grades) == 0.0


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("corpus.jsonl", None, "corpus.jsonl is missing"),
        ("corpus.jsonl", "", "has no entry"),
        ("corpus.jsonl", "[1]", "line 1: not a JSON object"),
        ("corpus.jsonl", "{", "line 1: not JSON"),
        ("queries.jsonl", '{"_id": 1, "text": "x"}', "line 1: _id"),
        ("queries.jsonl", '{"_id": "q1"}', "line 1: title and text"),
        (
            "queries.jsonl",
            '{"_id": "q1", "text": "x"}\n{"_id": "q1", "text": "y"}',
            "line 2: the _id 'q1' occurs twice",
        ),
        ("queries.jsonl", b"\xff\xfe\x00", "cannot be read"),
        ("qrels/test.tsv", None, "test.tsv is missing"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "no judgement"),
        ("qrels/test.tsv", "head\nq1 d1 2\n", "line 2: expected"),
        ("qrels/test.tsv", "head\nq9\td1\t2\n", "line 2: 'q9' is not in queries.jsonl"),
        ("qrels/test.tsv", "head\nq1\td9\t2\n", "line 2: 'd9' is not in corpus.jsonl"),
        ("qrels/test.tsv", "head\nq1\td1\tmuch\n", "line 2: the score 'much'"),
        ("qrels/test.tsv", "head\nq1\td1\t0\n", "no query has a relevant document"),
    ],
)
def test_a_bad_folder_is_an_error_that_says_where(
    tmp_path: Path, file: str, content: str | bytes | None, message: str
) -> None:
    folder = write_folder(tmp_path / "set")
    path = folder / file
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=message):
        evaluate(folder)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="is not a folder"):
        evaluate(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="at least 1"):
        evaluate(write_folder(tmp_path / "set"), depth=0)


def test_details_tell_of_every_query_judged_or_not_and_leave_nobody_out(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "set", grades=[("q1", "d1", 1)])
    details = tmp_path / "out" / "details.jsonl"
    report = evaluate(folder, details_path=details)

    rows = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
    assert report.queries == 1
    assert {row["query"] for row in rows} == set(QUERIES)
    for name, text in QUERIES.items():
        of_query = [row for row in rows if row["query"] == name]
        assert [row["rank"] for row in of_query] == list(range(1, len(of_query) + 1))
        assert {row["doc"] for row in of_query} == set(DOCUMENTS) - {name}
        for row in of_query:
            assert row["strength"] in {"strong", "possible", "weak"}
            assert all(pair["need"] in text for pair in row["evidence"])
            assert all(pair["provider"] in DOCUMENTS[row["doc"]] for pair in row["evidence"])
            assert [text[one["start"] : one["end"]] for one in row["read"]] == [
                one["sentence"] for one in row["read"]
            ]
            assert {one["role"] for one in row["read"]} <= set(NEED_ROLES)
            assert all(0 < one["probability"] <= 1 for one in row["read"])


def test_details_go_as_deep_as_they_are_asked_to(tmp_path: Path) -> None:
    details = tmp_path / "details.jsonl"
    evaluate(write_folder(tmp_path / "set"), details_path=details, depth=1)
    rows = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
    assert [row["rank"] for row in rows] == [1] * len(QUERIES)


def test_a_kind_that_is_no_word_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "set")
    corpus = folder / "corpus.jsonl"
    corpus.write_text(
        corpus.read_text(encoding="utf-8") + '\n{"_id": "d4", "text": "x", "kind": 7}',
        encoding="utf-8",
    )
    with pytest.raises(EvaluationError, match="line 4: kind"):
        evaluate(folder)
