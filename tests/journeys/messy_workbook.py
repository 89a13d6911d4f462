"""A workbook as an incubator keeps its mentors in: titles, two rows of headers, merged and hidden
cells, notes and totals, and sixty people written down by several hands."""

from io import BytesIO

from openpyxl import Workbook

_SURNAMES = "林方余沈顾陆卫蒋韩杨朱秦尤许何吕施张孔曹"
_GIVEN = ["砚书", "子木", "晓东", "一鸣", "若水", "知行"]
_PLACES = [
    "上海市浦东新区",
    "江苏省苏州市",
    "深圳南山",
    "北京",
    "Hangzhou, Zhejiang",
    "湖北武汉",
    "闸北区",
    "合肥高新区",
]
_HOURS = ["6", "８", "每月10小时", "12 小时", "4h", "十"]
_TOPICS = ["碳化硅；外延", "封装、测试", "镀膜,刻蚀", "SiC/GaN", "可靠性 | 失效分析"]

# What has to be asked about or cannot be taken: the place in the list, the column, the cell.
_TROUBLE = {
    7: ("H", "2,5"),
    12: ("E", "鼓楼区"),
    19: ("D", "li@"),
    26: ("H", "8-10"),
    33: ("E", "亚特兰蒂斯"),
    40: ("D", "a@example.org; b@example.org"),
    47: ("H", "50%"),
}


def make_messy_workbook() -> bytes:
    """Sixty mentors on the second sheet, of whom seven need an answer or are wrong."""
    book = Workbook()
    cover = book.worksheets[0]
    cover.title = "填写说明"
    cover.append(["请在第二页填写，每行一位导师"])
    sheet = book.create_sheet("导师名单")
    sheet.append(["2026 年度导师名单（内部）"])
    sheet.merge_cells("A1:J1")
    sheet.append([])
    sheet.append(
        ["序号", "姓名（必填）*", "单位", "联系方式", "所在城市", "专业", None, "投入", None]
    )
    sheet.append(
        [None, None, None, "電子郵件", None, "擅长方向", "简介(500字以内)", "每月小时", "備註"]
    )
    sheet.merge_cells("F3:G3")
    sheet.merge_cells("H3:I3")
    for place in range(60):
        row = sheet.max_row + 1
        name = _SURNAMES[place % 20] + _GIVEN[place % 6]
        sheet.append(
            [
                place + 1,
                name if place % 9 else f"{name} 教授",
                ["示例第一研究院", "示例微电子（上海）有限公司", "示例大学"][place % 3],
                f"Mentor{place}＠Example.org" if place % 5 else f"mentor{place}@example.org",
                _PLACES[place % 8],
                _TOPICS[place % 5],
                f"做过{place % 20 + 1}年产线，{'_x000D_' if place % 11 == 0 else ''}带过团队。",
                _HOURS[place % 6],
            ]
        )
        if place in _TROUBLE:
            column, cell = _TROUBLE[place]
            sheet[f"{column}{row}"] = cell
    first = 5
    # One place for three people, one row hidden, and a remark beyond the list.
    sheet.merge_cells(f"E{first}:E{first + 2}")
    sheet.row_dimensions[first + 20].hidden = True
    sheet[f"K{first + 4}"] = "下月起"
    sheet.append(["合计", 60, None, None, None, None, None, 400])
    sheet.append(["备注：以上名单仅供内部使用"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
