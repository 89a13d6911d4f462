"""Whether the migrations stand in one line: two heads would stop every upgrade.

`python -m tests.rules.migrations` prints what is wrong and ends with 1 when anything is.
"""

import sys

from alembic.script import ScriptDirectory

from app.database import get_alembic_config


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
    return problems


if __name__ == "__main__":
    found = list_problems()
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
