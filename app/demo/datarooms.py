"""The data room of the demonstration's startup: its documents in folders, under an agreement, whom
it let in, and what it answered one of them for all.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.datarooms.actions.keeping import let_in, publish_agreement, put_document
from app.datarooms.actions.questioning import answer_question, ask_question, publish_answer
from app.datarooms.actions.visiting import accept_agreement
from app.datarooms.values import GrantValues
from app.demo.accounts import DEMO_ACCOUNTS
from app.demo.finding import act_for
from app.vault.queries.documents import list_attachable
from models.datarooms import RoomAgreement, RoomItem
from models.engagements import Engagement
from models.lifecycle import ENGAGEMENT_TAKES_PLACE
from models.organisations import Startup
from models.people import Person
from models.providers import Provider
from models.vocabulary import ProviderKind

_AGREEMENT: Final = (
    "资料仅用于评估对本公司的投资，三年内不向第三人披露，也不用于其他目的。\n"
    "应本公司要求，须销毁已下载的文件。"
)
_FOLDER: Final = "技术资料"
_ASKED: Final = (
    "On which lots were these figures measured, and were any of them left out of the average?"
)
_ANSWER: Final = "三批共九片，全部计入平均值；第二批有一片边缘崩边，单独标在表后。"
_FOR_ALL: Final = "这些数据来自哪几批？有没有剔除的样品？"


def fill_room(session: Session, *, at: datetime) -> int:
    """The first startup's documents are in its room; returns how many, 0 where it has left."""
    person = session.scalar(select(Person).where(Person.email == DEMO_ACCOUNTS[0].email))
    startups = [] if person is None else [m.startup for m in person.memberships if m.startup]
    if person is None or not startups:
        return 0
    startup, actor, when = startups[0], make_actor(person), at - timedelta(days=5)
    documents = list_attachable(session, startup)
    items = [
        put_document(
            session,
            startup=startup,
            document=document,
            folder="" if place == 0 else _FOLDER,
            actor=actor,
            at=when,
        )
        for place, document in enumerate(documents)
    ]
    if documents:
        agreement = publish_agreement(
            session, startup=startup, text=_AGREEMENT, actor=actor, at=when
        )
        _show(session, startup, items[-1], agreement, actor, at=at)
    return len(documents)


def _show(
    session: Session,
    startup: Startup,
    item: RoomItem,
    agreement: RoomAgreement,
    actor: Actor,
    *,
    at: datetime,
) -> None:
    """Funds that accepted a request may read `item`; one asks, and all of them read the answer."""
    engagements = session.scalars(
        select(Engagement)
        .join(Engagement.provider)
        .where(
            Engagement.startup_id == startup.id,
            Engagement.state.in_(ENGAGEMENT_TAKES_PLACE),
            Provider.kind == ProviderKind.INVESTOR,
        )
        .order_by(Engagement.id)
    ).all()
    funds = []
    for engagement in engagements:
        let_in(
            session,
            engagement=engagement,
            values=GrantValues(read_items=frozenset({item.public_id})),
            actor=actor,
            at=at - timedelta(days=4),
        )
        fund = act_for(session, provider=engagement.provider)
        accept_agreement(
            session,
            engagement=engagement,
            number=agreement.number,
            actor=fund,
            at=at - timedelta(days=3),
        )
        funds.append(fund)
    if not funds:
        return
    question = ask_question(
        session,
        engagement=engagements[0],
        item=item,
        page=None,
        text=_ASKED,
        actor=funds[0],
        at=at - timedelta(days=2),
    )
    answered = at - timedelta(days=1)
    answer_question(session, question=question, answer=_ANSWER, actor=actor, at=answered)
    publish_answer(session, question=question, text=_FOR_ALL, actor=actor, at=answered)
