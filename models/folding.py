"""What two ways of writing one text have in common, as it is compared everywhere.

Width, case, Traditional and Simplified characters (`traditional.txt`, made from OpenCC) and Latin
diacritics are folded; what is left of punctuation and blanks is up to each comparison.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

_TRADITIONAL = Path(__file__).with_name("traditional.txt")

# Letters that have no decomposition, and are written without their stroke or joint all the same.
_LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ə": "e"}
)


@cache
def _read_traditional() -> Mapping[int, int]:
    traditional, simplified = _TRADITIONAL.read_text(encoding="utf-8").splitlines()
    return str.maketrans(traditional, simplified)


def simplify_characters(text: str) -> str:
    """`text` with each Traditional character in its Simplified form."""
    return text.translate(_read_traditional())


def fold(text: str) -> str:
    """`text` in half width and lower case, Simplified, without accents.

    Folded again it stays the same. Kana and Hangul keep their marks, which are letters there.
    """
    normal = unicodedata.normalize("NFKC", text).casefold()
    if not normal.isascii():
        normal = "".join(map(_strip_accents, normal))
        normal = unicodedata.normalize("NFKC", simplify_characters(normal).translate(_LATIN))
    return normal


def fold_to_letters(text: str) -> str:
    """`fold(text)` with nothing but its letters and digits."""
    return "".join(filter(str.isalnum, fold(text)))


@cache
def list_spellings(character: str) -> str:
    """Every character that is `character` when it is folded, itself first: Traditional ones of a
    Simplified one; capitals, full-width ones and those with accents of a Latin letter."""
    return character + "".join(_read_spellings().get(character, ()))


@cache
def _read_spellings() -> Mapping[str, list[str]]:
    traditional, _ = _TRADITIONAL.read_text(encoding="utf-8").splitlines()
    others = traditional + "".join(map(chr, (*range(0x21, 0x250), *range(0x1E00, 0x1F00))))
    others += "".join(map(chr, range(0xFF01, 0xFF5F)))
    spellings: dict[str, list[str]] = {}
    for other in others:
        if (folded := fold(other)) != other and len(folded) == 1:
            spellings.setdefault(folded, []).append(other)
    return MappingProxyType(spellings)


@cache
def _strip_accents(character: str) -> str:
    if not ("\u00c0" <= character < "\u0250" or "\u1e00" <= character < "\u1f00"):
        # Marks that stand alone belong to the letter before them.
        return "" if "\u0300" <= character <= "\u036f" else character
    return "".join(
        part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part)
    )
