"""Whether the migrations stand in one line and make what the models describe.

Two heads would stop every upgrade; a state or a column without a migration would stop whoever
uses it. `python -m tests.rules.migrations` prints what is wrong and ends with 1 when anything is.
It looks at SQLite; tests/models/test_migrations.py looks at both databases.
"""

import sys
import tempfile
from pathlib import Path

from alembic.script import ScriptDirectory

import migrations
import models  # noqa: F401  (registers every table)
from app.database import get_alembic_config
from models.orm import create_engine_for
from tests.rules.schema import list_drift

# Holds the name of the newest migration: two branches that each add one collide in it.
NEWEST = Path(migrations.__file__).parent / "newest.txt"


def list_problems() -> list[str]:
    """One line for each way in which the migrations are not one line of steps."""
    script = ScriptDirectory.from_config(get_alembic_config())
    heads = script.get_heads()
    problems = [f"{len(heads)} heads: {', '.join(heads)}"] if len(heads) != 1 else []
    problems += [
        f"{step.revision} joins several steps"
        for step in script.walk_revisions()
        if isinstance(step.down_revision, tuple)
    ]
    names = [Path(step.path).stem for head in heads if (step := script.get_revision(head))]
    written = NEWEST.read_text(encoding="utf-8").split()
    if written != names:
        problems.append(
            f"migrations/newest.txt says {' '.join(written)!r}; the newest is {' '.join(names)!r}"
        )
    return problems


def list_sqlite_drift() -> list[str]:
    """One line for each difference between the models and a migrated SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        engines = [create_engine_for(f"sqlite:///{folder}/{name}.db") for name in ("up", "said")]
        try:
            return list_drift(*engines)
        finally:
            for engine in engines:
                engine.dispose()


if __name__ == "__main__":
    found = list_problems() or list_sqlite_drift()
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
