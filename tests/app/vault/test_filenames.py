"""Names of files are safe wherever they go, and are still the ones that people gave."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vault.filenames import get_ending, make_disposition, make_safe_name
from models.documents import FILENAME_LIMIT


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("商业计划书 (2026) v2.pdf", "商业计划书 (2026) v2.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\合同.docx", "合同.docx"),
        ("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x=1.pdf"),
        ('a"; filename="b.exe.pdf', "a_; filename=_b.exe.pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("CON.pdf", "_CON.pdf"),
        (".pdf", "pdf"),
        ("...", "_"),
        ("", "_"),
        ("e\u0301.pdf", "é.pdf"),
        ("a .pdf", "a.pdf"),
        ("a\ud800b.pdf", "a_b.pdf"),
    ],
)
def test_names_are_made_safe(sent: str, kept: str) -> None:
    assert make_safe_name(sent) == kept


@given(st.text(max_size=400))
def test_whatever_is_sent_a_name_can_be_kept_anywhere(sent: str) -> None:
    name = make_safe_name(sent)

    assert 0 < len(name) <= FILENAME_LIMIT
    assert len(name.encode()) <= 255
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert not name.startswith(".")
    assert make_safe_name(name) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = make_safe_name("书" * 300 + ".pptx")

    assert get_ending(name) == "pptx"
    assert len(name.encode()) <= 240


@given(st.text(min_size=1, max_size=100))
def test_a_header_is_ascii_and_gives_the_name_back(sent: str) -> None:
    name = make_safe_name(sent + ".pdf")
    header = make_disposition(name, number=3)

    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name


def test_old_programs_get_a_plain_name() -> None:
    assert make_disposition("计划.pdf", number=2) == (
        "attachment; filename=\"document-2.pdf\"; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf"
    )
