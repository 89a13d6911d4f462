"""The words of this room: what is asked, what came of it, what is told."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.enquiries import EnquiryConcern, EnquiryOutcome

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        EnquiryConcern: {
            EnquiryConcern.HOW_MADE: Word(_l("How the list came about")),
            EnquiryConcern.SOMEBODY_MISSING: Word(_l("Somebody is missing who fits")),
            EnquiryConcern.SOMEBODY_MISPLACED: Word(_l("Somebody stands there who does not fit")),
            EnquiryConcern.WHY_SUGGESTED: Word(_l("How it comes that I am suggested, or not")),
            EnquiryConcern.NOT_SUGGESTED: Word(_l("I am not suggested where I fit")),
            EnquiryConcern.WRONGLY_SUGGESTED: Word(_l("I am suggested where I do not fit")),
        },
        EnquiryOutcome: {
            EnquiryOutcome.EXPLAINED: Word(_l("Explained"), Tone.FITS),
            EnquiryOutcome.CORRECTED: Word(_l("Something was corrected"), Tone.FITS),
            EnquiryOutcome.RECOMPUTED: Word(_l("The list was made anew"), Tone.FITS),
            EnquiryOutcome.UNCHANGED: Word(_l("Not changed, for a reason"), Tone.OVER),
        },
    }
)

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "enquiry": {
            "open": Word(_l("Somebody looks at it"), Tone.WAITS),
            "answered": Word(_l("Answered"), Tone.FITS),
            "withdrawn": Word(_l("Taken back"), Tone.OVER),
        }
    }
)

_ANSWERED = _l("%(answerer)s looked at what you asked about a list of matches. %(answer)s")

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        "enquiry_to_answer": NoticeWording(
            _l("%(asker)s asks a human about a list of matches"),
            _l("Please look at it and answer until %(due)s. The question: %(words)s"),
        ),
        "enquiry_to_answer_soon": NoticeWording(
            _l("%(asker)s waits for your answer about a list of matches"),
            _l("Please look at it and answer until %(due)s. The question: %(words)s"),
        ),
        "enquiry_to_answer_late": NoticeWording(
            _l("%(asker)s waits too long for your answer about a list of matches"),
            _l("It was to be answered until %(due)s. Please do it now. The question: %(words)s"),
        ),
        "enquiry_to_installation": NoticeWording(
            _l("%(asker)s asks whoever runs Yinqiao about a list of matches"),
            _l(
                "No incubator answers for them. Please look at it and answer until %(due)s, on "
                "the machine: yinqiao enquiry answer %(id)s. The question: %(words)s"
            ),
        ),
        "enquiry_explained": NoticeWording(_l("What you asked is explained"), _ANSWERED),
        "enquiry_corrected": NoticeWording(_l("What you asked led to a correction"), _ANSWERED),
        "enquiry_recomputed": NoticeWording(_l("The list you asked about is new"), _ANSWERED),
        "enquiry_unchanged": NoticeWording(_l("What you asked stays as it is"), _ANSWERED),
    }
)
