"""What stands beside a list and is none of its entries: totals, notes, the foot of a page."""

import re
from typing import Final

_HAN: Final = "一二两三四五六七八九十百"
_COUNTED: Final = (
    "(?:mentors?|experts?|advis[eo]rs?|compan(?:y|ies)|startups?|teams?|people|persons?"
    "|entries|rows?|records?)"
)
_DATED: Final = "(?:updated|modified|revised|printed|generated|exported)"

# What stands below a list and is no row of it.
_TOTAL: Final = re.compile(
    r"(?:本[页表]|人[数员]|导师|专家|企业|项目|总)?\s*(?:[合总小共累]\s*计|总\s*[人个]?数|汇\s*总|平均值?"
    rf"|共计?\s*(?=[0-9{_HAN}])|(?:grand |sub[- ]?)?totals?|sum|average)\s*(?:人数|数量|数)?"
    rf"\s*(?:\([^()]{{0,10}}\))?\s*:?\s*(?:[0-9.,]*|[{_HAN}]{{0,4}})\s*"
    r"(?:[人家名位项条个](?:导师|专家|企业|项目)?)?"
    r"|(?:导师|专家|企业|[人家])数\s*(?::\s*[0-9]*)?"
    # Total: 2 companies, “Total number of mentors: 2”, “2 mentors in total”.
    rf"|total:? [0-9]{{1,5}} {_COUNTED}|[0-9]{{1,5}} {_COUNTED} in (?:total|all)"
    rf"|total (?:number of )?{_COUNTED}: ?[0-9]*"
)
_NOTE: Final = re.compile(
    r"(?:[*※]|(?:附?注[0-9]{0,2}|备注[0-9]{0,2}|说明|填[表报写]\w{0,4}|制表\w{0,3}|审核\w{0,3}"
    r"|复核\w?|联系\w{0,3}|数据来源|来源|(?:更新)?日期|截至|notes? ?[0-9]{0,2}|remarks?|source"
    r"|prepared by|as of)\s*:)"
    # 一、集成电路 begins a part of the list.
    r"|[(\-—=]*\s*(?:以下|以上|上述|此行以下)(?![\u4e00-\u9fff]?$)"
    # 负责人签字： asks for what nobody wrote.
    r"|[^:]{1,20}:$"
    # （完）, 内部资料, 截至2026年3月, “Last updated 3 March 2026”.
    r"|[(\-—=* ]*(?:全[文表]?)?(?:完|结束)[)\-—=* 。.]*$|截[至止]\s*[0-9]|内部(?:资料|文件)"
    rf"|(?:last |date )?{_DATED}(?: on| at| by)?[ :]*[0-9]|{_DATED} (?:on|at|by)\b"
    r"|(?:strictly )?confidential(?:$|\s*[^\w\s])|.{0,60}\b(?:for )?internal use only"
    # 集成电路领域, 材料组: what the rows below have in common.
    r"|[^,，;；]{2,14}(?:领域|方向|板块|赛道|行业|小组|组|类)(?:专家|导师|企业|项目)?$"
    r"|.{0,12}(?:名单|候选人?|如下)\s*[:)]?$|[-—= (]*end(?: of \w+)?[-—= )]*$"
    # The foot of a printed page, and how new it is.
    r"|第\s*[0-9]{1,4}\s*页(?:\W*共\s*[0-9]{1,4}\s*页)?$|page [0-9]{1,4}(?: of [0-9]{1,4})?$"
    r"|(?:数据|名单|信息)(?:更新|截)[至于到止].{1,24}$|(?:名单|全表)完$|(?:审核|复核|填表|制表)人$"
    r"|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}(?:部分|[章节类批])"
)

# Academic mentors, Group A: what the rows below have in common, where nothing stands beside it.
_GROUP: Final = re.compile(
    r"(?:[a-z][a-z&,/ -]{1,40} )?(?:mentors|experts|advis[eo]rs|startups|teams)(?: from .{1,40})?"
    r"|(?:part|section|group|batch|category) (?:[0-9]{1,2}|[a-z]|[ivx]{1,4})(?:\s*[:.–-].*)?"
)

# 1., ②, (3) and 四、: the number of a row.
_NUMBER: Final = re.compile(r"[(（]?(?:[0-9]{1,5}|[一二三四五六七八九十]{1,3})\s*[.、)）:]?")


def is_number_of_row(folded: str) -> bool:
    """Whether a text, folded, only numbers the row that it stands in."""
    return _NUMBER.fullmatch(folded) is not None


def is_total(folded: str) -> bool:
    """Whether a text, folded, counts what stands above it."""
    return _TOTAL.fullmatch(folded) is not None


def is_group(folded: str) -> bool:
    """Whether a text, folded, that stands alone in its row says what the rows below it are."""
    return _GROUP.fullmatch(folded) is not None


def is_note(folded: str) -> bool:
    """Whether a text, folded, begins as what people write below a list."""
    return _NOTE.match(folded) is not None
