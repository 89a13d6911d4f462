"""Stating a need, changing what it says, opening and closing it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import ChangedMeanwhile
from app.needs.errors import NeedAlreadyStated, NeedNotOpen, NeedRaisesMoney, NeedTooShort
from app.needs.trace import record_act, touch
from matching.text.sentences import split_need
from models.financings import Financing
from models.lifecycle import NEED
from models.needs import Need, NeedCondition
from models.organisations import Startup
from models.vocabulary import ConditionAttribute, NeedKind

# Fewer characters than this carry nothing that a sentence of a profile could answer.
LEAST_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class StatedCondition:
    """One condition as it is to be stored; values as in `matching.records.Condition`."""

    attribute: ConditionAttribute
    values: tuple[str, ...]
    is_hard: bool


@dataclass(frozen=True, slots=True)
class StatedNeed:
    """What a need says. The texts are canonical; each attribute has at most one condition."""

    kind: NeedKind
    title: str
    text: str
    conditions: tuple[StatedCondition, ...] = ()


def state_need(
    session: Session,
    *,
    startup: Startup,
    stated: StatedNeed,
    opens: bool,
    actor: Actor,
    at: datetime,
) -> Need:
    """A new need of `startup`, open or a draft.

    Raises NotFound, NotPermitted unless `actor` founds the startup; NeedTooShort when it is to be
    open and says too little, NeedAlreadyStated when the startup has the same need already and has
    not closed it: a form that was sent twice.
    """
    require(actor, "need:create", startup)
    if opens:
        _check_length(stated.text)
    # Two forms sent at the same moment wait for each other here.
    session.execute(select(Startup.id).where(Startup.id == startup.id).with_for_update())
    twin = session.scalar(
        select(Need.public_id).where(
            Need.startup_id == startup.id,
            Need.kind == stated.kind,
            Need.title == stated.title,
            Need.text == stated.text,
            Need.state != "closed",
        )
    )
    if twin is not None:
        raise NeedAlreadyStated(public_id=twin)
    need = Need(
        startup=startup,
        kind=stated.kind,
        state=NEED.follow("open", "draft") if opens else "draft",
        title=stated.title,
        text=stated.text,
        created_at=at,
        updated_at=at,
    )
    _set_conditions(need, stated.conditions)
    session.add(need)
    session.flush()
    record_act(session, need, "need_opened" if opens else "need_drafted", actor=actor, at=at)
    return need


def edit_need(
    session: Session,
    *,
    need: Need,
    stated: StatedNeed,
    version: int,
    opens: bool,
    actor: Actor,
    at: datetime,
) -> int:
    """`need` says what `stated` says; `opens` also opens it, unless it is open already.

    What was corrected of the reading holds for each sentence that is still said. Returns for how
    many it ended, because they are said otherwise or no more. Raises ChangedMeanwhile when the need
    is not the `version` that was edited, NeedTooShort when it is open, or is to be, and says too
    little.
    """
    require(actor, "need:edit", need)
    if need.version != version:
        raise ChangedMeanwhile
    if opens and need.state != "open":
        need.state = NEED.follow("open", need.state)
    if need.state == "open":
        _check_length(stated.text)
    need.kind = stated.kind
    need.title = stated.title
    need.text = stated.text
    _set_conditions(need, stated.conditions)
    ended = _end_corrections(need)
    touch(need, at)
    session.flush()
    detail = {"corrections_ended": str(ended)} if ended else None
    record_act(session, need, "need_edited", actor=actor, at=at, detail=detail)
    return ended


def soften_conditions(
    session: Session,
    *,
    need: Need,
    attributes: Collection[ConditionAttribute],
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Of `need`, the conditions on `attributes` are preferred from now on and no longer required.

    Raises NeedNotOpen when nobody is looked for any more, ChangedMeanwhile when the need is not the
    `version` for which this was offered.
    """
    require(actor, "need:edit", need)
    if need.state != "open":
        raise NeedNotOpen
    if need.version != version:
        raise ChangedMeanwhile
    for condition in need.conditions:
        if condition.attribute in attributes:
            condition.is_hard = False
    touch(need, at)
    session.flush()
    record_act(session, need, "need_edited", actor=actor, at=at)


def open_need(session: Session, *, need: Need, actor: Actor, at: datetime) -> None:
    """`need` is open and can be matched. Raises ActionNotAllowed, NeedTooShort."""
    require(actor, "need:edit", need)
    state = NEED.follow("open", need.state)
    _check_length(need.text)
    need.state = state
    touch(need, at)
    session.flush()
    record_act(session, need, "need_opened", actor=actor, at=at)


def close_need(session: Session, *, need: Need, actor: Actor, at: datetime) -> None:
    """`need` is closed: nobody is looked for any more.

    Raises ActionNotAllowed, NeedRaisesMoney while a financing is open for it: funds are bound by
    that, or will be.
    """
    require(actor, "need:edit", need)
    # Nobody opens one meanwhile: whoever does has locked the need.
    session.execute(select(Need.id).where(Need.id == need.id).with_for_update(key_share=True))
    open_one = select(Financing.id).where(Financing.need_id == need.id, Financing.state == "open")
    if session.scalar(open_one.limit(1)) is not None:
        raise NeedRaisesMoney
    need.state = NEED.follow("close", need.state)
    touch(need, at)
    session.flush()
    record_act(session, need, "need_closed", actor=actor, at=at)


def says_enough(text: str) -> bool:
    """Whether a need with this text can be open."""
    return len(text) >= LEAST_CHARACTERS


def _check_length(text: str) -> None:
    if not says_enough(text):
        raise NeedTooShort(least=LEAST_CHARACTERS)


def _set_conditions(need: Need, stated: tuple[StatedCondition, ...]) -> None:
    """The need has exactly these conditions. Rows are kept where an attribute stays: deleting
    one and adding its like in the same flush would meet the unique index."""
    kept = {condition.attribute: condition for condition in need.conditions}
    wanted = {condition.attribute for condition in stated}
    for attribute, condition in kept.items():
        if attribute not in wanted:
            need.conditions.remove(condition)
    for each in stated:
        existing = kept.get(each.attribute)
        if existing is None:
            need.conditions.append(
                NeedCondition(
                    attribute=each.attribute, values=list(each.values), is_hard=each.is_hard
                )
            )
        else:
            existing.values = list(each.values)
            existing.is_hard = each.is_hard


def _end_corrections(need: Need) -> int:
    """Of sentences that the need does not say, nothing is corrected; returns of how many."""
    if not need.corrections:
        return 0
    said = {need.text[each.start : each.end] for each in split_need(need.text)}
    gone = [each for each in need.corrections if each.sentence not in said]
    for each in gone:
        need.corrections.remove(each)
    return len(gone)
