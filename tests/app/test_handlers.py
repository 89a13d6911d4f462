from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.engagements.errors import ConflictOfInterest
from app.settings import Settings
from app.web.handlers import word_error


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", "(Ada, Bridge Fund, and Hill Fund)"), ("zh-CN", "Ada、Bridge Fund和Hill Fund")],
)
def test_several_names_are_enumerated_in_the_language_of_the_reader(
    app: Flask, language: str, names: str
) -> None:
    error = ConflictOfInterest(because=("Ada", "Bridge Fund", "Hill Fund"))
    with app.test_request_context(headers={"Accept-Language": language}):
        assert names in word_error(error)


def test_without_a_database_people_get_a_sentence(tmp_path: Path) -> None:
    app = create_app(
        Settings(
            instance_path=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'no-such-folder' / 'gone.db'}",
            secret_key="only for tests",
            encoder="hashing",
        )
    )

    answer = app.test_client().get("/incubators", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert answer.mimetype == "text/html"
    assert "Its database cannot be reached. Nothing was saved" in answer.text
    assert "数据库目前无法访问" in answer.text
