"""Collects, while a sheet is read, what it says of each row beside the texts of its cells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.imports.problems import Remark
from app.imports.sheet_links import is_said
from app.imports.sheet_looks import Look, Looks, choose_colours
from app.imports.sheet_marks import SheetMarks
from app.imports.tables import CellMark

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell


@dataclass(slots=True)
class SheetSaid:
    """What was found so far; `colours` are those of rows by number, where they are not plain."""

    marks: SheetMarks
    comments: Mapping[tuple[int, int], str]
    links: Mapping[tuple[int, int], str]
    looks: Looks
    colours: dict[int, tuple[str, str]] = field(default_factory=dict)
    _said: dict[int, list[CellMark]] = field(default_factory=lambda: defaultdict(list))
    _comments_of: dict[int, list[CellMark]] | None = None

    def look_at(
        self, number: int, row: Sequence["ReadOnlyCell | EmptyCell"], texts: Sequence[str]
    ) -> None:
        """Note how the filled cells of row `number` look."""
        seen: list[Look] = []
        left = self.marks.crossed_out.get(number, {})
        for place, (cell, text) in enumerate(zip(row, texts, strict=False)):
            if not text.strip():
                continue
            look = self.looks.get(cell)
            seen.append(look)
            if look.is_crossed_out or left.get(place) == "":
                self._said[number].append(CellMark(place, Remark.CROSSED_OUT))
            elif place in left:
                mark = CellMark(place, Remark.PARTLY_CROSSED_OUT, left[place])
                self._said[number].append(mark)
            if (link := self.links.get((number, place))) and not is_said(link, text):
                self._said[number].append(CellMark(place, Remark.LINK, link))
            if look.is_invisible:
                self._said[number].append(CellMark(place, Remark.INVISIBLE))
        if (colours := choose_colours(seen)) != ("", ""):
            self.colours[number] = colours

    def repeat(self, first: int, number: int, place: int) -> None:
        """What is said of a merged cell in row `first` holds for the row `number`, too."""
        self._said[number] += [mark for mark in self._said.get(first, ()) if mark.place == place]

    def list_said(self, number: int) -> tuple[CellMark, ...]:
        """All that is said of the row, its comments last."""
        if self._comments_of is None:
            self._comments_of = defaultdict(list)
            for (row, place), text in sorted(self.comments.items()):
                self._comments_of[row].append(CellMark(place, Remark.COMMENT, text))
        return (*self._said.get(number, ()), *self._comments_of.get(number, ()))
