"""Starts the program of the application in milliseconds: it has imported everything already.

`Programs` is what a test holds; running the module is the process behind it. What it forks calls
the command line as the installed program does, and is a process like any other: it can be killed.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, NoReturn, Self

import pytest

from matching.encoders.hashing import HashingEncoder
from tests.applications import share_what_is_compiled

_PATIENCE_SECONDS = 60

# What a program imports when it first needs it.
_NEEDED_LATER = (
    "app.application",
    "app.commands.server",
    "app.imports.actions",
    "app.imports.looking",
    "app.jobs",
    "matching.index.check",
    "matching.ranking.roles_in_use",
)


class Programs:
    """The process that forks programs; a context manager, at whose end all of them are killed."""

    def __init__(self) -> None:
        self._started: list[int] = []

    def __enter__(self) -> Self:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("YINQIAO_")}
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", __name__],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # One thread in each library: a process with threads must not be forked.
            env=inherited | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pid in self._started:
            for each in (*list_children(pid), pid):
                kill(each)
        stdin, stdout = self._get_pipes()
        stdin.close()
        self._process.wait(_PATIENCE_SECONDS)
        stdout.close()

    def start(
        self, *words: str, settings: Mapping[str, str], log: Path, ending: Path | None = None
    ) -> int:
        """The number of a process that is `yinqiao` with `words`.

        When it ends by itself it writes its exit code into `ending`; what it says goes to `log`.
        """
        stdin, stdout = self._get_pipes()
        order = {
            "words": words,
            "settings": dict(settings),
            "log": str(log),
            "ending": str(ending) if ending else "",
        }
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        pid = int(stdout.readline())
        self._started.append(pid)
        return pid

    def _get_pipes(self) -> tuple[IO[str], IO[str]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the process was started without pipes")
        return self._process.stdin, self._process.stdout


def kill(pid: int) -> bool:
    """Send SIGKILL; False where there is no such process any more."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def is_alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def list_children(pid: int) -> list[int]:
    """The processes that `pid` has forked and that are alive."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def main() -> None:
    """Fork one program a line, and answer with its number."""
    for name in _NEEDED_LATER:
        import_module(name)
    # What each of them would compute for two seconds, and always the same.
    share_what_is_compiled(pytest.MonkeyPatch())
    import_module("matching.ranking.roles_in_use").prepare_background(HashingEncoder())
    signal.signal(signal.SIGCHLD, _bury)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(**order)
        print(child, flush=True)


def _bury(number: int, frame: FrameType | None) -> None:
    """Whoever was killed is gone at once."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(*, words: list[str], settings: dict[str, str], log: str, ending: str) -> NoReturn:
    from app.commands.cli import main as program

    own, code = os.getpid(), 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.update(settings)
        nothing = os.open(os.devnull, os.O_RDONLY)
        said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number, descriptor in enumerate((nothing, said, said)):
            os.dup2(descriptor, number)
        program(args=words, prog_name="yinqiao")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        # Processes that gunicorn forked come by here as well when they end.
        if ending and os.getpid() == own:
            Path(ending).write_text(str(code))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
