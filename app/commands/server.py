"""Running the application: processes for the pages, kept by gunicorn, and one for the jobs."""

import gc
import logging
import os
import signal
import subprocess  # nosec B404  # one program, ours, without a shell
import sys
import threading
import time
from collections.abc import MutableMapping
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from app import create_app
from app.commands.pages import PagesWorker
from app.settings import read_settings

log = logging.getLogger(__name__)

# How long the process for the jobs may take to finish what it is at.
_WORKER_GRACE_SECONDS = 10
# Before one that ended is started again: it may end at once each time.
_WORKER_PAUSE_SECONDS = 1.0
# How often it looks whether those who started it are there.
_LOOKS_EVERY_SECONDS = 1.0


class _Pages(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings instead of its command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in each process after the fork."""
        app = create_app()
        threading.Thread(target=_warm_up, args=(app,), name="warm-up", daemon=True).start()
        return app


class _Logger(Logger):  # type: ignore[misc]
    """What gunicorn writes of its processes goes where everything else goes."""

    def setup(self, cfg: Config) -> None:
        """Take the level; the handler is that of the program."""
        self.error_log.setLevel(self.LOG_LEVELS.get(cfg.loglevel.lower(), logging.INFO))
        self.error_log.propagate = True


def _warm_up(app: Flask) -> None:
    """Load encoder and index while nobody waits; whoever comes earlier waits for the same."""
    from app.web.engine import get_matching

    with app.app_context():
        if (thread := get_matching().begin_warming()) is not None:
            thread.join()
    # A million objects that stay. Each time that the collector went through them, which it did
    # again and again, everybody waited for it.
    gc.collect()
    gc.freeze()


def assume_public_url(environ: MutableMapping[str, str], *, host: str, port: int) -> None:
    """Unless the settings say where the pages are reached, they are reached where they are served.

    Links in mails are made from it, also by the process that delivers them.
    """
    if not environ.get("YINQIAO_PUBLIC_URL"):
        # Every interface is a place to listen at, not one to go to.
        name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104  # nosec B104
        environ["YINQIAO_PUBLIC_URL"] = f"http://{f'[{name}]' if ':' in name else name}:{port}"


def _require_schema() -> None:
    settings = read_settings()
    # Not needed by whoever only asks where the pages are.
    from app.database import require_schema

    require_schema(settings.database_url)


class _JobsKeeper:
    """The process for the jobs: started again whenever it ends, and stopped at last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_stopping = False
        self._process = self._start()
        threading.Thread(target=self._keep, name="jobs", daemon=True).start()

    def stop(self) -> None:
        """Let it finish what it is at, for a while."""
        with self._lock:
            self._is_stopping = True
        self._process.terminate()
        try:
            self._process.wait(_WORKER_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        # A program of its own: what `multiprocessing` starts, it would also wait for in each of
        # the processes that gunicorn forks, which are not its parents.
        command = [
            sys.executable,
            "-m",
            "app.commands.cli",
            "worker",
            "--kept-by",
            str(os.getpid()),
        ]
        return subprocess.Popen(command)  # noqa: S603  # nosec B603  # our own program

    def _keep(self) -> None:
        while True:
            self._process.wait()
            time.sleep(_WORKER_PAUSE_SECONDS)
            with self._lock:
                if self._is_stopping:
                    return
                log.error("the worker has ended; it is started again")
                self._process = self._start()


def serve_pages(*, host: str, port: int, processes: int, threads: int, with_worker: bool) -> None:
    """Serve until stopped. With `with_worker` a second process delivers mail meanwhile.

    Raises SettingInvalid, and SchemaDiffers, before anything is started.
    """
    _require_schema()
    keeper, keepers_pid = None, os.getpid()
    if with_worker:
        keeper = _JobsKeeper()
    try:
        _Pages(
            {
                "bind": f"{host}:{port}",
                "workers": processes,
                "threads": threads,
                "worker_class": PagesWorker,
                "timeout": 120,
                "graceful_timeout": 10,
                "accesslog": None,
                "logger_class": _Logger,
                # Nothing of ours uses it, and it would be a file outside the instance folder.
                "control_socket_disable": True,
            }
        ).run()
    finally:
        # Processes that gunicorn forked come by here as well when they end.
        if keeper is not None and os.getpid() == keepers_pid:
            keeper.stop()


def work(*, kept_by: int | None = None) -> None:
    """Deliver mail and let old requests expire, until the process is told to stop.

    That of those `kept_by` whom it was started also stops when they are gone: whoever starts them
    again starts another one. Raises SettingInvalid, SchemaDiffers.
    """
    from app.jobs import run_worker

    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    def look() -> None:
        while os.getppid() == kept_by:
            time.sleep(_LOOKS_EVERY_SECONDS)
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    if kept_by is not None:
        threading.Thread(target=look, name="kept-by", daemon=True).start()
    _require_schema()
    run_worker(create_app(), stop)
