"""Passwords: turned into hashes that are slow to guess from, and compared with them.

Hashing takes tens of milliseconds on purpose, so it is done before a transaction begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from functools import cache
from itertools import pairwise
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# A password that went through `hash_password`: the only form in which actions take one.
PasswordHash = NewType("PasswordHash", str)

# OWASP ASVS 5.0 asks for 8 at least and recommends 15 (6.2.1); NIST SP 800-63B-4 for 15 where a
# password stands alone.
MIN_PASSWORD_LENGTH = 12
MAX_PASSWORD_LENGTH = 200

# Argon2id with the library's parameters, which follow RFC 9106, section 4 (second choice).
hasher = PasswordHasher()

# What guessing begins with here, and the lists of the world do not have.
_COMMON_HERE = frozenset(
    (
        "demo",
        "mima",
        "wodemima",
        "yinqiao",
        "incubator",
        "beijing",
        "hangzhou",
        "nanjing",
        "shanghai",
        "shenzhen",
        "suzhou",
        "引桥",
        "孵化器",
        "导师",
        "密码",
        "我的密码",
        "我爱你",
    )
)

# In characters. A shorter word is part of too many others to say anything.
_LEAST_WORD_LENGTH = 3
_LEAST_DIFFERENT_CHARACTERS = 5

# Of how many commonest words a password may at most be put together and still be refused: of two
# there are fewer than a thousand million.
_TOO_FEW_WORDS = 2

# Letters as people disguise them.
_SIGNS = str.maketrans("@$!|", "asil")
_FIGURES = str.maketrans("013457", "oieast")

# A year, a day, or a few digits behind a word.
_DIGITS = re.compile(r"(?:19|20)\d{6}|(?:19|20)\d{4}|\d{1,4}")
_ROWS_OF_KEYS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def hash_password(password: str) -> PasswordHash:
    """The hash to store for `password`; two hashes of one password differ."""
    return PasswordHash(hasher.hash(_canonical(password)))


def is_password_right(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored`.

    None stands for an unknown person or one without a password. It takes as long as a wrong
    password does, so that the time of the answer does not tell who has an account.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        # Nobody has one like that: what is compared is as short, and as wrong.
        password, stored = "", None
    try:
        hasher.verify(stored or _get_stand_in(), _canonical(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_hash_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than we use now."""
    return hasher.check_needs_rehash(stored)


def is_too_common(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether `password` is among the first that anyone would try.

    It is when it consists of fewer than five different characters, or of one or two words, each
    repeated or not: from the list of the world's commonest passwords (that of zxcvbn: D. L.
    Wheeler, "zxcvbn: Low-Budget Password Strength Estimation", USENIX Security 2016), from
    `about`, which are names and addresses of its owner, a few digits, a day, or a row of keys.
    Case, punctuation and the usual disguises of letters count for nothing.

    The strength that zxcvbn itself would tell takes seconds for some texts; this takes no more
    than some hundred steps for each character.
    """
    if len(set(password)) < _LEAST_DIFFERENT_CHARACTERS:
        return True
    folded = unicodedata.normalize("NFKC", password).casefold()
    owners = _list_owners_words(about)
    words = _get_common_words()
    longest = max(_get_longest_word(), *map(len, owners), 0)
    # A sign may stand for a letter, or for itself.
    return any(
        _count_words(_drop_punctuation(text), words, owners, longest) <= _TOO_FEW_WORDS
        for text in (folded, folded.translate(_SIGNS))
    )


def _list_owners_words(about: Iterable[str]) -> set[str]:
    """The words of names and addresses, each by itself and joined with the next."""
    found = set()
    for text in about:
        words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
        found |= {*words, *map("".join, pairwise(words))}
    return {word for word in found if len(word) >= _LEAST_WORD_LENGTH}


def _drop_punctuation(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _count_words(text: str, words: Set[str], owners: Set[str], longest: int) -> int:
    """The least number of words of which `text` consists; one more than too few for many."""
    most = _TOO_FEW_WORDS + 1
    fewest = [0] + [most] * len(text)
    for start in range(len(text)):
        before = fewest[start]
        if before >= _TOO_FEW_WORDS:
            continue
        for end in _list_ends(text, start, words, owners, longest):
            fewest[end] = min(fewest[end], before + 1)
    return fewest[-1]


def _list_ends(
    text: str, start: int, words: Set[str], owners: Set[str], longest: int
) -> Iterator[int]:
    """Where a word that begins at `start` ends, alone and repeated."""
    for end in range(start + 1, min(len(text), start + longest) + 1):
        word = text[start:end]
        plain = word.translate(_FIGURES)
        is_known = word in words or plain in words or word in owners or plain in owners
        if not (is_known or _is_row(word) or _DIGITS.fullmatch(word)):
            continue
        yield end
        while text.startswith(word, end):
            end += len(word)
            yield end


def _is_row(word: str) -> bool:
    """Whether `word` is some keys in their order, or backwards."""
    return len(word) >= _LEAST_WORD_LENGTH and any(
        word in row or word[::-1] in row for row in _ROWS_OF_KEYS
    )


@cache
def _get_common_words() -> frozenset[str]:
    # It takes a moment, and most processes never look into it.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = (word.casefold() for word in FREQUENCY_LISTS["passwords"])
    return frozenset(w for w in listed if len(w) >= _LEAST_WORD_LENGTH) | _COMMON_HERE


@cache
def _get_longest_word() -> int:
    return max(map(len, _get_common_words()))


def _canonical(password: str) -> str:
    # Two keyboards may send the same letter in two forms (RFC 8265, section 4.2.2).
    return unicodedata.normalize("NFC", password)


_stand_ins: dict[PasswordHasher, str] = {}


def _get_stand_in() -> str:
    """A hash that no password is compared with successfully, made once for each hasher."""
    if hasher not in _stand_ins:
        _stand_ins[hasher] = hasher.hash("nobody has this password")
    return _stand_ins[hasher]
