"""What the rules for asking a human forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class EnquiryOpen(DomainError):
    """A second question is asked before the first is answered."""

    code = "enquiry_open"
    sentence = _l("You have asked already. Wait for the answer, or take the question back.")


class NoListYet(DomainError):
    """Nobody was looked for yet, so there is no list to ask about."""

    code = "no_list_yet"
    sentence = _l("There is no list yet: look for matches first.")


class NotItsPool(DomainError):
    """The operators of an incubator are asked in whose pool the provider is not."""

    code = "not_its_pool"
    status = 422
    sentence = _l("Choose an incubator in whose pool the profile is.")


class ConcernOfOthers(DomainError):
    """A startup asks what only providers ask, or the other way about."""

    code = "concern_of_others"
    status = 422
    sentence = _l("A startup asks about its list, a provider about its own places in lists.")


class NotRecomputed(DomainError):
    """A list is said to be made anew, and was not."""

    code = "not_recomputed"
    sentence = _l("No list was made for this need since it was asked. Look again first.")
