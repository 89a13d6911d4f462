"""Tells by its contents what a file is that is no table: refused by its name, so that whoever sent
it knows what to do instead."""

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from io import BytesIO
from posixpath import basename
from typing import Final

from app.imports.errors import (
    FileLocked,
    FileUnreadable,
    OldSpreadsheet,
    OtherDocument,
    PackedFile,
    SeveralFiles,
)
from app.imports.problems import shorten
from app.imports.spreadsheets import ARCHIVE_BEGINS
from models.canonical import canonical_line

# Documents of before 2007, newer ones with a password, and mails that were saved.
_OLD_OFFICE_BEGINS: Final = b"\xd0\xcf\x11\xe0"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OLD_OFFICE: Final = (
    ("WordDocument".encode("utf-16-le"), "Word (.doc)"),
    ("PowerPoint Document".encode("utf-16-le"), "PowerPoint (.ppt)"),
    ("__properties_version1".encode("utf-16-le"), "Outlook (.msg)"),
)

# What people send by mistake, and how it begins.
_OTHER_BEGINS: Final = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"SQLite format 3\0", "SQLite"),
    (b"PAR1", "Parquet"),
)
# The same, where the sign stands further behind.
_OTHER_SIGNS: Final = ((4, b"ftyphei", "HEIC"), (4, b"ftypmif1", "HEIC"), (8, b"WEBP", "WebP"))
_OTHER_ARCHIVES: Final = (
    (b"application/vnd.oasis.opendocument", "OpenDocument"),
    (b"word/document.xml", "Word"),
    (b"ppt/presentation.xml", "PowerPoint"),
    (b"Index/Document.iwa", "Numbers"),
    (b"xl/workbook.bin", ".xlsb"),
    (b"OFD.xml", "OFD"),
)
_PACKERS: Final = ((b"Rar!\x1a\x07", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"))
_LOOKED_AT: Final = 200_000
_CONTENT_TYPES: Final = "[Content_Types].xml"
# As many names of packed files as are told, each so long.
_NAMES_SHOWN: Final = 4
_NAME_SHOWN: Final = 40
# Zip says by this bit that a name is UTF-8; else it is in the packer's own encoding.
_IS_UTF_8: Final = 0x800

# Pages that were saved with all that belongs to them, which many systems call .xls.
_SAVED_PAGE_BEGINS: Final = (b"MIME-Version:", b"From: <Saved by")


def refuse_others(content: bytes) -> None:
    """Nothing for what may be a table.

    Raises FileLocked, OldSpreadsheet, OtherDocument, PackedFile, SeveralFiles.
    """
    if content.startswith(_OLD_OFFICE_BEGINS):
        _refuse_old_office(content)
    for begins, name in _OTHER_BEGINS:
        if content.startswith(begins):
            raise OtherDocument(kind=name)
    for place, sign, name in _OTHER_SIGNS:
        if content.startswith(sign, place):
            raise OtherDocument(kind=name)
    for begins, name in _PACKERS:
        if content.startswith(begins):
            raise PackedFile(kind=name)
    if content.startswith(ARCHIVE_BEGINS):
        parts = _list_parts(content)
        inside = content[:_LOOKED_AT] + "\n".join(part.filename for part in parts).encode(
            errors="replace"
        )
        for sign, name in _OTHER_ARCHIVES:
            if sign in inside:
                raise OtherDocument(kind=name)
        if names := _list_packed(parts):
            raise SeveralFiles(files=names)


def _refuse_old_office(content: bytes) -> None:
    if _ENCRYPTED in content:
        raise FileLocked
    for sign, name in _OLD_OFFICE:
        if sign in content:
            raise OtherDocument(kind=name)
    raise OldSpreadsheet


def _list_parts(content: bytes) -> list[zipfile.ZipInfo]:
    """The parts of an archive; none where it cannot be read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return archive.infolist()
    # A damaged or forged file makes the library fail in any way there is.
    except Exception:
        return []


def _list_packed(parts: Sequence[zipfile.ZipInfo]) -> tuple[str, ...]:
    """The names of the files that an archive packs up, some of them; none where it is itself one
    document."""
    if any(part.filename == _CONTENT_TYPES for part in parts):
        return ()
    names = [_name_packed(part) for part in parts if not part.is_dir()]
    # What macOS puts beside each file.
    names = [name for name in names if name and not name.startswith(("._", ".DS_Store"))]
    return (*names[:_NAMES_SHOWN], *(["…"] if len(names) > _NAMES_SHOWN else []))


def _name_packed(part: zipfile.ZipInfo) -> str:
    name = part.filename
    if not part.flag_bits & _IS_UTF_8:
        with suppress(UnicodeError):
            # Chinese Windows packs names in its own encoding, and does not say so.
            name = name.encode("cp437").decode("gb18030")
    return shorten(canonical_line(basename(name)), _NAME_SHOWN)


def take_page(content: bytes) -> bytes:
    """The page of HTML in a page that was saved as one file (MHTML); any other content as it is.

    Raises OtherDocument where there is none in it.
    """
    if not content.startswith(_SAVED_PAGE_BEGINS):
        return content
    pages = []
    try:
        message = message_from_bytes(content, policy=policy.default)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                found = part.get_payload(decode=True)
                charset = part.get_content_charset() or "utf-8"
                if isinstance(found, bytes):
                    pages.append(found.decode(charset, errors="replace").encode())
    except Exception as error:
        raise FileUnreadable from error
    # A workbook has a frame, and a page for each of its sheets.
    with_tables = [page for page in pages if b"<table" in page.lower()]
    if not with_tables:
        raise OtherDocument(kind="MHTML")
    return b"\n".join(with_tables)
