"""Financings and commitments as they are typed."""

from app.financings.forms.financings import (
    AmountForm,
    ExtendForm,
    FinancingForm,
    NarrowForm,
    PaidForm,
    WordsForm,
)

__all__ = ["AmountForm", "ExtendForm", "FinancingForm", "NarrowForm", "PaidForm", "WordsForm"]
