"""What the single list of affiliations held is found again after the migration, and back."""

import json

import pytest
from sqlalchemy import Connection, Engine, text

from app.database import downgrade_schema, upgrade_schema


def insert(connection: Connection, table: str, **values: object) -> None:
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({places})"), values)


@pytest.fixture
def old(fresh_engine: Engine) -> Engine:
    """A database as it was before, with one provider and one startup that name organisations."""
    downgrade_schema(fresh_engine, "0004")
    at = "2026-03-03 02:00:00"
    both = {"state": "draft", "place_code": None, "remote": True, "languages": "[]"} | {
        "fields": "[]",
        "created_at": at,
        "updated_at": at,
        "version": 1,
        "id": 7,
    }
    with fresh_engine.begin() as connection:
        insert(
            connection,
            "provider",
            **both,
            public_id="0" * 16,
            kind="mentor",
            name="上海示例导师有限公司",
            headline="",
            summary="",
            can_help_with="",
            topics="[]",
            capacity=3,
            open_to_all=True,
            affiliations=json.dumps(["River  Fund", "示例大学"]),
            published_text="",
            revision=0,
        )
        insert(
            connection,
            "mentor",
            provider_id=7,
            experience="[]",
            routes="[]",
            help_modes="[]",
            hours_per_month=4,
            employer="Bridge Co., Ltd.",
        )
        insert(
            connection,
            "startup",
            **both,
            public_id="1" * 16,
            name="Devices Inc.",
            one_line="",
            description="",
            topics=json.dumps(["SiC  epitaxy", "ＳｉＣ epitaxy", "ALD"]),
            titles="[]",
            affiliations=json.dumps(["A Fund (example)"]),
        )
    return fresh_engine


def test_names_are_moved_with_their_keys(old: Engine) -> None:
    upgrade_schema(old)
    with old.connect() as connection:
        moved = connection.execute(
            text(
                "SELECT provider_id, startup_id, kind, ordinal, name, name_key FROM affiliation"
                " ORDER BY name"
            )
        ).all()
        keys = connection.execute(
            text(
                "SELECT provider.name_key, mentor.employer_key, startup.name_key FROM provider"
                " JOIN mentor ON provider_id = provider.id JOIN startup ON startup.id = provider.id"
            )
        ).one()
        topics = connection.scalars(
            text("SELECT topic_key FROM startup_topic WHERE startup_id = 7 ORDER BY topic_key")
        ).all()
    assert set(moved) == {
        (None, 7, "related", 0, "A Fund (example)", "afundexample"),
        (7, None, "related", 0, "River  Fund", "riverfund"),
        (7, None, "related", 1, "示例大学", "示例大学"),
    }
    assert tuple(keys) == ("示例导师", "bridge", "devices")
    assert topics == ["ald", "sicepitaxy"]


def test_the_way_back_keeps_the_names(old: Engine) -> None:
    upgrade_schema(old)
    downgrade_schema(old, "0004")
    with old.connect() as connection:
        lists = [
            connection.scalar(text(f"SELECT affiliations FROM {table}"))
            for table in ("provider", "startup")
        ]
    names = [json.loads(found) if isinstance(found, str) else found for found in lists]
    assert names == [["River  Fund", "示例大学"], ["A Fund (example)"]]
