"""Texts that are crossed out, wholly or in pieces: what is left of them."""

import re
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import (  # nosec B405  # what has a document type is refused
    Element,
    iterparse,
)

from app.imports.problems import Remark
from app.imports.tables import CellMark

# In plain text: strokes that are put over the letter before them, and the signs of Markdown.
_STROKES: Final = re.compile("[\u0335-\u0338]")
_STRUCK: Final = re.compile(
    r"(?:[^\u0335-\u0338][\u0335-\u0338])+|~~(?=\S)([^~\n]{1,2000})(?<=\S)~~"
)


def read_plain(text: str, place: int) -> tuple[str, CellMark | None]:
    """A cell of plain text without the signs that cross it out, and what they say of it."""
    if not (_STROKES.search(text) or "~~" in text) or not _STRUCK.search(text):
        return text, None
    left = _STRUCK.sub("", text).strip()
    plain = _STROKES.sub("", _STRUCK.sub(lambda found: found[1] or found[0], text))
    if left:
        return plain, CellMark(place, Remark.PARTLY_CROSSED_OUT, left)
    return plain, CellMark(place, Remark.CROSSED_OUT)


def read_crossed_out_texts(part: bytes) -> Mapping[int, str]:
    """The shared texts of a workbook that are crossed out: what is left of each, by its place."""
    found = {}
    place = 0
    for _event, element in iterparse(BytesIO(part)):  # noqa: S314  # nosec B314
        if _name(element) == "si":
            if (left := read_what_is_left(element)) is not None:
                found[place] = left
            place += 1
            element.clear()
    return MappingProxyType(found)


def read_what_is_left(text: Element) -> str | None:
    """What is left of a text in several pieces without those that are crossed out; None where
    there are none."""
    left, is_crossed_out = "", False
    for run in text:
        if _name(run) != "r":
            continue
        children = {_name(child): child for child in run}
        said = (children["t"].text or "") if "t" in children else ""
        if _is_crossed_out(children.get("rPr")) and said.strip():
            is_crossed_out = True
        else:
            left += said
    return left.strip() if is_crossed_out else None


def _is_crossed_out(style: Element | None) -> bool:
    return style is not None and any(
        _name(each) == "strike" and each.get("val", "1") not in ("0", "false") for each in style
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
