"""Words of a text as the lexical index counts them, and the language a text is written in."""

import re
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import opencc
import rjieba

CHINESE = "zh"
ENGLISH = "en"
LANGUAGES = (CHINESE, ENGLISH)

_CJK_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_CHARACTER = re.compile(rf"[{_CJK}]")
_LATIN_WORD = re.compile(r"[^\W\d_]+", re.ASCII)
_RUN = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+(?:[-.+/][^\W_{_CJK}]+)*\+*)")
_PART = re.compile(r"[-./+]")

# Words that every text has. They carry no topic, and an unrelated pair must not share them.
STOP_WORDS = frozenset(
    (Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split()
)


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _simplifier() -> _Converter:
    return cast(_Converter, opencc.OpenCC("t2s"))


@cache
def _list_traditional() -> frozenset[str]:
    """The characters that simplifying changes. Most texts have none and skip the conversion."""
    characters = [chr(point) for point in (*range(0x3400, 0xA000), *range(0xF900, 0xFB00))]
    simplified = _simplifier().convert("\n".join(characters)).split("\n")
    return frozenset(c for c, s in zip(characters, simplified, strict=True) if c != s)


# OpenCC's converter is shared by the threads of a server and says nothing of thread safety.
_simplifier_lock = threading.Lock()


def simplify(text: str) -> str:
    """`text` with Traditional characters replaced by Simplified ones; Latin text untouched."""
    if text.isascii():
        return text
    with _simplifier_lock:
        if _list_traditional().isdisjoint(text):
            return text
        return _simplifier().convert(text)


# Where these hold a sentence together, it is Chinese, however many English words it has.
_PARTICLES = "的了在是想找求谁誰做不会會后後前要吗嗎呢么麼们們把被给給和与與对對没沒有很太老请請用"
_PARTICLE = re.compile(f"[{_PARTICLES}]")
_LEAST_PARTICLES = 2
_WORDS_EACH = 4


def detect_language(text: str) -> str:
    """`"zh"` when CJK characters are at least as many as Latin words, or hold the text together;
    else `"en"`."""
    cjk, latin = len(_CJK_CHARACTER.findall(text)), len(_LATIN_WORD.findall(text))
    if cjk and cjk >= latin:
        return CHINESE
    is_held = _WORDS_EACH * cjk >= latin and len(_PARTICLE.findall(text)) >= _LEAST_PARTICLES
    return CHINESE if cjk and is_held else ENGLISH


def detect_languages(texts: Sequence[str]) -> list[str]:
    """(n,) texts → what `detect_language` says of each, ten times as quickly for many."""
    # A line's end is neither a letter nor CJK: nothing is counted across it.
    points = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), "<u4")
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)
    ends = np.cumsum(lengths)
    is_cjk = np.zeros(len(points), dtype=np.bool_)
    for first, last in _CJK_RANGES:
        is_cjk |= (points >= first) & (points <= last)
    small = points | 0x20
    is_letter = (small >= ord("a")) & (small <= ord("z"))
    starts_word = is_letter.copy()
    starts_word[1:] &= ~is_letter[:-1]
    counts = []
    for flags in (is_cjk, starts_word, np.isin(points, [ord(each) for each in _PARTICLES])):
        totals = np.concatenate(([0], np.cumsum(flags)))
        counts.append(totals[ends] - totals[ends - lengths])
    cjk, latin, particles = counts
    is_held = (_WORDS_EACH * cjk >= latin) & (particles >= _LEAST_PARTICLES)
    is_chinese = (cjk > 0) & ((cjk >= latin) | is_held)
    return [CHINESE if flag else ENGLISH for flag in is_chinese.tolist()]


def list_words(text: str) -> list[str]:
    """The words of `text` in order, repeated where they repeat.

    Chinese is made Simplified and cut by rjieba for search (long words and their parts). Latin
    words are lower-cased, lose a plural "s" and, where joined by a mark ("SiC-MOSFET"), are given
    joined and apart. Stop words, single letters and bare numbers are left out: they match what is
    unrelated.
    """
    runs = _RUN.findall(simplify(text).casefold())
    # One call for all Chinese runs: the call costs more than the cutting.
    pieces = iter(rjieba.cut_for_search("\n".join(chinese for chinese, _ in runs if chinese)))
    words: list[str] = []
    for _chinese, other in runs:
        if other:
            words.extend(_list_parts(other))
            continue
        for piece in pieces:
            if piece == "\n":
                break
            if piece not in STOP_WORDS:
                words.append(piece)
    return words


@lru_cache(maxsize=1 << 16)
def _list_parts(run: str) -> tuple[str, ...]:
    """The words of a run without Chinese, which is lower-cased."""
    parts = [run, *(p for p in _PART.split(run) if p)] if _PART.search(run) else [run]
    return tuple(
        fold_plural(part)
        for part in parts
        if len(part) > 1 and part not in STOP_WORDS and not _is_number(part)
    )


def _is_number(word: str) -> bool:
    return all(c.isdigit() or c in "-./+" for c in word)


def fold_plural(word: str) -> str:
    """A Latin word in lower case without its plural "s".

    Harman's S-stemmer (1991): plurals only, so that no two different terms become one.
    """
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
