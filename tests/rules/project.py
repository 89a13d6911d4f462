"""Where the project's own files are, for the tests that read them."""

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "matching", "models")


def list_modules(*folders: str) -> list[Path]:
    """The Python files under `folders` of the project, in a fixed order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def list_files(folder: str, suffixes: Iterable[str]) -> list[Path]:
    """The files under `folder` that end in one of `suffixes`, in a fixed order."""
    wanted = set(suffixes)
    return sorted(path for path in (ROOT / folder).rglob("*") if path.suffix in wanted)


def name_of(path: Path) -> str:
    """The path as the project says it."""
    return path.relative_to(ROOT).as_posix()
