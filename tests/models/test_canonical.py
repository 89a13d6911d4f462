"""Canonical text: made once, unchanged ever after, and without anything that hides text."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.canonical import canonical_line, canonical_text

# Any text a form can send, and the characters that matter here more often than by chance.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\t \u0085\u2028\u200b\u200d\u202e\ufeff\ud800e\u0301碳化硅，。"),
    ),
    max_size=200,
)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("第一行\r\n第二行\r第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("e\u0301tude", "\u00e9tude"),
        ("sil\u200bicon\u202e carbide\x00", "silicon carbide"),
        ("one\n \n\t\n\n\ntwo", "one\n\ntwo"),
        ("  \n outer \n ", "outer"),
        ("👩\u200d🔬 SiC\tMOSFET", "👩\u200d🔬 SiC\tMOSFET"),
        ("我们做碳化硅功率器件,良率上不去", "我们做碳化硅功率器件,良率上不去"),
        ("", ""),
    ],
)
def test_canonical_text(given_text: str, expected: str) -> None:
    assert canonical_text(given_text) == expected


@pytest.mark.trust
@pytest.mark.fuzz
def test_marks_without_end_cost_no_time() -> None:
    begun = time.process_time()

    text = canonical_text("a" + "\u0301\u0323" * 50_000)

    assert len(text) <= 31
    assert canonical_text(text) == text
    assert time.process_time() - begun < 1
    # Real writing keeps all of its marks.
    assert canonical_text("ক্ষ" * 20 + "ệ") == "ক্ষ" * 20 + "ệ"


@pytest.mark.trust
@pytest.mark.fuzz
@pytest.mark.parametrize("letter", ["长", "か", "ا", "😀", "é"])
def test_a_million_letters_without_marks_cost_no_time(letter: str) -> None:
    begun = time.process_time()

    assert len(canonical_text(letter * 1_000_000)) == 1_000_000

    assert time.process_time() - begun < 1


def test_every_mark_of_unicode_is_counted() -> None:
    marks = "".join(c for c in map(chr, range(sys.maxunicode)) if unicodedata.combining(c))

    assert all(len(canonical_text("x" + mark * 40)) <= 32 for mark in marks)


def test_canonical_line_is_one_line() -> None:
    assert canonical_line(" SiC\r\n  晶圆\t工艺 ") == "SiC 晶圆 工艺"


@given(TEXTS)
def test_again_changes_nothing(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    line = canonical_line(text)
    assert canonical_line(line) == line


@given(TEXTS)
def test_nothing_that_hides_text_is_left(text: str) -> None:
    kept = canonical_text(text)
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip()
    categories = {unicodedata.category(character) for character in kept} - {"Cf"}
    controls = {c for c in kept if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}
    assert "Cs" not in categories
    assert not set(kept) & set("\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@given(st.text(st.characters(categories=["Lo", "Ll", "Nd"], max_codepoint=0x9FFF)))
def test_ordinary_characters_are_kept_in_order(text: str) -> None:
    assert canonical_text(text) == unicodedata.normalize("NFC", text)
