"""The pages of an import, as an operator goes through them."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.extensions import db
from app.imports.jobs import apply_imports
from app.words.labels import get_label
from matching.encoders.errors import EncoderMissing
from models.imports import ImportBatch, ImportRow
from models.organisations import Startup
from models.people import Invitation, Person
from models.pools import PoolEntry
from models.providers import Provider
from models.vocabulary import Field
from tests.app.imports.files import (
    COMPLETE_MENTOR,
    COMPLETE_STARTUP,
    make_book,
    make_csv,
    make_csv_of,
    make_xlsx,
    save,
)
from tests.factories import AT, log_in, make_incubator, make_mentor, make_person
from tests.posting import post


@dataclass(frozen=True)
class Site:
    app: Flask
    operator: FlaskClient
    incubator: str

    @property
    def start(self) -> str:
        return f"/incubators/{self.incubator}/import"

    def send(self, content: bytes, *, kind: str = "mentors", filename: str = "导师.csv") -> Any:
        return post(self.operator, self.start, kind=kind, file=(BytesIO(content), filename))

    def preview(self, content: bytes, **facts: str) -> str:
        answer = self.send(content, **facts)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> Site:
    with app.app_context():
        operator = make_person(db.session)
        incubator = make_incubator(db.session, operator=operator)
        db.session.commit()
        log_in(client, operator)
        return Site(app, client, incubator.public_id)


def send_raw(site: Site, content: bytes) -> Any:
    """Send a large file as a browser would; the test client itself would leave a file open."""
    found = re.search(
        r'name="csrf_token" type="hidden" value="([^"]+)"', site.operator.get(site.start).text
    )
    assert found is not None
    body = b"".join(
        (
            b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\nmentors\r\n',
            b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
            found[1].encode(),
            b"\r\n",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n',
            content,
            b"\r\n--x--\r\n",
        )
    )
    return site.operator.post(site.start, data=body, content_type="multipart/form-data; boundary=x")


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_an_operator_previews_confirms_and_finds_what_was_made(site: Site) -> None:
    content = make_csv_of(
        COMPLETE_MENTOR, {"导师姓名": "草稿导师"}, {"导师姓名": "错的", "邮箱": "nowhere"}
    )
    batch = site.preview(content, filename="../../导师<b>名单.csv")

    page = site.operator.get(batch)
    assert "导师&lt;b&gt;名单.csv" in page.text
    assert "Create 2 mentors, change 0, leave out 1" in page.text
    assert "This is not an e-mail address." in page.text
    assert "Needed before the profile can be published." in page.text
    assert count(site.app, Provider) == 0

    done = post(site.operator, f"{batch}/confirm")
    assert (done.status_code, done.headers["Location"]) == (303, batch)

    page = site.operator.get(batch)
    with site.app.app_context():
        providers = db.session.scalars(select(Provider).order_by(Provider.id)).all()
        assert [(p.name, p.state) for p in providers] == [
            ("碳化硅工艺导师", "published"),
            ("草稿导师", "draft"),
        ]
        for provider in providers:
            assert f'href="/providers/{provider.public_id}"' in page.text
            assert site.operator.get(f"/providers/{provider.public_id}").status_code == 200
        assert db.session.scalars(select(PoolEntry.state)).all() == ["admitted"] * 2
        assert db.session.scalars(select(Invitation.id)).all() == []
    assert "导师&lt;b&gt;名单.csv" in site.operator.get(site.start).text


def test_startups_come_in_from_a_spreadsheet_and_founders_are_invited(site: Site) -> None:
    header, cells = list(COMPLETE_STARTUP), list(COMPLETE_STARTUP.values())
    batch = site.preview(make_xlsx([header, cells]), kind="startups", filename="startups.xlsx")

    assert "Create 1 startup, change 0, leave out 0" in site.operator.get(batch).text
    post(site.operator, f"{batch}/confirm", sends_invitations="y")

    with site.app.app_context():
        assert db.session.scalars(select(Startup.state)).all() == ["published"]
        assert db.session.scalars(select(Invitation.email)).all() == ["founder@example.org"]


def test_many_codes_that_are_replaced_are_all_named(site: Site) -> None:
    many = "、".join(str(get_label(code)) for code in list(Field)[:8])
    batch = site.preview(make_csv_of(COMPLETE_MENTOR | {"领域": many}))
    post(site.operator, f"{batch}/confirm")

    page = site.operator.get(site.preview(make_csv_of(COMPLETE_MENTOR)))

    assert page.status_code == 200
    assert "Until now: Integrated circuits, " in page.text
    assert str(get_label(list(Field)[7])) in page.text


def test_where_no_encoder_is_the_import_goes_on_in_the_worker(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise EncoderMissing("not prepared")

    monkeypatch.setattr("app.imports.views.files.get_engine", fail)
    batch = site.preview(make_csv_of(COMPLETE_MENTOR))

    answer = post(site.operator, f"{batch}/confirm")

    assert (answer.status_code, answer.headers["Location"]) == (303, batch)
    assert "The import has begun." in site.operator.get(batch).text
    monkeypatch.undo()
    assert apply_imports(site.app, AT) == 1


def test_a_large_file_is_done_by_the_worker_and_shows_how_far_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One chunk a turn, so that the file is found half done.
    monkeypatch.setattr("app.imports.applying.TURN_SECONDS", 0.0)
    monkeypatch.setattr("app.imports.preparing.CHUNK", 50)
    rows = [["name"], *([f"Mentor {i}"] for i in range(60))]
    batch = site.preview(make_csv(rows))
    post(site.operator, f"{batch}/confirm")

    page = site.operator.get(batch).text
    assert "0 of 60 rows are done" in page
    assert 'src="/static/import_progress.js"' in page
    assert count(site.app, Provider) == 0

    assert apply_imports(site.app, AT) == 50
    assert "50 of 60 rows are done" in site.operator.get(batch).text
    assert apply_imports(site.app, AT) == 10
    assert apply_imports(site.app, AT) == 0
    page = site.operator.get(batch).text
    assert "rows are done" not in page
    assert count(site.app, Provider) == 60


def test_what_is_discarded_is_gone(site: Site) -> None:
    batch = site.preview(make_csv_of(COMPLETE_MENTOR))
    done = post(site.operator, f"{batch}/discard")
    assert (done.status_code, done.headers["Location"]) == (303, site.start)
    page = site.operator.get(batch).text
    assert "This file was discarded" in page
    assert COMPLETE_MENTOR["邮箱"] not in page
    assert count(site.app, ImportRow) == 0
    assert post(site.operator, f"{batch}/confirm").status_code == 409
    assert count(site.app, Provider) == 0


def test_confirming_twice_does_it_once(site: Site) -> None:
    batch = site.preview(make_csv_of(COMPLETE_MENTOR))
    answers = [post(site.operator, f"{batch}/confirm").status_code for _ in range(2)]
    assert answers == [303, 409]
    assert count(site.app, Provider) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (b"\x00\xff\x00", "This file cannot be read as a table."),
        (b"PK\x03\x04broken", "This file cannot be read as a table."),
        (b"a,b\r\n1,2\r\n", "No row of this file names a column “Name of the mentor”."),
        (
            b"name,mentor\r\n1,2\r\n",
            "Several columns of this file mean “Name of the mentor”: name (A) and mentor (B).",
        ),
        (b"name,email\r\n", "Below its header this file is empty."),
        (b'name,email\r\n"A,b\r\n', "In row 2 a quotation mark does not end where it should."),
        (b"name\r\n" + b"A\r\n" * 10_001, "at most 10000 rows and 10 MB."),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_it(
    site: Site, content: bytes, sentence: str
) -> None:
    answer = site.send(content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert count(site.app, ImportBatch) == 0


@pytest.mark.privacy
def test_a_large_file_is_not_laid_down_on_a_disk(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **facts: object) -> object:
        raise AssertionError("the file went to a disk")

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    content = b"name,summary\r\nA," + b"x" * 2_000_000
    assert send_raw(site, content).status_code == 303


def test_which_sheet_is_meant_is_asked_beside_its_field(site: Site) -> None:
    book = make_book(("甲", [["姓名"], ["方某"]]), ("乙", [["姓名"], ["圆某"]]))
    page = site.send(save(book)).text
    assert '<a href="#sheet">Sheet</a> · Several sheets' in page
    assert "such rows: 甲 and 乙. Say which" in page
    assert '<a href="#file">File</a> · Choose the file once more' in page


def test_without_a_file_nothing_is_shown(site: Site) -> None:
    answer = post(site.operator, site.start, kind="startups")
    assert answer.status_code == 422
    assert "Choose a file, or paste a list." in answer.text
    assert '<option selected value="startups">' in answer.text


def test_a_list_is_pasted_and_what_was_pasted_is_never_lost(site: Site) -> None:
    pasted = (
        "企业名称：某某光学\r\n网址：a.example.org\r\n\r\n企业名称：某某材料\r\n网址：b.example.org"
    )
    wrong = post(site.operator, site.start, kind="startups", pasted="一二三\r\n四五六")
    assert wrong.status_code == 422
    assert "一二三\r\n四五六</textarea>" in wrong.text
    both = post(
        site.operator, site.start, kind="startups", pasted=pasted, file=(BytesIO(b"x"), "x.csv")
    )
    assert "Keep one of them" in both.text
    assert "某某材料" in both.text
    assert count(site.app, ImportBatch) == 0
    answer = post(site.operator, site.start, kind="startups", pasted=pasted)
    assert answer.status_code == 303
    page = site.operator.get(answer.headers["Location"]).text
    assert "Pasted list" in page
    # Whoever reads it has their own language.
    with site.operator.session_transaction() as kept:
        kept["locale"] = "zh_Hans_CN"
    for path in (answer.headers["Location"], site.start):
        shown = site.operator.get(path).text
        assert ("粘贴的名单" in shown, "Pasted list" in shown) == (True, False)
    assert "某某材料" in page


@pytest.mark.fuzz
def test_more_than_a_request_may_hold_is_refused(site: Site) -> None:
    too_much, far_too_much = (
        send_raw(site, b"name\r\n" + b"A" * size) for size in (10_500_000, 13_000_000)
    )
    assert (too_much.status_code, far_too_much.status_code) == (422, 413)
    assert "at most 10000 rows and 10 MB." in too_much.text
    assert count(site.app, ImportBatch) == 0


@pytest.mark.fuzz
def test_what_a_file_says_is_never_markup(site: Site) -> None:
    hostile = "<script>alert(1)</script>"
    batch = site.preview(
        make_csv([["name", "email", f"{hostile}"], [hostile, hostile, hostile]]),
        filename="<script>.csv",
    )
    for address in (batch, site.start):
        page = site.operator.get(address).text
        assert hostile not in page
        assert "&lt;script&gt;" in page


def test_unknown_columns_are_named(site: Site) -> None:
    batch = site.preview(make_csv([["name", "手机", "备注"], ["A", "1", "2"]]))
    page = site.operator.get(batch).text
    assert "2 columns are not known and are not taken: 手机 and 备注" in page


def test_rows_are_shown_by_outcome_and_in_pages(site: Site) -> None:
    rows = [["name", "email"], *([f"Mentor {i:03}", "x" if i % 2 else ""] for i in range(450))]
    batch = site.preview(make_csv(rows))

    first = site.operator.get(batch).text
    last = site.operator.get(f"{batch}?page=3").text
    refused = site.operator.get(f"{batch}?outcome=refused&page=2").text

    assert ("Mentor 000" in first, "Mentor 199" in first, "Mentor 200" in first) == (
        True,
        True,
        False,
    )
    assert ("Mentor 449" in last, "Page 3 of 3" in last, "Mentor 399" in last) == (
        True,
        True,
        False,
    )
    assert ("Mentor 449" in refused, "Mentor 448" in refused) == (True, False)
    corrected = post(site.operator, f"{batch}/rows/203", name="Mentor 201", email="")
    assert corrected.headers["Location"] == f"{batch}?page=2#row-203"
    for odd in ("?page=0", "?page=-1", "?page=999999999999", "?page=x", "?outcome=odd"):
        assert site.operator.get(f"{batch}{odd}").status_code == 200


def test_refused_rows_can_be_downloaded(site: Site) -> None:
    batch = site.preview(make_csv([["name", "email"], ["=1+1", "nowhere"], ["Good", ""]]))
    answer = site.operator.get(f"{batch}/refused.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="yinqiao-refused.csv"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "'=1+1" in answer.text
    assert "Good" not in answer.text


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["mentors", "startups"])
def test_templates_can_be_downloaded(site: Site, kind: str, ending: str) -> None:
    answer = site.operator.get(f"{site.start}/{kind}.{ending}")
    assert answer.status_code == 200
    assert f'filename="yinqiao-{kind}.{ending}"' in answer.headers["Content-Disposition"]
    assert site.operator.get(f"{site.start}/{kind}.exe").status_code == 404
    assert site.operator.get(f"{site.start}/people.{ending}").status_code == 404


def test_the_page_documents_every_column(site: Site) -> None:
    page = site.operator.get(site.start).text
    for word in ("hours_per_month", "founder_email", "Technical review", "Verification gate"):
        assert word in page


@pytest.mark.permissions
def test_only_the_operators_of_the_incubator_come_near(site: Site) -> None:
    batch = site.preview(make_csv_of(COMPLETE_MENTOR))
    with site.app.app_context():
        people = {"operator": make_person(db.session), "mentor": make_person(db.session)}
        make_incubator(db.session, operator=people["operator"])
        make_mentor(db.session, person=people["mentor"])
        db.session.commit()
        ids = {name: person.id for name, person in people.items()}

    def ask(client: FlaskClient) -> dict[str, int]:
        return {
            "start": client.get(site.start).status_code,
            "send": post(
                client, site.start, kind="mentors", file=(BytesIO(b"name\r\nA"), "a.csv")
            ).status_code,
            "template": client.get(f"{site.start}/mentors.csv").status_code,
            "batch": client.get(batch).status_code,
            "refused": client.get(f"{batch}/refused.csv").status_code,
            "confirm": post(client, f"{batch}/confirm").status_code,
            "discard": post(client, f"{batch}/discard").status_code,
        }

    for person_id in ids.values():
        client = site.app.test_client()
        with site.app.app_context():
            log_in(client, db.session.get_one(Person, person_id))
        assert ask(client) == {
            "start": 403,
            "send": 403,
            "template": 403,
            "batch": 404,
            "refused": 404,
            "confirm": 404,
            "discard": 404,
        }
    visitor = ask(site.app.test_client())
    assert set(visitor.values()) == {303, 401}
    with site.app.app_context():
        assert db.session.scalars(select(ImportBatch.state)).all() == ["previewed"]


@pytest.mark.permissions
def test_without_the_token_nothing_is_confirmed(site: Site) -> None:
    batch = site.preview(make_csv_of(COMPLETE_MENTOR))
    assert site.operator.post(f"{batch}/confirm").status_code == 400
    assert count(site.app, Provider) == 0
