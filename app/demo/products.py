"""The catalogue of the demonstration's incubator: products that fit, run out soon, and a draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.access import Actor
from app.clock import today
from app.products.actions.keeping import draft_product, publish_product
from app.products.catalogue import find_listed
from app.products.values import ProductValues
from models.organisations import Incubator
from models.product_codes import ProductKind
from models.vocabulary import Title


def fill_catalogue(
    session: Session,
    incubator: Incubator,
    rows: Sequence[Mapping[str, Any]],
    drafted: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """`incubator` has published the products that `rows` describe, and drafts a public one."""
    for row in rows:
        said = {key: value for key, value in row.items() if key != "days_left"}
        said["kind"] = ProductKind(said["kind"])
        said["titles"] = tuple(Title(code) for code in said.get("titles", ()))
        said["places"] = tuple(said.get("places", ()))
        product = draft_product(
            session,
            incubator=incubator,
            values=ProductValues(
                **said,
                valid_from=today(at),
                valid_until=today(at + timedelta(days=row["days_left"])),
            ),
            actor=actor,
            at=at,
        )
        publish_product(session, product=product, version=product.version, actor=actor, at=at)
    if (listed := find_listed(drafted)) is not None:
        draft_product(
            session,
            incubator=incubator,
            values=listed.values,
            code=listed.code,
            actor=actor,
            at=at,
        )
