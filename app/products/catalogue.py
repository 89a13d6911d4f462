"""The list of products that comes with the house: what is known of each, and how well.

An incubator takes one up as a draft, looks it up in its source, says what is missing, and
publishes it. Founders are shown nothing of the list by itself.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from app.products.values import ProductValues
from models.product_codes import ProductKind
from models.vocabulary import Title
from models.voucher_codes import SourceGrade


@dataclass(frozen=True, slots=True)
class Listed:
    """One product of the list, under its code."""

    code: str
    values: ProductValues


@lru_cache(maxsize=1)
def list_listed() -> tuple[Listed, ...]:
    """The whole list, in its order. Keys are those of `ProductValues`."""
    text = files("app.products").joinpath("products.yaml").read_text(encoding="utf-8")
    found = []
    for row in yaml.safe_load(text)["products"]:
        said = {key: value for key, value in row.items() if key != "code"}
        said["kind"] = ProductKind(said["kind"])
        said["grade"] = SourceGrade(said["grade"])
        said["titles"] = tuple(Title(code) for code in said.get("titles", ()))
        said["places"] = tuple(said.get("places", ()))
        found.append(Listed(row["code"], ProductValues(**said)))
    return tuple(found)


def find_listed(code: str) -> Listed | None:
    """The product of the list with that code."""
    return next((each for each in list_listed() if each.code == code), None)
