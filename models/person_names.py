"""When two names may mean the same person, and the key under which a name is looked up.

Width, case, Traditional and Simplified, accents, blanks and the dots inside names are ways of
writing; titles are no part of a name. Names in another order, or with another one in brackets, may
be the same person: that is asked, never assumed.
"""

import re
from itertools import permutations
from typing import Final

from models.folding import fold, fold_to_letters

KEY_LIMIT: Final = 200

_TITLES_BEHIND: Final = re.compile(
    r"(?:特聘|讲席|客座|副)?教授|(?:特聘|副|助理)?研究员|博士后?|院士|先生|女士|小姐|老师|律师|医生|医师|博导"
    r"|正?高级工程师|高工|工程师|(?:副|常务副)?(?:主任|总经理|董事长|总裁|院长|所长|校长|处长|部长|会长|秘书长)|总监"
    r"|经理|创始人|合伙人|硕导|(?:ceo|cto|cfo|coo|cmo|mba|emba)"
)
_BRACKETED_TITLE: Final = re.compile(rf"[(\[]\s*({_TITLES_BEHIND.pattern})\s*[)\]]$")
_BETWEEN_TITLES: Final = " 、,/&+|兼"
_TITLES_LATIN: Final = frozenset(
    [
        "dr",
        "prof",
        "professor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "phd",
        "md",
        "esq",
        "eng",
        "ir",
        "ceo",
        "cto",
        "cfo",
        "coo",
        "mba",
        "emba",
        "msc",
        "dphil",
        "dring",
        "drmed",
        "drrernat",
        "dipling",
    ]
)
_BRACKETED: Final = re.compile(r"\s*[(\[（【][^()\[\]（）【】]*[)\]）】]\s*")
# What is left of a Chinese name when a title is taken off has as many characters; names of other
# peoples are long when their dot is left out.
_NAME: Final = re.compile("[\u3400-\u9fff]{2,12}|[a-z][a-z'’-]{1,40}")
_INSIDE_BRACKETS: Final = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,})[)\]）】]")
_SCRIPTS: Final = re.compile(r"[\u3400-\u9fff·]{2,}|[a-z][a-z.'’ -]+[a-z]")
_TWO_SCRIPTS: Final = 2
_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
# ue may be ü and aa å, and each may be what it is.
_SPELLED_IN: Final = re.compile("[aou]e|aa")
_SPELLED_IN_LIMIT: Final = 4
# Passports have no ü: Lü is Lyu or Lv there.
_PINYIN: Final = re.compile(r"(?<![a-z])([ln])(?:yu|v)(e?)(?![a-z])")
_INSIDE: Final = re.compile(r"[\s·・•.．‧∙]+")
_PINYIN_VOWEL: Final = re.compile(r"(?<![a-z])[ln]üe?(?![a-z])")
_MOST_WORDS: Final = 3


def make_person_key(name: str) -> str:
    """The key of `name`: equal for all ways of writing one name. "" for a name without letters."""
    return fold_to_letters(strip_titles(fold(name)))[:KEY_LIMIT]


def list_similar_keys(name: str) -> list[str]:
    """Keys of names that may be the same person's: other orders of Latin words, no brackets or
    only what stands in them, one of two scripts, and each of these with ü written as ue or as u,
    å as aa or as a.

    The key of `name` itself is not among them.
    """
    own = make_person_key(name)
    bare = _BRACKETED.sub(" ", name).strip()
    keys = [make_person_key(bare), *map(make_person_key, _INSIDE_BRACKETS.findall(name))]
    if len(scripts := _SCRIPTS.findall(fold(bare))) == _TWO_SCRIPTS:
        keys += map(make_person_key, scripts)
    small = bare.lower()
    ways = (small.replace("ü", way) for way in ("yu", "v")) if _PINYIN_VOWEL.search(small) else ()
    for spelled in (bare, small.translate(_SPELLED_OUT), *ways):
        words = [word for word in re.split(r"[\s,]+", strip_titles(fold(spelled))) if word]
        if 1 < len(words) <= _MOST_WORDS and all(w.replace("-", "").isascii() for w in words):
            keys += [make_person_key(" ".join(order)) for order in permutations(words)]
        keys.append(make_person_key(spelled))
    keys += [make_person_key(_PINYIN.sub(r"\1u\2", key)) for key in (fold(bare), *_reverse(bare))]
    spelled_in = [other for key in [own, *keys] for other in _list_spelled_in(key)]
    return [key for key in dict.fromkeys([*keys, *spelled_in]) if key and key != own]


def _reverse(name: str) -> list[str]:
    words = fold(name).split()
    return [" ".join(reversed(words))] if len(words) > 1 else []


def _list_spelled_in(key: str) -> list[str]:
    """`key` with each ae, oe, ue and aa as the one letter that it may stand for, or as it is."""
    if not key.isascii():
        return []
    found = list(_SPELLED_IN.finditer(key))[:_SPELLED_IN_LIMIT]
    ways = []
    for chosen in range(1, 1 << len(found)):
        text = key
        for number in reversed(range(len(found))):
            if chosen >> number & 1:
                place = found[number]
                text = text[: place.start() + 1] + text[place.end() :]
        ways.append(text)
    return ways


def is_title(folded: str) -> bool:
    """Whether a folded text is a title alone."""
    return _TITLES_BEHIND.fullmatch(folded.strip()) is not None


def strip_titles(folded: str) -> str:
    """A folded name without the titles before and behind it."""
    words = [
        word
        for word in folded.replace(",", " ").split()
        if re.sub("[.-]", "", word) not in _TITLES_LATIN
    ]
    text = _BRACKETED_TITLE.sub(r"\1", " ".join(words) or folded)
    while True:
        found = [match for match in _TITLES_BEHIND.finditer(text) if match.end() == len(text)]
        if not found:
            return text
        rest = text[: found[0].start()].strip(_BETWEEN_TITLES)
        if not _NAME.fullmatch(_INSIDE.sub("", rest)):
            return text
        text = rest
