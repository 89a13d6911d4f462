"""The commands that try a file and bring it in: what they print, save and refuse."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commands.cli import main
from app.settings import Settings
from models.orm import begin_writing
from models.people import Invitation
from models.providers import Provider
from tests.app.imports.files import make_csv
from tests.factories import make_incubator, make_person

NAME = "Command house (example)"
ROWS = [
    ["姓名", "邮箱", "所在地", "每月小时", "主题", "微信"],
    ["方某", "Fang＠Example.org", "上海浦东", "每月6小时", "碳化硅；外延", "x"],
    ["圆某", "y@example.org", "西咸新区", "2,5", "", ""],
    ["长某", "nowhere", "", "", "", ""],
    ["方 某 教授", "", "", "", "", ""],
    ["合计", "", "", "", "", ""],
]


@pytest.fixture
def house(
    settings: Settings, fresh_engine: DatabaseEngine, monkeypatch: pytest.MonkeyPatch
) -> DatabaseEngine:
    """The database of this test, with an incubator and its operator, without a model."""
    monkeypatch.setenv("YINQIAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
    with Session(fresh_engine) as session:
        begin_writing(session)
        operator = make_person(session, email="operator@example.org")
        make_incubator(session, operator=operator, name=NAME)
        session.commit()
    return fresh_engine


def run(command: str, path: Path, *options: str) -> Result:
    arguments = ["import", command, str(path), "--kind", "mentor", "--incubator", NAME, *options]
    return CliRunner().invoke(main, arguments)


def read(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.output))


def count(engine: DatabaseEngine, table: type[Any]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_is_tried_and_brought_in(house: DatabaseEngine, tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_bytes(make_csv(ROWS))
    seen = read(run("preview", path, "--json"))
    assert count(house, Provider) == 0
    assert [(row["row"], row["outcome"]) for row in seen["rows"]] == [
        (2, "new"),
        (3, "doubtful"),
        (4, "wrong"),
        (5, "doubtful"),
    ]
    assert seen["rows"][0]["values"] == {
        "name": "方某",
        "email": "fang@example.org",
        "topics": ["碳化硅", "外延"],
        "place": "310115",
        "hours_per_month": 6,
    }
    assert any("陕西省咸阳市" in said or "Xianyang" in said for said in seen["rows"][1]["remarks"])
    assert seen["remarks"] == [
        "Row 6 is a total, no entry: “合计”",
        "Columns that are not known: 微信",
    ]
    assert read(run("apply", path, "--json", "--as", "Operator@example.org")) == seen
    assert count(house, Provider) == 1
    assert count(house, Invitation) == 0
    again = read(run("preview", path, "--json"))
    assert [row["outcome"] for row in again["rows"]][:1] == ["same"]
    plain = run("preview", path).output
    assert "! Row 6 is a total, no entry: “合计”" in plain
    assert "3  doubtful  圆某" in plain


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"%PDF-1.7", (), "This is a PDF document"),
        ("甲,乙\n1,2\n".encode(), (), "No row of this file names a column"),
        ("姓名\n方某\n".encode(), ("--as", "x@example.org"), "x@example.org does not operate"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    house: DatabaseEngine, tmp_path: Path, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    result = run("apply", path, *options)
    assert result.exit_code == 1
    assert sentence in result.output
    assert count(house, Provider) == 0


def test_an_incubator_that_is_not_there_is_named(house: DatabaseEngine, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("姓名\n方某\n".encode())
    arguments = ["import", "preview", str(path), "--kind", "mentor", "--incubator", "None such"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "No incubator is called None such." in result.output
