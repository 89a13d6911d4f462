"""What is installed is what was locked, and what is shipped is complete."""

import re
import tomllib
from fnmatch import fnmatch
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.project import PACKAGES, ROOT, name_of

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# PyTorch's builds for different processors share a version and differ in their hashes.
WITHOUT_HASH = {"torch"}


def read_locked() -> dict[str, list[str]]:
    """The pinned requirements of the lock by name, each with its lines of hashes."""
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    pinned = [block for block in blocks if "==" in block]
    return {
        canonicalize_name(block.split("==")[0]): re.findall(r"--hash=(sha256:[0-9a-f]{64})", block)
        for block in pinned
    }


def read_versions() -> dict[str, str]:
    """The locked version of each name."""
    found = re.findall(r"(?m)^([A-Za-z0-9][\w.-]*)==([^\s\\]+)", LOCK)
    return {canonicalize_name(name): version for name, version in found}


def list_declared() -> list[Requirement]:
    project = PROJECT["project"]
    texts = project["dependencies"] + project["optional-dependencies"]["dev"]
    return [Requirement(text) for text in texts]


def test_the_lock_names_no_host_and_no_place() -> None:
    found = [
        line
        for line in LOCK.splitlines()
        if re.search(r"//|--(?!hash=)|@|\bfile:|(?:^|\s)/\w", line) and not line.startswith("#")
    ]
    assert found == []


def test_everything_locked_has_its_hashes() -> None:
    locked = read_locked()
    assert len(locked) > len(list_declared())
    assert [name for name, hashes in locked.items() if not hashes] == []


@pytest.mark.parametrize("requirement", list_declared(), ids=str)
def test_what_is_declared_is_locked(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    if name in WITHOUT_HASH:
        assert str(requirement.specifier).startswith("==")
        assert name not in read_locked()
        return
    assert read_versions()[name] in requirement.specifier


def test_no_build_for_one_kind_of_processor_is_locked() -> None:
    assert [name for name in read_locked() if re.match(r"torch$|triton$|nvidia-|cuda-", name)] == []


def test_every_file_beside_the_code_is_shipped() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    forgotten = [
        name_of(path)
        for folder in (*PACKAGES, "migrations")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file()
        and path.suffix not in {".py", ".pyc"}
        and not any(fnmatch(path.name, pattern) for pattern in patterns)
    ]
    assert forgotten == []
