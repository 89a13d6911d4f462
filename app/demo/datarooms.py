"""The data room of the demonstration's startup: its documents in folders, under an agreement."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.datarooms.actions.keeping import publish_agreement, put_document
from app.demo.accounts import DEMO_ACCOUNTS
from app.vault.queries.documents import list_attachable
from models.people import Person

_AGREEMENT: Final = (
    "资料仅用于评估对本公司的投资，三年内不向第三人披露，也不用于其他目的。\n"
    "应本公司要求，须销毁已下载的文件。"
)
_FOLDER: Final = "技术资料"


def fill_room(session: Session, *, at: datetime) -> int:
    """The first startup's documents are in its room; returns how many, 0 where it has left."""
    person = session.scalar(select(Person).where(Person.email == DEMO_ACCOUNTS[0].email))
    startups = [] if person is None else [m.startup for m in person.memberships if m.startup]
    if person is None or not startups:
        return 0
    startup, actor, when = startups[0], make_actor(person), at - timedelta(days=5)
    documents = list_attachable(session, startup)
    for place, document in enumerate(documents):
        put_document(
            session,
            startup=startup,
            document=document,
            folder="" if place == 0 else _FOLDER,
            actor=actor,
            at=when,
        )
    if documents:
        publish_agreement(session, startup=startup, text=_AGREEMENT, actor=actor, at=when)
    return len(documents)
