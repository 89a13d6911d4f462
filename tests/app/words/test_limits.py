"""How long a text is for a limit: nobody sends much as little."""

import time

import pytest
from flask import Flask

from app.imports.cells import recognise_cells
from app.imports.problems import Remark
from app.needs.forms import NeedForm
from app.words.limits import TEXT_LIMIT, measure_length
from models.imports import ImportKind

pytestmark = pytest.mark.trust

# One character that stands for eighteen.
LIGATURE = "\ufdfa"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("x" * 4_000, 4_000),
        ("良率上不去……请看 25 ㎜ 的样品", 18),
        (FAMILY * 100, 700),
        (LIGATURE * 10, 180),
        (LIGATURE * 200_000, 200_000),
    ],
)
def test_what_grows_when_it_is_written_out_is_as_long_as_then(text: str, length: int) -> None:
    assert measure_length(text) == length


def test_measuring_takes_no_time_worth_naming() -> None:
    begun = time.process_time()

    assert measure_length(LIGATURE * 99_999) > TEXT_LIMIT
    assert time.process_time() - begun < 1


def test_a_cell_of_a_file_is_measured_alike() -> None:
    heavy = {"name": "Somebody", "summary": LIGATURE * 2_000, "topics": LIGATURE * 30}

    _values, problems = recognise_cells(ImportKind.MENTORS, heavy)

    assert {(each.column, each.remark) for each in problems} >= {
        ("summary", Remark.TOO_LONG),
        ("topics", Remark.WORD_TOO_LONG),
    }


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_field_of_a_form_is_measured_alike(app: Flask) -> None:
    with app.test_request_context(method="POST", data={"text": LIGATURE * 2_000}):
        form = NeedForm()
        form.validate()

        assert any("36,000" in str(error) or "36000" in str(error) for error in form.text.errors)
