"""The text of a table is read as SQLite reads it."""

import pytest

from migrations.ddl import cut, find_check, split_items
from tests.rules.schema import compare, describe_table

TABLE = """CREATE TABLE "match" (
    id INTEGER NOT NULL, -- a comment, with a comma
    said VARCHAR(20) DEFAULT 'it''s, CHECK (no)' NOT NULL,
    CONSTRAINT pk_match PRIMARY KEY (id),
    CONSTRAINT ck_match_said CHECK (said IN ('b)', 'a') AND (id > 0))
, exposure INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_match_exposure CHECK (exposure <= 16),
 of_id INTEGER CONSTRAINT fk_match_of_id REFERENCES need (id) ON DELETE SET NULL)"""


def test_commas_in_brackets_texts_and_comments_divide_nothing() -> None:
    assert [item[0].text for item in split_items(cut(TABLE))] == [
        "id",
        "said",
        "constraint",
        "constraint",
        "exposure",
        "of_id",
    ]


def test_a_check_is_found_with_its_brackets() -> None:
    start, end = find_check(TABLE, "ck_match_said")
    assert TABLE[start:end] == "(said IN ('b)', 'a') AND (id > 0))"
    start, end = find_check(TABLE, "ck_match_exposure")
    assert TABLE[start:end] == "(exposure <= 16)"
    with pytest.raises(LookupError, match="ck_match_id"):
        find_check(TABLE, "ck_match_id")


def test_each_part_of_a_table_is_told() -> None:
    assert describe_table(TABLE) == {
        "column id": "integer not null",
        "column said": "varchar ( 20 ) default 'it''s, CHECK (no)' not null",
        "column exposure": "integer default 0 not null",
        "column of_id": "integer",
        "primary key pk_match": "primary key ( id )",
        "check ck_match_said": "check ( said in ( 'a', 'b)' ) and ( id > 0 ) )",
        "check ck_match_exposure": "check ( exposure <= 16 )",
        "foreign key fk_match_of_id": (
            "foreign key ( of_id ) references need ( id ) on delete set null"
        ),
    }


def test_a_constraint_says_the_same_beside_its_column_and_below() -> None:
    below = """CREATE TABLE match (of_id INTEGER, exposure INTEGER NOT NULL DEFAULT '0',
        id INTEGER NOT NULL, said VARCHAR(20) NOT NULL DEFAULT 'it''s, CHECK (no)',
        CONSTRAINT ck_match_exposure CHECK (exposure<=16), CONSTRAINT pk_match PRIMARY KEY(id),
        CONSTRAINT ck_match_said CHECK (said IN ('a', 'b)') AND (id > 0)),
        CONSTRAINT fk_match_of_id FOREIGN KEY(of_id) REFERENCES need (id) ON DELETE SET NULL)"""
    assert compare({"match": describe_table(TABLE)}, {"match": describe_table(below)}) == []
