"""Measures the product's own matching on a folder in BEIR form.

The folder has `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and
`qrels/test.tsv` (a header, then query-id, corpus-id, score). Passages, encoder, fusion and weights
are those of the site; only the database is missing.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from matching.background import Background
from matching.encoders.contract import TextEncoder
from matching.encoding import encode_texts
from matching.engine import Engine
from matching.ranking.reranking import PairReader
from matching.ranking.weights import Weights
from matching.records import Change, Passage, ProviderRecord, Query

CUT = 10
DEFAULT_DEPTH = 100
RUN_NAME = "yinqiao"
# The kind of a document that says none.
_KIND = "centre"
# Whom a need of each kind asks first, as on the site.
_ASKED = {"mentoring": "mentor", "funding": "investor", "verification": "centre"}


class EvaluationError(Exception):
    """The folder cannot be evaluated; the message says which file and line, and why."""


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Means over the judged queries, each in [0, 1].

    `ndcg_at_10` has linear gains (the grade itself) and the logarithmic discount of trec_eval;
    `recall_at_10` is the share of the relevant found among the first ten; `mrr_at_10` the
    reciprocal rank of the first relevant. `seconds` is the whole time, encoding included.
    `per_query` has the nDCG@10 of each query, for intervals.
    """

    ndcg_at_10: float
    recall_at_10: float
    mrr_at_10: float
    queries: int
    seconds: float
    per_query: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Folder:
    """What was read: texts by id, in the files' order, and the grades of each query.

    `kinds` has the kind of each document and query that says one.
    """

    documents: Mapping[str, str]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]
    kinds: Mapping[str, str]


class CorpusSource:
    """The documents of a folder as the changes of a source that never changes again."""

    def __init__(
        self,
        texts: Sequence[str],
        passages: Sequence[tuple[Passage, ...]],
        kinds: Sequence[str] | None = None,
    ) -> None:
        self._texts = texts
        self._passages = passages
        self._kinds = kinds or [_KIND] * len(texts)

    def latest_revision(self) -> int:
        """The number of documents."""
        return len(self._texts)

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        """Document n (from 1) as provider n of revision n."""
        for number in range(revision, len(self._texts)):
            yield ProviderRecord(
                id=number + 1,
                revision=number + 1,
                kind=self._kinds[number],
                text=self._texts[number],
                passages=self._passages[number],
            )


def evaluate_folder(
    folder: Path,
    encoder: TextEncoder,
    *,
    depth: int = DEFAULT_DEPTH,
    run_path: Path | None = None,
    details_path: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    background: Background | None = None,
    weights: Weights | None = None,
    cache_folder: Path | None = None,
    reader: PairReader | None = None,
) -> EvaluationReport:
    """Rank the documents for each judged query as if it were alone, and measure.

    A document with the id of the query is not its answer. `run_path` gets a TREC run of the first
    `depth` candidates of each query, `details_path` what is told of the first `depth` of every
    query, judged or not. A `reader` reads the first of each list again. `progress` is told
    ("corpus" or "queries", done, in all).
    Raises EvaluationError for a folder that cannot be read, ValueError for a depth below 1.
    """
    if depth < 1:
        raise ValueError(f"depth is {depth}; it must be at least 1")
    started = time.perf_counter()
    read = read_folder(folder)
    ids = list(read.documents)
    texts = [read.documents[name] for name in ids]
    report = None if progress is None else partial(progress, "corpus")
    engine = Engine(
        encoder,
        CorpusSource(
            texts,
            encode_texts(encoder, texts, report),
            [read.kinds.get(f"document {name}", _KIND) for name in ids],
        ),
        background=background,
        weights=weights,
        cache_folder=cache_folder,
        reader=reader,
    )
    number_of = {name: number for number, name in enumerate(ids, start=1)}
    runs: dict[str, list[tuple[str, float]]] = {}
    judged = [name for name in read.queries if name in read.grades]
    for done, name in enumerate(judged, start=1):
        own = {number_of[name]: "own"} if name in number_of else {}
        ranked = engine.order(
            _ask(read, name),
            excluded=own,
            limit=max(depth, CUT),
        )
        runs[name] = [(ids[number - 1], score) for number, score in ranked]
        if progress is not None:
            progress("queries", done, len(judged))
    if run_path is not None:
        write_run(run_path, runs, depth)
    if details_path is not None:
        details_path.parent.mkdir(parents=True, exist_ok=True)
        with details_path.open("w", encoding="utf-8") as file:
            for name in read.queries:
                own = {number_of[name]: "own"} if name in number_of else {}
                for line in _list_details(engine, name, _ask(read, name), ids, texts, own, depth):
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return _measure(runs, read.grades, time.perf_counter() - started)


def _ask(read: Folder, name: str) -> Query:
    """The query called `name`, with the kind that it asks for where it says one."""
    kind = read.kinds.get(f"query {name}", "")
    return Query(text=read.queries[name], asked=_ASKED.get(kind, kind) or None, all_published=True)


