"""What the rules for the catalogue forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ProductUnfit(DomainError):
    """A product says what it cannot: days in no order, a source that is no address."""

    code = "product_unfit"
    status = 422
    sentence = _l(
        "First and last have to follow each other, amounts be above nothing, and links be whole."
    )


class ProductIncomplete(DomainError):
    """A draft is to be published that does not say all."""

    code = "product_incomplete"
    status = 422
    sentence = _l("Before it is published, a product has to say: %(missing)s")


class ProductOver(DomainError):
    """A draft is to be published whose last day is over."""

    code = "product_over"
    status = 422
    sentence = _l("Its last day is over. Look up in the source whether it goes on.")


class ProductFixed(DomainError):
    """A version that was published is to be changed."""

    code = "product_fixed"
    sentence = _l("A published version is never changed. Begin the next one.")


class ProductDraftExists(DomainError):
    """A second draft of one product is to be begun."""

    code = "product_draft_exists"
    sentence = _l("There is a draft of this product already.")


class ProductUnknown(DomainError):
    """A product is to be taken up that is in no list."""

    code = "product_unknown"
    status = 422
    sentence = _l("There is no such product in the list.")
