"""What the rules for facts forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class FactUnfit(DomainError):
    """The type is not one for this subject, or the value not one for the type."""

    code = "fact_unfit"
    status = 422
    sentence = _l("This value does not fit what it is stated of.")


class FactTimeUnfit(DomainError):
    """The time is not of the kind that the type asks for, or it has not begun yet."""

    code = "fact_time_unfit"
    status = 422
    sentence = _l("This needs a time that has begun: a day, or a whole year, as the fact asks.")


class FactDocumentUnfit(DomainError):
    """The document is not one that the subject keeps, or nobody can open it."""

    code = "fact_document_unfit"
    status = 422
    sentence = _l("Choose a document that belongs here and can be opened.")


class OwnFact(DomainError):
    """Whoever stated a fact wants to confirm it."""

    code = "own_fact"
    sentence = _l("You stated this yourself. Somebody else has to confirm it.")
