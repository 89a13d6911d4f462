"""What can be true of an actor and of what the two sides of an engagement keep and say together."""

from app.access.actor import Actor
from app.access.predicates import Rule, get_side, in_person, is_either_side, oversees
from models.contradictions import Contradiction
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement
from models.evaluation import EvaluationObjection
from models.missed_times import MissedTime
from models.workspace import ActionItem, AgendaPoint, PairNote, WorkspaceMessage


def is_side_in_person(actor: Actor, engagement: Engagement) -> bool:
    """Acts for one of the two sides of this engagement, and stands in for nobody."""
    return in_person(actor, engagement) and is_either_side(actor, engagement)


def can_read_workspace(actor: Actor, engagement: Engagement) -> bool:
    """One of the two sides in person, and an operator whom one of them lets read along."""
    if is_side_in_person(actor, engagement):
        return True
    is_invited = any(guest.revoked_at is None for guest in engagement.workspace_guests)
    return is_invited and oversees(actor, engagement)


def of_workspace(rule: Rule) -> Rule:
    """`rule`, asked of the engagement of what is kept in its workspace."""

    def apply(actor: Actor, kept: WorkspaceMessage | AgendaPoint | ActionItem | PairNote) -> bool:
        return rule(actor, kept.engagement)

    return apply


def of_pair(rule: Rule) -> Rule:
    """`rule`, asked of the two engagements of mentors who work together: one is enough."""

    def apply(actor: Actor, pair: DualMentoring) -> bool:
        return rule(actor, pair.lead) or rule(actor, pair.partner)

    return apply


def of_objection(rule: Rule) -> Rule:
    """`rule`, asked of the provider who objects."""

    def apply(actor: Actor, objection: EvaluationObjection) -> bool:
        return rule(actor, objection.provider)

    return apply


def is_asked_by_objection(actor: Actor, objection: EvaluationObjection) -> bool:
    """Operates the incubator that is to answer this objection."""
    return objection.incubator_id in actor.operates


def is_missing_side(actor: Actor, missed: MissedTime) -> bool:
    """Acts for the side that is counted as missing or late."""
    return get_side(actor, missed.engagement) is missed.side


def of_missed_time(rule: Rule) -> Rule:
    """`rule`, asked of the engagement of a time that was not kept."""

    def apply(actor: Actor, missed: MissedTime) -> bool:
        return rule(actor, missed.engagement)

    return apply


def decides_missed_time(actor: Actor, missed: MissedTime) -> bool:
    """Operates the incubator in person, is of neither side, and neither counted nor appealed."""
    return (
        in_person(actor, missed)
        and actor.person_id not in (missed.counted_by_id, missed.appealed_by_id)
        and oversees(actor, missed.engagement)
        and not is_either_side(actor, missed.engagement)
    )


def is_across_record(actor: Actor, coaching_session: CoachingSession) -> bool:
    """Acts in person for the side that did not record what became of this session."""
    side = get_side(actor, coaching_session.engagement)
    return in_person(actor, coaching_session) and side not in (
        None,
        coaching_session.recorded_side,
    )


def of_contradiction(rule: Rule) -> Rule:
    """`rule`, asked of the engagement of a session about which the two sides differ."""

    def apply(actor: Actor, contradiction: Contradiction) -> bool:
        return rule(actor, contradiction.engagement)

    return apply


def decides_contradiction(actor: Actor, contradiction: Contradiction) -> bool:
    """Operates the incubator in person, is of neither side, and neither recorded nor objected."""
    said_so = (contradiction.made_by_id, contradiction.coaching_session.recorded_by_id)
    return (
        in_person(actor, contradiction)
        and actor.person_id not in said_so
        and oversees(actor, contradiction.engagement)
        and not is_either_side(actor, contradiction.engagement)
    )


def takes_contradiction_back(actor: Actor, contradiction: Contradiction) -> bool:
    """Acts in person for the side that says otherwise than recorded."""
    own = get_side(actor, contradiction.engagement)
    return in_person(actor, contradiction) and own is contradiction.side


def concedes_contradiction(actor: Actor, contradiction: Contradiction) -> bool:
    """Acts in person for the side that recorded what is contradicted."""
    own = get_side(actor, contradiction.engagement)
    return in_person(actor, contradiction) and own not in (None, contradiction.side)
