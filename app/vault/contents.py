"""What a file is, told by its contents: a closed table of types, and everything else is refused.

The ending of the name says what somebody believes the file to be; the contents decide. No file
is unpacked or rendered here: of an archive only its table and one small part are read.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from types import MappingProxyType
from typing import Final

from app.settings import MEGABYTE
from app.vault.errors import (
    ContentsDiffer,
    FileEmpty,
    FileHasMacros,
    FileTooHeavy,
    FileTypeNotTaken,
    FileUnpacksTooFar,
    OldOfficeFile,
)
from app.vault.filenames import get_ending, make_safe_name
from models.vocabulary import FileType

ENDINGS: Final[Mapping[str, FileType]] = MappingProxyType(
    {
        ending: each
        for each in FileType
        for ending in (("jpg", "jpeg") if each is FileType.JPEG else (each.value,))
    }
)

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Final[Mapping[FileType, str]] = MappingProxyType(
    {
        FileType.PDF: "application/pdf",
        FileType.DOCX: f"{_OFFICE}wordprocessingml.document",
        FileType.XLSX: f"{_OFFICE}spreadsheetml.sheet",
        FileType.PPTX: f"{_OFFICE}presentationml.presentation",
        FileType.PNG: "image/png",
        FileType.JPEG: "image/jpeg",
        FileType.TEXT: "text/plain",
        FileType.MARKDOWN: "text/markdown",
        FileType.CSV: "text/csv",
    }
)

# ISO/IEC 29500-1: the content type of the part that makes a package what it is.
_MAIN_PARTS: Final[Mapping[FileType, bytes]] = MappingProxyType(
    {
        FileType.DOCX: f"{_OFFICE}wordprocessingml.document.main+xml".encode(),
        FileType.XLSX: f"{_OFFICE}spreadsheetml.sheet.main+xml".encode(),
        FileType.PPTX: f"{_OFFICE}presentationml.presentation.main+xml".encode(),
    }
)

# Whose bytes are words and nothing else.
PLAIN_TEXTS: Final = frozenset({FileType.TEXT, FileType.MARKDOWN})

_OLD_OFFICE_BEGINS: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE_BEGINS: Final = b"PK\x03\x04"

_PARTS_LIMIT: Final = 5_000
_TYPES_PART: Final = "[Content_Types].xml"
_TYPES_PART_LIMIT: Final = MEGABYTE
# A drawing of a sheet full of zeros is packed a thousand to one; a file of real work, some ten.
_UNPACKED_LIMIT: Final = 500 * MEGABYTE
_MACRO_PARTS: Final = re.compile(r"(?i)(^|/)(vbaproject|vbadata)|(^|/)(activex|macrosheets)/")
_MACRO_TYPES: Final = re.compile(rb"(?i)macroEnabled|ms-office\.vbaProject|activeX|macrosheet")
# In these a content type could hide from whoever looks for it as it is written.
_VEILS: Final = re.compile(rb"&|<!|\x00")

_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: a safe name, and contents that are what the name says."""

    name: str
    file_type: FileType
    content: bytes
    sha256: str

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def check_file(name: str, content: bytes, *, megabytes: int) -> CheckedFile:
    """The file that was sent as `name`, if it may be kept.

    Raises FileEmpty, FileTooHeavy, FileTypeNotTaken, OldOfficeFile, ContentsDiffer,
    FileHasMacros, FileUnpacksTooFar.
    """
    safe = make_safe_name(name)
    if not content:
        raise FileEmpty
    if len(content) > megabytes * MEGABYTE:
        raise FileTooHeavy(megabytes=megabytes)
    if content.startswith(_OLD_OFFICE_BEGINS):
        raise OldOfficeFile
    file_type = ENDINGS.get(get_ending(safe))
    if file_type is None:
        raise FileTypeNotTaken(endings=tuple(ENDINGS))
    if not _CHECKS[file_type](content):
        raise ContentsDiffer(claimed=get_ending(safe))
    return CheckedFile(safe, file_type, content, sha256(content).hexdigest())


def _is_pdf(content: bytes) -> bool:
    """Begins as ISO 32000 says, and has its end: one that was cut off lacks it."""
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2_048:]


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[3:]


def _is_text(content: bytes) -> bool:
    return decode_text(content) is not None


def decode_text(content: bytes) -> str | None:
    """Characters of UTF-8, UTF-16 with its mark, or GB 18030, and no control characters; or None"""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for code in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        return None if _NO_TEXT.search(text) else text
    return None


def _make_office_check(file_type: FileType) -> Callable[[bytes], bool]:
    def check(content: bytes) -> bool:
        if not content.startswith(_ARCHIVE_BEGINS):
            return False
        try:
            with zipfile.ZipFile(BytesIO(content)) as archive:
                _check_parts(archive.infolist(), len(content))
                types = _read_types(archive)
        # A damaged or forged archive makes the library fail in many ways.
        except (zipfile.BadZipFile, EOFError, LookupError, OSError, RuntimeError) as error:
            raise ContentsDiffer(claimed=file_type.value) from error
        except ValueError as error:
            raise ContentsDiffer(claimed=file_type.value) from error
        if _MACRO_TYPES.search(types):
            raise FileHasMacros
        return _MAIN_PARTS[file_type] in types

    return check


def _check_parts(parts: list[zipfile.ZipInfo], size: int) -> None:
    """Raise FileUnpacksTooFar, FileHasMacros by what the archive's table says.

    We unpack nothing: this is for whoever opens the file later.
    """
    if (
        len(parts) > _PARTS_LIMIT
        or sum(part.file_size for part in parts) > _UNPACKED_LIMIT
        # Parts that lie over each other take less room than the sum of what they say.
        or sum(part.compress_size for part in parts) > size
        or any(_leads_elsewhere(part.filename) for part in parts)
        or len({part.filename.lower() for part in parts}) < len(parts)
    ):
        raise FileUnpacksTooFar
    if any(_MACRO_PARTS.search(part.filename) for part in parts):
        raise FileHasMacros


def _leads_elsewhere(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _read_types(archive: zipfile.ZipFile) -> bytes:
    """The part that says of what type the others are. Raises ValueError where it is not plain."""
    with archive.open(_TYPES_PART) as file:
        types = file.read(_TYPES_PART_LIMIT + 1)
    if len(types) > _TYPES_PART_LIMIT or _VEILS.search(types):
        raise ValueError("the list of content types cannot be trusted")
    return types


_CHECKS: Final[Mapping[FileType, Callable[[bytes], bool]]] = MappingProxyType(
    {
        FileType.PDF: _is_pdf,
        FileType.DOCX: _make_office_check(FileType.DOCX),
        FileType.XLSX: _make_office_check(FileType.XLSX),
        FileType.PPTX: _make_office_check(FileType.PPTX),
        FileType.PNG: _is_png,
        FileType.JPEG: _is_jpeg,
        FileType.TEXT: _is_text,
        FileType.MARKDOWN: _is_text,
        FileType.CSV: _is_text,
    }
)
