"""The addresses on this site to which this room's notices and mails lead."""

from models.organisations import Incubator
from models.products import FinanceProduct


def address_of_product(product: FinanceProduct) -> str:
    """The page of one version of a product."""
    return f"/products/{product.public_id}"


def address_of_catalogue(incubator: Incubator) -> str:
    """Where the operators of an incubator keep its catalogue."""
    return f"/incubators/{incubator.public_id}/products"
