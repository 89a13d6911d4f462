"""The words of this room: kinds of documents and files, reports, and what is told about them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask_babel import lazy_gettext as _l

from app.words.labels import Tone, Word
from app.words.wording import NoticeWording
from models.vocabulary import DocumentKind, FileType, ReportReason

STATES: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "document": {
            "available": Word(_l("Available"), Tone.FITS),
            "reported": Word(_l("Reported"), Tone.WAITS),
            "stopped": Word(_l("Stopped"), Tone.FAILS),
            "deleted": Word(_l("Deleted"), Tone.OVER),
        },
    }
)

CODES: Mapping[type[StrEnum], Mapping[StrEnum, Word]] = MappingProxyType(
    {
        DocumentKind: {
            DocumentKind.PITCH: Word(_l("Pitch")),
            DocumentKind.BUSINESS_PLAN: Word(_l("Business plan")),
            DocumentKind.TECHNICAL: Word(_l("Technical material")),
            DocumentKind.TEST_REPORT: Word(_l("Test report")),
            DocumentKind.CERTIFICATE: Word(_l("Certificate or title")),
            DocumentKind.INTELLECTUAL_PROPERTY: Word(_l("Intellectual property")),
            DocumentKind.FINANCIAL: Word(_l("Finances")),
            DocumentKind.CONTRACT: Word(_l("Contract or agreement")),
            DocumentKind.INVOICE: Word(_l("Invoice or receipt")),
            DocumentKind.MINUTES: Word(_l("Minutes")),
            DocumentKind.OTHER: Word(_l("Another document")),
        },
        FileType: {
            FileType.PDF: Word(_l("PDF")),
            FileType.DOCX: Word(_l("Word")),
            FileType.XLSX: Word(_l("Excel")),
            FileType.PPTX: Word(_l("PowerPoint")),
            FileType.PNG: Word(_l("Picture (PNG)")),
            FileType.JPEG: Word(_l("Picture (JPEG)")),
            FileType.TEXT: Word(_l("Plain text")),
            FileType.MARKDOWN: Word(_l("Text (Markdown)")),
            FileType.CSV: Word(_l("Table (CSV)")),
        },
        ReportReason: {
            ReportReason.CLASSIFIED: Word(
                _l("It may hold state secrets or other classified matter")
            ),
            ReportReason.PERSONAL_DATA: Word(_l("It gives away personal data")),
            ReportReason.INFRINGING: Word(_l("It is somebody else's, or hurts their rights")),
            ReportReason.UNSAFE: Word(_l("It may harm the device that opens it")),
            ReportReason.MISLEADING: Word(_l("It is wrong, forged or in the wrong place")),
            ReportReason.OTHER: Word(_l("Something else")),
        },
    }
)

NOTICES: Mapping[str, NoticeWording] = MappingProxyType(
    {
        # To the operators who have to decide.
        "document_reported": NoticeWording(
            _l("A document was reported: %(title)s"),
            _l(
                "The document “%(title)s” of %(owner)s was reported. Until you decide, only its "
                "own side can open it."
            ),
        ),
        # To its own side, which does not learn by whom.
        "document_held": NoticeWording(
            _l("Your document was reported: %(title)s"),
            _l(
                "Somebody reported the document “%(title)s” of %(owner)s. Until operators have "
                "decided, only you and your colleagues can open it."
            ),
        ),
        "document_report_set_aside": NoticeWording(
            _l("The report was set aside: %(title)s"),
            _l(
                "Operators looked into the report about the document “%(title)s” of %(owner)s "
                "and set it aside. The document can be opened as before."
            ),
        ),
        "document_report_upheld": NoticeWording(
            _l("The document you reported is stopped: %(title)s"),
            _l("Operators stopped the document “%(title)s” of %(owner)s. Thank you."),
        ),
        "document_stopped": NoticeWording(
            _l("Your document was stopped: %(title)s"),
            _l(
                "Operators stopped the document “%(title)s” of %(owner)s: nobody can open it. "
                "The reason given: %(reason)s"
            ),
        ),
        "document_resumed": NoticeWording(
            _l("Your document can be opened again: %(title)s"),
            _l("Operators let the document “%(title)s” of %(owner)s be opened again."),
        ),
        "document_deleted": NoticeWording(
            _l("A document was deleted: %(title)s"),
            _l("The document “%(title)s” of %(owner)s was deleted, with all its versions."),
        ),
    }
)
