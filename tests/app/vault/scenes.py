"""Documents for tests: small true files of each type, a store in memory of the disk, and owners."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from sqlalchemy.orm import Session

from app.access import Organisation
from app.vault.actions.uploading import upload_document
from app.vault.contents import check_file
from app.vault.keeping import keeping
from app.vault.storage.folder import FolderStore
from models.documents import Document
from models.organisations import Incubator, Startup
from models.people import Person
from models.vocabulary import DocumentKind
from tests.factories import AT, act_as, make_incubator, make_person, make_startup

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20 + b"\xff\xd9"

_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_TYPES = {
    "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    "pptx": f"{_OFFICE}presentationml.presentation.main+xml",
}


def make_office(
    ending: str, *, types: str | None = None, parts: dict[str, bytes] | None = None
) -> bytes:
    """A package as Office makes it, in its least form; `parts` are added to it."""
    if types is None:
        types = (
            f'<Types><Override PartName="/main.xml" ContentType="{MAIN_TYPES[ending]}"/></Types>'
        )
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("main.xml", "<main/>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


SAMPLES = {
    "计划.pdf": PDF,
    "a.docx": make_office("docx"),
    "a.xlsx": make_office("xlsx"),
    "a.pptx": make_office("pptx"),
    "a.png": PNG,
    "a.jpg": JPEG,
    "a.jpeg": JPEG,
    "a.txt": "良率 40 %\n".encode(),
    "a.md": b"# Yield\n",
    "a.csv": "批次,良率\n1,40\n".encode("gb18030"),
}


@dataclass(frozen=True)
class Scene:
    """A startup in an incubator, whoever acts for both, and where files are."""

    store: FolderStore
    startup: Startup
    founder: Person
    incubator: Incubator
    operator: Person


def make_scene(session: Session, folder: Path) -> Scene:
    operator, founder = make_person(session), make_person(session)
    incubator = make_incubator(session, operator=operator)
    startup = make_startup(session, founder=founder, incubator=incubator)
    return Scene(FolderStore(folder), startup, founder, incubator, operator)


def keep(
    session: Session,
    store: FolderStore,
    owner: Organisation,
    person: Person,
    *,
    name: str = "计划.pdf",
    content: bytes = PDF,
    title: str = "",
) -> Document:
    """`owner` keeps a document that `person` has uploaded."""
    file = check_file(name, content, megabytes=25)
    with keeping(store, file) as stored:
        return upload_document(
            session,
            owner=owner,
            stored=stored,
            title=title,
            kind=DocumentKind.PITCH,
            is_declared=True,
            quota_megabytes=500,
            actor=act_as(person),
            at=AT,
        )
