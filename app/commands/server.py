"""Running the application: processes for the pages, kept by gunicorn, and one for the jobs."""

import gc
import logging
import os
import signal
import subprocess  # nosec B404  # one program, ours, without a shell
import sys
import threading
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


def serve_pages(*, host: str, port: int, processes: int, threads: int, with_worker: bool) -> None:
    """Serve until stopped. With `with_worker` a second process delivers mail meanwhile.

    Raises SettingInvalid before anything is started.
    """
    read_settings()
    worker, keeper = None, os.getpid()
    if with_worker:
        # A program of its own: what `multiprocessing` starts, it would also wait for in each of
        # the processes that gunicorn forks, which are not its parents.
        command = [sys.executable, "-m", "app.commands.cli", "worker"]
        worker = subprocess.Popen(command)  # noqa: S603  # nosec B603  # our own program
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
        if worker is not None and os.getpid() == keeper:
            worker.terminate()
            try:
                worker.wait(_WORKER_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()


def work() -> None:
    """Deliver mail and let old requests expire, until the process is told to stop."""
    from app.jobs import run_worker

    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    run_worker(create_app(), stop)
