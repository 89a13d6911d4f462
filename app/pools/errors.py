"""What the rules for pools and incubators forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ProviderNotAvailable(DomainError):
    """The provider is not published, or not open to this startup."""

    code = "provider_not_available"
    sentence = _l("This provider cannot be asked at present.")


class AlreadyInPool(DomainError):
    """The mentor already stands in this pool."""

    code = "already_in_pool"
    sentence = _l("This mentor already stands in the pool.")


class OwnSecondFactorMissing(DomainError):
    """Whoever asks for a second factor has none."""

    code = "own_second_factor_missing"
    sentence = _l("Set up a second factor of your own first: without one you would be kept out.")


class TermIncomplete(DomainError):
    """A term has only one form: there is nothing that it could stand for."""

    code = "term_incomplete"
    status = 422
    sentence = _l("Give at least two forms that mean the same.")


class TermTooCommon(DomainError):
    """The form `form` of a term is said by too many who mean something else."""

    code = "term_too_common"
    status = 422
    sentence = _l("“%(form)s” is too common a word: it would find everybody.")


class TermKnown(DomainError):
    """Another term of the incubator has the form `form`."""

    code = "term_known"
    sentence = _l("“%(form)s” belongs to another of your terms. Take that one back first.")


class TooManyTerms(DomainError):
    """The incubator uses as many terms as it may, which are `limit`."""

    code = "too_many_terms"
    sentence = _l("There are %(limit)s terms, which is all that fit. Take one back first.")


class TooManyForms(DomainError):
    """The terms of the incubator have as many forms together as they may, which are `limit`."""

    code = "too_many_forms"
    sentence = _l("Your terms have %(limit)s forms, which is all that fit. Take one back first.")


class TermsUsedUp(DomainError):
    """The incubator has added as many terms as it ever may, which are `limit`."""

    code = "terms_used_up"
    sentence = _l("You have added %(limit)s terms so far, which is all that fit.")


class IncubatorNameTaken(DomainError):
    """Another incubator has this name."""

    code = "incubator_name_taken"
    sentence = _l("Another incubator has this name.")
