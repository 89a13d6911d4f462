"""Showing a marked file: looked up, marked with no transaction open, and kept as a visit."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor
from app.datarooms.actions.visiting import find_version, open_item
from app.datarooms.marking import MarkedFile, mark_file, word_mark
from app.transactions import writing
from app.vault.keeping import read_file
from app.vault.storage.port import FileStore
from models.datarooms import RoomItem, VisitKind
from models.engagements import Engagement
from models.people import Person


def show_marked(
    session: Session,
    store: FileStore,
    *,
    engagement: Engagement,
    item: RoomItem,
    actor: Actor,
    at: datetime,
) -> MarkedFile:
    """The newest version of what `item` is, as the person may see it; the visit is kept, committed.

    Whether they may is looked at before the file is marked and once more after it, so that what is
    taken back meanwhile is not shown. Raises as `find_version`, `read_file`, `mark_file` and
    `open_item` do.
    """
    with writing(session):
        version = find_version(
            session, engagement=engagement, item=item, kind=VisitKind.READ, actor=actor, at=at
        )
        filename, file_type, sha256 = version.filename, version.file_type, version.sha256
        content = read_file(store, version)
        mark = word_mark(session.get_one(Person, actor.person_id), at)
    marked = mark_file(filename, file_type, content, mark)
    with writing(session):
        open_item(
            session,
            engagement=engagement,
            item=item,
            kind=VisitKind.READ,
            actor=actor,
            at=at,
            sha256=sha256,
        )
    return marked
