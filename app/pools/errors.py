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


class IncubatorNameTaken(DomainError):
    """Another incubator has this name."""

    code = "incubator_name_taken"
    sentence = _l("Another incubator has this name.")
