"""`python -m tests.bench [NAME…]`: runs every `measure()` of this folder, one JSON object a line.

Each module runs in a process of its own, so that no measurement inherits threads, caches or memory
from another. A module's `measure` returns one object or a list of them. Names choose modules.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def list_modules() -> list[str]:
    """The modules of this folder that measure something, in alphabetical order."""
    paths = sorted(HERE.glob("*.py"))
    return [path.stem for path in paths if "def measure(" in path.read_text(encoding="utf-8")]


def print_measurements(name: str) -> None:
    """Run one module's `measure` in this process and print what it returns."""
    measured = importlib.import_module(f"tests.bench.{name}").measure()
    for row in measured if isinstance(measured, list) else [measured]:
        print(json.dumps(row, ensure_ascii=False), flush=True)


def main(names: list[str]) -> int:
    """Run each module in a process of its own; 1 if any failed."""
    if len(names) == 2 and names[0] == "--here":
        print_measurements(names[1])
        return 0
    modules = [name for name in list_modules() if name != "__main__"]
    unknown = set(names) - set(modules)
    if unknown:
        print(
            f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(modules)}", file=sys.stderr
        )
        return 2
    failed = 0
    for name in names or modules:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "tests.bench", "--here", name]
        failed += subprocess.run(command, cwd=HERE.parents[1], check=False).returncode != 0  # noqa: S603
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
