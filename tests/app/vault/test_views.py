"""The pages of documents, as those who come use them, and the files that they get."""

import re
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.settings import Settings
from app.vault.queries.documents import find_document
from app.vault.storage.choice import get_store
from models.audit import AuditEntry
from models.documents import Document
from models.people import Person
from models.vocabulary import Role
from tests.app.vault.scenes import PDF, PNG, SAMPLES, make_office
from tests.factories import (
    join,
    log_in,
    make_incubator,
    make_mentor,
    make_person,
    make_startup,
)
from tests.posting import post


@dataclass(frozen=True)
class Site:
    app: Flask
    founder: FlaskClient
    operator: FlaskClient
    foreign: FlaskClient
    mentor: FlaskClient
    startup: str
    incubator: str
    mentor_provider: str

    @property
    def path(self) -> str:
        return f"/organisations/startup-{self.startup}/documents"

    def upload(
        self, name: str = "计划.pdf", content: bytes = PDF, client: Any = None, **fields: Any
    ) -> Any:
        fields = {"title": "", "kind": "pitch", "declared": "y"} | fields
        return post(
            client or self.founder, f"{self.path}/new", file=(BytesIO(content), name), **fields
        )

    def keep(self, name: str = "计划.pdf", content: bytes = PDF, **fields: Any) -> str:
        answer = self.upload(name, content, **fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def count_documents(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Document)) or 0

    def count_files(self) -> int:
        with self.app.app_context():
            return len(list(get_store().list_files()))

    def list_acts(self) -> list[str]:
        with self.app.app_context():
            return list(
                db.session.scalars(
                    select(AuditEntry.kind)
                    .where(AuditEntry.subject_table == "document")
                    .order_by(AuditEntry.id)
                )
            )


@pytest.fixture
def site(app: Flask) -> Site:
    clients = {name: app.test_client() for name in ("founder", "operator", "foreign", "mentor")}
    with app.app_context():
        people = {name: make_person(db.session, name=f"The {name}") for name in clients}
        incubator = make_incubator(db.session, operator=people["operator"])
        startup = make_startup(db.session, founder=people["founder"], incubator=incubator)
        make_startup(
            db.session,
            founder=people["foreign"],
            incubator=make_incubator(db.session, operator=people["foreign"]),
        )
        mentor = make_mentor(db.session, person=people["mentor"])
        db.session.commit()
        for name, client in clients.items():
            log_in(client, people[name])
        return Site(
            app, **clients, startup=startup.public_id, incubator=incubator.public_id,
            mentor_provider=mentor.public_id,
        )  # fmt: skip


def show_to_mentor(site: Site, path: str) -> None:
    from app.vault.actions.sharing import show_document
    from models.providers import Provider
    from tests.factories import AT, act_as

    with site.app.app_context():
        document = find_document(db.session, path.rsplit("/", 1)[1])
        assert document is not None
        founder = db.session.scalar(select(Person).where(Person.name == "The founder"))
        receiver = db.session.scalar(
            select(Provider).where(Provider.public_id == site.mentor_provider)
        )
        assert founder is not None
        assert receiver is not None
        show_document(
            db.session, document=document, receiver=receiver, actor=act_as(founder), at=AT
        )
        db.session.commit()


def test_a_document_is_uploaded_listed_shown_and_downloaded(site: Site) -> None:
    assert "Nothing is kept here yet" in site.founder.get(site.path).text

    path = site.keep(title="A plan for <wafers>")

    page = site.founder.get(path)
    assert "A plan for &lt;wafers&gt;" in page.text
    assert "计划.pdf" in page.text
    assert "A plan for &lt;wafers&gt;" in site.founder.get(site.path).text
    assert "A plan for &lt;wafers&gt;" in site.founder.get("/documents").text
    file = site.founder.get(f"{path}/versions/1/file")
    assert file.data == PDF
    assert site.list_acts() == ["document_uploaded", "document_downloaded"]


