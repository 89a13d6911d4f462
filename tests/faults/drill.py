"""`python -m tests.faults.drill`: an installation at work whose processes are killed at random.

Clients state needs, ask, answer, plan, judge, keep documents, bring in files and rewrite profiles
over HTTP. Meanwhile one process after another gets SIGKILL: a worker of the pages, gunicorn's
master, the worker of the jobs, an import of the command line, PostgreSQL's first process or one of
a connection. A supervisor starts again whatever died. At the end everything that was acknowledged
is there, nothing is doubled, the record of acts verifies, every file is whole, the index holds what
the database does, and no mail left more often than is promised.

Prints one JSON object: what was killed how often, how many acts of each kind were acknowledged and
how many were never answered.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.transactions import writing
from models.imports import ImportBatch
from models.orm import new_public_id
from tests.app.smtp_server import SmtpServer, run_smtp_server
from tests.databases import SqliteDatabases, run_postgres_to_kill
from tests.faults.aftermath import check_acts, check_database, check_imports, check_mails
from tests.faults.crowd import (
    Browser,
    Client,
    FounderProgram,
    Ledger,
    MentorProgram,
    OperatorProgram,
    World,
    fill,
    list_rows,
)
from tests.faults.installation import Installation
from tests.faults.programs import Programs, is_alive, kill

# Of a file that the command line brings in, and of one over HTTP.
_ROWS: Final = 40
_FEW_ROWS: Final = 2
# Between two kills so many acts are acknowledged, unless it takes too long.
_MOST_ACTS: Final = 5
_MOST_SECONDS: Final = 3.0
# How far an import may come.
_IMPORTS_FOR: Final = (0.2, 2.5)
_PATIENCE_SECONDS: Final = 120


class Drill:
    """One installation, those who work on it, and who kills it."""

    def __init__(self, installation: Installation, world: World, seed: int) -> None:
        self._installation, self._world = installation, world
        self._chance = Random(seed)  # noqa: S311  (no secret)
        self.ledger = Ledger()
        kinds: list[type[Client]] = [FounderProgram, FounderProgram, MentorProgram]
        kinds += [OperatorProgram, Browser]
        self._clients = [
            kind(installation.port, world, self.ledger, seed * 100 + number)
            for number, kind in enumerate(kinds)
        ]
        # Of each file of the command line, how it ended.
        self._endings: dict[str, Path] = {}

    def run(self, kills: int) -> None:
        """Let everybody work, kill, and stop when `kills` are done and all is quiet."""
        for client in self._clients:
            client.start()
        done, targets = 0, list[str]()
        while done < kills:
            self._let_them_act(self._chance.randint(0, _MOST_ACTS))
            # Each of them before any of them again.
            possible = self._installation.targets
            targets = targets or self._chance.sample(possible, k=len(possible))
            target = targets[-1]
            if target == "import":
                is_killed = self._kill_import()
            else:
                is_killed = self._installation.kill(target, self._chance)
            if is_killed:
                targets.pop()
                done += 1
            self._installation.wait_until_well()
        for client in self._clients:
            client.stop.set()
        for client in self._clients:
            client.join(_PATIENCE_SECONDS)
        self._let_imports_end()

    def check(self, mail: SmtpServer) -> None:
        """Everything is as it was acknowledged. The installation is stopped meanwhile."""
        assert not self.ledger.mistakes, self.ledger.mistakes[:3]
        for mark, ending in self._endings.items():
            if ending.exists() and ending.read_text() == "0":
                self.ledger.acknowledge("import", mark)
        rows = dict.fromkeys(self._endings, _ROWS)
        told = (*self.ledger.done["preview"], *self.ledger.open["preview"])
        rows |= dict.fromkeys(told, _FEW_ROWS)
        self._installation.stop()
        with self._installation.open_database() as engine, Session(engine) as session:
            check_database(session)
            check_acts(session, self.ledger)
            check_imports(session, self.ledger, rows)
            check_mails(session, [str(each["Message-ID"]) for each in mail.taken])
        for words in (("audit", "verify"), ("vault", "verify"), ("index", "check")):
            assert self._installation.run(*words) == "0", words

    def _let_them_act(self, number: int) -> None:
        until, wanted = time.monotonic() + _MOST_SECONDS, self.ledger.count() + number
        while self.ledger.count() < wanted and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(self._chance.uniform(0, 0.1))

    def _kill_import(self) -> bool:
        mark = new_public_id()
        file = self._installation.folder / f"{mark}.csv"
        file.write_bytes(list_rows(mark, _ROWS))
        ending = self._endings[mark] = file.with_suffix(".ending")
        pid = self._installation.start_import(file, self._world.incubator_name, ending)
        until = time.monotonic() + self._chance.uniform(*_IMPORTS_FOR)
        while time.monotonic() < until and is_alive(pid):
            time.sleep(0.02)
        done = is_alive(pid) and kill(pid)
        self._installation.killed["import"] += done
        return done

    def _let_imports_end(self) -> None:
        """What was confirmed goes on in the worker."""
        until = time.monotonic() + _PATIENCE_SECONDS
        applying = select(ImportBatch.id).where(ImportBatch.state == "applying").limit(1)
        with self._installation.open_database() as engine:
            while time.monotonic() < until:
                with Session(engine) as session:
                    if session.scalar(applying) is None:
                        return
                time.sleep(0.2)


def drill(
    programs: Programs, folder: Path, *, kills: int, seed: int, postgres: bool
) -> Mapping[str, Any]:
    """What `main` prints. AssertionError where anything was lost, doubled or damaged."""
    begun = time.monotonic()
    with ExitStack() as stack:
        mail = stack.enter_context(run_smtp_server())
        server = stack.enter_context(run_postgres_to_kill()) if postgres else None
        url = server.create() if server else SqliteDatabases(folder).create()
        installation = Installation(programs, folder, url, mail=mail.place, server=server)
        with installation.open_database() as engine, Session(engine) as session, writing(session):
            world = fill(session, meetings=kills // 2 + 3)
        installation.start()
        drill = Drill(installation, world, seed)
        try:
            drill.run(kills)
            drill.check(mail)
        finally:
            installation.stop()
    ledger = drill.ledger
    return {
        "name": "drill",
        "database": "postgres" if postgres else "sqlite",
        "seconds": round(time.monotonic() - begun),
        "killed": dict(installation.killed),
        "acknowledged": {kind: len(marks) for kind, marks in ledger.done.items()},
        "never_answered": {kind: len(marks) for kind, marks in ledger.open.items() if marks},
        "refused": dict(ledger.refused),
        "mails": len(mail.taken),
    }


def main(arguments: list[str]) -> int:
    """0 where nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.drill")
    parser.add_argument("--kills", type=int, default=100, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--folder", type=Path, help="keeps what is left, and the log")
    words = parser.parse_args(arguments)
    wanted = ["sqlite", "postgres"] if words.database == "both" else [words.database]
    for kind in wanted:
        with tempfile.TemporaryDirectory() as name, Programs() as programs:
            folder = (words.folder or Path(name)) / kind
            folder.mkdir(parents=True)
            told = drill(
                programs,
                folder,
                kills=words.kills,
                seed=words.seed,
                postgres=kind == "postgres",
            )
        print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
