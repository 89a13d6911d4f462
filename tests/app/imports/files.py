"""Files as operators send them, made on the fly."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

# A mentor who has all that a published profile needs, by the headers of the Chinese template.
COMPLETE_MENTOR: Mapping[str, str] = {
    "导师姓名": "碳化硅工艺导师",
    "邮箱": "sic.mentor@example.org",
    "一句话介绍": "碳化硅器件工艺与良率",
    "经历与专长": (
        "带过六英寸碳化硅产线十年，外延、刻蚀和高温注入都亲手调过。"
        "用缺陷图与电学测试对照的办法，把 MOSFET 的良率从四成提到七成五。"
    ),
    "能帮什么": "看你的缺陷图，告诉你先改哪一步。",
    "领域": "集成电路、先进材料",
    "主题": "碳化硅, 良率",
    "地点": "浦东新区",
    "可以线上会面": "是",
    "语言": "中文/英语",
    "经验类型": "工程师",
    "学术或产业": "产业导师",
    "辅导方式": "技术把关；生产制造",
    "每月小时数": "6",
    "从业年限": "10年",
    "同时承接的对接数": "2",
    "向所有孵化器的企业开放": "否",
}

COMPLETE_STARTUP: Mapping[str, str] = {
    "Name of the startup": "Wafer Lab (example)",
    "Name of the founder": "Founder for wafers",
    "E-mail address of the founder": "founder@example.org",
    "In one line": "Power devices in silicon carbide",
    "Description": "We make silicon-carbide MOSFETs on six-inch wafers and test them at 175 °C.",
    "Fields": "Integrated circuits",
    "Languages": "zh|en",
    "Funding stage": "seed",
    "Technology readiness": "TRL 4",
    "Website": "wafer.example.org",
}


def make_csv(
    rows: Iterable[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """The rows as text."""
    file = StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def make_csv_of(*rows: Mapping[str, str], **options: str) -> bytes:
    """One header for all `rows`, and their cells below it."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    return make_csv([header, *([row.get(name, "") for name in header] for row in rows)], **options)


def make_xlsx(rows: Iterable[Sequence[object]], *, merged: Iterable[str] = ()) -> bytes:
    """The rows as a spreadsheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for span in merged:
        sheet.merge_cells(span)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def save(book: Workbook) -> bytes:
    """The bytes of the file that `book` becomes."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def make_book(*sheets: tuple[str, list[list[Any]]]) -> Workbook:
    """A workbook of these sheets, each with its rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book
