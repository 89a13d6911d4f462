"""What is dear to make and made once for a whole test run, whichever of its processes needs it."""

import fcntl
import tempfile
from collections.abc import Callable
from pathlib import Path


def make_once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Give `folder` back, which the first process to ask has made; the others wait for it.

    `make` gets the path of a folder that does not exist yet. What it raises reaches the caller, and
    the next process tries again. Nobody may write into the folder afterwards.
    """
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = Path(tempfile.mkdtemp(dir=folder.parent)) / folder.name
            make(begun)
            begun.rename(folder)
    return folder
