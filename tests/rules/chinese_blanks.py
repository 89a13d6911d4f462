"""Where Chinese sentences have blanks: between Chinese and figures or Latin letters, nowhere else.

What stands in a sentence is told by the name of its placeholder. Names, titles, words, days and
times are put in without blanks, in whatever script they are: pages set the distance to a Latin name
by `text-autospace`.
"""

import re

# Figures, and what is written in Latin letters alone.
FIGURES = frozenset(
    re.findall(
        r"\w+",
        """
    again all answered answers area asked capacity changed characters claimed code confirmed count
    days done email free held high hours last late limit low mean megabytes minutes missing_yuan new
    num number old open partly password percent present quota rate reached refused remaining_yuan
    results row rows scope seconds share silences status stood told url version years
    """,
    )
)

# A figure with its unit, which is Chinese (50 万元), or is 元 behind a blank.
AMOUNTS = frozenset(re.findall(r"\w+", "amount cap own paid price used"))

# Named alike in sentences where it is a figure and where it is something else.
BOTH = frozenset(
    re.findall(r"\w+", "endings found from least left length most place places to wanted")
)

_CHINESE = "[\u4e00-\u9fff]"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
_BETWEEN_CHINESE = re.compile(rf"{_CHINESE} (?={_CHINESE})")
_TIGHT = re.compile(rf"{_CHINESE}(?![0-9]+[年月日])[A-Za-z0-9]|[A-Za-z0-9%](?![年月日]){_CHINESE}")


def list_misplaced(sentence: str) -> list[str]:
    """The pieces of a Chinese `sentence` that have a blank too many or too few."""
    bare = _PLACEHOLDER.sub("", sentence.replace("%%", "%"))
    pieces = [found[0] for found in _TIGHT.finditer(bare)]
    # Two sentences in one text stand apart by a line, not by a blank.
    pieces += [found[0] for found in _BETWEEN_CHINESE.finditer(sentence)]
    for found in _PLACEHOLDER.finditer(sentence):
        before, after = sentence[: found.start()], sentence[found.end() :]
        if found[1] in BOTH:
            continue
        wants_before = found[1] in FIGURES or found[1] in AMOUNTS
        wants_after = found[1] in FIGURES or (found[1] in AMOUNTS and after.startswith(" 元"))
        if _stands_beside(before[-2:]) and before.endswith(" ") != wants_before:
            pieces.append(before[-2 if before.endswith(" ") else -1 :] + found[0])
        if _stands_beside(after[:2][::-1]) and after.startswith(" ") != wants_after:
            pieces.append(found[0] + after[: 2 if after.startswith(" ") else 1])
    return pieces


def _stands_beside(last: str) -> bool:
    """Whether Chinese stands at the end of the `last` two characters, or before a blank there."""
    return re.search(rf"{_CHINESE} ?$", last) is not None
