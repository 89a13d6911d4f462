"""A site for journeys: the installed program, serving the demonstration data, as people run it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.orm import create_engine_for
from models.people import Person
from tests.app.engagements.clients import make_token
from tests.rules.project import ROOT

YINQIAO = Path(sys.executable).parent / "yinqiao"
START_SECONDS = 120


class SiteBroken(Exception):
    """The site does not start or a command fails; the message holds what it said."""


def prepare_instance(folder: Path) -> Path:
    """Make an instance with the demonstration data in `folder`, and give the folder back.

    The encoder is the one that `make setup` unpacked; when it has not, it is unpacked there.
    Raises SiteBroken.
    """
    encoders = ROOT / "instance/encoder"
    encoders.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True)
    (folder / "encoder").symlink_to(encoders)
    for command in ("encoder prepare", "db upgrade", "demo load"):
        done = subprocess.run(  # noqa: S603  (our own program)
            [YINQIAO, *command.split()],
            env=_make_environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SiteBroken(f"yinqiao {command} failed:\n{done.stdout}")
    return folder


def copy_instance(prepared: Path, folder: Path) -> Path:
    """Copy a prepared instance that no process uses; the encoder is shared."""
    shutil.copytree(prepared, folder, symlinks=True)
    return folder


@contextmanager
def serve(folder: Path, *, encoder: str = "bundled") -> Iterator[str]:
    """Serve the instance in `folder` with its worker, and give the address of the front page.

    Stopped at the end as a person would stop it. Raises SiteBroken when it does not answer.
    """
    port = _find_free_port()
    address = f"http://127.0.0.1:{port}"
    log = folder / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [YINQIAO, "serve", "--port", str(port)],
            env=_make_environment(folder)
            | {"YINQIAO_PUBLIC_URL": address, "YINQIAO_ENCODER": encoder},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_answering(process, address, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def make_token_of(folder: Path, email: str) -> str:
    """A token of the person, as `yinqiao token create` makes it in a process of its own."""
    engine = create_engine_for(f"sqlite:///{folder}/yinqiao.db")
    try:
        with Session(engine) as session:
            person = session.scalars(select(Person).where(Person.email == email)).one()
            secret = make_token(session, person, (folder / "secret_key").read_text("utf-8").strip())
            session.commit()
    finally:
        engine.dispose()
    return secret


def _make_environment(folder: Path) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("YINQIAO_")}
    return inherited | {"YINQIAO_INSTANCE_PATH": str(folder), "YINQIAO_DEMONSTRATION": "yes"}


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answering(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):  # noqa: S310  (our own address)
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise SiteBroken(f"{address} answers {error.code}:\n{log.read_text()}") from error
        except OSError:
            time.sleep(0.2)
    raise SiteBroken(f"{address} does not answer:\n{log.read_text()}")
