"""What the rules for needs forbid."""

from flask_babel import lazy_gettext as _l

from app.errors import DomainError


class NeedTooShort(DomainError):
    """An open need says too little to be matched. `least` is how many characters it takes."""

    code = "need_too_short"
    status = 422
    sentence = _l("The need says too little to be matched: write at least %(least)s characters.")


class NeedAlreadyStated(DomainError):
    """The startup has stated the same need before. `public_id` is that one's."""

    code = "need_already_stated"
    sentence = _l("You have already stated this need. Here it is.")


class SentenceGone(DomainError):
    """The need does not say this sentence."""

    code = "sentence_gone"
    status = 422
    sentence = _l("The need does not say this sentence any more. Look at it again.")


class ConditionUnreadable(DomainError):
    """The values are none that the attribute of a condition can have."""

    code = "condition_unreadable"
    status = 422
    sentence = _l("These values do not fit the attribute.")


class NeedNotOpen(DomainError):
    """Only an open need is matched."""

    code = "need_not_open"
    sentence = _l("This need is not open, so nobody is looked for. Open it first.")


class NeedRaisesMoney(DomainError):
    """A need is to be closed for which a financing is open."""

    code = "need_raises_money"
    sentence = _l("A financing is open for this need. Close or abandon it first.")
