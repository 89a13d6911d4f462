"""Text files of every origin: the delimiter, the encoding, the table in markup, the rows around."""

import pytest

from app.errors import DomainError
from app.imports.errors import FileUnreadable, FileWithoutRows, OtherDocument
from app.imports.headers import find_column
from app.imports.problems import FileRemark, Remark
from app.imports.reading import read_file
from app.imports.recognising import RecognisedFile, recognise_tables
from models.imports import ImportKind

MENTORS = ImportKind.MENTORS
TOPICS = "a,b;c"


def recognise(content: bytes | str, kind: ImportKind = MENTORS) -> RecognisedFile:
    said = content.encode() if isinstance(content, str) else content
    return recognise_tables(kind, read_file(kind, said))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("sep=;\r\n姓名;主题\r\n方某;a,b,c\r\n", {"name": "方某", "topics": "a,b,c"}),
        ('"sep=;"\n姓名;主题\n方某;a,b\n', {"name": "方某", "topics": "a,b"}),
        ("\ufeffSEP=|\n姓名|主题\n方某|a,b;c\n", {"name": "方某", "topics": TOPICS}),
        ("sep=\t\n姓名\t主题\n方某\ta,b;c\n", {"name": "方某", "topics": TOPICS}),
        ("名单,,,,,,,,\n姓名;主题\n方某;a,b\n", {"name": "方某", "topics": "a,b"}),
        ("导师；名单；二〇二六\n姓名,主题\n方某,a；b；c\n", {"name": "方某", "topics": "a；b；c"}),
        ('姓名,主题\n方某,"a,b;c"\n', {"name": "方某", "topics": TOPICS}),
        (
            '姓名;主题;单位\n方某;"a;b\nc";某厂\n',
            {"name": "方某", "topics": "a;b\nc", "employer": "某厂"},
        ),
        ('姓名,简介\n方某,做 6" 晶圆\n', {"name": "方某", "summary": '做 6" 晶圆'}),
        ("| 姓名 | 单位 |\n|---|---|\n| 方某 | 某厂 |\n", {"name": "方某", "employer": "某厂"}),
        ("姓名｜单位\n方某｜某厂\n", {"name": "方某", "employer": "某厂"}),
        ("姓名,单位\r方某,某厂\r", {"name": "方某", "employer": "某厂"}),
        ("姓名,单位,\n方某,某厂,\n", {"name": "方某", "employer": "某厂"}),
        ("\ufeff\ufeff姓名,单位\n方某,某厂\n", {"name": "方某", "employer": "某厂"}),
        ("name;hours\nFang;6\n", {"name": "Fang", "hours_per_month": "6"}),
    ],
)
def test_the_delimiter_is_the_one_under_which_a_header_is_known(
    text: str, cells: dict[str, str]
) -> None:
    assert [row.cells for row in recognise(text).rows] == [cells]


