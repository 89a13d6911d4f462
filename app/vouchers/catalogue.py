"""The list of public schemes that comes with the product: what is known of each, and how well.

An incubator takes one up as a draft, looks it up in its source, says what is missing, and
publishes it. Nothing in the list is drawn of by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from app.vouchers.values import SchemeValues
from models.vocabulary import Title
from models.voucher_codes import CapBasis, CapFor, SourceGrade, VoucherCover, YearBasis


@dataclass(frozen=True, slots=True)
class Listed:
    """One scheme of the list, under its code. `remarks` say in both languages what is not sure."""

    code: str
    values: SchemeValues

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has compared it with an official text."""
        return self.values.is_unverified


@lru_cache(maxsize=1)
def list_listed() -> tuple[Listed, ...]:
    """The whole list, in its order."""
    text = files("app.vouchers").joinpath("schemes.yaml").read_text(encoding="utf-8")
    return tuple(_read(row) for row in yaml.safe_load(text)["schemes"])


def find_listed(code: str) -> Listed | None:
    """The scheme of the list with that code."""
    return next((each for each in list_listed() if each.code == code), None)


def _read(row: Mapping[str, Any]) -> Listed:
    """One entry; keys are those of `SchemeValues`. Raises TypeError and ValueError for others."""
    said = {key: value for key, value in row.items() if key != "code"}
    vocabularies = {
        "cap_basis": CapBasis,
        "year_basis": YearBasis,
        "other_cap_for": CapFor,
        "grade": SourceGrade,
    }
    for name, vocabulary in vocabularies.items():
        if name in said:
            said[name] = vocabulary(said[name])
    said["covers"] = tuple(VoucherCover(code) for code in said.get("covers", ()))
    said["titles"] = tuple(Title(code) for code in said.get("titles", ()))
    said["places"] = tuple(said.get("places", ()))
    return Listed(row["code"], SchemeValues(**said))
