"""How values are written in the reader's language, wherever they are said."""

from decimal import Decimal

from flask_babel import format_decimal, format_percent, get_locale
from flask_babel import gettext as _


def show_money(yuan: int) -> str:
    """An amount in CNY: in units of ten thousand (万元) in Chinese, in plain CNY in English."""
    if str(get_locale()) == "en" or yuan < 10_000:
        return _("CNY %(amount)s", amount=format_decimal(yuan))
    return f"{format_decimal(Decimal(yuan) / 10_000)} 万元"


def show_yuan(yuan: int) -> str:
    """An amount in CNY to the yuan: what is owed is never rounded."""
    return _("CNY %(amount)s", amount=format_decimal(yuan))


def show_size(size: int) -> str:
    """How large a file is, in the unit in which it has few figures."""
    if size < 1_000:
        return _("%(count)s bytes", count=size)
    if size < 1_000_000:
        return _("%(count)s kB", count=format_decimal(round(size / 1_000)))
    return _("%(count)s MB", count=format_decimal(round(size / 1_000_000, 1)))


def show_share(basis_points: int) -> str:
    """A share in percent, with as many decimals as it has."""
    return str(format_percent(Decimal(basis_points) / 10_000, format="#,##0.##%"))
