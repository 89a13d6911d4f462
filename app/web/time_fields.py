"""The form field for a time of day."""

import re
from datetime import time
from typing import Final

from flask_babel import gettext as _
from wtforms import TimeField

from app.web.typed_fields import ShownAsTyped
from models.folding import fold

_CLOCK: Final = re.compile(r"([0-9]{1,2}) ?[:.] ?([0-9]{2})(?:[:.][0-9]{2}(?:\.0+)?)?")
_DIGITS: Final = re.compile(r"([0-9]{2})([0-9]{2})")
_WORDS: Final = re.compile(r"([0-9]{1,2}) ?[时点] ?(?:整|(半|[一三]刻|[0-9]{1,2}) ?分?)?")
_PARTS: Final = {"半": 30, "一刻": 15, "三刻": 45}
# Twelve in the morning and in the evening is noon to some and midnight to others.
_BEFORE_NOON: Final = ("上午", "早上", "清晨", "凌晨", "am", "a.m.")
_AFTER_NOON: Final = ("下午", "傍晚", "晚上", "晚", "pm", "p.m.")
_AT_NOON: Final = "中午"
_HOURS: Final = 12


def read_time_of_day(text: str) -> time | None:
    """The time of day that somebody wrote, to the minute: 14:30, 14：30, 下午2点半, 2:30 pm; None
    for what is none or can be meant in two ways."""
    said = fold(text[:40]).strip()
    is_before, said = _take(said, _BEFORE_NOON)
    is_after, said = _take(said, _AFTER_NOON)
    is_noon, said = _take(said, (_AT_NOON,))
    if (found := _CLOCK.fullmatch(said) or _DIGITS.fullmatch(said)) is not None:
        hour, minute = int(found[1]), int(found[2])
    elif (found := _WORDS.fullmatch(said)) is not None:
        part = found[2] or "0"
        hour, minute = int(found[1]), _PARTS[part] if part in _PARTS else int(part)
    elif (is_before or is_after) and said.isdecimal() and len(said) <= 2:
        hour, minute = int(said), 0
    else:
        return None
    if is_before + is_after + is_noon > 1 or ((is_before or is_after) and hour == _HOURS):
        return None
    if (is_after and hour < _HOURS) or (is_noon and hour < 3):  # 中午1点
        hour += _HOURS
    elif (is_before and hour > _HOURS) or (is_noon and hour not in (11, 12)):
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _take(said: str, words: tuple[str, ...]) -> tuple[bool, str]:
    """Whether one of `words` stands before or behind, and what is left."""
    for word in words:
        if said.startswith(word):
            return True, said[len(word) :].strip()
        if said.endswith(word) and word.isascii() == said[-1:].isascii():
            return True, said[: -len(word)].strip()
    return False, said


class TimeOfDayField(ShownAsTyped, TimeField):  # type: ignore[misc]
    """A time of day as people write it, with our own message for what is none."""

    length = len("14:30")

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; nothing typed is None. Raises ValueError with the message."""
        if not valuelist or not valuelist[0].strip():
            return
        self.data = read_time_of_day(valuelist[0])
        if self.data is None:
            raise ValueError(_("Give a time as hours and minutes, such as 14:30."))
