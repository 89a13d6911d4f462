"""What happens in this room without anybody asking."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from app.access import Installation
from app.engagements.actions.calendar_replies import keep_reply
from app.engagements.actions.engagements import expire_due
from app.engagements.actions.queue import settle_queue
from app.engagements.actions.reminders import remind_due
from app.engagements.mailbox import MailboxUnread, open_mailbox
from app.engagements.replying import read_reply
from app.extensions import db
from app.settings import Settings
from app.transactions import write_in_groups, writing
from models.lifecycle import QUEUE_PLACE_OPEN
from models.queues import QueuePlace

log = logging.getLogger(__name__)

_TOGETHER = 20


def expire_requests(app: Flask, at: datetime) -> int:
    """Requests whose time to answer has run out at `at` have expired; both sides are told.

    They are committed in small groups, so that nobody waits long; returns how many there were.
    """
    return _do_in_groups(app, expire_due, at)


def remind_of_requests(app: Flask, at: datetime) -> int:
    """Whose turn it is to answer is reminded while there is time; how many requests were due.

    Committed in small groups as well.
    """
    return _do_in_groups(app, remind_due, at)


def _do_in_groups(app: Flask, act: Callable[..., int], at: datetime) -> int:
    with app.app_context():
        return write_in_groups(db.session, act, size=_TOGETHER, actor=Installation.CLOCK, at=at)


def settle_queues(app: Flask, at: datetime) -> int:
    """Free places are offered to who waits first, and offers that ran out go on to the next.

    Each queue is committed by itself; returns how many places in queues changed.
    """
    changed = 0
    with app.app_context():
        queues = db.session.scalars(
            select(QueuePlace.provider_id)
            .where(QueuePlace.state.in_(QUEUE_PLACE_OPEN))
            .distinct()
            .order_by(QueuePlace.provider_id)
        ).all()
        db.session.rollback()
        for provider_id in queues:
            with writing(db.session):
                changed += settle_queue(
                    db.session, provider_id=provider_id, actor=Installation.CLOCK, at=at
                )
    return changed


def read_calendar_replies(app: Flask, at: datetime) -> int:
    """What calendar programs answered is read from the mailbox of the settings; how many were new.

    A mail is settled once its answer is committed: one that is read again, because the process was
    killed in between, changes nothing. Nothing is locked while the server is waited for.
    """
    settings: Settings = app.extensions["yinqiao_settings"]
    if settings.calendar_replies is None:
        return 0
    kept = 0
    try:
        with (
            app.app_context(),
            open_mailbox(settings.calendar_replies, settings.webhook_networks) as mailbox,
        ):
            for number in mailbox.list_new():
                content = mailbox.read(number)
                reply = read_reply(content) if content is not None else None
                if reply is not None:
                    with writing(db.session):
                        kept += keep_reply(db.session, reply=reply, actor=Installation.CLOCK, at=at)
                mailbox.settle(number)
    except MailboxUnread as error:
        log.warning("the replies of calendar programs cannot be read now: %s", error)
    return kept
