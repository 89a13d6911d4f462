"""The shapes of what is typed in this room: claims, quotes, samples, results, reports."""

from app.verification.forms.claims import AskForm, ClaimForm
from app.verification.forms.instruments import InstrumentForm, OutageForm, SlotForm, WishForm
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
    "InstrumentForm",
    "NoteForm",
    "OutageForm",
    "QuoteForm",
    "ReportForm",
    "ResultForm",
    "SampleForm",
    "SettleForm",
    "SlotForm",
    "WishForm",
]
