"""Further texts of some providers of the demonstration: papers, a patent, a product, a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.demo.accounts import DEMO_ACCOUNTS
from app.profiles.actions import add_text
from app.profiles.encoding import EncodedText
from app.profiles.values import TextValues
from models.canonical import canonical_line, canonical_text
from models.people import Person
from models.provider_texts import TextSource

_AGO = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class DemoText:
    """A text, and the key of the provider whose it is."""

    provider: str
    values: TextValues


def read_texts() -> list[DemoText]:
    """The texts, as `texts.yaml` has them."""
    said = files("app.demo").joinpath("texts.yaml").read_text(encoding="utf-8")
    return [
        DemoText(
            provider=row["provider"],
            values=TextValues(
                title=canonical_line(row["title"]),
                source=TextSource(row["source"]),
                year=row["year"],
                address=row["address"],
                text=canonical_text(row["text"]),
            ),
        )
        for row in yaml.safe_load(said)
    ]


def add_texts(
    session: Session, texts: Sequence[DemoText], encoded: Sequence[EncodedText], *, at: datetime
) -> int:
    """Each of `texts` is added some weeks before `at`; returns how many were.

    Whoever has left the demonstration meanwhile is left out.
    """
    emails = {account.key: account.email for account in DEMO_ACCOUNTS if account.key}
    count = 0
    for demo, own in zip(texts, encoded, strict=True):
        email = emails.get(demo.provider, f"{demo.provider}@example.org")
        person = session.scalar(select(Person).where(Person.email == email))
        provider = (
            next((m.provider for m in person.memberships if m.provider), None) if person else None
        )
        if person is None or provider is None:
            continue
        add_text(
            session,
            provider=provider,
            values=demo.values,
            encoded=own,
            actor=make_actor(person),
            at=at - _AGO,
        )
        count += 1
    return count
