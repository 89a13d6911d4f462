"""How values are written in the reader's language, wherever they are said."""

from decimal import Decimal

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _


def show_money(yuan: int) -> str:
    """An amount in CNY: in units of ten thousand (万元) in Chinese, in plain CNY in English."""
    if str(get_locale()) == "en" or yuan < 10_000:
        return _("CNY %(amount)s", amount=format_decimal(yuan))
    return f"{format_decimal(Decimal(yuan) / 10_000)} 万元"


def show_size(size: int) -> str:
    """How large a file is, in the unit in which it has few figures."""
    if size < 1_000:
        return _("%(count)s bytes", count=size)
    if size < 1_000_000:
        return _("%(count)s kB", count=format_decimal(round(size / 1_000)))
    return _("%(count)s MB", count=format_decimal(round(size / 1_000_000, 1)))


def show_share(basis_points: int) -> str:
    """A share in percent, as exact as it is."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "\N{NO-BREAK SPACE}%"
