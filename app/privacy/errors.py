"""What the rules for leaving forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class SoleOperator(DomainError):
    """Nobody else operates an incubator of theirs."""

    code = "sole_operator"
    sentence = _l("Nobody else operates %(incubators)s. Invite another operator first.")


class AddressNotTyped(DomainError):
    """What was typed is not the address of the account."""

    code = "address_not_typed"
    status = 422
    sentence = _l("Type the address with which you log in.")
