"""Another process of the application: a database, an engine, and whatever it is asked to do."""

import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine as DatabaseEngine

from matching.engine import Engine
from models.orm import create_engine_for
from tests.faults.writer import open_engine

_PATIENCE_SECONDS = 240


class House:
    """What the other process has: its own connections and its own index."""

    def __init__(self, url: str, cache_folder: str | None) -> None:
        self.database: DatabaseEngine = create_engine_for(url)
        self.matching: Engine = open_engine(
            self.database, Path(cache_folder) if cache_folder else None
        )

    def close(self) -> None:
        """No connection is left open."""
        self.database.dispose()


class AnotherProcess:
    """A process that lives as long as the `with`; `move_into` gives it a database."""

    def __enter__(self) -> Self:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        self._number = 0
        theirs.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.send(None)
        self._process.join(_PATIENCE_SECONDS)
        self._pipe.close()

    def move_into(self, url: str, cache_folder: Path | None = None) -> None:
        """From now on it works on the database at `url`, with a new engine."""
        self._call(House, (url, str(cache_folder) if cache_folder else None), moves=True)

    def ask(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """What `act(house, *arguments)` returns there. `act` stands in a module."""
        return self._call(act, arguments, moves=False)

    def begin(self, act: Callable[..., Any], *arguments: Any) -> None:
        """Let `act` run there; `finish` waits for what it returns."""
        self._send(act, arguments, moves=False)

    def finish(self) -> Any:
        """What the act that was begun last returned."""
        number = 0
        # An answer that a test gave up waiting for comes late: it is not the next test's.
        while number != self._number:
            if not self._pipe.poll(_PATIENCE_SECONDS):
                raise TimeoutError("the other process does not answer")
            number, is_well, answer = self._pipe.recv()
        if not is_well:
            raise AssertionError(answer)
        return answer

    def _call(self, act: Callable[..., Any], arguments: tuple[Any, ...], *, moves: bool) -> Any:
        self._send(act, arguments, moves=moves)
        return self.finish()

    def _send(self, act: Callable[..., Any], arguments: tuple[Any, ...], *, moves: bool) -> None:
        self._number += 1
        self._pipe.send((self._number, act, arguments, moves))


def _serve(pipe: Connection) -> None:
    house: House | None = None
    while (request := pipe.recv()) is not None:
        number, act, arguments, moves = request
        try:
            if moves:
                if house is not None:
                    house.close()
                house, answer = act(*arguments), None
            else:
                answer = act(house, *arguments)
            pipe.send((number, True, answer))
        except BaseException:
            pipe.send((number, False, traceback.format_exc()))
    if house is not None:
        house.close()
