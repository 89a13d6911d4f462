"""Running the application: gunicorn for the pages, and a process for mail and expiry."""

import logging
import multiprocessing
import signal
import threading
from collections.abc import MutableMapping
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import create_app
from app.settings import read_settings

log = logging.getLogger(__name__)


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


def _warm_up(app: Flask) -> None:
    """Load encoder and index while nobody waits; whoever comes earlier waits for the same."""
    from app.web.engine import get_engine

    with app.app_context():
        try:
            engine = get_engine()
            engine.catch_up()
            engine.encode_text("引桥")
        except Exception:
            # The pages work without it, and the next search says what is wrong.
            log.exception("the matching engine could not be warmed up")


def assume_public_url(environ: MutableMapping[str, str], *, host: str, port: int) -> None:
    """Unless the settings say where the pages are reached, they are reached where they are served.

    Links in mails are made from it, also by the process that delivers them.
    """
    if not environ.get("YINQIAO_PUBLIC_URL"):
        # Every interface is a place to listen at, not one to go to.
        name = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104
        environ["YINQIAO_PUBLIC_URL"] = f"http://{f'[{name}]' if ':' in name else name}:{port}"


def serve_pages(*, host: str, port: int, processes: int, threads: int, with_worker: bool) -> None:
    """Serve until stopped. With `with_worker` a second process delivers mail meanwhile.

    Raises SettingInvalid before anything is started.
    """
    read_settings()
    worker = None
    if with_worker:
        worker = multiprocessing.get_context("spawn").Process(
            target=work, name="worker", daemon=True
        )
        worker.start()
    try:
        _Pages(
            {
                "bind": f"{host}:{port}",
                "workers": processes,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 10,
                "accesslog": None,
                # Nothing of ours uses it, and it would be a file outside the instance folder.
                "control_socket_disable": True,
            }
        ).run()
    finally:
        if worker is not None:
            worker.terminate()
            worker.join(10)


def work() -> None:
    """Deliver mail and let old requests expire, until the process is told to stop."""
    from app.jobs import run_worker

    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    run_worker(create_app(), stop)
