"""The words that the rooms declare, as the running application was given them."""

from enum import StrEnum
from typing import cast

from flask import current_app

from app.declaration import Words
from app.words.labels import Tone, get_label


def get_words() -> Words:
    """The words of all rooms of this application."""
    return cast(Words, current_app.extensions["yinqiao_words"])


def name_code(code: StrEnum) -> str:
    """The words for one code, of the shared vocabulary or of a room's own. KeyError for others."""
    own = get_words().codes.get(type(code))
    return str(own[code].label if own is not None else get_label(code))


def name_state(state: str, lifecycle: str) -> str:
    """The word for a state of the lifecycle with that name."""
    return str(get_words().states[lifecycle][state].label)


def tell_tone(word: StrEnum | str, lifecycle: str = "") -> Tone:
    """The tone of the state `word` of `lifecycle`, or of a code that a room words."""
    if isinstance(word, StrEnum):
        return get_words().codes[type(word)][word].tone
    return get_words().states[lifecycle][word].tone
