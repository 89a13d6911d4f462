"""Lists that say of each item how it stands: "✅ housing", "- open: …", "[ ] hinge", "不需要：…".

A mark stands before an item or behind it, or a heading says it of the items below. What is ticked
off is settled, what is crossed is the matter, and what stands under "not wanted" is refused.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from matching.text.words import simplify

# Where none of these stands there is no list to be read.
_MARKS = re.compile("[✅✔☑√✓❌✖✗✘×☐⬜👌👍🆗😭😢😡😫🔴🚫⛔【]")
_LABEL = re.compile(
    r"(?:^|[。；])[ \t]*(?:[-*+•·●▪◦–—►]|\d{1,2}[.、)）])?[ \t]*[^\n:：，。]{1,24}[:：]",
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
# Between letters these are of a formula.
_OF_FORMULA = re.compile(r"[√×](?![ \t]*(?:$|[\n，。；、,;)）]|\d{1,2}[.、)）]|[①-⑳]))")
_HEADING = re.compile(
    r"[【\[]?(?:(?P<banned>(?:(?:we|i) (?:do not|don['’]t|can(?:no|['’])t|won['’]t)"
    r" (?:need|want|help|do|cover|offer|take|advise|work)|not (?:offered|covered|included|my|our)"
    r"|excluded|not? (?:wanted|needed|required|looking for|interested in)"
    r"|no need(?: for)?|out of scope|please no"
    r"|不(?:需要|要|找|考虑|接|做|投|看|收|可做|能做|提供|辅导|擅长|支持|承接|涉及|包括|帮)的?|无需|勿扰|谢绝)"
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


class _Found(NamedTuple):
    """An item that is said to be "done", "open" or "banned", by a mark or else by a heading."""

    start: int
    end: int
    says: str
    is_marked: bool


def read_items(text: str) -> tuple[Item, ...]:
    """The items of which a need says by a mark or a heading how they stand, from left to right."""
    found = _find_items(text)
    if not found:
        return ()
    plain = simplify(text)
    wishes = bool(_LISTS_WISHES.search(plain)) and not any(
        _SAYS_DONE.search(line) for line in plain.splitlines() if re.search(_DONE_MARK, line)
    )
    items = tuple(
        Item(
            each.start,
            each.end,
            (each.says == "open") != (wishes and each.is_marked and each.says != "banned"),
        )
        for each in found
    )
    # A single word before a colon makes no list.
    return items if any(not item.is_open for item in items) else ()


def flag_excluded(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """Of spans of a profile, which lists name as not done: under such a heading, or crossed where
    others are ticked."""
    found = _find_items(text)
    has_ticks = any(each.says == "done" and each.is_marked for each in found)
    excluded = [
        each
        for each in found
        if each.says == "banned" or (each.says == "open" and each.is_marked and has_ticks)
    ]
    return [
        2 * sum(max(0, min(end, each.end) - max(start, each.start)) for each in excluded)
        > end - start
        for start, end in spans
    ]


def _may_have(text: str) -> bool:
    if "[" in text or (not text.isascii() and _MARKS.search(text)):
        return True
    return (":" in text or "：" in text) and bool(_LABEL.search(text))


def _find_items(text: str) -> list[_Found]:
    if not _may_have(text):
        return []
    plain = simplify(text)
    if len(plain) != len(text):
        plain = text
    return [each for each in _read_lines(plain) if plain[each.start : each.end].strip()]


def _read_lines(text: str) -> Iterator[_Found]:
    """The items, line by line."""
    under: str | None = None
    for line in _LINE.finditer(text):
        start, end = line.span()
        bullet = _BULLET.match(text, start, end)
        at = bullet.end() if bullet else start
        if not text[at:end].strip():
            continue
        if heading := _HEADING.match(text, at, end):
            says = heading.lastgroup or ""
            if text[heading.end() : end].strip():
                yield _Found(start, end, says, is_marked=False)
                under = None
            else:
                under = says
            continue
        if _LEADING.match(text, at, end):
            yield from _read_leading(text, start, at, end)
            continue
        marked = list(_read_marked(text, at, end))
        if marked:
            yield from marked
        elif under is not None and at > start:
            yield _Found(start, end, under, is_marked=False)
        elif at == start:
            under = None


def _read_leading(text: str, start: int, at: int, end: int) -> Iterator[_Found]:
    """The items of a line from `start` before each of which its mark stands, the first at `at`."""
    marks = [
        mark
        for mark in _LEADING.finditer(text, at, end)
        if mark.start() == at or text[mark.start() - 1] in " \t，,、"
    ]
    bounds = (start, *(mark.start() for mark in marks[1:]), end)
    for mark, (first, last) in zip(marks, pairwise(bounds), strict=True):
        yield _Found(first, last, mark.lastgroup or "", is_marked=True)


def _read_marked(text: str, start: int, end: int) -> Iterator[_Found]:
    """The items of a line behind each of which its mark stands: "传感器👌 电池😭半年没电"."""
    marks = [
        mark
        for mark in _TRAILING.finditer(text, start, end)
        if not _OF_FORMULA.match(text, mark.start())
    ]
    if len(marks) < 2:
        return
    colon = max(text.rfind(":", start, marks[0].start()), text.rfind("：", start, marks[0].start()))
    at = colon + 1 or start
    for number, mark in enumerate(marks):
        is_last = number == len(marks) - 1
        stop = end if is_last and mark["open"] else mark.end()
        yield _Found(at, stop, mark.lastgroup or "", is_marked=True)
        at = stop
