"""What people were told, as a hash: another text has another one."""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from html import unescape

from flask import render_template

from app.declaration import Kept


def fingerprint(*said: str) -> str:
    """Twelve digits of what was `said`, however its lines are broken."""
    joined = "\n".join(re.sub(r"\s+", " ", each).strip() for each in said)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def say_notice(kept: Iterable[Kept]) -> str:
    """The words of the page *Privacy*, without its version and its marks."""
    page = render_template(
        "home/privacy.html",
        kept=kept,
        contact="",
        notice_version=0,
        notice_date=date(2000, 1, 1),
    )
    main = page[page.index("<main") : page.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", main))
    return re.sub(r"Version 0 of [^.]*\.", "", words)
