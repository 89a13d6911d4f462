"""A startup, a centre and two funds in the database of a site, all of whom can log in."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.passwords import hash_password
from app.clock import now, today
from app.demo.accounts import DEMO_PASSWORD
from models.orm import create_engine_for
from tests.app.funds.scenes import publish as publish_mandate
from tests.app.verification.scenes import Scene, keep_report, make_scene
from tests.app.vouchers.scenes import keep_invoice, offer_scheme, take_vouchers
from tests.factories import make_engagement, make_investor, make_person


@dataclass(frozen=True)
class MoneyScene:
    """Addresses by the public ids of things, and people by their mail addresses."""

    people: dict[str, str]
    startup: str
    centre: str
    need: str
    proof_need: str
    engagement: str
    deal: str
    document: str


def furnish(folder: Path, locales: list[str]) -> dict[str, MoneyScene]:
    """A scene for each of `locales`, in the site's own database."""
    engine = create_engine_for(f"sqlite:///{folder}/yinqiao.db")
    try:
        with Session(engine) as session:
            scenes = {locale: _make(session, locale) for locale in locales}
            session.commit()
        return scenes
    finally:
        engine.dispose()


def _make(session: Session, locale: str) -> MoneyScene:
    scene = make_scene(session)
    second = make_person(session)
    other = make_investor(session, person=second, name=f"Second fund {locale} (example)")
    for theirs in (scene.funds, replace(scene.funds, fund=other, investor=second)):
        publish_mandate(session, theirs, holding_limit_bp=None)
    take_vouchers(session, scene)
    _offer_vouchers(session, scene)
    invoice = keep_invoice(session, scene)
    keep_report(session, scene)
    deal = make_engagement(session, scene.funds.need, scene.funds.fund, state="accepted")
    people = {
        "founder": scene.funds.founder,
        "fund": scene.funds.investor,
        "analyst": scene.analyst,
        "reviewer": scene.reviewer,
    }
    for name, person in people.items():
        person.email = f"{name}.{locale.lower()}@example.org"
        person.password_hash = hash_password(DEMO_PASSWORD)
        person.locale = locale
    session.flush()
    return MoneyScene(
        people={name: person.email for name, person in people.items()},
        startup=scene.funds.startup.public_id,
        centre=scene.centre.public_id,
        need=scene.funds.need.public_id,
        proof_need=scene.need.public_id,
        engagement=scene.engagement.public_id,
        deal=deal.public_id,
        document=invoice.public_id,
    )


def _offer_vouchers(session: Session, scene: Scene) -> None:
    year = today(now()).year
    offer_scheme(
        session,
        scene,
        opens_on=date(year - 1, 1, 1),
        apply_until=date(year + 1, 12, 31),
        use_until=date(year + 2, 3, 31),
        claim_until=date(year + 2, 4, 30),
    )
