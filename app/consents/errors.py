"""What the rules of consents forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class ConsentReworded(DomainError):
    """Other words were read than those that hold now."""

    code = "consent_reworded"
    sentence = _l("What you would agree to has changed. Read it again, then decide.")