@pytest.mark.parametrize(
    ("encoding", "header", "name", "employer"),
    [
        ("gb18030", "姓名,单位", "镕𬭊", "某某厂"),
        ("gbk", "name,employer", "方某某", "某某研究院"),
        ("big5", "姓名,單位", "張某某", "某某廠"),
        # Headers in English are the same in each of these: the cells have to tell.
        ("big5", "name,employer", "張某某", "臺灣某某研究院"),
        ("cp932", "name,employer", "田中", "株式会社サンプル"),
        ("utf-16", "name,employer", "方某某", "某某研究院"),
        ("utf-16-be", "name,employer", "方某某", "某某研究院"),
        ("cp1252", "name,employer", "José Núñez", "Señal Ångström"),
        ("cp1252", "name,employer", "Zoë", "“Café” – Müller"),
        ("latin-1", "name,employer", "Søren", "Bjørn og Åse"),
    ],
)
def test_letters_stay_what_they_are(encoding: str, header: str, name: str, employer: str) -> None:
    content = f"{header}\n{name},{employer}\n".encode(encoding)
    assert recognise(content).rows[0].cells == {"name": name, "employer": employer}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("姓名,单位\n".encode(), FileWithoutRows),
        ("姓名\n方某\n".encode("utf-32"), FileUnreadable),
        (b"\0\1name\0\2fang\0", FileUnreadable),
        ("姓名\n方某\n".encode()[:-2], FileUnreadable),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", OtherDocument),
        (b"{\\rtf1 name}", OtherDocument),
        (b"[1, 2]", OtherDocument),
        (b'[{"name": "x",', OtherDocument),
        (b'{"a": [{"name": "x"}], "b": [{"name": "y"}]}', OtherDocument),
        (b'<?xml version="1.0"?><people><name>x</name></people>', OtherDocument),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", OtherDocument),
    ],
)
def test_what_cannot_be_read_is_called_by_its_name(
    content: bytes, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        recognise(content)


HEADER = "<tr><td>姓名<td>邮箱<td>单位"
ROW = "<tr><td>方某<td>f@example.org<td>某厂"


def make_html(rows: str) -> str:
    return f"<html><body><table>{rows}</table></body></html>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_html_is_read_in_its_encoding(encoding: str) -> None:
    content = make_html("<tr><td>姓名<td>单位<tr><td>方某<td>某&nbsp;厂").encode(encoding)
    assert recognise(content).rows[0].cells == {"name": "方某", "employer": "某 厂"}


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><th rowspan=2>姓名<th colspan=2>联系<tr><th>邮箱<th>单位" + ROW,
        "<tr><td>名单</table><table>" + HEADER + ROW,
        "<tr><td><table>" + HEADER + ROW + "</table>",
        "<script>'<td>'</script>" + HEADER + ROW,
    ],
)
def test_html_of_every_layout_is_read(rows: str) -> None:
    cells = {"name": "方某", "email": "f@example.org", "employer": "某厂"}
    assert [row.cells for row in recognise(make_html(rows)).rows] == [cells]


@pytest.mark.parametrize("how", ["style='display: none'", "hidden"])
def test_a_hidden_row_of_html_is_named(how: str) -> None:
    found = recognise(make_html(f"<tr><td>姓名<tr {how}><td>方某<tr><td>圆某"))
    assert [[p.remark for p in row.problems] for row in found.rows] == [[Remark.HIDDEN_ROW], []]


def make_xml(table: str, *, encoding: str = "utf-8") -> bytes:
    urn = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0" encoding="{encoding}"?><Workbook xmlns="{urn}" xmlns:ss="{urn}">'
        f'<Worksheet ss:Name="A"><Table>{table}</Table></Worksheet></Workbook>'
    ).encode(encoding)


def write_row(*texts: str, attributes: str = "") -> str:
    cells = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in texts)
    return f"<Row{attributes}>{cells}</Row>"


def test_what_spreadsheet_xml_hides_is_named() -> None:
    found = recognise(
        make_xml(
            '<Column/><Column ss:Hidden="1" ss:Span="1"/>'
            + write_row("姓名", "单位", "邮箱")
            + write_row("方某", "某厂", "f@example.org", attributes=' ss:Hidden="1"')
        )
    )
    assert [(n.remark, n.text) for n in found.notes] == [
        (FileRemark.HIDDEN_COLUMN, "employer"),
        (FileRemark.HIDDEN_COLUMN, "email"),
    ]
    assert [p.remark for p in found.rows[0].problems] == [Remark.HIDDEN_ROW]


def test_spreadsheet_xml_in_utf_16_is_read() -> None:
    content = make_xml(write_row("姓名") + write_row("方某"), encoding="utf-16")
    assert recognise(content).rows[0].cells == {"name": "方某"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "以下为候选",
            "（以下空白）",
            "以上信息仅供内部使用",
            "第二批：",
            "候选导师名单：",
            "---",
        ),
        *("———", "-- END --", "End of list", "注：自愿填写", "制表人：某某"),
    ],
)
def test_what_stands_between_or_below_the_rows_is_no_entry(text: str) -> None:
    found = recognise(f"姓名,单位\n方某,某厂\n{text},\n圆某,某院\n")
    assert [row.cells["name"] for row in found.rows] == ["方某", "圆某"]
    assert [(n.remark, n.row) for n in found.notes] == [(FileRemark.NOTE_LEFT_OUT, 4 - 1)]


