"""What may be done with a document, by whom, and what is left of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Installation, is_permitted
from app.errors import ChangedMeanwhile, NotFound, NotPermitted, OutOfOrder, ReasonMissing
from app.vault.actions.deleting import delete_document
from app.vault.actions.opening import record_opening, require_open
from app.vault.actions.reporting import (
    report_document,
    resume_document,
    set_aside_reports,
    stop_document,
)
from app.vault.actions.sharing import show_document, withdraw_share, withdraw_shares_for
from app.vault.actions.uploading import add_version, edit_document, upload_document
from app.vault.contents import check_file
from app.vault.errors import (
    AlreadyReported,
    AlreadyShown,
    DeclarationMissing,
    DocumentDeleted,
    DocumentHeld,
    DocumentStopped,
    FileLost,
    FilesUnavailable,
    QuotaExhausted,
    SameAsBefore,
)
from app.vault.keeping import StoredFile, keeping, read_file, remove_files
from app.vault.queries.documents import (
    count_used_bytes,
    list_attachable,
    list_documents,
    list_shown,
    list_shown_for,
    list_versions,
)
from app.vault.storage.port import StoreUnavailable
from models.audit import AuditEntry
from models.documents import Document, DocumentVersion
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.people import Person
from models.vocabulary import DocumentKind, ReportReason
from tests.app.vault.scenes import PDF, SAMPLES, Scene, keep, make_scene
from tests.factories import (
    AT,
    act_as,
    admit,
    make_engagement,
    make_incubator,
    make_mentor,
    make_need,
    make_person,
    make_startup,
)
from tests.waiting import make_lister

list_waiting = make_lister("vault")

STRANGER = Actor(person_id=0)


@pytest.fixture
def scene(session: Session, tmp_path: Path) -> Scene:
    return make_scene(session, tmp_path / "documents")


@pytest.fixture
def document(session: Session, scene: Scene) -> Document:
    return keep(session, scene.store, scene.startup, scene.founder)


def store(scene: Scene, name: str = "b.txt", content: bytes = b"second") -> StoredFile:
    with keeping(scene.store, check_file(name, content, megabytes=25)) as stored:
        return stored


def add(session: Session, scene: Scene, document: Document, **values: Any) -> DocumentVersion:
    values = {
        "stored": store(scene),
        "after": 1,
        "is_declared": True,
        "quota_megabytes": 500,
        "actor": act_as(scene.founder),
        "at": AT,
    } | values
    return add_version(session, document=document, **values)


def report(session: Session, document: Document, person: Person, **values: Any) -> None:
    values = {"reason": ReportReason.CLASSIFIED, "words": "看起来涉密"} | values
    report_document(session, document=document, actor=act_as(person), at=AT, **values)


def list_kinds(session: Session, person: Person) -> list[str]:
    return list(
        session.scalars(
            select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
        )
    )


def list_acts(session: Session, document: Document) -> list[tuple[str, int | None]]:
    return [
        (entry.kind, entry.actor_id)
        for entry in session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject_public_id == document.public_id)
            .order_by(AuditEntry.id)
        )
    ]


def test_an_upload_says_what_when_and_by_whom(session: Session, scene: Scene) -> None:
    document = keep(session, scene.store, scene.startup, scene.founder)
    (version,) = document.versions

    assert (document.title, document.kind, document.state) == (
        "计划",
        DocumentKind.PITCH,
        "available",
    )
    assert (version.number, version.size, version.filename) == (1, len(PDF), "计划.pdf")
    assert version.declaration == "nothing-classified-1"
    assert version.declared_by_id == version.uploaded_by_id == scene.founder.id
    assert version.declared_at == version.uploaded_at == AT
    assert read_file(scene.store, version) == PDF
    assert list_acts(session, document) == [("document_uploaded", scene.founder.id)]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.kind == "document_uploaded"))
    assert entry.incubator_id == scene.incubator.id
    assert entry.detail == {"version": "1", "sha256": version.sha256}


def test_without_the_declaration_nothing_is_kept(session: Session, scene: Scene) -> None:
    with (
        pytest.raises(DeclarationMissing),
        keeping(scene.store, check_file("a.pdf", PDF, megabytes=1)) as stored,
    ):
        upload_document(
            session,
            owner=scene.startup,
            stored=stored,
            title="",
            kind=DocumentKind.OTHER,
            is_declared=False,
            quota_megabytes=1,
            actor=act_as(scene.founder),
            at=AT,
        )
    assert list(scene.store.list_files()) == []


def test_a_form_sent_twice_makes_one_document(session: Session, scene: Scene) -> None:
    def send(owner: Any, person: Person) -> Document:
        return upload_document(
            session,
            owner=owner,
            stored=store(scene),
            title="x",
            kind=DocumentKind.OTHER,
            is_declared=True,
            quota_megabytes=1,
            actor=act_as(person),
            at=AT,
            public_id="0123456789abcdef",
        )

    other = make_person(session)
    foreign = make_startup(session, founder=other)

    assert send(scene.startup, scene.founder) is send(scene.startup, scene.founder)
    # Somebody else's id is nobody's: it neither gives the document away nor fails.
    assert send(foreign, other).public_id != "0123456789abcdef"


def test_versions_follow_each_other_and_none_is_lost(
    session: Session, scene: Scene, document: Document
) -> None:
    with pytest.raises(SameAsBefore):
        add(session, scene, document, stored=store(scene, "c.pdf", PDF))

    second = add(session, scene, document)

    assert [each.number for each in document.versions] == [1, 2]
    assert [read_file(scene.store, each) for each in document.versions] == [PDF, b"second"]
    with pytest.raises(ChangedMeanwhile):
        add(session, scene, document, stored=store(scene, content=b"third"))
    assert second.number == 2


def test_the_quota_holds_over_all_versions_and_documents(session: Session, scene: Scene) -> None:
    heavy = b"x" * 600_000
    document = keep(session, scene.store, scene.startup, scene.founder, name="a.txt", content=heavy)
    assert count_used_bytes(session, scene.startup) == 600_000

    with pytest.raises(QuotaExhausted) as caught:
        add(
            session, scene, document, quota_megabytes=1, stored=store(scene, content=b"y" * 400_001)
        )
    assert caught.value.facts == {"megabytes": 1, "free": 0}

    add(session, scene, document, quota_megabytes=1, stored=store(scene, content=b"y" * 400_000))
    keys = delete_document(session, document=document, actor=act_as(scene.founder), at=AT)
    assert remove_files(scene.store, keys) == 2
    assert count_used_bytes(session, scene.startup) == 0


def test_title_and_kind_change_only_over_what_was_seen(
    session: Session, scene: Scene, document: Document
) -> None:
    def edit(row_version: int | None) -> None:
        edit_document(
            session,
            document=document,
            title="新标题",
            kind=DocumentKind.TECHNICAL,
            row_version=row_version,
            actor=act_as(scene.founder),
            at=AT,
        )

    seen = document.row_version
    edit(seen)
    assert (document.title, document.kind) == ("新标题", DocumentKind.TECHNICAL)
    for stale in (seen, None):
        with pytest.raises(ChangedMeanwhile):
            edit(stale)


def test_who_looks_after_a_startup_sees_that_there_is_a_document_and_opens_it_when_shown(
    session: Session, scene: Scene, document: Document
) -> None:
    operator, (version,) = act_as(scene.operator), document.versions
    assert is_permitted(operator, "document:view", document)
    assert list_versions(document, operator) == []
    with pytest.raises(NotPermitted):
        require_open(document, version, actor=operator)

    share = show_document(
        session,
        document=document,
        receiver=scene.incubator,
        actor=act_as(scene.founder),
        at=AT,
    )
    record_opening(session, document=document, version=version, actor=operator, at=AT)

    assert list_acts(session, document)[1:] == [
        ("document_shown", scene.founder.id),
        ("document_downloaded", scene.operator.id),
    ]
    with pytest.raises(AlreadyShown):
        show_document(
            session,
            document=document,
            receiver=scene.incubator,
            actor=act_as(scene.founder),
            at=AT,
        )
    for expected in (None, OutOfOrder):
        arguments: dict[str, Any] = {"document": document, "share": share, "at": AT}
        if expected is None:
            withdraw_share(session, actor=act_as(scene.founder), **arguments)
        else:
            with pytest.raises(expected):
                withdraw_share(session, actor=act_as(scene.founder), **arguments)
    with pytest.raises(NotPermitted):
        require_open(document, version, actor=operator)


def test_documents_are_shown_for_an_occasion_from_the_newest_version_on(
    session: Session, scene: Scene, document: Document
) -> None:
    second = add(session, scene, document)
    person = make_person(session)
    mentor = make_mentor(session, person=person)
    engagement = make_engagement(session, make_need(session, scene.startup), mentor)
    viewer = act_as(person)
    assert list_attachable(session, scene.startup) == [document]
    assert not is_permitted(viewer, "document:view", document)

    show_document(
        session,
        document=document,
        receiver=mentor,
        actor=act_as(scene.founder),
        at=AT,
        occasion=engagement,
    )
    third = add(session, scene, document, after=2, stored=store(scene, content=b"third"))

    assert list_shown_for(
        session, occasion_table="engagement", occasion_public_id=engagement.public_id
    ) == [document]
    assert [row.document for row in list_shown(session, viewer).rows] == [document]
    assert list_versions(document, viewer) == [third, second]
    require_open(document, second, actor=viewer)
    with pytest.raises(NotFound):
        require_open(document, document.versions[0], actor=viewer)

    withdraw_shares_for(
        session, documents=[document], occasion=engagement, actor=act_as(scene.founder), at=AT
    )
    assert not is_permitted(viewer, "document:view", document)
    assert list_shown(session, viewer).rows == ()


def test_a_report_holds_a_document_until_an_operator_sets_it_aside(
    session: Session, scene: Scene, document: Document
) -> None:
    reader = make_person(session)
    show_document(
        session,
        document=document,
        receiver=make_mentor(session, person=reader),
        actor=act_as(scene.founder),
        at=AT,
    )
    (version,) = document.versions

    report(session, document, reader)

    assert document.state == "reported"
    with pytest.raises(DocumentHeld):
        require_open(document, version, actor=act_as(reader))
    for person in (scene.founder, scene.operator):
        require_open(document, version, actor=act_as(person))
    with pytest.raises(AlreadyReported):
        report(session, document, reader)
    for act in (
        lambda: add(session, scene, document),
        lambda: delete_document(session, document=document, actor=act_as(scene.founder), at=AT),
    ):
        with pytest.raises(DocumentHeld):
            act()
    (item,) = list_waiting(session, act_as(scene.operator), AT)
    assert (item.kind, item.title) == ("document_reported", "计划")
    assert list_waiting(session, act_as(scene.founder), AT) == []

    set_aside_reports(session, document=document, actor=act_as(scene.operator), at=AT)

    assert document.state == "available"
    assert [each.outcome for each in document.reports] == ["set_aside"]
    require_open(document, version, actor=act_as(reader))
    assert list_waiting(session, act_as(scene.operator), AT) == []
    assert list_kinds(session, scene.operator) == ["document_reported"]
    assert list_kinds(session, scene.founder) == ["document_held", "document_report_set_aside"]
    assert list_kinds(session, reader) == ["document_report_set_aside"]


def test_the_owner_does_not_learn_who_reported(
    session: Session, scene: Scene, document: Document
) -> None:
    reader = make_person(session, name="Reader Who Reports")
    show_document(
        session,
        document=document,
        receiver=make_mentor(session, person=reader, name="Mentor Who Reports"),
        actor=act_as(scene.founder),
        at=AT,
    )
    report(session, document, reader)

    facts = [str(n.facts) for n in session.scalars(select(Notice))]
    assert facts
    assert not any("Who Reports" in each or "涉密" in each for each in facts)


def test_a_stopped_document_is_opened_by_nobody_and_is_the_operators_to_resume_or_delete(
    session: Session, scene: Scene, document: Document
) -> None:
    (version,) = document.versions
    founder, operator = act_as(scene.founder), act_as(scene.operator)
    report(session, document, scene.founder)

    with pytest.raises(ReasonMissing):
        stop_document(session, document=document, reason="", actor=operator, at=AT)
    stop_document(session, document=document, reason="涉密嫌疑", actor=operator, at=AT)

    assert (document.state, document.stop_reason) == ("stopped", "涉密嫌疑")
    with pytest.raises(DocumentStopped):
        require_open(document, version, actor=founder)
    with pytest.raises(NotPermitted):
        require_open(document, version, actor=operator)
    with pytest.raises(NotPermitted):
        delete_document(session, document=document, actor=founder, at=AT)
    assert read_file(scene.store, version) == PDF
    assert list_kinds(session, scene.founder) == ["document_stopped"]

    resume_document(session, document=document, actor=operator, at=AT)
    require_open(document, version, actor=founder)
    assert (document.state, document.stop_reason, document.stopped_at) == ("available", "", None)

    stop_document(session, document=document, reason="again", actor=operator, at=AT)
    keys = delete_document(session, document=document, actor=operator, at=AT)

    assert document.state == "deleted"
    assert [each.storage_key for each in document.versions] == [None]
    assert remove_files(scene.store, keys) == 1
    assert list(scene.store.list_files()) == []
    for person in (founder, operator):
        with pytest.raises((DocumentDeleted, NotPermitted)):
            require_open(document, version, actor=person)
    assert list_documents(session, scene.startup).rows == ()


def test_who_reported_is_told_that_it_was_stopped(
    session: Session, scene: Scene, document: Document
) -> None:
    reader = make_person(session)
    show_document(
        session,
        document=document,
        receiver=make_mentor(session, person=reader),
        actor=act_as(scene.founder),
        at=AT,
    )
    report(session, document, reader, reason=ReportReason.OTHER, words="x")
    stop_document(session, document=document, reason="y", actor=act_as(scene.operator), at=AT)

    assert list_kinds(session, reader) == ["document_report_upheld"]
    assert list_kinds(session, scene.founder) == ["document_held", "document_stopped"]


def test_something_else_must_be_explained(
    session: Session, scene: Scene, document: Document
) -> None:
    with pytest.raises(ReasonMissing):
        report(session, document, scene.founder, reason=ReportReason.OTHER, words="")


def test_what_does_not_follow_is_refused(
    session: Session, scene: Scene, document: Document
) -> None:
    operator = act_as(scene.operator)
    for act in (set_aside_reports, resume_document):
        with pytest.raises(ActionNotAllowed):
            act(session, document=document, actor=operator, at=AT)
    stop_document(session, document=document, reason="x", actor=operator, at=AT)
    with pytest.raises(DocumentStopped):
        report(session, document, scene.founder)
    with pytest.raises(DocumentStopped):
        show_document(
            session,
            document=document,
            receiver=scene.incubator,
            actor=act_as(scene.founder),
            at=AT,
        )


@pytest.mark.permissions
def test_every_action_refuses_who_has_no_right(
    session: Session, scene: Scene, document: Document
) -> None:
    stored = store(scene)
    share = show_document(
        session,
        document=document,
        receiver=scene.incubator,
        actor=act_as(scene.founder),
        at=AT,
    )
    foreign_operator = make_person(session)
    make_incubator(session, operator=foreign_operator)
    applicant = make_person(session)
    admit(session, scene.incubator, make_mentor(session, person=applicant), state="admitted")
    acts: list[Callable[[Actor], object]] = [
        lambda actor: upload_document(
            session, owner=scene.startup, stored=stored, title="", kind=DocumentKind.OTHER,
            is_declared=True, quota_megabytes=1, actor=actor, at=AT,
        ),
        lambda actor: add(session, scene, document, stored=stored, actor=actor),
        lambda actor: edit_document(
            session, document=document, title="x", kind=DocumentKind.OTHER,
            row_version=document.row_version, actor=actor, at=AT,
        ),
        lambda actor: require_open(document, document.versions[0], actor=actor),
        lambda actor: record_opening(
            session, document=document, version=document.versions[0], actor=actor, at=AT
        ),
        lambda actor: report_document(
            session, document=document, reason=ReportReason.UNSAFE, words="", actor=actor, at=AT
        ),
        lambda actor: set_aside_reports(session, document=document, actor=actor, at=AT),
        lambda actor: stop_document(session, document=document, reason="x", actor=actor, at=AT),
        lambda actor: resume_document(session, document=document, actor=actor, at=AT),
        lambda actor: show_document(
            session, document=document, receiver=scene.incubator, actor=actor, at=AT
        ),
        lambda actor: withdraw_share(
            session, document=document, share=share, actor=actor, at=AT
        ),
        lambda actor: delete_document(session, document=document, actor=actor, at=AT),
    ]  # fmt: skip
    # Nor do they learn that there is such a document.
    for person in (foreign_operator, applicant):
        for act in acts:
            with pytest.raises(NotFound):
                act(act_as(person))
    for act in acts:
        with pytest.raises(NotFound):
            act(STRANGER)
    assert document.state == "available"


def test_documents_of_a_mentor_are_looked_after_by_the_pools_that_admitted_them(
    session: Session, scene: Scene
) -> None:
    person, foreign = make_person(session), make_person(session)
    mentor = make_mentor(session, person=person)
    admit(session, scene.incubator, mentor)
    admit(session, make_incubator(session, operator=foreign), mentor, state="invited")
    document = keep(session, scene.store, mentor, person)
    report(session, document, person)

    assert [i.kind for i in list_waiting(session, act_as(scene.operator), AT)] == [
        "document_reported"
    ]
    assert list_waiting(session, act_as(foreign), AT) == []
    with pytest.raises(NotFound):
        set_aside_reports(session, document=document, actor=act_as(foreign), at=AT)
    stop_document(session, document=document, reason="x", actor=act_as(scene.operator), at=AT)


def test_who_runs_the_installation_decides_where_no_incubator_does(
    session: Session, scene: Scene
) -> None:
    person = make_person(session)
    document = keep(session, scene.store, make_startup(session, founder=person), person)
    report(session, document, person)

    stop_document(session, document=document, reason="x", actor=Installation.COMMAND_LINE, at=AT)
    delete_document(session, document=document, actor=Installation.COMMAND_LINE, at=AT)

    assert list_kinds(session, person) == ["document_stopped", "document_deleted"]
    assert list_acts(session, document)[-1] == ("document_deleted", None)


def test_a_store_that_fails_is_said_in_plain_words(
    session: Session, scene: Scene, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    (version,) = document.versions
    assert version.storage_key is not None
    scene.store.remove(version.storage_key)
    with pytest.raises(FileLost):
        read_file(scene.store, version)

    def fail(*arguments: object) -> None:
        raise StoreUnavailable("full")

    for name in ("put", "read", "remove"):
        monkeypatch.setattr(type(scene.store), name, fail)
    with (
        pytest.raises(FilesUnavailable),
        keeping(scene.store, check_file("a.pdf", PDF, megabytes=1)),
    ):
        raise AssertionError("nothing is kept, so nothing goes on")
    with pytest.raises(FilesUnavailable):
        read_file(scene.store, version)
    assert remove_files(scene.store, [version.storage_key]) == 0


def test_an_error_that_leaves_the_commit_open_keeps_the_file(scene: Scene) -> None:
    with (
        pytest.raises(ConnectionError),
        keeping(scene.store, check_file("a.txt", SAMPLES["a.txt"], megabytes=1)),
    ):
        raise ConnectionError
    assert len(list(scene.store.list_files())) == 1
