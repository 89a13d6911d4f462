"""What the rules for data rooms forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class RoomFull(DomainError):
    """More documents are put into a room than it takes."""

    code = "room_full"
    sentence = _l("A room takes at most %(most)s documents.")


class NotOwnDocument(DomainError):
    """What is put into a room is no document of its startup that can be shown."""

    code = "not_own_document"
    status = 422
    sentence = _l("Choose one of your own documents that can be shown, once.")


class AgreementUnfit(DomainError):
    """An agreement says nothing, too much, or what it says already."""

    code = "agreement_unfit"
    status = 422
    sentence = _l("Write the text that readers agree to, other than the one that stands.")


class AgreementMissing(DomainError):
    """Somebody is let in before there is an agreement."""

    code = "agreement_missing"
    sentence = _l("Write the agreement first: nobody reads anything without one.")


class GrantUnfit(DomainError):
    """An investor is let in to nothing, for a day that is over, or was asked nothing."""

    code = "grant_unfit"
    status = 422
    sentence = _l(
        "Choose an investor that has accepted a request, at least one document or folder, and a "
        "last day to come."
    )


class RoomClosed(DomainError):
    """The investor is not let in, or no more."""

    code = "room_closed"
    sentence = _l("This room is not open to you.")


class AgreementOutdated(DomainError):
    """What was read is not the text that stands, or the person has not agreed to it."""

    code = "agreement_outdated"
    sentence = _l("Read and accept the agreement as it stands now first.")


class QuestionUnfit(DomainError):
    """A question, an answer or a page of it cannot be one."""

    code = "question_unfit"
    status = 422
    sentence = _l("Write it in at most %(most)s characters, and give a page that can be one.")


class TooManyQuestions(DomainError):
    """An investor asks more than it may."""

    code = "too_many_room_questions"
    sentence = _l("Wait for answers first: at most %(most)s questions are open at a time.")


class DownloadNeeded(DomainError):
    """A document is to be read here that can only be downloaded."""

    code = "download_needed"
    sentence = _l(
        "Only texts, PDFs and images are shown here. This one needs the right to download it."
    )


class NotMarkable(DomainError):
    """No marked copy can be made of a file, and nothing is shown without a mark."""

    code = "not_markable"
    sentence = _l(
        "This file is damaged or unusual, so that it cannot be marked, and nothing is shown "
        "without a mark. Ask the startup for another one."
    )


class FileLockedAgainstMarking(NotMarkable):
    """The file is encrypted."""

    code = "file_locked"
    sentence = _l(
        "This file is encrypted, so that it cannot be marked, and nothing is shown without a mark. "
        "Ask the startup for one without a password."
    )


class TooLargeToMark(NotMarkable):
    """The file has too many pages or pixels, or marking it takes too long."""

    code = "too_large_to_mark"
    sentence = _l(
        "This file is too large to be marked, and nothing is shown without a mark. At most 300 "
        "pages or 50 million pixels are. Ask the startup for parts of it."
    )


class MarkingBusy(DomainError):
    """Too many files are being marked."""

    code = "marking_busy"
    status = 503
    sentence = _l("Many documents are being opened. Try it again in a minute.")
