"""What a workbook says by how its cells look: crossed out, written in the colour of the paper, or
in another colour than the rest.

People cross out who has left, or colour such rows, and none of it is in a cell's text.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.imports.problems import Remark
from app.imports.tables import CellMark, TableRow

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

_WHITE: Final = ("rgb:FFFFFF", "theme:0:0", "indexed:1", "indexed:9")
_BLACK: Final = ("rgb:000000", "theme:1:0", "indexed:0", "indexed:8", "indexed:64", "auto")
# A format of numbers that shows nothing, whatever there is.
_SHOWS_NOTHING: Final = ";;;"

# A colour that more rows have than one of so many says nothing of one of them.
_FEW: Final = 3
# So few rows that alternate are no pattern yet.
_STRIPES_FROM: Final = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; `colours` are those of the paper and of the text, "" for the usual ones."""

    is_crossed_out: bool = False
    is_invisible: bool = False
    colours: tuple[str, str] = ("", "")


PLAIN: Final = Look()


@dataclass(slots=True)
class Looks:
    """The looks of the cells of one workbook, each style looked at once."""

    _by_style: dict[int, Look] = field(default_factory=dict)

    def get(self, cell: "ReadOnlyCell | EmptyCell") -> Look:
        """How `cell` looks."""
        style = getattr(cell, "_style_id", 0)
        if not style:
            return PLAIN
        if style not in self._by_style:
            self._by_style[style] = _look_at(cell)
        return self._by_style[style]


def _look_at(cell: Any) -> Look:
    paper, text = _name_paper(cell.fill), _name_colour(cell.font and cell.font.color)
    paper = "" if paper in _WHITE else paper
    text = "" if text in _BLACK else text
    return Look(
        is_crossed_out=bool(cell.font and cell.font.strike),
        is_invisible=(text in _WHITE and not paper)
        or bool(text and text == paper)
        or str(cell.number_format) == _SHOWS_NOTHING,
        colours=(paper, text),
    )


def _name_paper(fill: Any) -> str:
    pattern = getattr(fill, "patternType", None)
    if pattern in (None, "none"):
        return ""
    return _name_colour(fill.fgColor) or str(pattern)


def _name_colour(colour: Any) -> str:
    if colour is None:
        return ""
    match colour.type:
        case "rgb":
            return f"rgb:{str(colour.rgb)[-6:].upper()}"
        case "theme":
            return f"theme:{colour.theme}:{colour.tint or 0:.2g}"
        case "indexed":
            return f"indexed:{colour.indexed}"
        case _:
            return "auto"


def choose_colours(looks: Sequence[Look]) -> tuple[str, str]:
    """The colours of a row whose filled cells look so: those that most of them have."""
    found = Counter(look.colours for look in looks)
    return found.most_common(1)[0][0] if found else ("", "")


def mark_coloured(
    rows: Sequence[TableRow], colours: Mapping[int, tuple[str, str]]
) -> tuple[TableRow, ...]:
    """`rows`, of which those are marked that have other colours than most.

    `colours` are those of rows by number. Where two colours alternate, the rows are striped.
    """
    found = [colours.get(row.number, ("", "")) for row in rows]
    counts = Counter(found)
    if len(counts) < 2 or _are_striped(found):
        return tuple(rows)
    usual = max(counts, key=lambda each: (counts[each], each == ("", "")))
    few = {
        each
        for each, count in counts.items()
        if each not in (usual, ("", "")) and (count == 1 or count * _FEW <= len(rows))
    }
    mark = (CellMark(None, Remark.COLOURED),)
    return tuple(
        replace(row, said=row.said + mark) if each in few else row
        for row, each in zip(rows, found, strict=True)
    )


def _are_striped(found: Sequence[tuple[str, str]]) -> bool:
    # Above the stripes stand a title and a header of their own colours.
    for above in range(4):
        below = found[above:]
        if len(below) >= _STRIPES_FROM and len(set(below[::2])) == len(set(below[1::2])) == 1:
            return below[0] != below[1]
    return False
