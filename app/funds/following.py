"""What follows for requests that a fund has when another version of its mandate is published."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clauses import Verdict
from app.clock import today
from app.funds.addresses import address_of_openings
from app.mandates.openings import screen
from app.mandates.seeking import list_sought
from app.mandates.values import make_terms
from app.telling.notices import list_people_of, tell
from models.engagements import Engagement
from models.funds import Mandate
from models.lifecycle import ENGAGEMENT_OPEN
from models.needs import Need
from models.vocabulary import NeedKind


def follow_mandate(
    session: Session, before: Mandate | None, after: Mandate, *, at: datetime
) -> None:
    """Founders who have asked the fund are told where their need passes now and did not, or did.

    Where there was no mandate before, nothing stood against a need. The fund itself reads all of it
    on its board, as far as it is released; a notice would say more than that.
    """
    needs = session.scalars(
        select(Need)
        .where(
            Need.id.in_(
                select(Engagement.need_id).where(
                    Engagement.provider_id == after.provider_id,
                    Engagement.state.in_(ENGAGEMENT_OPEN),
                )
            ),
            Need.kind == NeedKind.FUNDING,
        )
        .options(joinedload(Need.startup), joinedload(Need.conditions))
        .order_by(Need.id)
    ).unique()
    found = list(needs)
    if not found:
        return
    on = today(at)
    known = list_sought(session, found, on)
    terms = [make_terms(each) for each in (before, after) if each is not None]
    for need, verdicts in zip(
        found, screen(terms, [known[need.id] for need in found], on), strict=True
    ):
        passes = verdicts[-1] is Verdict.PASS
        if before is None:
            is_other = verdicts[-1] is Verdict.FAIL
        else:
            is_other = passes is not (verdicts[0] is Verdict.PASS)
        if not is_other:
            continue
        for person in list_people_of(session, startup_id=need.startup_id):
            tell(
                session,
                person=person,
                kind="mandate_passed_now" if passes else "mandate_failed_now",
                facts={"fund": after.provider.name, "need": need.title},
                path=address_of_openings(need),
                at=at,
            )
