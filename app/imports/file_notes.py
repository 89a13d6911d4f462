"""What is said of a file as a whole: its sheet, its header, and which columns were read as one."""

from typing import Final

from app.imports.column_parts import NAME_PARTS, PLACE_PARTS, Part, list_targets
from app.imports.headers import Header, find_column
from app.imports.problems import FileNote, FileRemark, Remark, shorten
from app.imports.sheet_names import is_called_old
from app.imports.tables import Table
from models.canonical import canonical_line
from models.imports import ImportKind

# Enough of a cell to see what it is about.
_CELL_GLANCED: Final = 200

_UNKNOWN_HEADER_SHOWN: Final = 60


def note_sheet(table: Table, header: Header) -> list[FileNote]:
    """What the sheet and its columns look like, and was no reason not to read them."""
    notes = []
    if table.is_hidden:
        notes.append(FileNote(FileRemark.HIDDEN_SHEET, text=table.name))
    if is_called_old(table):
        notes.append(FileNote(FileRemark.OLD_SHEET, text=table.name))
    above = table.rows[: header.first_row][-2:]
    notes += [
        FileNote(FileRemark.COMMENT_ABOVE, row.number, shorten(mark.text))
        for row in table.rows[: header.first_row]
        for mark in row.said
        if mark.remark is Remark.COMMENT
    ]
    crossed_out = {
        mark.place for row in above for mark in row.said if mark.remark is Remark.CROSSED_OUT
    }
    for remark, places in (
        (FileRemark.HIDDEN_COLUMN, table.hidden_columns),
        (FileRemark.COLUMN_CROSSED_OUT, crossed_out),
    ):
        notes += [
            FileNote(remark, text=column.name)
            for place, column in header.columns.items()
            if place in places
        ]
    return notes


def note_parts(kind: ImportKind, header: Header) -> list[FileNote]:
    """Which columns were read together, and which one as two."""
    notes = []
    for remark, parts in (
        (FileRemark.COLUMNS_JOINED, NAME_PARTS),
        (FileRemark.COLUMNS_JOINED, PLACE_PARTS),
        (FileRemark.COLUMN_SPLIT, (Part.ORGANISATION_AND_POSITION,)),
    ):
        texts = [
            shorten(canonical_line(header.part_texts[place]), _UNKNOWN_HEADER_SHOWN)
            for place, part in sorted(header.parts.items())
            if part in parts
        ]
        if texts:
            targets = "、".join(list_targets(kind, parts[0]))
            notes.append(FileNote(remark, text="\n".join([targets, *texts])))
    return notes


def note_again(header: Header) -> list[FileNote]:
    """Which columns say one thing, and were read together."""
    return [
        FileNote(
            FileRemark.COLUMNS_JOINED,
            text="\n".join(
                [
                    name,
                    *(
                        shorten(canonical_line(text), _UNKNOWN_HEADER_SHOWN)
                        for place, text in header.texts.items()
                        if (header.columns.get(place) or header.again[place]).name == name
                    ),
                ]
            ),
        )
        for name in dict.fromkeys(column.name for column in header.again.values())
    ]


def note_above(kind: ImportKind, table: Table, header: Header) -> list[FileNote]:
    """The rows above the header that look as if they were of a list."""
    return [
        FileNote(FileRemark.ABOVE_HEADER, row.number, shorten("、".join(filter(None, texts))))
        for row in table.rows[: max(header.first_row - 1, 0)]
        if not row.is_heading
        and not any(find_column(kind, cell) for cell in row.cells)
        and len(
            texts := [canonical_line(c.strip()[:_CELL_GLANCED]) for c in row.cells if c.strip()]
        )
        > 1
        and len(texts) >= len(header.columns)
    ]
