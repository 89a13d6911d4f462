"""Marks on what is shown: over all of it, or it is not shown."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from app.datarooms import marking
from app.datarooms.errors import (
    FileLockedAgainstMarking,
    MarkingBusy,
    NotMarkable,
    TooLargeToMark,
)
from app.datarooms.marking import mark_file, read_text, split_text, word_mark
from app.datarooms.stamping import PAGES_LIMIT, PIXELS_LIMIT, Refused, stamp_image, stamp_pdf
from models.people import Person
from models.vocabulary import FileType
from tests.app.datarooms.files import make_image, make_pdf, read_pages
from tests.app.vault.scenes import JPEG, PDF, PNG

pytestmark = pytest.mark.funds

MARK = "reader@example.org 0123456789abcdef 2026-11-28 01:10 UTC"
WORDS = b"BT /F1 12 Tf 20 100 Td (Zzsecret) Tj ET"


def test_texts_bear_the_mark_on_every_part() -> None:
    lines = [str(number) for number in range(90)]
    marked = mark_file("a.b.md", FileType.MARKDOWN, "\n".join(lines).encode(), MARK)
    assert marked.name == "a.b-marked.txt"
    assert marked.content.decode().split("\n")[::41] == [f"[{MARK}]"] * 3
    assert split_text("") == [""]
    assert read_text("批次".encode("gb18030")) == read_text("批次".encode("utf-16")) == "批次"
    assert read_text(b"\xef\xbb\xbfa" * 2, most=1) == "a"
    person = Person(email="李@example.org", public_id="0123456789abcdef")
    at = datetime(2026, 11, 28, 1, 10, tzinfo=UTC)
    assert word_mark(person, at) == r"\u674e@example.org 0123456789abcdef 2026-11-28 01:10 UTC"


def test_every_page_bears_the_mark_whatever_it_leaves_behind() -> None:
    away = b"q q 0.01 0 0 0.01 5000 5000 cm 0 0 1 1 re W n " + WORDS
    closing = b"Q Q Q 0 0 1 1 re W n BT 3 Tr /F1 12 Tf (Zzsecret) Tj"
    content = make_pdf(WORDS, away, closing, b"", rotate=90, box=(20, 20, 220, 120))
    made = stamp_pdf(content, MARK)
    pages = read_pages(made)
    assert all(MARK in page for page in pages), pages
    assert ["Zzsecret" in page for page in pages] == [True, True, True, False]
    for page in PdfReader(BytesIO(made)).pages:
        # What the page draws is closed in a form, and the mark comes after it.
        operators = page.get_contents().get_data()
        assert operators.startswith(b"q /Shown Do Q\n")
        assert b"Zzsecret" not in operators
        assert (page.rotation, [float(side) for side in page.cropbox]) == (90, [20, 20, 220, 120])


@pytest.mark.privacy
def test_nothing_of_a_pdf_goes_over_where_no_mark_reaches() -> None:
    content = make_pdf(WORDS, hides=b"Zzhidden")
    assert b"Zzhidden" in content
    made = PdfReader(BytesIO(stamp_pdf(content, MARK)))
    assert not made.attachments
    (page,) = made.pages
    (note,) = page["/Annots"]
    assert set(note.get_object()) == {"/Type", "/Subtype", "/Rect", "/Contents"}
    kept = [made.get_object(number) for number in range(1, made.trailer["/Size"])]
    said = [each.get_data() if hasattr(each, "get_data") else repr(each) for each in kept]
    assert "Zzhidden" not in str(said)
    assert "Zzsecret" in str(said)


@pytest.mark.parametrize(
    ("size", "how"),
    [
        ((900, 700), {"mode": "RGBA"}),
        ((3, 2), {"mode": "P"}),
        ((3000, 40), {"mode": "I;16"}),
        ((640, 480), {"kind": "JPEG", "mode": "CMYK"}),
    ],
)
def test_every_image_bears_the_mark(size: tuple[int, int], how: dict[str, str]) -> None:
    content = make_image(size, **how)
    with Image.open(BytesIO(stamp_image(content, MARK))) as made:
        plain = Image.open(BytesIO(stamp_image(content, " ")))
        assert made.format == "JPEG"
        assert min(made.size) >= 240
        assert max(made.size) <= 2400
        left, top, right, bottom = ImageChops.difference(made, plain).getbbox() or (0, 0, 0, 0)
        assert (right - left, bottom - top) >= (made.width * 0.9, made.height * 0.9)


def test_what_cannot_be_marked_is_refused_by_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, reason in (
        (make_pdf(WORDS, password="x"), "locked"),
        (make_pdf(*[b""] * (PAGES_LIMIT + 1)), "too_large"),
        (make_pdf(WORDS, box=(50, 50, 50, 50)), "damaged"),
    ):
        with pytest.raises(Refused, match=reason):
            stamp_pdf(content, MARK)
    side = int(PIXELS_LIMIT**0.5) + 1
    large = make_image((side, side), mode="1")
    # Each through the program of its own, as it is done.
    for kind, content, error in (
        (FileType.PDF, make_pdf(WORDS, password="x"), FileLockedAgainstMarking),
        (FileType.PNG, large, TooLargeToMark),
        (FileType.PDF, PDF, NotMarkable),
        (FileType.PNG, PNG, NotMarkable),
        (FileType.JPEG, JPEG, NotMarkable),
    ):
        with pytest.raises(error) as refused:
            mark_file("a", kind, content, MARK)
        assert type(refused.value) is error
    marked = mark_file("计划.pdf", FileType.PDF, make_pdf(WORDS), MARK)
    assert (marked.name, MARK in read_pages(marked.content)[0]) == ("计划-marked.pdf", True)
    with pytest.raises(NotMarkable):
        mark_file("a.docx", FileType.DOCX, b"", MARK)
    monkeypatch.setattr(marking, "_SECONDS", 0.01)
    with pytest.raises(TooLargeToMark):
        mark_file("a.pdf", FileType.PDF, make_pdf(WORDS), MARK)
    monkeypatch.setattr(marking, "_SECONDS_TO_WAIT", 0.01)
    for _ in range(2):
        marking._PLACES.acquire()
    try:
        with pytest.raises(MarkingBusy):
            mark_file("a.pdf", FileType.PDF, make_pdf(WORDS), MARK)
    finally:
        for _ in range(2):
            marking._PLACES.release()
