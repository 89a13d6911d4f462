"""Text is made canonical once, where it comes in, so that every later slice of it is literal."""

import re
import unicodedata

# All control, format and surrogate characters but the line feed and the tab. Zero-width joiners
# stay: emoji and some scripts need them. Bidirectional overrides go: they can hide text.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Marks on one letter beyond these are no writing. Ordering a run of them takes time that grows with
# its square: 100,000 would take a minute. The number is that of Unicode's stream-safe text format.
_MARKS_ON_ONE = 30
# No letter before or after these is a mark (checked by a test against all of Unicode).
_MARKS = [chr(point) for point in range(0x300, 0x1EC00) if unicodedata.combining(chr(point))]


def _make_class(marks: list[str]) -> str:
    return f"[{''.join(map(re.escape, marks))}]"


# `re` looks a letter up at once in a class of the first 65,536 alone; a class with one letter more
# is gone through range by range, thirty times as slowly. So those beyond have a class of their own,
# which is asked only about letters beyond.
_MARK = (
    f"(?:{_make_class([m for m in _MARKS if m < chr(0x10000)])}"
    f"|(?=[{chr(0x10000)}-{chr(0x1EC00)}]){_make_class([m for m in _MARKS if m >= chr(0x10000)])})"
)
_TOO_MANY_MARKS = re.compile(f"({_MARK}{{{_MARKS_ON_ONE}}}){_MARK}+")
_LINE_END = re.compile("\r\n|\r|\u2028|\u2029|\u0085")
_MANY_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


def canonical_text(text: str) -> str:
    """`text` in NFC, with plain line ends, without control characters and outer white space.

    Of more than thirty marks on one letter thirty stay. Applying it again changes nothing.
    """
    text = _LINE_END.sub("\n", text)
    text = _UNWANTED.sub("", text)
    if not text.isascii():
        text = _TOO_MANY_MARKS.sub(r"\1", text)
        # Once more, since a letter may come apart into another letter and marks.
        text = _TOO_MANY_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    return _MANY_BLANK_LINES.sub("\n\n", text).strip()


def canonical_line(text: str) -> str:
    """`canonical_text` on a single line: every run of white space becomes one space."""
    return " ".join(canonical_text(text).split())
