from pathlib import Path

from app import create_app
from app.settings import Settings


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
    assert "Something went wrong on our side. Nothing was saved; try again." in answer.text
