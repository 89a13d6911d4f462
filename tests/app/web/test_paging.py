"""Long lists in pages."""

import pytest

from app.web.paging import choose_page, count_pages, read_page_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", 1),
        ("0", 1),
        ("7", 7),
        ("-3", 1),
        ("2.5", 1),
        ("²", 1),
        ("٣", 1),
        ("999999999", 100_000),
        ("9" * 5_000, 1),
    ],
)
def test_whatever_is_no_page_number_is_the_first_page(typed: str, number: int) -> None:
    assert read_page_number(typed) == number


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (41, 3)])
def test_a_page_begins_with_every_row_that_is_one_too_many(rows: int, pages: int) -> None:
    assert count_pages(rows, 20) == pages


@pytest.mark.parametrize(
    ("typed", "rows", "number", "last", "offset"),
    [("", 0, 1, 1, 0), ("2", 21, 2, 3, 10), ("9", 21, 3, 3, 20), ("x", 21, 1, 3, 0)],
)
def test_a_page_beyond_the_last_is_the_last(
    typed: str, rows: int, number: int, last: int, offset: int
) -> None:
    page = choose_page(typed, rows=rows, size=10)
    assert (page.number, page.last, page.size, page.offset) == (number, last, 10, offset)
