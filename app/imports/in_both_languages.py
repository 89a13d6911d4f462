"""The words of our own labels in both languages, whoever asks and in whichever language they read.

What an operator's file says is not in the language of the operator's pages, so it is compared with
the English source and with the Chinese catalogue alike.
"""

from contextvars import Context
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations
from flask_babel import LazyString

from models.folding import fold_to_letters

_CATALOGUES = Path(__file__).parents[1] / "translations"


def list_words(label: LazyString) -> tuple[str, ...]:
    """The label in English and, as far as it is translated, in Chinese."""
    # Outside every request there is no language, and a label says its source.
    english = Context().run(str, label)
    return tuple(dict.fromkeys((english, _open_chinese().gettext(english))))


def simplify(word: str) -> str:
    """What two ways of writing one word have in common (`models.folding`)."""
    return fold_to_letters(word)


@cache
def _open_chinese() -> NullTranslations:
    return Translations.load(_CATALOGUES, ["zh_Hans_CN"])
