"""What people of the demonstration asked a human about lists: one answered, two that wait."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import make_actor
from app.demo.accounts import DEMO_ACCOUNTS
from app.enquiries.actions.answering import answer_enquiry
from app.enquiries.actions.asking import ask_about_list, ask_about_places
from app.enquiries.queries import find_list
from models.enquiries import EnquiryConcern, EnquiryOutcome
from models.matches import MatchRun
from models.needs import Need
from models.people import Person
from models.vocabulary import Role

_ASKED: Final = "为什么名单里没有做功率循环可靠性的导师？我们找的正是这方面的人。"
_ANSWER: Final = (
    "我们看了：有两位做功率循环的导师，一位本月没有空余名额，另一位只接受现场辅导，不在贵司所选的城市。"
    "名单没有算错。需求里把“地点”从必须改为优先，第二位就会出现。"
)
_WAITS: Final = "第三位的材料只提到设备销售，为什么排得这么靠前？"
_OF_MENTOR: Final = "我做过两条碳化硅产线的良率提升，最近却很少被推荐，想知道原因。"


def ask_humans(session: Session, *, at: datetime) -> int:
    """The founder had an answer two weeks before `at` and has asked again, the mentor has asked.

    Returns how many questions there are. None is, where one of them has left the demonstration.
    """
    people = {
        each.role: session.scalar(select(Person).where(Person.email == each.email))
        for each in DEMO_ACCOUNTS
    }
    founder, mentor = people[Role.FOUNDER], people[Role.MENTOR]
    operator = people[Role.OPERATOR]
    if founder is None or mentor is None or operator is None:
        return 0
    need = session.scalar(
        select(Need)
        .join(MatchRun, MatchRun.need_id == Need.id)
        .where(Need.startup_id.in_(make_actor(founder).founds), Need.state == "open")
        .order_by(MatchRun.id.desc())
        .limit(1)
    )
    provider = next((each.provider for each in mentor.memberships if each.provider), None)
    incubator = next((each.incubator for each in operator.memberships if each.incubator), None)
    if need is None or provider is None or need.startup.incubator is not incubator:
        return 0
    asked = [
        (EnquiryConcern.SOMEBODY_MISSING, _ASKED, timedelta(days=16)),
        (EnquiryConcern.SOMEBODY_MISPLACED, _WAITS, timedelta(days=2)),
    ]
    for concern, words, ago in asked:
        enquiry = ask_about_list(
            session,
            need=need,
            run=find_list(session, need),
            concern=concern,
            words=words,
            contact="",
            actor=make_actor(founder),
            at=at - ago,
        )
        if words == _ASKED:
            answer_enquiry(
                session,
                enquiry=enquiry,
                outcome=EnquiryOutcome.EXPLAINED,
                answer=_ANSWER,
                actor=make_actor(operator),
                at=at - timedelta(days=14),
            )
    ask_about_places(
        session,
        provider=provider,
        incubator=incubator,
        concern=EnquiryConcern.NOT_SUGGESTED,
        words=_OF_MENTOR,
        contact="",
        actor=make_actor(mentor),
        at=at - timedelta(days=1),
    )
    return len(asked) + 1
