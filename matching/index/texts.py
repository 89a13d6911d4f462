"""The texts of all rows in one scratch file: a match reads the few that it shows.

The file has no name: it takes no memory of the process but the system's page cache, no other
process can open it, and nothing of it is left when the process ends, however it ends.
"""

import os
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.index.blocks import grow

_FIRST_SIZE = 64
_COPIED_AT_ONCE = 1 << 24
# The file is not packed anew for less than this many dead bytes.
_LEAST_DEAD = 1 << 20


class Texts:
    """For each row its text, in UTF-8; a row without one has the empty text.

    What a changed or removed row leaves behind is overwritten with zeros, and given back when it
    is half of the file. The file stands in `folder`, else where the system keeps such files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = _ScratchFile(folder)
        self._end = 0
        self._dead = 0
        self._starts = np.zeros(_FIRST_SIZE, dtype=np.int64)
        self._sizes = np.zeros(_FIRST_SIZE, dtype=np.int64)

    def put_many(self, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Row `rows[i]` has exactly `texts[i]`. No row may occur twice."""
        if not rows:
            return
        self.remove_many(rows)
        # A lone surrogate cannot be stored in a database, but it can be asked of an engine.
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        if max(rows) >= len(self._starts):
            size = max(2 * len(self._starts), max(rows) + 1)
            self._starts, self._sizes = grow(self._starts, size), grow(self._sizes, size)
        sizes = np.array([len(each) for each in encoded], dtype=np.int64)
        self._starts[rows] = self._end + np.cumsum(sizes) - sizes
        self._sizes[rows] = sizes
        self._file.write(b"".join(encoded), self._end)
        self._end += int(sizes.sum())

    def remove_many(self, rows: Sequence[int]) -> None:
        """The rows have no text, and no byte of what they had is in the file."""
        for row in rows:
            if row < len(self._sizes) and (size := int(self._sizes[row])):
                self._file.write(bytes(size), int(self._starts[row]))
                self._sizes[row] = 0
                self._dead += size
        if self._dead > max(_LEAST_DEAD, self._end // 2):
            self.pack()

    def __getitem__(self, row: int) -> str:
        """The text of `row`."""
        if row >= len(self._sizes):
            return ""
        start, size = int(self._starts[row]), int(self._sizes[row])
        return self._file.read(size, start).decode("utf-8", "surrogatepass")

    def pack(self) -> None:
        """No byte of the file is dead."""
        if not self._dead:
            return
        rows = np.flatnonzero(self._sizes)
        rows = rows[np.argsort(self._starts[rows])]
        before, self._file = self._file, _ScratchFile(self._folder)
        end = 0
        for row in rows.tolist():
            size = int(self._sizes[row])
            self._file.write(before.read(size, int(self._starts[row])), end)
            self._starts[row] = end
            end += size
        self._starts[self._sizes == 0] = 0
        self._end, self._dead = end, 0

    def save(self, path: Path) -> dict[str, NDArray[np.int64]]:
        """Copy all texts into the new file `path`; returns where each row's text stands in it."""
        self.pack()
        with path.open("xb") as file:
            for start in range(0, self._end, _COPIED_AT_ONCE):
                file.write(self._file.read(min(_COPIED_AT_ONCE, self._end - start), start))
        return {"starts": self._starts, "sizes": self._sizes}

    def restore(self, path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `save` wrote and returned. Raises ValueError when they do not fit."""
        starts, sizes = arrays["starts"].astype(np.int64), arrays["sizes"].astype(np.int64)
        with path.open("rb") as file:
            end = 0
            while part := file.read(_COPIED_AT_ONCE):
                self._file.write(part, end)
                end += len(part)
        if len(starts) != len(sizes) or (starts + sizes).max(initial=0) > end:
            raise ValueError("the texts do not reach as far as their places")
        self._starts, self._sizes, self._end, self._dead = starts, sizes, end, 0


class _ScratchFile:
    """A file without a name, closed with the last reference to it."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        # Where the system can, the file never has a name that a killed process would leave.
        with tempfile.TemporaryFile(dir=folder) as file:
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)

    def write(self, content: bytes, at: int) -> None:
        """`content` stands at `at`."""
        view = memoryview(content)
        while view:
            written = os.pwrite(self._descriptor, view, at)
            view, at = view[written:], at + written

    def read(self, size: int, at: int) -> bytes:
        """The `size` bytes at `at`. Raises OSError when there are fewer."""
        parts = []
        while size:
            part = os.pread(self._descriptor, size, at)
            if not part:
                raise OSError("the scratch file of texts is shorter than it was made")
            parts.append(part)
            size, at = size - len(part), at + len(part)
        return b"".join(parts)
