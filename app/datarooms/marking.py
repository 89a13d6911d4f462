"""The marked form of a file, for one reader and one moment: made when it is asked for, never kept.

PDFs and images are marked by `stamping.py` in a process of its own, with an end to its time and
memory. What cannot be marked is not shown.
"""

import subprocess  # nosec B404  # one program, ours, without a shell
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import Final

from app.datarooms.errors import (
    FileLockedAgainstMarking,
    MarkingBusy,
    NotMarkable,
    TooLargeToMark,
)
from app.errors import DomainError
from app.vault.contents import decode_text
from app.vault.filenames import get_ending
from models.people import Person
from models.vocabulary import FileType

TEXTS: Final = frozenset({FileType.TEXT, FileType.MARKDOWN, FileType.CSV})
IMAGES: Final = frozenset({FileType.PNG, FileType.JPEG})
# What is shown here, with who reads it and when all over it.
SHOWN_HERE: Final = TEXTS | IMAGES | {FileType.PDF}

_PROGRAM: Final = str(Path(__file__).with_name("stamping.py"))
_SECONDS: Final = 25
_SECONDS_TO_WAIT: Final = 10
# Each takes a processor; all others of this process go on answering.
_PLACES: Final = BoundedSemaphore(2)
_REFUSALS: Final[Mapping[str, type[DomainError]]] = MappingProxyType(
    {"locked": FileLockedAgainstMarking, "too_large": TooLargeToMark}
)


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """What may leave the house; `name` says that it is marked."""

    name: str
    content: bytes
    media_type: str


def mark_file(filename: str, file_type: FileType, content: bytes, mark: str) -> MarkedFile:
    """`content`, a file of that name and type, with `mark` all over it.

    Takes up to 35 seconds, so no transaction should be open. Raises NotMarkable,
    FileLockedAgainstMarking, TooLargeToMark, MarkingBusy.
    """
    stem = filename.removesuffix(f".{get_ending(filename)}")
    if file_type in TEXTS:
        said = "\n".join(f"[{mark}]\n{lines}" for lines in split_text(read_text(content)))
        return MarkedFile(f"{stem}-marked.txt", said.encode(), "text/plain; charset=utf-8")
    if file_type is FileType.PDF:
        return MarkedFile(f"{stem}-marked.pdf", _stamp("pdf", content, mark), "application/pdf")
    if file_type in IMAGES:
        return MarkedFile(f"{stem}-marked.jpg", _stamp("image", content, mark), "image/jpeg")
    raise NotMarkable


def word_mark(reader: Person, at: datetime) -> str:
    """Who reads it and when, in ASCII: no other letters are in every reader's fonts."""
    address = reader.email.encode("ascii", "backslashreplace").decode()
    return f"{address} {reader.public_id} {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def read_text(content: bytes, *, most: int = 200_000) -> str:
    """What stands in a text file; at most `most` characters. Raises NotMarkable."""
    text = decode_text(content)
    if text is None:
        raise NotMarkable
    return text.removeprefix("\ufeff")[:most]


def split_text(text: str, *, every: int = 40) -> list[str]:
    """`text` in parts of `every` lines, so that what is copied out has a mark with it."""
    lines = text.splitlines() or [""]
    return ["\n".join(lines[start : start + every]) for start in range(0, len(lines), every)]


def _stamp(kind: str, content: bytes, mark: str) -> bytes:
    """What the program makes of it. Raises as `mark_file`."""
    if not _PLACES.acquire(timeout=_SECONDS_TO_WAIT):
        raise MarkingBusy
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603  # our own program; the mark is one argument
            [sys.executable, "-I", _PROGRAM, kind, mark],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooLargeToMark from error
    finally:
        _PLACES.release()
    if done.returncode == 0 and done.stdout:
        return done.stdout
    # Ended by the system's limit of time or memory.
    if done.returncode < 0:
        raise TooLargeToMark
    raise _REFUSALS.get(done.stderr.decode(errors="replace"), NotMarkable)
