"""What was typed survives the end of a log-in: it goes through the log-in page and comes back.

A form that arrives after the log-in has ended is not carried out. Its fields are signed and laid
into the log-in page as one hidden value; after logging in, its sender sees them and sends them
once more. Nothing is stored on the server.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from flask import request
from markupsafe import escape

from app.extensions import get_settings
from app.sealing import Sealer
from app.signing import Signer
from app.web.addresses import is_own_path
from models.canonical import canonical_line, canonical_text

# The name of the hidden value on the log-in page.
TYPED_FIELD: Final = "typed"

TYPED_LIMIT_CHARACTERS = 200_000
_PURPOSE = "typed form"
_KEPT_FOR = timedelta(hours=12)

# Shorter values are choices and numbers, which say little when they are shown alone.
_SHOWN_FROM_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A form as it was sent: to which path of this site, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> list[str]:
        """The longer texts, by which a person recognises what they typed."""
        return [value for _name, value in self.fields if _is_text(value)]


def list_texts() -> list[str]:
    """The longer texts of the form that is being answered; none that came from another site."""
    if request.method != "POST" or not _comes_from_this_site():
        return []
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    if any("password" in name for name, _value in fields):
        return []
    return [value for _name, value in fields if _is_text(value)]


def goes_back_untyped() -> bool:
    """Whether the form names the page that it came from, and nothing was typed into it."""
    typed = (
        v for name, v in request.form.items(multi=True) if name not in ("csrf_token", "back_to")
    )
    return is_own_path(request.form.get("back_to", "")) and not any(v.strip() for v in typed)


def list_lost_texts(page: str) -> list[str]:
    """Those of them that `page` does not show."""
    return [
        text
        for text in list_texts()
        if str(escape(canonical_text(text))) not in page
        and str(escape(canonical_line(text))) not in page
    ]


def _is_text(value: str) -> bool:
    return len(value) >= _SHOWN_FROM_CHARACTERS and not is_own_path(value)


def get_signer() -> Signer:
    """The signer of this installation."""
    return Signer(get_settings().secret_key)


def get_sealer() -> Sealer:
    """The sealer of this installation."""
    return Sealer(get_settings().secret_key)


def keep_typed(*, at: datetime) -> str | None:
    """The form of this request as a signed value; None for what must not or cannot be kept.

    Not kept: what came from another site (it was not typed here), forms that hold a password,
    and more than `TYPED_LIMIT_CHARACTERS`. Files are left out.
    """
    if request.method != "POST" or not _comes_from_this_site():
        return None
    fields = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    if not fields or any("password" in name for name, _value in fields):
        return None
    if sum(len(name) + len(value) for name, value in fields) > TYPED_LIMIT_CHARACTERS:
        return None
    path = request.full_path.rstrip("?")
    return get_signer().sign(_PURPOSE, {"path": path, "fields": fields}, expires_at=at + _KEPT_FOR)


def read_typed(value: str, *, at: datetime) -> TypedForm | None:
    """The form in a signed value; None when it is not ours or too old."""
    facts = get_signer().read(_PURPOSE, value, at=at) if value else None
    if facts is None:
        return None
    return TypedForm(facts["path"], tuple((name, value) for name, value in facts["fields"]))


def _comes_from_this_site() -> bool:
    """Whether the browser says so. Other sites must not put words into a person's mouth."""
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(source).netloc == request.host
    except ValueError:
        return False
