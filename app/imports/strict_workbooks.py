"""Workbooks saved as “Strict Open XML”, which say the same under other names (ISO/IEC 29500-1)."""

import zipfile
from io import BytesIO
from typing import Final

_RELATIONS: Final = "_rels/.rels"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_NAMES: Final = (
    (b"spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
    (b"drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
)


def relax(content: bytes) -> bytes:
    """A strict workbook under the usual names; any other content as it is.

    What it unpacks to was counted before. Raises what `zipfile` does for a damaged archive.
    """
    with zipfile.ZipFile(BytesIO(content)) as strict:
        if _RELATIONS not in strict.namelist() or _STRICT not in strict.read(_RELATIONS):
            return content
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as usual:
            for part in strict.infolist():
                text = strict.read(part)
                for name, ours in _NAMES:
                    text = text.replace(_STRICT + name, ours)
                usual.writestr(part.filename, text)
        return file.getvalue()
