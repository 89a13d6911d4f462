"""What somebody types who leaves for good."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.accounts.forms import EmailField


class LeavingForm(FlaskForm):  # type: ignore[misc]
    """The address once more, so that nobody leaves by a slip."""

    email = EmailField(
        _l("Your e-mail"), description=_l("Type it, so that nothing goes by a slip.")
    )
