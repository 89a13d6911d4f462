"""What the name of a sheet says of it: that it is kept and no longer meant, or only explains."""

import re
from typing import Final

from app.imports.tables import Table
from models.folding import fold

_OLD: Final = re.compile(
    r"旧|作废|废弃|弃用|历史|备份|存档|归档|回收|已退|退出|退库|停用|勿用|不用|注销|删除|草稿|示例|样例|模板|范例|测试"
    r"|说明|须知|指引|指南|字典"
    r"|(?<![a-z])(?:old|backup|bak|archived?|obsolete|deprecated|do not use|unused|deleted|removed"
    r"|left|withdrawn|draft|example|sample|template|copy of .*"
    r"|read ?me|instructions?|guide(?:lines?|ance)?|how to .*|help|dictionary)(?![a-z])"
)


def is_called_old(table: Table) -> bool:
    """Whether a sheet is called as one that is no longer meant: 旧名单, 作废, backup."""
    return _OLD.search(fold(table.name[:100])) is not None


def is_current(table: Table) -> bool:
    """Whether nothing says that a sheet is not meant: it is shown, and not called old."""
    return not table.is_hidden and not is_called_old(table)
