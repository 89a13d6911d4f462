"""What cells are filled with in place of words of their own: nothing, not yet, yes, no, and boxes
that are ticked."""

import re
from typing import Final

from app.imports.column_shapes import Column, Shape
from models.folding import fold

# How people and programs say in a cell that there is nothing to say.
_BLANKS: Final = frozenset({"-", "--", "–", "—", "——", "/", "无", "暂无", "n/a"})
_MORE_BLANKS: Final = frozenset(
    {
        *("---", "//", "\\", "...", "…", "……", "na", "n.a.", "n.a", "n/a.", "none", "nil", "nan"),
        *(
            "null",
            "blank",
            "not applicable",
            "没有",
            "不适用",
            "不涉及",
            "无此项",
            "未填",
            "未填写",
        ),
        *("空", "空白", "未提供", "暂未提供"),
    }
)
# Of a name only these: Na and Nil are some.
_BLANK_NAMES: Final = _BLANKS | {"null", "空", "空白", "未填", "未填写", "n.a."}

# Longer texts say something.
_LONGEST: Final = 30

# What says nothing yet, or points to what is not in the file.
_NOT_SAID: Final = re.compile(
    r"待定|待补充?|待确认|待填写?|待完善|待更新|待提供|未定|(?:稍)?后补充?|另行通知|不详|未知|保密|不便透露|不公开"
    r"|tbd|tbc|tba|unknown|pending|confidential|to be (?:determined|confirmed|announced|added)"
    r"|(?:详|请|参)*[见阅看](?:附件|附表|附录|附页|简历|备注|另表|下文|上文|详情页?)"
    r"|(?:please )?(?:see|refer to) (?:the )?"
    r"(?:attach(?:ed|ment)|cv|resume|appendix|notes?|below|above)"
)

# What is no place in particular.
_ANYWHERE: Final = re.compile(
    r"(?:全国|全球|国内)(?:各地|范围|均可|都可)?|各地|不限|不固定|地点不限|远程|线上|均可|都可以?"
    r"|remote|online|anywhere|worldwide|nationwide|any|various"
)

# #N/A, #REF!, #CALC! of Excel and its kin; Err:502 of LibreOffice.
_SPREADSHEET_ERROR: Final = re.compile(
    r"#[A-Z/0]{2,12}[!?]|#N/A|#GETTING_DATA|(?:Err|错误):5[0-9]{2}"
)

_YES: Final = frozenset(
    {
        *("yes", "y", "true", "1", "ok", "是", "是的", "可", "可以", "能", "对", "有", "愿意"),
        *("接受", "支持", "可线上", "可远程", "线上", "远程", "均可", "都可以", "可以的", "都行"),
        *(
            "线上线下均可",
            "线上线下皆可",
            "线上/线下",
            "线上、线下",
            "线上和线下",
            "both",
            "online",
        ),
        *("√", "✓", "✔", "☑", "✅", "同意", "可接受"),
    }
)
_NO: Final = frozenset(
    {
        *("no", "n", "false", "0", "否", "不", "不是", "不可", "不可以", "不能", "无法", "不愿意"),
        *(
            "不方便",
            "不接受",
            "不支持",
            "不同意",
            "线下",
            "仅线下",
            "仅限线下",
            "只线下",
            "offline",
        ),
        *("in person", "in person only", "无", "没有", "×", "✗", "x", "❌", "✘"),
    }
)

_TICKED: Final = "☑☒■√✔✓▣✅"
_UNTICKED: Final = "□☐▢◻"
_OPENS, _CLOSES = r"[(（\[]\s*", r"\s*[)）\]]"
_BOX: Final = re.compile(
    rf"([{_TICKED}]|{_OPENS}[√✔✓xX]{_CLOSES})|([{_UNTICKED}]|{_OPENS}{_CLOSES})"
)


def says_nothing(column: Column, text: str) -> bool:
    """Whether a cell, on one line, says that there is nothing to say."""
    if len(text) > _LONGEST:
        return False
    word = fold(text).strip()
    bare = word.strip("()[]<>") if len(word) > 2 else word
    if column.is_person:
        return word in _BLANK_NAMES or bare in _BLANK_NAMES
    if column.shape is Shape.YES_NO and word in _NO:
        return False
    return any(each in _BLANKS or each in _MORE_BLANKS for each in (word, bare))


def says_nothing_yet(text: str) -> bool:
    """Whether a cell stands for what is to come, or points elsewhere: 待定, 见附件."""
    return len(text) <= _LONGEST and _NOT_SAID.fullmatch(fold(text).strip(" ()[]<>。.")) is not None


def says_anywhere(text: str) -> bool:
    """Whether what stands for a place names none in particular: 全国, remote."""
    return len(text) <= _LONGEST and _ANYWHERE.fullmatch(fold(text).strip(" ()。.")) is not None


def is_spreadsheet_error(cell: str) -> bool:
    """Whether a program put its complaint in place of what it could not work out."""
    return cell[:1] in "#E错" and _SPREADSHEET_ERROR.fullmatch(cell) is not None


def read_yes_no(text: str) -> bool | None:
    """What a word says; None where it is neither yes nor no."""
    # A sign may be followed by what says that it is to be shown in colour.
    word = fold(text.replace("\ufe0f", "")).strip(" 。.!")
    return True if word in _YES else False if word in _NO else None


def choose_ticked(text: str) -> str:
    """Of a form's boxes, what stands beside the ticked ones: ☑是 □否. Any other text as it is."""
    found = list(_BOX.finditer(text))
    if not any(each[1] for each in found) or not any(each[2] for each in found):
        return text
    begins = [each.start() for each in found]
    is_before = not text[: begins[0]].strip()
    if is_before:
        ends = [*begins[1:], len(text)]
        said = [text[each.end() : end] for each, end in zip(found, ends, strict=True)]
    else:
        starts = [0, *(each.end() for each in found[:-1])]
        said = [text[start : each.start()] for each, start in zip(found, starts, strict=True)]
    chosen = [
        words.strip(" ,;、，；\n") for words, each in zip(said, found, strict=True) if each[1]
    ]
    return "、".join(filter(None, chosen))