@pytest.mark.parametrize(
    ("kind", "headers", "column"),
    [
        (
            ImportKind.MENTORS,
            "真实姓名|嘉宾姓名*|导师名|Mentor full name|【姓名】|一、姓名",
            "name",
        ),
        (ImportKind.MENTORS, "常用邮箱|個人郵箱|E‑mail|联系方式（邮箱）|手机/邮箱", "email"),
        (ImportKind.MENTORS, "所在公司|就职公司|现工作单位（全称）|服务单位|所屬單位", "employer"),
        (ImportKind.MENTORS, "常住地|工作地点|现居地|所在區|Base", "place"),
        (
            ImportKind.MENTORS,
            "投入时间（小时/月）|可投入时间/月|hrs per month|每月服務時長",
            "hours_per_month",
        ),
        (ImportKind.MENTORS, "年资|行业经验（年）|从业时间", "years_of_experience"),
        (ImportKind.MENTORS, "能否线上|是否支持線上|线上辅导", "remote"),
        (ImportKind.MENTORS, "可辅导企业数|最多同时辅导项目数（个）", "capacity"),
        (ImportKind.STARTUPS, "公司名|企业名（全称）|项目名称/企业名称", "name"),
        (ImportKind.STARTUPS, "社会统一信用代码|統一社會信用代碼（18位）", "credit_code"),
        (ImportKind.STARTUPS, "法人|法人姓名|創始人/負責人", "founder_name"),
        (ImportKind.STARTUPS, "融资阶段|当前融资轮次|目前融資輪次（天使/A轮）", "funding_stage"),
        (ImportKind.STARTUPS, "官方网站|官网链接|Homepage", "website"),
        (ImportKind.STARTUPS, "主要竞品|竞争对手/竞品", "competitors"),
        (ImportKind.STARTUPS, "主要投资方|现有股东", "shareholders"),
    ],
)
def test_usual_words_for_a_column_are_known(kind: ImportKind, headers: str, column: str) -> None:
    for header in headers.split("|"):
        found = find_column(kind, header)
        assert found is not None, header
        assert found.name == column, header


@pytest.mark.parametrize(
    ("column", "cell", "remark"),
    [
        ("所在地", "西咸新区", Remark.PLACE_AMBIGUOUS),
        ("所在地", "天府新区", Remark.PLACE_AMBIGUOUS),
        ("所在地", "北京、上海", Remark.SEVERAL_PLACES),
        ("所在地", "北京或深圳", Remark.SEVERAL_PLACES),
        ("所在地", "Beijing / Shanghai", Remark.SEVERAL_PLACES),
        ("所在地", "长三角", Remark.PLACE_UNKNOWN),
        ("每月小时", "约10", Remark.NUMBER_RANGE),
        ("每月小时", "8小时以上", Remark.NUMBER_RANGE),
        ("每月小时", "四五", Remark.NUMBER_RANGE),
        ("每月小时", "45000", Remark.OUT_OF_RANGE),
        ("每月小时", "1.500", Remark.GROUPING_POINT),
        ("每月小时", "-3", Remark.NO_NUMBER),
        ("邮箱", "a@example.org/b@example.org", Remark.SEVERAL_EMAILS),
        ("邮箱", "a@localhost", Remark.NO_EMAIL),
        ("邮箱", "见名片", Remark.NO_EMAIL),
    ],
)
def test_nothing_is_guessed(column: str, cell: str, remark: Remark) -> None:
    (row,) = recognise(f'姓名;{column}\n方某;"{cell}"\n').rows
    assert [problem.remark for problem in row.problems] == [remark]
    assert row.is_refused
