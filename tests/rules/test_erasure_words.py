"""Every column that could hold a person says what an erasure does with it."""

import pytest
from sqlalchemy import JSON, Column, Integer, LargeBinary, MetaData, String, Table, Text

import models  # noqa: F401  (registers every table)
from models.credit_code import CreditCodeType
from models.erasure import (
    Fate,
    erasure_empties,
    erasure_keeps,
    holds_no_person,
    list_erasure_words,
    list_silent_columns,
)
from models.orm import Base, CodeList, TextList, UtcDateTime, code_type
from models.vocabulary import Field, Strength

SAID = [erasure_empties(), erasure_keeps("reports count by it"), holds_no_person()]


def test_no_column_is_silent() -> None:
    assert list_silent_columns(Base.metadata) == []


@pytest.mark.parametrize(
    "kind", [Text(), String(20), JSON(), LargeBinary(), TextList(), CreditCodeType()], ids=repr
)
def test_a_silent_column_is_named(kind: object) -> None:
    metadata = MetaData()
    spoken = [Column(f"said_{n}", kind, info=said) for n, said in enumerate(SAID)]
    Table("letter", metadata, Column("words", kind), *spoken)

    (line,) = list_silent_columns(metadata)

    assert line.startswith("letter.words does not say what an erasure does with it")
    assert [word.fate for word in list_erasure_words(metadata).values()] == list(Fate)


@pytest.mark.parametrize(
    "kind",
    [Integer(), UtcDateTime(), CodeList(Field), code_type(Strength, "strength")],
    ids=repr,
)
def test_numbers_times_and_codes_need_no_word(kind: object) -> None:
    metadata = MetaData()
    Table("letter", metadata, Column("said", kind))
    assert list_silent_columns(metadata) == []


def test_what_is_kept_is_kept_for_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        erasure_keeps(" ")
