"""An erasure and the documents: they go with their organisation, and else lose the person alone."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access
from app.access import Organisation
from app.transactions import writing
from app.vault.actions.reporting import report_document, stop_document
from app.vault.actions.sharing import show_document
from app.vault.storage.folder import FolderStore
from models.documents import Document, DocumentReport, DocumentShare
from models.people import Person
from models.vocabulary import ReportReason, Role
from tests.app.privacy.scenes import EMAIL, NAME, Installation, make_scene
from tests.app.vault.scenes import keep
from tests.factories import AT, act_as, join, make_person, make_startup

pytestmark = pytest.mark.privacy


def keep_in(
    installation: Installation, session: Session, owner: Organisation, person: Person, said: bytes
) -> Document:
    store, title = FolderStore(installation.settings.documents_path), f"{NAME} 计划"
    return keep(session, store, owner, person, name=f"{title}.txt", content=said, title=title)


def list_files(installation: Installation) -> list[bytes]:
    folder: Path = installation.settings.documents_path
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_the_documents_of_an_organisation_that_goes_are_gone_from_table_and_store(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        scene = make_scene(session)
        document = keep_in(installation, session, scene.provider, scene.mentor, b"Noteword")
        show_document(
            session,
            document=document,
            receiver=scene.incubator,
            actor=act_as(scene.mentor),
            at=AT,
        )
        report_document(
            session,
            document=document,
            reason=ReportReason.OTHER,
            words="Reasonword",
            actor=act_as(scene.operator),
            at=AT,
        )
    assert list_files(installation) == [b"Noteword"]

    erasure = installation.erase()

    assert erasure.removed["documents"] == 1
    assert installation.find_words() == set()
    assert list_files(installation) == []
    with Session(installation.database) as session:
        for table in (Document, DocumentReport, DocumentShare):
            assert session.scalars(select(table)).all() == []


def test_the_documents_of_an_organisation_that_stays_lose_the_person(
    installation: Installation,
) -> None:
    with Session(installation.database) as session, writing(session):
        founder = make_person(session, name="Founder")
        leaving = make_person(session, name=NAME, email=EMAIL)
        startup = make_startup(session, founder=founder)
        join(session, leaving, Role.FOUNDER, startup=startup)
        document = keep_in(installation, session, startup, leaving, b"what the startup keeps")
        report_document(
            session,
            document=document,
            reason=ReportReason.OTHER,
            words="Reasonword",
            actor=act_as(leaving),
            at=AT,
        )
        stop_document(
            session,
            document=document,
            reason="Reasonword",
            actor=access.Installation.COMMAND_LINE,
            at=AT,
        )
        document.stopped_by_id = leaving.id

    installation.erase()

    assert installation.find_words() == set()
    assert list_files(installation) == [b"what the startup keeps"]
    with Session(installation.database) as session:
        kept = session.scalars(select(Document)).one()
        (version,) = kept.versions
        assert (kept.state, kept.stop_reason) == ("stopped", "")
        assert (version.filename, version.uploaded_by_id, version.declared_by_id) == (
            "1.txt", None, None,
        )  # fmt: skip
        assert version.declared_at == AT
        assert [report.words for report in kept.reports] == [""]
