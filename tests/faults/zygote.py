"""Starts writers in milliseconds, and kills them: it has imported everything, and nothing is open.

`Zygote` is what a test holds; running the module is the process behind it. Starting Python and
importing the application for each of two hundred writers would take minutes, and so would
compiling their SQL, which the process has done once, on a database of its own.
"""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

# A writer that is neither killed nor at work after so long hangs, and its alarm ends it.
_ALARM_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Order:
    """A writer to be started, and when it is killed: `delay` seconds after its `count`-th `mark`.

    The marks are those of `tests.faults.writer.write_until_killed`.
    """

    url: str
    cache_folder: str
    seed: int
    mark: str
    count: int
    delay: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The signal that ended a writer (0 for none), and the lines that it wrote, whole ones only."""

    signal: int
    lines: list[str]


class Zygote:
    """The process that forks writers; a context manager."""

    def __enter__(self) -> Self:
        root = Path(__file__).parents[2]
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", __name__],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # One thread in each library: a process with threads must not be forked.
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stdin, stdout = self._get_pipes()
        stdin.close()
        self._process.wait(_ALARM_SECONDS)
        stdout.close()

    def run(self, order: Order) -> Outcome:
        """Start a writer as `order` says, kill it, and tell what it had said until then."""
        stdin, stdout = self._get_pipes()
        stdin.write(json.dumps(asdict(order)) + "\n")
        stdin.flush()
        for line in stdout:
            answer = json.loads(line)
            # One that a test gave up waiting for comes late: it is not the next test's.
            if answer.pop("url") == order.url and answer.pop("seed") == order.seed:
                return Outcome(**answer)
        raise RuntimeError("the process that starts writers has ended")

    def _get_pipes(self) -> tuple[IO[str], IO[str]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the process was started without pipes")
        return self._process.stdin, self._process.stdout


def main() -> None:
    """Carry out one order a line, and answer each with its outcome."""
    from tests.faults.writer import rehearse, write_until_killed

    with tempfile.TemporaryDirectory() as folder:
        rehearse(Path(folder))
    # Looked through by no writer, which would copy the pages that they stand on.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = Order(**json.loads(line))
        read_end, write_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read_end)
            signal.alarm(_ALARM_SECONDS)
            write_until_killed(order.url, Path(order.cache_folder), order.seed, write_end)
        os.close(write_end)
        outcome = asdict(_kill(child, read_end, order))
        print(json.dumps({**outcome, "url": order.url, "seed": order.seed}), flush=True)


def _kill(child: int, read_end: int, order: Order) -> Outcome:
    lines: list[bytes] = []
    seen = 0
    with os.fdopen(read_end, "rb") as marks:
        for line in marks:
            lines.append(line)
            seen += line.startswith(f"{order.mark} ".encode())
            if seen == order.count:
                time.sleep(order.delay)
                os.kill(child, signal.SIGKILL)
                break
        lines += marks.readlines()
    _, status = os.waitpid(child, 0)
    whole = [line.decode() for line in lines if line.endswith(b"\n")]
    return Outcome(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, whole)


if __name__ == "__main__":
    main()
