"""The addresses on this site to which this room's notices and mails lead."""

from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.organisations import Incubator

COMMISSIONERS = "/commissioners"


def address_of_commissioner(commissioner: Commissioner) -> str:
    """The page of one commissioner."""
    return f"/commissioners/{commissioner.public_id}"


def address_of_care(care: CompanyCare) -> str:
    """The page of one company in the care of a commissioner."""
    return f"/care/{care.public_id}"


def address_of_case(case: FinanceCase) -> str:
    """The page of one case."""
    return f"/cases/{case.public_id}"


def address_of_desk(incubator: Incubator) -> str:
    """Where the operators of an incubator keep its commissioners."""
    return f"/incubators/{incubator.public_id}/commissioners"
