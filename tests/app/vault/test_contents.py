"""A file is what its contents are: of each type a true one, and whatever passes for one."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.errors import DomainError
from app.vault.contents import ENDINGS, MEDIA_TYPES, check_file
from app.vault.errors import (
    ContentsDiffer,
    FileEmpty,
    FileHasMacros,
    FileTooHeavy,
    FileTypeNotTaken,
    FileUnpacksTooFar,
    OldOfficeFile,
)
from models.vocabulary import FileType
from tests.app.vault.scenes import JPEG, MAIN_TYPES, PDF, PNG, SAMPLES, make_office


def check(name: str, content: bytes) -> FileType:
    return check_file(name, content, megabytes=1).file_type


@pytest.mark.parametrize("name", SAMPLES)
def test_a_true_file_of_each_type_is_taken(name: str) -> None:
    checked = check_file(name, SAMPLES[name], megabytes=1)

    assert checked.file_type is ENDINGS[name.rpartition(".")[2]]
    assert checked.size == len(SAMPLES[name])
    assert MEDIA_TYPES[checked.file_type]


def test_a_workbook_of_a_library_is_taken() -> None:
    book, file = Workbook(), BytesIO()
    book.save(file)

    assert check("表格.XLSX", file.getvalue()) is FileType.XLSX


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<html><script>alert(1)</script>"),
        ("a.pdf", b"\n%PDF-1.7 moved %%EOF"),
        ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.png", JPEG),
        ("a.jpg", PNG),
        ("a.png", b"MZ\x90\x00"),
        ("a.txt", PDF + b"\x00"),
        ("a.txt", b"\x7fELF\x01"),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.md", b"\x1b[31m"),
        ("a.docx", make_office("xlsx")),
        ("a.xlsx", make_office("docx")),
        ("a.docx", PDF),
        ("a.docx", b"PK\x03\x04 and nothing else"),
        ("a.docx", make_office("docx")[:-30]),
        ("a.docx", make_office("docx", types="<Types/>")),
        # The type is there, hidden from whoever looks for macros.
        (
            "a.docx",
            make_office("docx", types=f"<Types>{MAIN_TYPES['docx']} macro&#69;nabled</Types>"),
        ),
        ("a.docx", make_office("docx", types=f"<!DOCTYPE x>{MAIN_TYPES['docx']}")),
        ("a.docx", make_office("docx", types=MAIN_TYPES["docx"] + " " * 1_100_000)),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(ContentsDiffer):
        check_file(name, content, megabytes=2)


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.html",
        "a.svg",
        "a.zip",
        "a.docm",
        "a.doc",
        "pdf",
        "a.",
        ".pdf.js",
        "a.pdf\u202efdp.exe",
    ],
)
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(FileTypeNotTaken):
        check(name, PDF)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(FileEmpty):
        check("a.txt", b"")


def test_a_file_has_as_many_bytes_as_it_may_and_no_more() -> None:
    assert check("a.txt", b"x" * 1_000_000) is FileType.TEXT
    with pytest.raises(FileTooHeavy):
        check("a.txt", b"x" * 1_000_001)


def test_old_office_files_are_refused_in_words_of_their_own() -> None:
    with pytest.raises(OldOfficeFile):
        check("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100)


@pytest.mark.parametrize(
    "office",
    [
        make_office("docx", parts={"word/vbaProject.bin": b"x"}),
        make_office("docx", parts={"word/VBADATA.xml": b"x"}),
        make_office("xlsx", parts={"xl/macrosheets/sheet1.xml": b"x"}),
        make_office("pptx", parts={"ppt/activeX/activeX1.bin": b"x"}),
        make_office("docx", types=MAIN_TYPES["docx"] + "application/vnd.ms-office.vbaProject"),
        make_office("xlsx", types="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    ],
)
def test_programs_in_office_files_are_refused(office: bytes) -> None:
    for ending in ("docx", "xlsx", "pptx"):
        with pytest.raises(FileHasMacros):
            check(f"a.{ending}", office)


@pytest.mark.parametrize("part", ["../../etc/cron.d/x", "/etc/x", "..\\x", "C:x", "a/../../b"])
def test_archives_that_lead_elsewhere_are_refused(part: str) -> None:
    with pytest.raises(FileUnpacksTooFar):
        check("a.docx", make_office("docx", parts={part: b"x"}))


def test_an_archive_with_too_many_parts_is_refused() -> None:
    with pytest.raises(FileUnpacksTooFar):
        check("a.docx", make_office("docx", parts={f"p{n}": b"" for n in range(5_001)}))


def test_an_archive_that_says_one_name_twice_is_refused() -> None:
    with pytest.raises(FileUnpacksTooFar):
        check("a.docx", make_office("docx", parts={"MAIN.XML": b"x"}))


def test_an_archive_that_unpacks_to_too_much_is_refused_without_unpacking_it() -> None:
    file = BytesIO(make_office("docx"))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb", "w") as part,
    ):
        for _number in range(600):
            part.write(bytes(1_000_000))
    assert len(file.getvalue()) < 1_000_000

    with pytest.raises(FileUnpacksTooFar):
        check("a.docx", file.getvalue())


@given(
    st.sampled_from(sorted(ENDINGS)),
    st.binary(max_size=400),
    st.sampled_from([b"", *SAMPLES.values()]),
)
def test_no_bytes_at_all_make_the_check_fail_in_another_way(
    ending: str, tail: bytes, head: bytes
) -> None:
    for content in (head + tail, head[: len(head) // 2] + tail, tail + head):
        try:
            check(f"a.{ending}", content)
        except DomainError:
            continue
