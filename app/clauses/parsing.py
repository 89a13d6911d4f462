"""From plain JSON data to a document, or an error that names the place and what is wrong there.

The form is described, with an example of each kind, in docs/clauses.md.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from app.clauses.check_parsing import read_check
from app.clauses.documents import AllOf, AnyOf, Band, Document, Node, Part, Score
from app.clauses.reader import CHECKS_LIMIT, CODE, NAME, ClauseInvalid, Problem, Reader
from app.clauses.terms import Dimension, Number

# The form that this module reads. Another one would be another number.
FORMAT: Final = 1

DEPTH_LIMIT: Final = 20
_EFFORT_LIMIT: Final = 1_000


def parse_text(text: str, *, vocabulary: Mapping[str, Dimension | None] | None = None) -> Document:
    """`parse` of JSON text; decimals are read exactly. Raises ClauseInvalid."""
    try:
        data = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ClauseInvalid("", Problem.NOT_JSON, str(error)) from None
    return parse(data, vocabulary=vocabulary)


def parse(data: object, *, vocabulary: Mapping[str, Dimension | None] | None = None) -> Document:
    """The document that `data` describes. Raises ClauseInvalid.

    With a `vocabulary` each fact must be in it, and a number be compared in a unit of its
    dimension; None stands for a fact that is no number.
    """
    top = Reader(data, "", vocabulary)
    top.keys(required=("format", "code", "version", "clause"), optional=("title", "efforts"))
    if top.data["format"] != FORMAT or isinstance(top.data["format"], bool):
        raise ClauseInvalid("format", Problem.UNKNOWN_FORMAT, top.data["format"])
    code = top.data["code"]
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise ClauseInvalid("code", Problem.NOT_A_CODE, code)
    root = _read_node(top.inner("clause"), "1", 1)
    document = Document(
        code=code,
        version=top.whole("version", 1, 10**9),
        root=root,
        fingerprint=_compute_fingerprint(data),
        title=top.words("title"),
        efforts=_read_efforts(top),
    )
    if len(document.list_checks()) > CHECKS_LIMIT:
        raise ClauseInvalid("clause", Problem.TOO_MANY, len(document.list_checks()))
    return document


def _read_node(reader: Reader, place: str, depth: int) -> Node:
    if depth > DEPTH_LIMIT:
        raise ClauseInvalid(reader.path, Problem.TOO_DEEP)
    kind = reader.data.get("kind")
    match kind:
        case "all" | "any":
            reader.keys(required=("kind", "of"), optional=("path", "words"))
            path = _read_path(reader, place)
            parts = tuple(
                _read_node(each, f"{path}.{number}", depth + 1)
                for number, each in enumerate(reader.list("of"), start=1)
            )
            made = AllOf if kind == "all" else AnyOf
            return made(path, parts, reader.words("words"))
        case "score":
            return _read_score(reader, place, depth)
        case "check":
            return read_check(reader, _read_path(reader, place))
    if kind is None:
        raise ClauseInvalid(reader.at("kind"), Problem.MISSING_KEY)
    raise ClauseInvalid(reader.at("kind"), Problem.UNKNOWN_KIND, kind)


def _read_path(reader: Reader, place: str) -> str:
    """The clause's own number, such as 2.3; without one, its place in the tree."""
    found = reader.data.get("path", place)
    if not isinstance(found, str) or not 0 < len(found) <= 40:
        raise ClauseInvalid(reader.at("path"), Problem.NOT_A_NAME, found)
    return found


def _read_score(reader: Reader, place: str, depth: int) -> Score:
    reader.keys(required=("kind", "mark", "parts"), optional=("path", "words", "closed"))
    path = _read_path(reader, place)
    score = Score(
        path=path,
        parts=_read_parts(reader, path, depth),
        mark=reader.number("mark"),
        is_closed=reader.truth("closed", True),
        words=reader.words("words"),
    )
    if not score.reaches(sum(map(_compute_most, score.parts))):
        raise ClauseInvalid(reader.at("mark"), Problem.NOT_REACHABLE, reader.data["mark"])
    return score


def _read_parts(reader: Reader, path: str, depth: int) -> tuple[Part, ...]:
    return tuple(
        _read_part(each, f"{path}.{number}", depth + 1)
        for number, each in enumerate(reader.list("parts"), start=1)
    )


def _read_part(reader: Reader, place: str, depth: int) -> Part:
    if depth > DEPTH_LIMIT:
        raise ClauseInvalid(reader.path, Problem.TOO_DEEP)
    optional = ("path", "words", "least")
    path = _read_path(reader, place)
    bands: tuple[Band, ...] = ()
    parts: tuple[Part, ...] = ()
    if "bands" in reader.data:
        reader.keys(required=("bands",), optional=optional)
        bands = _read_bands(reader, path, depth)
    else:
        reader.keys(required=("parts",), optional=optional)
        parts = _read_parts(reader, path, depth)
    least = reader.number("least") if "least" in reader.data else None
    part = Part(path, bands, parts, least, reader.words("words"))
    if least is not None and _compute_most(part) < least:
        raise ClauseInvalid(reader.at("least"), Problem.NOT_REACHABLE, reader.data["least"])
    return part


def _read_bands(reader: Reader, path: str, depth: int) -> tuple[Band, ...]:
    bands = []
    for number, each in enumerate(reader.list("bands"), start=1):
        each.keys(required=("points", "when"))
        points = each.number("points")
        if points <= 0:
            raise ClauseInvalid(each.at("points"), Problem.OUT_OF_RANGE, each.data["points"])
        bands.append(Band(points, _read_node(each.inner("when"), f"{path}.{number}", depth + 1)))
    return tuple(bands)


def _compute_most(part: Part) -> Number:
    """The most points that a part can bring."""
    if part.bands:
        return max(band.points for band in part.bands)
    return sum(map(_compute_most, part.parts))


def _read_efforts(reader: Reader) -> Mapping[str, int | None]:
    if "efforts" not in reader.data:
        return MappingProxyType({})
    inner = reader.inner("efforts")
    efforts: dict[str, int | None] = {}
    for fact, found in inner.data.items():
        if not NAME.fullmatch(fact):
            raise ClauseInvalid(inner.at(fact), Problem.NOT_A_NAME, fact)
        if reader.vocabulary is not None and fact not in reader.vocabulary:
            raise ClauseInvalid(inner.at(fact), Problem.UNKNOWN_FACT, fact)
        efforts[fact] = None if found is None else inner.whole(fact, 1, _EFFORT_LIMIT)
    return MappingProxyType(efforts)


def _compute_fingerprint(data: object) -> str:
    """The same for the same data in any order of keys, and however decimals were read."""

    def spell(value: object) -> object:
        match value:
            case Mapping():
                return {str(key): spell(each) for key, each in value.items()}
            case list() | tuple():
                return [spell(each) for each in value]
            case Decimal():
                return format(value, "f")
        return value

    text = json.dumps(spell(data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