def _list_details(
    engine: Engine,
    name: str,
    query: Query,
    ids: Sequence[str],
    texts: Sequence[str],
    excluded: Mapping[int, str],
    depth: int,
) -> Iterator[dict[str, object]]:
    """What is told of the first `depth` of one query: rank, strength, evidence, what was read."""
    text = query.text
    found = engine.match(query, excluded=excluded, limit=depth)
    read = [
        {
            "sentence": text[each.start : each.end],
            "role": each.role,
            "probability": each.sureness,
            "start": each.start,
            "end": each.end,
        }
        for each in found.read
    ]
    for result in found.results:
        provider = texts[result.provider_id - 1]
        yield {
            "query": name,
            "doc": ids[result.provider_id - 1],
            "rank": result.rank,
            "score": result.score,
            "strength": result.strength,
            "evidence": [
                {
                    "need": text[pair.need_start : pair.need_end],
                    "provider": provider[pair.provider_start : pair.provider_end],
                }
                for pair in result.evidence
            ],
            "read": read,
        }


def read_folder(folder: Path) -> Folder:
    """The folder's three files, checked. Raises EvaluationError."""
    if not folder.is_dir():
        raise EvaluationError(f"{folder} is not a folder")
    kinds: dict[str, str] = {}
    documents = _read_texts(folder / "corpus.jsonl", "document", kinds)
    queries = _read_texts(folder / "queries.jsonl", "query", kinds)
    grades = _read_grades(folder / "qrels" / "test.tsv", documents, queries)
    return Folder(documents, queries, grades, kinds)


def write_run(path: Path, runs: Mapping[str, Sequence[tuple[str, float]]], depth: int) -> None:
    """Write a TREC run: query, Q0, document, rank, score, name of the run."""
    lines = [
        f"{query} Q0 {document} {rank} {score:.6f} {RUN_NAME}\n"
        for query, ranked in runs.items()
        for rank, (document, score) in enumerate(ranked[:depth], start=1)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def compute_ndcg(ranked: Sequence[str], grades: Mapping[str, int], cut: int = CUT) -> float:
    """nDCG of Järvelin and Kekäläinen (2002), linear gain, as trec_eval computes it."""
    gained = sum(
        grades.get(name, 0) / math.log2(rank + 1) for rank, name in enumerate(ranked[:cut], start=1)
    )
    ideal = sum(
        grade / math.log2(rank + 1)
        for rank, grade in enumerate(sorted(grades.values(), reverse=True)[:cut], start=1)
    )
    return gained / ideal if ideal > 0 else 0.0


def _measure(
    runs: Mapping[str, Sequence[tuple[str, float]]],
    all_grades: Mapping[str, Mapping[str, int]],
    seconds: float,
) -> EvaluationReport:
    per_query: dict[str, float] = {}
    recalls: list[float] = []
    reciprocals: list[float] = []
    for query, scored in runs.items():
        grades = {name: grade for name, grade in all_grades[query].items() if name != query}
        relevant = {name for name, grade in grades.items() if grade > 0}
        if not relevant:
            continue
        top = [name for name, _ in scored[:CUT]]
        per_query[query] = compute_ndcg(top, grades)
        recalls.append(len(relevant.intersection(top)) / len(relevant))
        reciprocals.append(
            next((1 / rank for rank, name in enumerate(top, start=1) if name in relevant), 0.0)
        )
    count = len(per_query)
    if count == 0:
        raise EvaluationError("no query has a relevant document in qrels/test.tsv")
    return EvaluationReport(
        ndcg_at_10=sum(per_query.values()) / count,
        recall_at_10=sum(recalls) / count,
        mrr_at_10=sum(reciprocals) / count,
        queries=count,
        seconds=seconds,
        per_query=per_query,
    )


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise EvaluationError(f"{path} is missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error


def _read_texts(path: Path, what: str, kinds: dict[str, str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for number, line in enumerate(_read_lines(path), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{where}: not JSON: {error}") from error
        if not isinstance(entry, dict):
            raise EvaluationError(f"{where}: not a JSON object")
        name, title, text = entry.get("_id"), entry.get("title") or "", entry.get("text")
        if not isinstance(name, str) or not name or len(name.split()) != 1:
            raise EvaluationError(f"{where}: _id is not a string without blanks")
        if not isinstance(text, str) or not isinstance(title, str):
            raise EvaluationError(f"{where}: title and text have to be strings")
        if name in texts:
            raise EvaluationError(f"{where}: the _id {name!r} occurs twice")
        kind = entry.get("kind")
        if kind is not None:
            if not isinstance(kind, str):
                raise EvaluationError(f"{where}: kind has to be a string")
            kinds[f"{what} {name}"] = kind
        texts[name] = f"{title}\n{text}" if title.strip() else text
    if not texts:
        raise EvaluationError(f"{path} has no entry")
    return texts


def _read_grades(
    path: Path, documents: Mapping[str, str], queries: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_read_lines(path), start=1):
        if number == 1 or not line.strip():
            continue
        where = f"{path}, line {number}"
        parts = line.rstrip("\r").split("\t")
        if len(parts) != 3:
            raise EvaluationError(f"{where}: expected query-id, corpus-id and score with tabs")
        query, document, grade = parts
        if query not in queries:
            raise EvaluationError(f"{where}: {query!r} is not in queries.jsonl")
        if document not in documents:
            raise EvaluationError(f"{where}: {document!r} is not in corpus.jsonl")
        try:
            grades.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise EvaluationError(f"{where}: the score {grade!r} is not an integer") from error
    if not grades:
        raise EvaluationError(f"{path} has no judgement")
    return grades
