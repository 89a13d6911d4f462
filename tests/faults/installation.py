"""A whole installation as an operator runs it: whatever dies is started again, and nothing else.

Pages by gunicorn's master and its workers, the worker of the jobs, on PostgreSQL a server of its
own; a mail server that keeps what it takes.
"""

import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Engine, NullPool, make_url, text
from sqlalchemy.exc import DBAPIError

from models.orm import create_engine_for
from tests.databases import PostgresServer
from tests.faults.programs import Programs, is_alive, kill, list_children

SECRET_KEY: Final = "0123456789 only for the drill of kills"
PROCESSES: Final = 2
THREADS: Final = 4

# Until everything answers again after a kill, however busy the machine is.
_PATIENCE_SECONDS: Final = 120
_LOOKS_EVERY: Final = 0.05


class Installation:
    """The processes over one database, kept alive by a thread."""

    def __init__(
        self,
        programs: Programs,
        folder: Path,
        url: str,
        *,
        mail: str,
        server: PostgresServer | None = None,
    ) -> None:
        self.folder = folder
        self.port = _find_free_port()
        self.url = url
        self.settings = {
            "YINQIAO_INSTANCE_PATH": str(folder),
            "YINQIAO_DATABASE_URL": make_url(url).render_as_string(hide_password=False),
            "YINQIAO_ENCODER": "hashing",
            "YINQIAO_SECRET_KEY": SECRET_KEY,
            "YINQIAO_SMTP_URL": f"smtp://{mail}",
            "YINQIAO_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "YINQIAO_REQUESTS_PER_MINUTE": "1000000",
        }
        self.killed: Counter[str] = Counter()
        self._programs, self._server = programs, server
        self._words = {
            "master": (
                "serve", "--without-worker", "--port", str(self.port),
                "--processes", str(PROCESSES), "--threads", str(THREADS),
            ),
            "jobs": ("worker",),
        }  # fmt: skip
        self._pids: dict[str, int] = {}
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="supervisor")

    @property
    def targets(self) -> list[str]:
        """What can be killed."""
        of_database = ["server", "backend"] if self._server else []
        return ["page", "master", "jobs", "import", *of_database]

    def start(self) -> None:
        """Everything runs and answers."""
        self._keeper.start()
        self.wait_until_well()

    def stop(self) -> None:
        """Nothing is started again; what runs is stopped as a person would stop it."""
        self._stopping.set()
        self._keeper.join()
        for pid in self._pids.values():
            subprocess.run(["kill", str(pid)], check=False, capture_output=True)  # noqa: S603, S607
        until = time.monotonic() + _PATIENCE_SECONDS
        while any(map(is_alive, self._pids.values())) and time.monotonic() < until:
            time.sleep(_LOOKS_EVERY)

    def run(self, *words: str) -> str:
        """What is left to say of `yinqiao` with `words`: its exit code."""
        ending = self.folder / f"ending-{time.monotonic_ns()}"
        pid = self._start(*words, ending=ending)
        until = time.monotonic() + _PATIENCE_SECONDS
        while is_alive(pid) and time.monotonic() < until:
            time.sleep(_LOOKS_EVERY)
        return ending.read_text() if ending.exists() else "killed"

    def start_import(self, file: Path, incubator: str, ending: Path) -> int:
        """The number of a process that brings in `file`."""
        words = ("import", "apply", str(file), "--kind", "mentor", "--incubator", incubator)
        return self._start(*words, ending=ending)

    def kill(self, target: str, chance: Random) -> bool:
        """Kill one of `target` (but an import); whether there was one."""
        if target == "server" and self._server is not None:
            done = kill(self._server.postmaster)
        elif target == "backend":
            done = self._kill_backend(chance)
        elif target == "page":
            pages = list_children(self._pids["master"])
            done = bool(pages) and kill(chance.choice(pages))
        else:
            done = kill(self._pids[target])
        self.killed[target] += done
        return done

    def wait_until_well(self) -> None:
        """Until a page that asks the database answers; RuntimeError where none does."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(_LOOKS_EVERY)
        raise RuntimeError("the installation does not come back")

    @contextmanager
    def open_database(self) -> Iterator[Engine]:
        """Its database, for whoever looks from outside."""
        engine = create_engine_for(self.url, poolclass=NullPool)
        try:
            yield engine
        finally:
            engine.dispose()

    def _kill_backend(self, chance: Random) -> bool:
        """A process of the server that works for one connection: all others end with it."""
        with self.open_database() as engine:
            try:
                with engine.connect() as connection:
                    asked = text(
                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                        " AND pid <> pg_backend_pid() ORDER BY pid"
                    )
                    pids = list(connection.scalars(asked))
            except DBAPIError:
                return False
        return bool(pids) and kill(chance.choice(pids))

    def _keep(self) -> None:
        while not self._stopping.wait(_LOOKS_EVERY):
            if self._server is not None:
                self._server.keep_alive()
            for name, words in self._words.items():
                if name not in self._pids or not is_alive(self._pids[name]):
                    self._pids[name] = self._start(*words)

    def _start(self, *words: str, ending: Path | None = None) -> int:
        log = self.folder / "log"
        return self._programs.start(*words, settings=self.settings, log=log, ending=ending)


def _find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
