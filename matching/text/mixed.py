"""English words in Chinese sentences: "我们的 yield 上不去", "做 tape-out 之前".

Engineers say them among themselves as others say 良率 and 流片, and who writes Chinese alone says
only these. Most are ordinary words, which mean many things in an English text, so they stand in no
table of terms and count here alone: in a sentence that is Chinese around them.
"""

import re
from functools import cache
from pathlib import Path

from matching.records import OwnTerm
from matching.text.own_terms import OwnTerms
from matching.text.term_table import get_terms
from matching.text.words import list_words

_TABLE = Path(__file__).with_name("latin_in_chinese.tsv")
_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# An abbreviation is known by the table of terms; what is spelled out is a word.
_WORD = re.compile(r"(?<![A-Za-z])[A-Za-z-]*[a-z]{3}|(?<![A-Za-z])[A-Z]{2,4}(?![A-Za-z])")


def list_chinese(sentence: str, *, at_most: int = 6) -> list[str]:
    """What the English words of a sentence that is mixed are called in Chinese, each once."""
    if not _CJK.search(sentence) or not _WORD.search(sentence):
        return []
    found = dict.fromkeys(_read_table().list_names(sentence))
    table = get_terms()
    for mention in table.find_mentions(sentence):
        said = sentence[mention.start : mention.end]
        chinese = table.concepts[mention.concepts[0]].chinese
        if chinese and said.isascii() and re.search("[a-z]{3}", said):
            found[chinese[0]] = None
    return [name for name in found if name not in sentence and not name.isascii()][:at_most]


def list_chinese_words(sentence: str) -> list[str]:
    """The words of `list_chinese`, each once, without those of the sentence itself."""
    names = list_chinese(sentence)
    if not names:
        return []
    said = set(list_words(sentence))
    return [word for word in dict.fromkeys(list_words(" ".join(names))) if word not in said]


@cache
def _read_table() -> OwnTerms:
    rows = (line.split("\t") for line in _TABLE.read_text(encoding="utf-8").splitlines())
    return OwnTerms([OwnTerm((chinese,), tuple(words.split("|"))) for chinese, words in rows])
