"""What the rules for looking for matches forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class PreviewUnreadable(DomainError):
    """A program asked for matches in another form than the documented one, or for too many.

    A text may have `characters`, and as many as `results` can be asked for.
    """

    code = "preview_unreadable"
    status = 422
    sentence = _l(
        "Send a JSON object with “text” of 1 to %(characters)d characters and, if you like, "
        "“kind” (mentor, investor or centre) and “limit” from 1 to %(results)d."
    )


class MatchingNotReady(DomainError):
    """The encoder is not on this machine."""

    code = "matching_not_ready"
    status = 503
    sentence = _l("Matches cannot be looked for at present. Try again later.")
