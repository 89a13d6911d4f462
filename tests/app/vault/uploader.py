"""A process that uploads one small file after another, says each that is kept, and dies where it
is told to: `python -m tests.app.vault.uploader DATABASE FOLDER STARTUP PERSON DEATH`."""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from sqlalchemy.orm import Session

from app.access import make_actor
from app.clock import now
from app.transactions import writing
from app.vault.actions.uploading import upload_document
from app.vault.contents import check_file
from app.vault.keeping import keeping
from app.vault.storage import folder
from app.vault.storage.folder import FolderStore
from models.organisations import Startup
from models.orm import create_engine_for
from models.people import Person
from models.vocabulary import DocumentKind

DEATHS = ("draft", "file", "row", "commit", "any")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def upload_on_and_on(url: str, root: str, startup_id: int, person_id: int, death: str) -> None:
    engine, store = create_engine_for(url), FolderStore(Path(root))
    for number in count(1):
        is_last = number == 3
        file = check_file("a.txt", f"{os.getpid()} {number}".encode() * 500, megabytes=1)
        if is_last and death == "draft":
            folder._flush_folder = lambda path: die()  # type: ignore[assignment]
        with Session(engine) as session, keeping(store, file) as stored:
            if is_last and death == "file":
                die()
            with writing(session):
                upload_document(
                    session,
                    owner=session.get_one(Startup, startup_id),
                    stored=stored,
                    title="",
                    kind=DocumentKind.OTHER,
                    is_declared=True,
                    quota_megabytes=100,
                    actor=make_actor(session.get_one(Person, person_id)),
                    at=now(),
                )
                if is_last and death == "row":
                    die()
        print(file.sha256, flush=True)
        if is_last and death == "commit":
            die()


if __name__ == "__main__":
    url, root, startup, person, death = sys.argv[1:]
    upload_on_and_on(url, root, int(startup), int(person), death)
