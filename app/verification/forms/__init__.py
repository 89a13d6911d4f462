"""The shapes of what is typed in this room: claims, quotes, samples, results, reports."""

from app.verification.forms.claims import AskForm, ClaimForm
from app.verification.forms.orders import (
    NoteForm,
    QuoteForm,
    ReportForm,
    ResultForm,
    SampleForm,
    SettleForm,
)

__all__ = [
    "AskForm",
    "ClaimForm",
    "NoteForm",
    "QuoteForm",
    "ReportForm",
    "ResultForm",
    "SampleForm",
    "SettleForm",
]
