"""How much may be said: the lengths of names, lines, texts and lists, for forms and imports."""

import unicodedata
from typing import Final

# How long a text may be, in characters.
NAME_LIMIT = 120
LINE_LIMIT = 200
TEXT_LIMIT = 8000

# One trillion yuan: more than anybody means, and safely inside a 64-bit column.
MONEY_LIMIT_YUAN: Final = 10**12

TOPIC_LIMIT = 40
TOPICS_LIMIT = 12
ORGANISATIONS_LIMIT = 30

# Fewer than so many could tell of one of them, where only counts are to be read.
FEW: Final = 5

# How much longer a text may become when each character that stands for others is written out, as
# "㎏" and "…" do. What people write grows by a hundredth; a page of "ﷺ" grows eighteenfold.
_GROWTH: Final = 1.5

# What is longer is too long for every limit, and is not written out to know it.
_LONGEST: Final = 100_000


def measure_length(text: str) -> int:
    """How long `text` is, for a limit: its characters.

    Where it grows by more than half when it is written out (Unicode's NFKC), as long as it is then:
    a model reads that, and each of its characters may be a piece that takes time.
    """
    length = len(text)
    if text.isascii() or length > _LONGEST:
        return length
    written_out = len(unicodedata.normalize("NFKC", text))
    return written_out if written_out > _GROWTH * length else length
