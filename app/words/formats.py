"""How values are written in the reader's language, wherever they are said."""

from decimal import Decimal

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _


def show_money(yuan: int) -> str:
    """An amount in CNY: in units of ten thousand (万元) in Chinese, in plain CNY in English."""
    if str(get_locale()) == "en" or yuan < 10_000:
        return _("CNY %(amount)s", amount=format_decimal(yuan))
    return f"{format_decimal(Decimal(yuan) / 10_000)} 万元"
