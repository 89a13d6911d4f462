"""What each consent is about, in words; and what is told of consents.

Each purpose has a version. It grows when the words change in substance: who agreed to an earlier
version is then asked again, and until then nothing rests on it. A test keeps the words to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.words.labels import Word
from app.words.wording import NoticeWording
from models.consents import ConsentPurpose


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """What is asked, and what follows from either answer, before it is given."""

    version: int
    title: LazyString
    asked: LazyString
    if_not: LazyString
    withdrawal: LazyString


CONSENTS: Final[Mapping[ConsentPurpose, ConsentWords]] = MappingProxyType(
    {
        ConsentPurpose.OPEN_LIST: ConsentWords(
            version=1,
            title=_l("Listed for startups of every incubator"),
            asked=_l(
                "Your published profile stands in the list of providers that everybody who is "
                "logged in reads, and is suggested to startups of every incubator, also of those "
                "whose pool you have not joined. They can ask you to work with them."
            ),
            if_not=_l(
                "If you do not agree, the incubators that admitted you and their startups find "
                "you as before, and startups elsewhere do not."
            ),
            withdrawal=_l(
                "You can withdraw this at any time with one step on this page. You are then in no "
                "list and no new suggestion outside your pools; engagements under way go on, and "
                "what was done before stays lawful."
            ),
        ),
        ConsentPurpose.OTHER_INCUBATORS: ConsentWords(
            version=1,
            title=_l("Shown to operators of other incubators"),
            asked=_l(
                "Operators of incubators whose pool you have not joined read your published "
                "profile, and can invite you to their pool. You are in it only once you accept."
            ),
            if_not=_l(
                "If you do not agree, operators of other incubators do not find your profile. "
                "Whoever knows your address can still send you an invitation."
            ),
            withdrawal=_l(
                "You can withdraw this at any time with one step on this page. Operators of other "
                "incubators no longer find you; pools that you joined meanwhile are left by "
                "yourself, if you want to."
            ),
        ),
    }
)

CODES: Final[Mapping[type[StrEnum], Mapping[StrEnum, Word]]] = MappingProxyType(
    {ConsentPurpose: {purpose: Word(words.title) for purpose, words in CONSENTS.items()}}
)

NOTICES: Final[Mapping[str, NoticeWording]] = MappingProxyType(
    {
        "consents_lapsed": NoticeWording(
            _l("%(mentor)s: is it still to be shown beyond its pools?"),
            _l(
                "That %(mentor)s is shown beyond its pools needs a consent of its own, or a new "
                "one since what it says has changed. Until you decide, it is not shown there."
            ),
        ),
        "privacy_notice_changed": NoticeWording(
            _l("What is said about personal data has changed"),
            _l(
                "There is a new version of the page on privacy: version %(version)s. It says what "
                "is stored about you, who sees it, and how long it is kept."
            ),
        ),
    }
)
