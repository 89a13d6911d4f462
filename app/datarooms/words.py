"""The words of this room."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.datarooms import VisitKind

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        VisitKind: {
            VisitKind.READ: Word(_l("read")),
            VisitKind.DOWNLOADED: Word(_l("downloaded")),
        }
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "room grant": {
            "open": Word(_l("Let in"), Tone.FITS),
            "suspended": Word(_l("Suspended for a conflict of interest"), Tone.FAILS),
            "closed": Word(_l("Shut out"), Tone.OVER),
        },
        "room question": {
            "asked": Word(_l("Unanswered"), Tone.WAITS),
            "answered": Word(_l("Answered"), Tone.FITS),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "room_opened": NoticeWording(
            _l("%(startup)s lets you into its data room"),
            _l("Read its agreement, and then the documents that %(startup)s shows you."),
        ),
        "room_closed": NoticeWording(
            _l("The data room of %(startup)s is closed to you"),
            _l("%(startup)s has taken back your access to its data room."),
        ),
        "room_agreement_changed": NoticeWording(
            _l("The data room of %(startup)s has another agreement"),
            _l("Read and accept it before you go on reading documents."),
        ),
        "room_suspended": NoticeWording(
            _l("Your access to the data room of %(startup)s is suspended"),
            _l(
                "A conflict of interest with %(startup)s was found. The startup can see it as well."
            ),
        ),
        "room_conflict_found": NoticeWording(
            _l("A conflict of interest with %(investor)s was found"),
            _l("The access of %(investor)s to your data room is suspended. Its visits stay."),
        ),
        "room_asked": NoticeWording(
            _l("%(investor)s asks about a document"),
            _l(
                "%(investor)s has a question about “%(document)s” in your data room. Answer it"
                " there, for whoever asked or for all."
            ),
        ),
        "room_answered": NoticeWording(
            _l("%(startup)s has answered your question"),
            _l("The answer about “%(document)s” stands in the data room of %(startup)s."),
        ),
        "room_answer_shared": NoticeWording(
            _l("%(startup)s has answered a question for all who may read it"),
            _l(
                "Another reader asked about “%(document)s”. The answer stands in the data room of"
                " %(startup)s."
            ),
        ),
        "room_left": NoticeWording(
            _l("An investor of your data room has closed its account"),
            _l(
                "Its access, visits and questions are gone. Answers that you had shown to all stay"
                " there."
            ),
        ),
        "room_accepted": NoticeWording(
            _l("%(investor)s has accepted your agreement"),
            _l("Somebody of %(investor)s has accepted the agreement of your data room."),
        ),
    }
)
