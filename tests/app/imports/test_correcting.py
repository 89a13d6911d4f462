"""What was understood is shown, rows are corrected where they stand, and columns are assigned."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.styles import Font
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.clock import now
from app.extensions import db
from app.imports import committing
from app.imports.correcting import Correction, plan_correction
from app.web.typed import get_signer
from models.imports import ImportLayout, ImportRow
from models.organisations import Incubator
from models.people import Person
from models.providers import Provider
from tests.app.imports.files import make_book, make_csv, save
from tests.factories import admit, log_in, make_incubator, make_mentor, make_person
from tests.posting import post


@dataclass(frozen=True)
class Desk:
    app: Flask
    client: FlaskClient
    start: str

    def send(self, content: bytes, **facts: Any) -> Any:
        return post(
            self.client,
            self.start,
            kind="mentors",
            file=(BytesIO(content), "导师.csv"),
            **facts,
        )

    def preview(self, content: bytes) -> str:
        answer = self.send(content)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def list_rows(self) -> list[ImportRow]:
        with self.app.app_context():
            return list(db.session.scalars(select(ImportRow).order_by(ImportRow.number)))


@pytest.fixture
def desk(app: Flask) -> Desk:
    with app.app_context():
        operator = make_person(db.session, locale="en")
        incubator = make_incubator(db.session, operator=operator)
        db.session.commit()
        person_id, public_id = operator.id, incubator.public_id
    client = app.test_client()
    with app.app_context():
        log_in(client, db.session.get_one(Person, person_id))
    return Desk(app, client, f"/incubators/{public_id}/import")


def test_the_preview_shows_what_was_understood_beside_what_was_written(desk: Desk) -> None:
    batch = desk.preview(
        make_csv([["姓名", "所在地", "邮箱"], ["方某", "杭州市江干区", "Fang＠Example.org"]])
    )
    page = desk.client.get(batch).text
    assert "Shangcheng, Hangzhou, Zhejiang" in page
    assert "In the file: 杭州市江干区" in page
    assert "fang@example.org" in page
    assert "“江干区” is no more" in page


def test_what_is_left_out_is_named_above_the_rows(desk: Desk) -> None:
    batch = desk.preview(make_csv([["姓名"], ["方某"], ["合计"]]))
    assert "Row 3 is a total, no entry: “合计”" in desk.client.get(batch).text


def test_a_row_is_corrected_and_the_others_are_looked_at_again(desk: Desk) -> None:
    batch = desk.preview(
        make_csv([["姓名", "所在地"], ["方某", "朝阳"], ["圆某", "上海"], ["圆某", "北京"]])
    )
    assert [row.outcome.value for row in desk.list_rows()] == ["refused", "create", "refused"]
    page = desk.client.get(batch).text
    assert "Needs an answer" in page
    assert "Liaoning" in page

    form = desk.client.get(f"{batch}/rows/2")
    assert 'value="朝阳"' in form.text
    assert "One or more of the words, in Chinese or in English. Integrated circuits" in form.text
    still = post(desk.client, f"{batch}/rows/2", name="方某", place="朝阳")
    assert still.headers["Location"] == f"{batch}/rows/2"
    assert (
        "Row 2 is kept as you wrote it, but cannot be taken yet."
        in desk.client.get(f"{batch}/rows/2").text
    )
    for number, cells in (
        (2, {"name": "方某", "place": "北京朝阳"}),
        (4, {"name": "长某", "place": ""}),
    ):
        answer = post(desk.client, f"{batch}/rows/{number}", **cells)
        assert answer.status_code == 303

    rows = desk.list_rows()
    assert [row.outcome.value for row in rows] == ["create"] * 3
    assert rows[0].cells == {"name": "方某", "place": "北京朝阳"}
    assert rows[2].cells == {"name": "长某"}


def test_the_corrected_rows_can_be_taken_away_with_what_is_said_of_them(desk: Desk) -> None:
    batch = desk.preview(make_csv([["姓名", "每月小时"], ["方某", "3,5"], ["圆某", "2"]]))
    post(desk.client, f"{batch}/rows/3", name="圆某", hours_per_month="4")
    text = desk.client.get(f"{batch}/rows.csv").text
    assert "A comma groups thousands" in text
    assert "圆某" in text
    assert ",4," in text


@pytest.mark.parametrize("assigns", [False, True])
def test_what_is_crossed_out_is_taken_only_after_an_answer(desk: Desk, assigns: bool) -> None:
    book = make_book(("名单", [["姓名", "单位"], ["方某", "甲厂"], ["圆某", "乙厂"]]))
    for cell in book.worksheets[0][2]:
        cell.font = Font(strike=True)
    if assigns:
        table = get_packed(desk.send(save(book), assigns="y").text)
        fields = {"kind": "mentors", "table": table, "filename": "a.xlsx", "header_row": "0"}
        chosen = {"column-0": "name", "column-1": "employer"}
        answer = post(desk.client, f"{desk.start}/columns", **fields, **chosen)
        batch = str(answer.headers["Location"])
    else:
        batch = desk.preview(save(book))
    assert [row.outcome.value for row in desk.list_rows()] == ["refused", "create"]
    page = desk.client.get(batch).text
    assert "This row is crossed out in the spreadsheet." in page
    assert "Needs an answer" in page
    assert "without changing anything" in desk.client.get(f"{batch}/rows/2").text
    post(desk.client, f"{batch}/rows/2", name="方某", employer="甲厂")
    assert [row.outcome.value for row in desk.list_rows()] == ["create", "create"]


@pytest.mark.permissions
def test_rows_are_corrected_only_before_anything_is_done(desk: Desk) -> None:
    batch = desk.preview(make_csv([["姓名"], ["方某"]]))
    assert desk.client.get(f"{batch}/rows/9").status_code == 404
    post(desk.client, f"{batch}/discard")
    assert post(desk.client, f"{batch}/rows/2", name="x").status_code == 404
    stranger = desk.app.test_client()
    with desk.app.app_context():
        other = make_person(db.session)
        make_incubator(db.session, operator=other)
        db.session.commit()
        log_in(stranger, other)
    assert stranger.get(f"{batch}/rows/2").status_code == 404
    assert stranger.get(f"{batch}/rows.csv").status_code == 404
    assert post(stranger, f"{desk.start}/columns").status_code == 403


def get_packed(page: str) -> str:
    return page.split('name="table" type="hidden" value="')[1].split('"')[0]


def test_columns_are_assigned_by_hand_and_remembered(desk: Desk) -> None:
    content = make_csv([["名单"], ["甲", "乙"], ["方某", "f@example.org"]])
    refused = desk.send(content)
    assert refused.status_code == 422
    assert "say which column is which" in refused.text

    page = desk.send(content, assigns="y").text
    chosen = {"column-0": "name", "column-1": "email"}
    fields = {"kind": "mentors", "table": get_packed(page), "filename": "a.csv", "header_row": "1"}
    without = post(desk.client, f"{desk.start}/columns", **fields, **{"column-1": "email"})
    assert without.status_code == 422
    assert "Say which column is “Name of the mentor”." in without.text
    assert 'class="alert alert-danger error-summary"' in without.text
    assert 'aria-label="Column 2: 乙"' in without.text
    assert post(desk.client, f"{desk.start}/columns", **fields, **chosen).status_code == 303
    assert [row.cells for row in desk.list_rows()] == [{"name": "方某", "email": "f@example.org"}]
    with desk.app.app_context():
        (layout,) = db.session.scalars(select(ImportLayout))
        assert layout.columns == {"0": "name", "1": "email"}

    again = make_csv([["名单"], ["甲", "乙"], ["圆某", "y@example.org"]])
    desk.preview(again)
    assert {row.cells["name"] for row in desk.list_rows()} == {"方某", "圆某"}


def test_parts_of_columns_are_assigned_by_hand_too(desk: Desk) -> None:
    content = make_csv([["甲", "乙", "丙"], ["方", "远", "某某大学教授"]])
    page = desk.send(content, assigns="y").text
    assert "Organisation and position in one cell" in page
    fields = {"kind": "mentors", "table": get_packed(page), "filename": "a.csv", "header_row": "0"}
    parts = {"column-0": "surname", "column-1": "given_name"}
    parts["column-2"] = "organisation_and_position"
    assert post(desk.client, f"{desk.start}/columns", **fields, **parts).status_code == 303
    cells = {"name": "方远", "employer": "某某大学", "headline": "教授"}
    assert [row.cells for row in desk.list_rows()] == [cells]
    desk.preview(make_csv([["甲", "乙", "丙"], ["圆", "某", "某厂厂长"]]))
    assert "圆某" in {row.cells["name"] for row in desk.list_rows()}


@pytest.mark.fuzz
@pytest.mark.parametrize("packed", ["", "x", "eJw=", "eJyLjgUAARUAuQ==", "eyJ0YWJsZSI6ICIifQ.x"])
def test_a_forged_table_is_refused(desk: Desk, packed: str) -> None:
    """As one that was signed for something else, or changed afterwards."""
    answer = post(
        desk.client, f"{desk.start}/columns", kind="mentors", table=packed, header_row="0"
    )
    assert answer.status_code == 422


def test_a_table_is_good_for_the_incubator_that_it_was_shown_to(desk: Desk) -> None:
    page = desk.send(make_csv([["名单"], ["甲"], ["方某"]]), assigns="y").text
    fields = {"kind": "mentors", "filename": "a.csv", "header_row": "1", "column-0": "name"}
    changed = get_packed(page)[:-2] + "xx"
    answer = post(desk.client, f"{desk.start}/columns", table=changed, **fields)
    assert answer.status_code == 422
    with desk.app.app_context():
        signer = get_signer()
        facts = signer.read("table to import", get_packed(page), at=now())
        assert facts is not None
        foreign = signer.sign(
            "table to import",
            facts | {"incubator": "0" * 16},
            expires_at=now() + timedelta(hours=1),
        )
    answer = post(desk.client, f"{desk.start}/columns", table=foreign, **fields)
    assert answer.status_code == 422
    assert desk.list_rows() == []


def test_an_answer_is_given_beside_both_records(desk: Desk) -> None:
    batch = desk.preview(
        make_csv(
            [
                ["姓名", "单位", "邮箱"],
                ["方某", "某厂", "f@example.org"],
                ["方某", "某院", "g@example.org"],
                ["Wei Fang", "某校", ""],
                ["Fang Wei", "某所", ""],
            ]
        )
    )
    assert [row.outcome.value for row in desk.list_rows()] == ["create", "refused"] * 2
    for number, earlier, employer, own in ((3, 2, "某院", "某厂"), (5, 4, "某所", "某校")):
        page = desk.client.get(f"{batch}/rows/{number}").text
        assert "Is it the same?" in page
        assert f'<th scope="col">Row {earlier}</th>' in page
        assert f"<div>{own}</div>" in page
        assert f"<div>{employer}</div>" in page
    cells = {"name": "方某", "employer": "某院", "email": "g@example.org"}
    post(desk.client, f"{batch}/rows/3", is_someone_else="y", **cells)
    assert [row.outcome.value for row in desk.list_rows()] == ["create"] * 3 + ["refused"]
    assert "You said that this is someone else" in desk.client.get(batch).text
    assert "checked" in desk.client.get(f"{batch}/rows/3").text
    # The answer stays when another row is corrected, and goes when it is taken back.
    post(desk.client, f"{batch}/rows/2", name="方某", employer="某厂")
    assert desk.list_rows()[1].outcome.value == "create"
    post(desk.client, f"{batch}/rows/3", **cells)
    assert desk.list_rows()[1].outcome.value == "refused"


def test_a_profile_that_is_known_stands_beside_the_row(desk: Desk) -> None:
    with desk.app.app_context():
        incubator = db.session.scalars(select(Incubator)).one()
        admit(db.session, incubator, make_mentor(db.session, name="Fang Wei", headline="Epitaxy"))
        stranger = make_incubator(db.session)
        admit(db.session, stranger, make_mentor(db.session, name="Fang Wei", headline="Elsewhere"))
        db.session.commit()
    batch = desk.preview(make_csv([["姓名", "职务"], ["Wei Fang", "Founder"]]))
    page = desk.client.get(f"{batch}/rows/2").text
    assert "Known here: Fang Wei" in page
    assert "Epitaxy" in page
    assert "Elsewhere" not in page
    post(desk.client, f"{batch}/rows/2", name="Wei Fang", headline="Founder", is_someone_else="y")
    assert desk.list_rows()[0].outcome.value == "create"
    post(desk.client, f"{batch}/confirm")
    assert [row.applied_at is not None for row in desk.list_rows()] == [True]
    with desk.app.app_context():
        assert db.session.scalars(select(Provider).where(Provider.name == "Wei Fang")).one()


@pytest.mark.concurrency
def test_a_correction_is_planned_before_the_lock_and_anew_where_somebody_was_quicker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = desk.preview(make_csv([["姓名"], ["方某"], ["圆某"], ["圆某"]]))
    seen: list[tuple[int, str]] = []

    def plan_slowly(session: Session, **facts: Any) -> Correction:
        correction = plan_correction(session, **facts)
        seen.append((correction.version, "planned"))
        if len(seen) == 1:
            # Meanwhile somebody else corrects another row of the file.
            monkeypatch.setattr(committing, "plan_correction", plan_correction)
            assert post(desk.client, f"{batch}/rows/4", name="长某").status_code == 303
            monkeypatch.setattr(committing, "plan_correction", plan_slowly)
        return correction

    monkeypatch.setattr(committing, "plan_correction", plan_slowly)
    assert post(desk.client, f"{batch}/rows/2", name="高某").status_code == 303
    assert [version for version, _ in seen] == [1, 2]
    rows = desk.list_rows()
    assert [row.cells["name"] for row in rows] == ["高某", "圆某", "长某"]
    assert [row.outcome.value for row in rows] == ["create"] * 3


@pytest.mark.concurrency
def test_under_the_lock_a_correction_reads_no_other_row(desk: Desk) -> None:
    batch = desk.preview(make_csv([["姓名"], *([f"某{n}"] for n in range(30))]))
    statements: list[str] = []

    def keep(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    with desk.app.app_context():
        engine = db.session.get_bind()
        event.listen(engine, "before_cursor_execute", keep)
    post(desk.client, f"{batch}/rows/5", name="高某")
    event.remove(engine, "before_cursor_execute", keep)
    written = next(i for i, text in enumerate(statements) if text.startswith("UPDATE import_row"))
    reads = [i for i, text in enumerate(statements) if "ORDER BY import_row.number" in text]
    assert max(reads) < written
    # Only the row that says something else is written.
    assert sum(text.startswith("UPDATE import_row") for text in statements) == 1


def test_columns_are_assigned_on_the_sheet_that_is_meant(desk: Desk) -> None:
    book = make_book(
        ("说明", [["请在第二页填写"], ["每行一位"]]),
        ("名单", [*([[f"第{n}条"] for n in range(12)]), ["甲", "姓名", "丙"], ["x", "方某", "y"]]),
        ("旧", [["甲", "乙", "丙", "丁"], ["x", "圆某", "y", "z"]]),
    )
    content = save(book)
    page = desk.send(content, assigns="y").text
    assert '<option value="name" selected>' in page
    assert 'value="12" checked' in page
    fields = {"kind": "mentors", "filename": "a.xlsx", "header_row": "12"}
    chosen = {"column-1": "name", "column-2": "employer"}
    answer = post(desk.client, f"{desk.start}/columns", table=get_packed(page), **fields, **chosen)
    assert (
        "Read was the sheet “名单”. Not read: 说明 and 旧" in desk.client.get(answer.location).text
    )
    assert [row.cells for row in desk.list_rows()] == [{"name": "方某", "employer": "y"}]
    # Another sheet, where somebody names it.
    assert "圆某" in desk.send(content, assigns="y", sheet="旧").text
    assert desk.send(content, assigns="y", sheet="新").status_code == 422


def test_what_is_only_needed_to_publish_takes_no_column(desk: Desk) -> None:
    page = desk.client.get(desk.preview(make_csv([["姓名"], ["方某"]]))).text
    assert "Needed to publish: Headline, Summary" in page
    assert '<th scope="col">Headline</th>' not in page
