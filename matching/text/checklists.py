"""Lists that say of each item how it stands: "✅ housing", "- open: …", "[ ] hinge", "不需要：…".

A mark stands before an item or behind it, or a heading says it of the items below. What is ticked
off is settled, what is crossed is the matter, and what stands under "not wanted" is refused.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from matching.text.words import simplify

# Where none of these stands there is no list to be read.
_MAY_HAVE = re.compile(
    r"[✅✔☑√✓❌✖✗✘×☐⬜👌👍🆗😭😢😡😫🔴🚫⛔【]|\[[ xX✓]?\]"
    r"|^[ \t]*(?:[-*+•·●▪◦–—►]|\d{1,2}[.、)）])?[ \t]*[^\n:：，。]{1,24}[:：]",
    re.MULTILINE,
)
# A line, or what stands in one up to where a sentence ends.
_LINE = re.compile(r"[^\n。；]+[。；]*")
_BULLET = re.compile(r"[ \t]*(?:[-*+•·●▪◦–—►]+|\d{1,2}[.、)）](?!\d)|[①-⑳])?[ \t]*")
_DONE_MARK = "(?:[✅✔☑√✓]\ufe0f?|\\[[xX✓]\\]|👌|👍|🆗)[\U0001f3fb-\U0001f3ff]?"
_OPEN_MARK = "(?:[❌✖✗✘×☐⬜]\ufe0f?|\\[ ?\\]|😭|😢|😡|😫|🔴)"
_BANNED_MARK = "(?:🚫|⛔)\ufe0f?"
_LEADING = re.compile(
    rf"(?P<done>{_DONE_MARK})|(?P<open>{_OPEN_MARK}|👉|❗\ufe0f?|⚠\ufe0f?)|(?P<banned>{_BANNED_MARK})"
)
_TRAILING = re.compile(
    rf"(?P<done>{_DONE_MARK})(?![^\W\d_])|(?P<open>{_OPEN_MARK})(?<!\d[×])(?!\s?\d)"
)
_HEADING = re.compile(
    r"[【\[]?(?:(?P<banned>(?:we (?:do not|don['’]t) (?:need|want)|not? (?:wanted|needed|required"
    r"|looking for|interested in)|no need(?: for)?|out of scope|please no"
    r"|不需要的?|不要的?|无需|不找|勿扰|谢绝|不考虑)"
    r"[^\n:：，,。】\]]{0,12})"
    r"|(?P<done>(?:already |all )?(?:done|finished|solved|settled|ready|works|working|completed?)"
    r"(?: so far| already)?"
    r"|已(?:经)?(?:完成|解决|搞定|有|具备|落实|定)的?[^\n:：，,。】\]]{0,6}|搞定的?)"
    r"|(?P<open>(?:still )?(?:open|missing|to ?do|unsolved|left|lacking|remaining"
    r"|(?:looking for|needed|wanted|we (?:need|want|look for)|problems?|issues?))"
    r"(?: points?| issues?)?"
    r"|(?:待|未|没)(?:解决|完成|办|搞定)的?[^\n:：，,。】\]]{0,6}|[需想]?要的?|想找|求助?|寻找"
    r"|难点|卡点|问题|[还只]?[差缺]))[】\]]?[ \t]*(?:[:：]|(?<=[】\]]))",
    re.IGNORECASE,
)
# A tick beside these says that a thing is there; without, where somebody lists what he wants, that
# it is wanted.
_SAYS_DONE = re.compile(
    r"[了已]|\b(?:done|ready|finished|works?|solved|have|ok)\b|\[|√", re.IGNORECASE
)
_LISTS_WISHES = re.compile(
    r"(?:要求|需要|想要|想找|希望|寻找|招|looking for|we (?:need|want)|wanted|requirements?)"
    r"[^\n✅✔☑✓❌✖✗✘]{0,24}"
    r"[:：]?\s*(?:[-*•]\s*)?[✅✔☑✓❌✖✗✘]"
    r"|[❌✖✗✘]\s*(?:投资|中介|猎头|代理|销售|外包|财务顾问|推销|不"
    r"|investors?\b|agenc|agents?\b|brokers?\b"
    r"|recruiters?\b|sales|consultan|no\b)",
    re.IGNORECASE,
)


class Item(NamedTuple):
    """`text[start:end]` is an item of a list: open, or else settled or not wanted."""

    start: int
    end: int
    is_open: bool


def read_items(text: str) -> tuple[Item, ...]:
    """The items of which a text says by a mark or a heading how they stand, from left to right."""
    if not _MAY_HAVE.search(text):
        return ()
    plain = simplify(text)
    if len(plain) != len(text):
        plain = text
    wishes = bool(_LISTS_WISHES.search(plain)) and not any(
        _SAYS_DONE.search(line) for line in plain.splitlines() if re.search(_DONE_MARK, line)
    )
    found = [
        item._replace(is_open=not item.is_open) if wishes and by_mark else item
        for item, by_mark in _read_lines(plain)
        if plain[item.start : item.end].strip()
    ]
    # A single word before a colon makes no list.
    return tuple(found) if any(not item.is_open for item in found) else ()


def _read_lines(text: str) -> Iterator[tuple[Item, bool]]:
    """Each item, and whether a mark says how it stands, line by line."""
    under: bool | None = None
    for line in _LINE.finditer(text):
        start, end = line.span()
        bullet = _BULLET.match(text, start, end)
        at = bullet.end() if bullet else start
        if not text[at:end].strip():
            continue
        if heading := _HEADING.match(text, at, end):
            is_open = heading["open"] is not None
            if text[heading.end() : end].strip():
                yield Item(start, end, is_open), False
                under = None
            else:
                under = is_open
            continue
        if _LEADING.match(text, at, end):
            yield from _read_leading(text, start, at, end)
            continue
        marked = list(_read_marked(text, at, end))
        if marked:
            yield from ((item, True) for item in marked)
        elif under is not None and at > start:
            yield Item(start, end, under), False
        elif at == start:
            under = None


def _read_leading(text: str, start: int, at: int, end: int) -> Iterator[tuple[Item, bool]]:
    """The items of a line from `start` before each of which its mark stands, the first at `at`."""
    marks = [
        mark
        for mark in _LEADING.finditer(text, at, end)
        if mark.start() == at or text[mark.start() - 1] in " \t，,、"
    ]
    bounds = (start, *(mark.start() for mark in marks[1:]), end)
    for mark, (first, last) in zip(marks, pairwise(bounds), strict=True):
        yield Item(first, last, mark["open"] is not None), mark["banned"] is None


def _read_marked(text: str, start: int, end: int) -> Iterator[Item]:
    """The items of a line behind each of which its mark stands: "传感器👌 电池😭半年没电"."""
    marks = list(_TRAILING.finditer(text, start, end))
    if len(marks) < 2:
        return
    colon = max(text.rfind(":", start, marks[0].start()), text.rfind("：", start, marks[0].start()))
    at = colon + 1 or start
    for number, mark in enumerate(marks):
        is_last = number == len(marks) - 1
        is_open = mark["open"] is not None
        stop = end if is_last and is_open else mark.end()
        yield Item(at, stop, is_open)
        at = stop
