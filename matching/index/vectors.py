"""The float32 originals of all vectors, addressed by slot: what every exact comparison reads.

Few of them stand in memory. Many stand in a scratch file without a name, mapped into memory: the
system keeps of it what is read and what it has room for, so that a million vectors do not count
against the memory of the process, and nothing of the file is left when the process ends.
"""

import mmap
import os
import tempfile
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Slots = NDArray[np.int64]

# So many bytes stand in memory before a file is opened for them.
_BYTES_IN_MEMORY = 16 << 20
_FIRST_SLOTS = 64
_GROWTH = 0.25
_READ_AT_ONCE = 1 << 14


class VectorStore:
    """Vectors side by side; a slot is the position of one of them.

    Without a `folder` everything stays in memory. A store in a file belongs to the process that
    made it: a forked child would write into its parent's vectors, so that it is refused any access
    (RuntimeError). A full disk raises OSError where a slot is appended, not later.
    """

    def __init__(self, dimensions: int, folder: Path | None = None) -> None:
        self._dimensions = dimensions
        self._folder = folder
        self._count = 0
        self._file: int | None = None
        self._owner = os.getpid()
        self._array: Vectors = np.zeros((_FIRST_SLOTS, dimensions), dtype=np.float32)

    def __len__(self) -> int:
        return self._count

    @property
    def in_file(self) -> bool:
        """Whether the vectors stand in a scratch file."""
        return self._file is not None

    @property
    def array(self) -> Vectors:
        """(slots, dimensions), the vectors themselves. They move when one is appended."""
        if self._file is not None and os.getpid() != self._owner:
            raise RuntimeError("the vectors belong to another process; each makes its own")
        return self._array[: self._count]

    def append(self, vectors: Vectors) -> int:
        """Store (n, dimensions) vectors in the next n slots; returns the first of them."""
        start = self._count
        self._make_room(start + len(vectors))
        self._count = start + len(vectors)
        self.array[start:] = vectors
        return start

    def gather(self, slots: Slots) -> Vectors:
        """(n,) slots → a copy of their (n, dimensions) vectors."""
        return self.array[slots]

    def save(self, path: Path) -> None:
        """Write the vectors of all slots into the new file `path`, as plain float32."""
        with path.open("xb") as file:
            self.array.tofile(file)

    def restore(self, path: Path) -> None:
        """Hold exactly what `save` wrote. Raises ValueError for a file of another shape."""
        size = path.stat().st_size
        count, rest = divmod(size, 4 * self._dimensions)
        if rest:
            raise ValueError(f"{path.name} does not hold vectors of {self._dimensions} dimensions")
        self._count = 0
        self._make_room(count)
        self._count = count
        with path.open("rb") as file:
            for start in range(0, count, _READ_AT_ONCE):
                part = self.array[start : start + _READ_AT_ONCE]
                part[:] = np.fromfile(file, np.float32, part.size).reshape(part.shape)

    def _make_room(self, slots: int) -> None:
        if slots <= len(self._array):
            return
        room = max(slots, int(len(self._array) * (1 + _GROWTH)), _FIRST_SLOTS)
        size = room * self._dimensions * 4
        if self._folder is None or size <= _BYTES_IN_MEMORY:
            grown = np.zeros((max(room, 2 * len(self._array)), self._dimensions), dtype=np.float32)
            grown[: self._count] = self._array[: self._count]
        else:
            grown = self._map(room)
        self._array = grown

    def _map(self, room: int) -> Vectors:
        """The file with room for `room` slots, what was stored before in its place."""
        is_new = self._file is None
        if self._file is None:
            self._file = _open_unnamed(self._folder)
            weakref.finalize(self, os.close, self._file)
        size = room * self._dimensions * 4
        # Blocks are taken now: a page without one would kill the process when the disk is full.
        os.posix_fallocate(self._file, 0, size)
        mapped = mmap.mmap(self._file, size)
        grown = np.frombuffer(mapped, dtype=np.float32).reshape(room, self._dimensions)
        if is_new:
            grown[: self._count] = self._array[: self._count]
        return grown


def _open_unnamed(folder: Path | None) -> int:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    # Where the system can, the file never has a name that a killed process would leave.
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.dup(file.fileno())
