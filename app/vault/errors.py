"""What the rules for documents forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FileEmpty(DomainError):
    """There is nothing in the file."""

    code = "file_empty"
    status = 422
    sentence = _l("There is nothing in this file.")


class FileTooHeavy(DomainError):
    """The file has more than `megabytes`."""

    code = "file_too_heavy"
    status = 422
    sentence = _l("This file is too large: at most %(megabytes)s MB.")


class FileTypeNotTaken(DomainError):
    """The file's name ends in none of `endings`."""

    code = "file_type_not_taken"
    status = 422
    sentence = _l(
        "Files of this kind are not kept. These are, by the endings of their names: %(endings)s."
    )


class OldOfficeFile(DomainError):
    """A file of Office before 2007, or one with a password: what is in it cannot be told."""

    code = "old_office_file"
    status = 422
    sentence = _l(
        "This file is of an old kind of Office or has a password. Save it without one as "
        ".docx, .xlsx, .pptx or .pdf."
    )


class ContentsDiffer(DomainError):
    """The file's name says that it is a `claimed`, and its contents are something else."""

    code = "contents_differ"
    status = 422
    sentence = _l(
        "The name of this file ends in .%(claimed)s, and its contents are something else or "
        "damaged. Save it once more from the program that made it."
    )


class FileHasMacros(DomainError):
    """Programs are in the file."""

    code = "file_has_macros"
    status = 422
    sentence = _l(
        "There are programs (macros) in this file. Save it without them, as .docx, .xlsx or .pptx."
    )


class FileUnpacksTooFar(DomainError):
    """The archive that the file is unpacks to much more than it should, or to other places."""

    code = "file_unpacks_too_far"
    status = 422
    sentence = _l(
        "This file unpacks to far more than it should, or to other places. Save it once more "
        "from the program that made it, or as .pdf."
    )


class DeclarationMissing(DomainError):
    """Nobody has declared that nothing in the file is classified."""

    code = "declaration_missing"
    status = 422
    sentence = _l("Files without this declaration cannot be kept.")


class QuotaExhausted(DomainError):
    """The organisation would keep more than `megabytes`; `free` of them are left."""

    code = "quota_exhausted"
    sentence = _l(
        "Your organisation keeps at most %(megabytes)s MB of files; %(free)s MB are free. "
        "Delete what is no longer needed."
    )


class SameAsBefore(DomainError):
    """The file is, byte for byte, the newest version."""

    code = "same_as_before"
    sentence = _l("This file is the newest version already, byte for byte.")


class DocumentHeld(DomainError):
    """Somebody has reported the document; until that is decided only its own side opens it."""

    code = "document_held"
    sentence = _l(
        "This document was reported and cannot be opened or changed until operators have decided."
    )


class DocumentStopped(DomainError):
    """An operator has stopped the document."""

    code = "document_stopped"
    sentence = _l("Operators stopped this document. Nobody can open it.")


class DocumentDeleted(DomainError):
    """Only the record of the document is left."""

    code = "document_deleted"
    status = 410
    sentence = _l("This document was deleted. Only its record is left.")


class AlreadyReported(DomainError):
    """The same person has reported the document, and nobody has decided yet."""

    code = "already_reported"
    sentence = _l("You have reported this document. Operators will decide.")


class AlreadyShown(DomainError):
    """The organisation can open the document already."""

    code = "already_shown"
    sentence = _l("They can open this document already.")


class FileLost(DomainError):
    """The store does not give the bytes that the record promises."""

    code = "file_lost"
    status = 503
    sentence = _l(
        "This file cannot be read at present. That is a fault of ours: tell whoever runs this site."
    )


class FilesUnavailable(DomainError):
    """The store of files cannot be reached or is full."""

    code = "files_unavailable"
    status = 503
    sentence = _l("Files cannot be kept or read at present. Nothing was saved; try again later.")


class FileHasNoText(DomainError):
    """The words of a file are asked for that is not plain text, or that has none."""

    code = "file_has_no_text"
    status = 422
    sentence = _l("Only the words of a file of plain text or Markdown can be taken over.")


class TextTooLong(DomainError):
    """The words of a file are `count` characters, and at most `limit` are taken."""

    code = "text_too_long"
    status = 422
    sentence = _l("At most %(limit)s characters; there are %(count)s now.")


class DocumentIsReport(DomainError):
    """The file of a report that stands is to be deleted."""

    code = "document_is_report"
    sentence = _l(
        "A report that stands is in this file, and facts may rest on it. Invalidate the report "
        "first, or publish a corrected one."
    )
