"""Reads what programs hand out in place of a table: JSON, a line or an object for each entry, and
address cards (vCard)."""

import json
import quopri
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.imports.errors import OtherDocument
from app.imports.tables import COLUMNS_LIMIT, ROWS_LIMIT, Table, TableRow, keep_filled

_JSON_BEGINS: Final = re.compile(r"\s*[\[{]")
_CARD_BEGINS: Final = re.compile(r"\s*BEGIN\s*:\s*VCARD\b", re.IGNORECASE)
_TEXT_LIMIT: Final = 40_000
# What is no text: pictures, keys, sounds.
_NO_TEXT: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_OURS: Final = frozenset({"BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "N"})
# By the property of an address card, how a header says it.
_HEADERS: Final = {
    "FN": "姓名",
    "EMAIL": "邮箱",
    "ORG": "单位",
    "TITLE": "职务",
    "ADR": "所在地",
    "URL": "个人主页",
    "TEL": "手机",
    "NOTE": "备注",
}


def is_json(text: str) -> bool:
    """Whether a text begins as JSON does."""
    return _JSON_BEGINS.match(text) is not None


def is_vcard(text: str) -> bool:
    """Whether a text begins as an address card does."""
    return _CARD_BEGINS.match(text) is not None


def read_json(text: str) -> Table | None:
    """A list of objects, or an object on each line, as a table; None for what is no JSON.

    What an object says twice, and the items of a list, stand in one cell. Raises OtherDocument for
    JSON that is no list of objects.
    """
    try:
        entries = _find_entries(json.loads(text, object_pairs_hook=_Pairs))
        numbered = list(enumerate(entries, start=1)) if entries is not None else None
    except (ValueError, RecursionError):
        numbered = _read_lines(text)
        if numbered is None:
            return None
    if not numbered:
        raise OtherDocument(kind="JSON")
    return _lay_out([(number, _list_cells(entry)) for number, entry in numbered])


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON as what stands in it, also twice."""


def _read_lines(text: str) -> list[tuple[int, _Pairs]] | None:
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line.strip().rstrip(","), object_pairs_hook=_Pairs)
        except (ValueError, RecursionError):
            return None
        if not isinstance(entry, _Pairs):
            return None
        entries.append((number, entry))
    return entries


def _find_entries(found: Any) -> list[_Pairs] | None:
    """The objects of a list, of the only list in an object, or the one object that there is."""
    if isinstance(found, _Pairs):
        lists = [value for _, value in found if _is_list_of_objects(value)]
        return lists[0] if len(lists) == 1 else None if lists else [found]
    return found if _is_list_of_objects(found) else None


def _is_list_of_objects(value: Any) -> bool:
    return (
        isinstance(value, list)
        and not isinstance(value, _Pairs)
        and bool(value)
        and all(isinstance(each, _Pairs) for each in value)
    )


def _list_cells(entry: _Pairs) -> list[tuple[str, str]]:
    cells: list[tuple[str, str]] = []
    for name, value in entry:
        if isinstance(value, _Pairs):
            cells += [(f"{name}/{inner}", _word(each)) for inner, each in value]
        else:
            cells.append((name, _word(value)))
    return cells


def _word(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case _Pairs():
            return json.dumps(_restore(value), ensure_ascii=False)
        case list():
            return "；".join(filter(None, map(_word, value)))
        case _:
            return str(value)


def _restore(value: Any) -> Any:
    """A value of JSON as it was written, with objects at every depth."""
    if isinstance(value, _Pairs):
        return {name: _restore(inner) for name, inner in value}
    return [_restore(each) for each in value] if isinstance(value, list) else value


def _lay_out(entries: Sequence[tuple[int, Iterable[tuple[str, str]]]]) -> Table:
    """A row for each entry below all headers that there are."""
    places: dict[str, int] = {}
    rows = []
    for number, cells in entries[: ROWS_LIMIT + 1]:
        said: dict[int, str] = {}
        for name, text in cells:
            place = places.setdefault(name, len(places))
            before = said.get(place, "")
            both = dict.fromkeys(each for each in (before, text[:_TEXT_LIMIT]) if each)
            said[place] = "；".join(both)
        width = min(max(said, default=-1) + 1, COLUMNS_LIMIT)
        rows.append(TableRow(number, tuple(said.get(place, "") for place in range(width))))
    header = TableRow(0, tuple(places)[:COLUMNS_LIMIT])
    return Table(keep_filled((header, *rows)))


def read_vcards(text: str) -> Table:
    """The address cards of `text`, a row for each with the number of its first line."""
    entries: list[tuple[int, list[tuple[str, str]]]] = []
    family_first: dict[int, str] = {}
    for number, line in _unfold(text):
        name, _, value = line.partition(":")
        name, *parameters = name.upper().split(";")
        name = name.rpartition(".")[2].strip()
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            entries.append((number, []))
        if not entries or not value.strip():
            continue
        value = _decode(value, parameters)
        cells = entries[-1][1]
        if name == "N":
            family_first[len(entries) - 1] = _join_name(_split_parts(value))
        elif name in _NO_TEXT:
            cells.append((name, "…"))
        elif name not in _OURS:
            cells += _read_property(name, value)
    for place, (_, cells) in enumerate(entries):
        if not any(header == _HEADERS["FN"] for header, _ in cells) and place in family_first:
            cells.append((_HEADERS["FN"], family_first[place]))
    return _lay_out(entries)


def _unfold(text: str) -> list[tuple[int, str]]:
    """The lines with those that go on below them, by the number of their first."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        before = lines[-1][1] if lines else ""
        if line[:1] in (" ", "\t") and lines:
            lines[-1] = (lines[-1][0], before + line[1:])
        elif before.endswith("=") and "QUOTED-PRINTABLE" in before.partition(":")[0].upper():
            lines[-1] = (lines[-1][0], before[:-1] + line)
        elif line.strip():
            lines.append((number, line))
    return lines


def _decode(value: str, parameters: Sequence[str]) -> str:
    if not any("QUOTED-PRINTABLE" in each for each in parameters):
        return value
    written = quopri.decodestring(value.encode())
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value


def _read_property(name: str, value: str) -> list[tuple[str, str]]:
    parts = _split_parts(value)
    match name:
        case "ORG":
            units = "；".join(filter(None, parts[1:]))
            return [(_HEADERS[name], parts[0]), *([("部门", units)] if units else [])]
        case "ADR":
            place = [*parts, *[""] * 7]
            where = " ".join(filter(None, (place[4], place[3])))
            return [(_HEADERS[name], where or " ".join(filter(None, parts)))]
        case _:
            return [(_HEADERS.get(name, name), "；".join(filter(None, parts)))]


def _split_parts(value: str) -> list[str]:
    parts = re.split(r"(?<!\\);", value)
    return [re.sub(r"\\([\\,;:])", r"\1", re.sub(r"\\[nN]", "\n", each)).strip() for each in parts]


def _join_name(parts: Sequence[str]) -> str:
    family, given = (*parts, "", "")[:2]
    between = " " if (family + given).isascii() else ""
    return f"{family}{given}" if not between else f"{given} {family}".strip()
