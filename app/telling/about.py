"""What a mail that lies in a folder is about, so that an erasure finds it without reading names.

A name may be a common word: whether it occurs in a text says nothing. So a mail says beside its
text to which addresses of this site it leads and, as hashes, what was put into its wording.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

# Goes no further than the folder: a mail that is sent does not have it.
ABOUT_HEADER: Final = "X-Yinqiao-About"

# A link that opens something is nobody's name.
_LEFT_OUT: Final = "link"
_MARK_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class About:
    """One thing that a mail tells: the address it leads to, and the marks of what it says."""

    path: str
    marks: frozenset[str]

    def names_one_of(self, words: Collection[str]) -> bool:
        """Whether one of `words` was put into the wording as a whole."""
        return not self.marks.isdisjoint(map(_mark, words))


def write_about(told: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """The header for what is told: each an address of this site and the facts of its wording."""
    return ", ".join(
        " ".join([path or "-", *sorted({_mark(v) for k, v in facts.items() if k != _LEFT_OUT})])
        for path, facts in told
    )


def read_about(header: str) -> list[About]:
    """What `write_about` wrote."""
    parts = [part.split() for part in header.split(",")]
    return [About("" if part[0] == "-" else part[0], frozenset(part[1:])) for part in parts if part]


def _mark(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK_LENGTH]