@pytest.mark.parametrize("name", SAMPLES)
def test_files_are_saved_and_neither_shown_nor_kept_on_the_way(site: Site, name: str) -> None:
    path = site.keep(name, SAMPLES[name])

    answer = site.founder.get(f"{path}/versions/newest/file")

    assert answer.data == SAMPLES[name]
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; filename=")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert "html" not in headers["Content-Type"]
    assert int(headers["Content-Length"]) == len(SAMPLES[name])


def test_a_name_in_chinese_comes_back_as_it_was(site: Site) -> None:
    path = site.keep("商业计划书 2026.pdf")

    disposition = site.founder.get(f"{path}/versions/1/file").headers["Content-Disposition"]

    assert disposition == (
        "attachment; filename=\"document-1.pdf\"; filename*=UTF-8''"
        "%E5%95%86%E4%B8%9A%E8%AE%A1%E5%88%92%E4%B9%A6%202026.pdf"
    )


def test_who_has_the_file_already_is_told_so(site: Site) -> None:
    path = f"{site.keep()}/versions/1/file"
    tag = site.founder.get(path).headers["ETag"]

    again = site.founder.get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    # And whoever may not have it is not told even that.
    assert site.foreign.get(path, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "fields", "sentence"),
    [
        ("a.pdf", b"", {}, "There is nothing in this file."),
        ("a.exe", b"MZ", {}, "Files of this kind are not kept."),
        ("a.pdf", PNG, {}, "its contents are something else or damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", {}, "old kind of Office or has a password"),
        (
            "a.docx",
            make_office("docx", parts={"word/vbaProject.bin": b"x"}),
            {},
            "programs (macros) in this file",
        ),
        ("a.pdf", PDF, {"declared": ""}, "Files without this declaration cannot be kept."),
        ("a.pdf", PDF, {"kind": "x"}, "Choose from the list."),
        ("a.pdf", PDF, {"title": "x" * 121}, "At most 120 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(
    site: Site, name: str, content: bytes, fields: dict[str, str], sentence: str
) -> None:
    answer = site.upload(name, content, **fields)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'class="alert alert-danger error-summary"' in answer.text
    assert (site.count_documents(), site.count_files()) == (0, 0)


def test_without_a_file_nothing_happens(site: Site) -> None:
    answer = post(site.founder, f"{site.path}/new", kind="pitch")

    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    assert "Files without this declaration cannot be kept." in answer.text


def test_a_form_sent_twice_keeps_one_document(site: Site) -> None:
    page = site.founder.get(f"{site.path}/new").text
    found = re.search(r'name="new_public_id"[^>]*value="([0-9a-f]{16})"', page)
    assert found is not None

    paths = {site.keep(new_public_id=found[1]) for _time in range(2)}

    assert paths == {f"/documents/{found[1]}"}
    assert site.count_documents() == 1


def test_versions_keep_their_history(site: Site) -> None:
    path = site.keep("a.txt", b"first")
    form = site.founder.get(f"{path}/versions/new").text
    assert 'name="after" type="hidden" value="1"' in form

    def send(content: bytes, after: str) -> Any:
        return post(
            site.founder,
            f"{path}/versions/new",
            file=(BytesIO(content), "b.txt"),
            declared="y",
            after=after,
        )

    assert send(b"second", "1").status_code == 303
    assert "Someone changed this" in send(b"third", "1").text
    assert "byte for byte" in send(b"second", "2").text
    assert site.founder.get(f"{path}/versions/1/file").data == b"first"
    assert site.founder.get(f"{path}/versions/newest/file").data == b"second"
    for number in ("3", "0", "-1", "1e0", "١"):
        assert site.founder.get(f"{path}/versions/{number}/file").status_code == 404
    assert site.count_files() == 2


def test_title_and_kind_can_be_changed(site: Site) -> None:
    path = site.keep()
    assert 'value="计划"' in site.founder.get(f"{path}/edit").text

    done = post(site.founder, f"{path}/edit", title="Other", kind="minutes", row_version="1")
    stale = post(site.founder, f"{path}/edit", title="Third", kind="minutes", row_version="1")

    assert (done.status_code, stale.status_code) == (303, 409)
    assert "Third" in stale.text
    page = site.founder.get(path).text
    assert "Other" in page
    assert "Minutes" in page


@pytest.mark.permissions
def test_nobody_else_learns_that_there_is_a_document(site: Site) -> None:
    path = site.keep(title="Secret plan")
    paths = [
        path,
        f"{path}/edit",
        f"{path}/delete",
        f"{path}/report",
        f"{path}/stop",
        f"{path}/versions/new",
        f"{path}/versions/1/file",
        site.path,
        f"{site.path}/new",
    ]
    for client in (site.foreign, site.mentor):
        for each in paths:
            answer = client.get(each)
            assert answer.status_code == 404, each
            assert "Secret plan" not in answer.text
        for act in ("edit", "delete", "report", "stop", "resume", "set-aside", "show-incubator"):
            assert post(client, f"{path}/{act}", reason="classified").status_code == 404
        assert site.upload(client=client).status_code == 404
        assert "Secret plan" not in client.get("/documents").text
    assert site.count_files() == 1


@pytest.mark.permissions
def test_an_operator_sees_titles_and_opens_what_is_shown(site: Site) -> None:
    path = site.keep(title="A plan")
    assert "A plan" in site.operator.get(site.path).text
    page = site.operator.get(path)
    assert "You see that there is this document" in page.text
    assert "计划.pdf" not in page.text
    assert site.operator.get(f"{path}/versions/1/file").status_code == 403
    assert site.upload(client=site.operator).status_code == 403

    assert post(site.founder, f"{path}/show-incubator").status_code == 303
    assert site.operator.get(f"{path}/versions/1/file").data == PDF
    share = re.search(r"/shares/([0-9a-f]{16})/withdraw", site.founder.get(path).text)
    assert share is not None
    assert post(site.operator, f"{path}/shares/{share[1]}/withdraw").status_code == 403
    assert post(site.founder, f"{path}/shares/{'0' * 16}/withdraw").status_code == 404
    assert post(site.founder, f"{path}/shares/{share[1]}/withdraw").status_code == 303
    assert site.operator.get(f"{path}/versions/1/file").status_code == 403


def test_a_document_is_reported_stopped_resumed_and_deleted(site: Site) -> None:
    path = site.keep(title="A plan")
    show_to_mentor(site, path)
    assert "A plan" in site.mentor.get("/documents").text
    assert site.mentor.get(f"{path}/versions/1/file").data == PDF
    assert "The founder" not in site.mentor.get(path).text

    assert post(site.mentor, f"{path}/report", reason="other", words="").status_code == 422
    assert post(site.mentor, f"{path}/report", reason="classified", words="p. 3").status_code == 303

    held = site.mentor.get(f"{path}/versions/1/file")
    assert (held.status_code, held.data == PDF) == (409, False)
    assert "has reported this document" not in held.text
    assert "p. 3" not in site.founder.get(path).text
    assert "p. 3" in site.operator.get(path).text
    assert site.operator.get(f"{path}/versions/1/file").data == PDF
    assert "Decide on the report" in site.operator.get("/dashboard").text

    assert post(site.operator, f"{path}/stop", reason="").status_code == 422
    assert post(site.operator, f"{path}/stop", reason="Looks classified").status_code == 303
    for client in (site.founder, site.mentor):
        assert "Looks classified" in client.get(path).text
        assert client.get(f"{path}/versions/1/file").status_code == 409
    assert site.operator.get(f"{path}/versions/1/file").status_code == 403
    assert site.founder.get(f"{path}/delete").status_code == 403
    assert site.count_files() == 1

    assert post(site.operator, f"{path}/resume").status_code == 303
    assert site.mentor.get(f"{path}/versions/1/file").data == PDF
    assert post(site.operator, f"{path}/stop", reason="again").status_code == 303
    assert "cannot be brought back" in site.operator.get(f"{path}/delete").text
    assert post(site.operator, f"{path}/delete").status_code == 303

    assert site.count_files() == 0
    assert "was deleted on" in site.founder.get(path).text
    assert site.founder.get(f"{path}/versions/1/file").status_code == 410
    assert site.mentor.get(path).status_code == 404
    assert "A plan" not in site.founder.get(site.path).text


def test_the_owner_deletes_what_nobody_looks_into(site: Site) -> None:
    path = site.keep()

    assert post(site.founder, f"{path}/delete").status_code == 303

    assert site.count_files() == 0
    assert site.founder.get(f"{path}/delete").status_code == 410
    assert site.founder.get(f"{path}/versions/new").status_code == 410


def test_whoever_acts_for_nobody_has_no_documents(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person = make_person(db.session)
        db.session.commit()
        log_in(client, person)

    assert client.get("/documents").status_code == 403


@pytest.mark.parametrize(
    "owner", ["startup-", "startup", "person-0123456789abcdef", "incubator-x", "-", "provider-%00"]
)
def test_addresses_of_no_organisation_lead_nowhere(site: Site, owner: str) -> None:
    assert site.founder.get(f"/organisations/{owner}/documents").status_code == 404


def test_incubators_and_providers_keep_documents_too(site: Site) -> None:
    for client, owner in (
        (site.operator, f"incubator-{site.incubator}"),
        (site.mentor, f"provider-{site.mentor_provider}"),
    ):
        path = f"/organisations/{owner}/documents"
        answer = post(
            client, f"{path}/new", file=(BytesIO(PDF), "a.pdf"), kind="certificate", declared="y"
        )
        assert answer.status_code == 303
        assert client.get(f"{answer.headers['Location']}/versions/1/file").data == PDF
        assert "1 document" not in client.get(path).text


def send_raw(client: FlaskClient, path: str, token: str, content: bytes) -> Any:
    """Send a large file as a browser would; the test client itself would leave a file open."""
    fields = {"kind": "other", "declared": "y", "csrf_token": token}
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body += content + b"\r\n--x--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=x")


def find_token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def test_large_files_come_in_on_their_own_page_and_from_whoever_is_logged_in(site: Site) -> None:
    token = find_token(site.founder, f"{site.path}/new")
    content = b"x" * 14_000_000

    kept = send_raw(site.founder, f"{site.path}/new", token, content)
    elsewhere = send_raw(site.founder, f"/startups/{site.startup}/edit", token, content)
    unknown = send_raw(site.app.test_client(), f"{site.path}/new", token, content)
    too_large = send_raw(site.founder, f"{site.path}/new", token, b"x" * 25_000_001)
    far_too_large = send_raw(site.founder, f"{site.path}/new", token, b"x" * 27_000_000)

    assert kept.status_code == 303
    assert elsewhere.status_code == 413
    assert unknown.status_code == 413
    assert too_large.status_code == 422
    assert "at most 25 MB" in too_large.text
    assert far_too_large.status_code == 413
    assert site.count_documents() == 1


def test_the_quota_is_said_with_what_is_left(site: Site, settings: Settings) -> None:
    site.app.extensions["yinqiao_settings"] = replace(settings, quota_megabytes=1)
    token = find_token(site.founder, f"{site.path}/new")
    assert send_raw(site.founder, f"{site.path}/new", token, b"x" * 900_000).status_code == 303

    answer = send_raw(site.founder, f"{site.path}/new", token, b"y" * 100_001)

    assert answer.status_code == 409
    assert "keeps at most 1 MB" in answer.text
    assert "900 kB of 1 MB are used" in site.founder.get(site.path).text
    assert (site.count_documents(), site.count_files()) == (1, 1)


def test_lists_take_as_many_queries_with_many_rows_as_with_one(site: Site) -> None:
    from sqlalchemy import event

    def count(path: str) -> int:
        asked: list[str] = []

        def note(*arguments: Any) -> None:
            asked.append(str(arguments[2]))

        with site.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert site.founder.get(path).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    site.keep()
    alone = {path: count(path) for path in (site.path, "/documents")}
    for number in range(6):
        site.keep("a.txt", str(number).encode())

    assert {path: count(path) for path in alone} == alone


def test_a_second_founder_sees_who_uploaded_what(site: Site) -> None:
    path = site.keep()
    colleague = site.app.test_client()
    with site.app.app_context():
        person = make_person(db.session)
        document = find_document(db.session, path.rsplit("/", 1)[1])
        assert document is not None
        join(db.session, person, Role.FOUNDER, startup=document.startup)
        db.session.commit()
        log_in(colleague, person)

    assert "The founder" in colleague.get(path).text
