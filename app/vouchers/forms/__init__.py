"""The shapes of what is typed in this room."""

from app.vouchers.forms.schemes import SchemeForm
from app.vouchers.forms.vouchers import ClaimForm, NoteForm, PayForm, UseForm

__all__ = ["ClaimForm", "NoteForm", "PayForm", "SchemeForm", "UseForm"]
