"""A served installation at work, whose processes are killed: `tests.faults.drill` says how.

The long run is `python -m tests.faults.drill`; here each process that can be killed is,
on each database.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.drill import drill
from tests.faults.programs import Programs

pytestmark = [pytest.mark.faults, pytest.mark.trust, pytest.mark.concurrency]

KILLS = {"sqlite": 4, "postgres": 6}
TARGETS = {"page", "master", "jobs", "import"}


@pytest.fixture(scope="module")
def programs() -> Iterator[Programs]:
    with Programs() as programs:
        yield programs


def test_whatever_is_killed_what_was_acknowledged_is_there_once(
    programs: Programs, dialect: str, tmp_path: Path
) -> None:
    told = drill(programs, tmp_path, kills=KILLS[dialect], seed=7, postgres=dialect == "postgres")

    assert sum(told["killed"].values()) == KILLS[dialect]
    of_server = {"server", "backend"} if dialect == "postgres" else set()
    assert set(told["killed"]) == TARGETS | of_server, told
    assert {"need", "request", "accept", "document", "import"} <= set(told["acknowledged"]), told
    print(told)
