"""The codes of finance products."""

from enum import StrEnum


class ProductKind(StrEnum):
    """In which form money or cover comes."""

    BANK_LOAN = "bank_loan"
    GUARANTEE = "guarantee"
    INSURANCE = "insurance"
    LEASING = "leasing"
    EQUITY = "equity"
    GRANT_THEN_EQUITY = "grant_then_equity"
    INVEST_FIRST = "invest_first"
    LOAN_LINKED_TO_EQUITY = "loan_linked_to_equity"
