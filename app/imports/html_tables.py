"""Collects the tables of a page of HTML: what their cells say, and what of it is crossed out."""

import re
from html.parser import HTMLParser
from typing import Final

from app.imports.problems import Remark
from app.imports.sheet_links import is_said, read_target
from app.imports.tables import COLUMNS_LIMIT, CellMark, TableRow

_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CROSSED_OUT_STYLE: Final = re.compile(
    r"text-decoration(?:-line)?\s*:[^;\"']{0,40}line-through", re.IGNORECASE
)
_CROSSED_OUT_TAGS: Final = frozenset({"s", "strike", "del"})
# Of pages that spreadsheet programs write: .xl66 {…text-decoration:line-through…}
_CROSSED_OUT_CLASS: Final = re.compile(
    r"\.([\w-]{1,40})\s*\{[^{}]{0,2000}text-decoration(?:-line)?\s*:[^;{}]{0,40}line-through",
    re.IGNORECASE,
)
_TITLE_LIMIT: Final = 2_000
_LOOKED_AT: Final = 200_000
_NO_TEXT: Final = frozenset({"script", "style", "title", "head"})
_LINES: Final = frozenset({"br", "p", "div", "li", "tr", "section", "h1", "h2", "h3", "h4", "dt"})
_WITHOUT_END: Final = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "wbr"})


class TableParser(HTMLParser):
    """Collects rows of cells. A cell over several columns leaves those behind it empty, one over
    several rows fills those below."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._classes = frozenset(_CROSSED_OUT_CLASS.findall(page[:_LOOKED_AT]))
        # The tags that are open in a cell, whether each crosses out what is in it, and whether it
        # keeps it from being seen.
        self._open: list[tuple[str, bool, bool]] = []
        self._links: list[str] = []
        self._title = ""
        self._is_cell_hidden = False
        self._left: list[str] = []
        self._crosses_row = self._crosses_cell = False
        self._marks: list[CellMark] = []
        self.tables: list[list[TableRow]] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._across = self._down = 1
        self._from_above: dict[int, tuple[int, str]] = {}
        self._is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._end_row()
            self.tables.append([])
            self._from_above = {}
        elif tag == "tr":
            self._end_row()
            self._cells = []
            self._is_hidden = _is_hidden(attrs)
            self._crosses_row = self._crosses_out(tag, attrs)
        elif tag in ("td", "th"):
            self._end_cell()
            if self._cells is None:
                self._cells = []
            said = dict(attrs)
            self._across, self._down = (read_span(said.get(n)) for n in ("colspan", "rowspan"))
            self._text, self._left, self._open, self._links = [], [], [], []
            self._title = said.get("title") or ""
            self._is_cell_hidden = _is_hidden(attrs)
            self._crosses_cell = self._crosses_row or self._crosses_out(tag, attrs)
        elif self._text is not None:
            if tag in ("br", "p", "div") and self._text:
                self._text.append("\n")
                self._left.append("\n")
            self._look_inside(tag, attrs)

    def _look_inside(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What a tag in a cell says of what is in it, or of where it leads."""
        said = dict(attrs)
        if tag == "a" and (address := read_target(said.get("href") or "")):
            self._links.append(address)
        if tag == "input" and self._text is not None and said.get("type", "text") == "text":
            self.handle_data(said.get("value") or "")
        # Of the choices of a list, one is chosen.
        is_hidden = _is_hidden(attrs) or (tag == "option" and "selected" not in said)
        if tag == "option":
            while self._open and self._open[-1][0] == "option":
                self._open.pop()
        if tag not in _WITHOUT_END:
            self._open.append((tag, self._crosses_out(tag, attrs), is_hidden))

    def handle_endtag(self, tag: str) -> None:
        """End a cell or a row."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        elif any(tag == each for each, *_ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Line ends in the source are blanks."""
        if self._text is not None and not any(is_hidden for *_, is_hidden in self._open):
            said = " ".join(data.split()) if data.strip() else " "
            self._text.append(said)
            if not self._crosses_cell and not any(crosses for _, crosses, _ in self._open):
                self._left.append(said)

    def _crosses_out(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        said = dict(attrs)
        return (
            tag in _CROSSED_OUT_TAGS
            or _CROSSED_OUT_STYLE.search(said.get("style") or "") is not None
            or not self._classes.isdisjoint((said.get("class") or "").split())
        )

    def close(self) -> None:
        """Keep a last row that nothing ends."""
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text = "".join(self._text).strip()
        self._fill_from_above()
        if len(self._cells) < COLUMNS_LIMIT:
            if self._down > 1:
                self._from_above[len(self._cells)] = (self._down - 1, text)
            left = "".join(self._left).strip()
            if text and not left:
                self._marks.append(CellMark(len(self._cells), Remark.CROSSED_OUT))
            elif "".join(left.split()) != "".join(text.split()):
                mark = CellMark(len(self._cells), Remark.PARTLY_CROSSED_OUT, left)
                self._marks.append(mark)
            self._mark(text)
            self._cells += [text, *[""] * (self._across - 1)]
        self._text = None

    def _mark(self, text: str) -> None:
        """Note what the cell says besides its text: a longer one when pointed at, and links."""
        place = len(self._cells or ())
        title = " ".join(self._title.split())[:_TITLE_LIMIT]
        if title and title != " ".join(text.split()):
            self._marks.append(CellMark(place, Remark.COMMENT, title))
        if text and self._is_cell_hidden:
            self._marks.append(CellMark(place, Remark.INVISIBLE))
        links = dict.fromkeys(link for link in self._links if text and not is_said(link, text))
        self._marks += [CellMark(place, Remark.LINK, link) for link in links]

    def _fill_from_above(self) -> None:
        while self._cells is not None and len(self._cells) in self._from_above:
            place = len(self._cells)
            rows, text = self._from_above.pop(place)
            if rows > 1:
                self._from_above[place] = (rows - 1, text)
            self._cells.append(text)

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is not None and self.tables:
            self._fill_from_above()
            rows = self.tables[-1]
            cells = tuple(self._cells[:COLUMNS_LIMIT])
            rows.append(
                TableRow(len(rows) + 1, cells, is_hidden=self._is_hidden, said=tuple(self._marks))
            )
        self._cells, self._is_hidden, self._marks = None, False, []


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    return any(
        name == "hidden" or (name == "style" and _HIDDEN_STYLE.search(said or ""))
        for name, said in attrs
    )


def read_span(said: str | None) -> int:
    """How many rows or columns a cell says that it covers: 1 where it says nothing."""
    return min(int(said), COLUMNS_LIMIT) if said and said.isdecimal() and len(said) < 6 else 1


def read_lines(page: str) -> str:
    """The text of a page without tables, a line for each of its paragraphs."""
    parser = _LineParser()
    parser.feed(page)
    parser.close()
    return "".join(parser.texts)


class _LineParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._passed_over = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NO_TEXT:
            self._passed_over += 1
        elif tag in _LINES:
            self.texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NO_TEXT:
            self._passed_over = max(0, self._passed_over - 1)
        elif tag in _LINES and self.texts and not self.texts[-1].endswith("\n"):
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._passed_over:
            said = " ".join(data.split(" ")) if data.strip() else ""
            self.texts.append(re.sub(r"[\r\n\t]+", " ", said))
