"""How long what is kept: one table, by which a job takes away and from which a page tells people.

Each room declares its part; here stand what belongs to none of them, and what has no period.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_
from sqlalchemy.orm import Session

from app.declaration import Kept, Room
from app.extensions import db
from app.settings import Settings
from app.transactions import writing
from app.web.refusals import KEPT_FOR as REFUSALS_KEPT
from app.web.refusals import forget_refusals
from app.web.repeats import KEPT as REQUESTS_KEPT
from app.web.repeats import forget_old_requests
from app.web.shared_counts import KEPT as COUNTS_KEPT
from app.web.shared_counts import forget_counts
from app.web.throttles import FORGOTTEN_AFTER, forget_tries
from models.notices import Notice, OutboxMail
from models.orm import delete_where

log = logging.getLogger(__name__)

NOTICES_KEPT: Final = timedelta(days=730)
MAILS_KEPT: Final = timedelta(days=90)

# The job that takes files away, outside of any transaction.
FORGET_MAIL_FILES: Final = "forget mail files"


def forget_notices(session: Session, *, at: datetime) -> int:
    """Notices of long ago are gone; returns how many there were."""
    return delete_where(session, Notice, Notice.created_at < at - NOTICES_KEPT)


def forget_mails(session: Session, *, at: datetime) -> int:
    """Mails that left or failed long ago are gone; returns how many. What was never tried waits."""
    return delete_where(
        session,
        OutboxMail,
        OutboxMail.created_at < at - MAILS_KEPT,
        or_(OutboxMail.sent_at.is_not(None), OutboxMail.attempts > 0),
    )


HOUSE: Final[Sequence[Kept]] = (
    Kept(
        _l("Your account: name, address, language, for whom you act"),
        _l("Logging in, and answering for an organisation"),
        _l("until you or whoever runs this installation erases it"),
    ),
    Kept(
        _l("How often something was tried lately, without an address in the clear"),
        _l("Slowing down whoever guesses passwords"),
        _l("after the last wait"),
        FORGOTTEN_AFTER,
        forget_tries,
    ),
    Kept(
        _l("How much your programs and pages asked for in a minute, without your name"),
        _l("Holding everybody to the same limit"),
        _l("after that minute"),
        COUNTS_KEPT,
        forget_counts,
    ),
    Kept(
        _l("What was refused, counted by the hour and page"),
        _l("Noticing who tries doors"),
        _l("after that hour"),
        REFUSALS_KEPT,
        forget_refusals,
    ),
    Kept(
        _l("What programs were answered"),
        _l("Answering a repeat without doing the work twice"),
        _l("after the request"),
        REQUESTS_KEPT,
        forget_old_requests,
    ),
    Kept(
        _l("Notices"),
        _l("Looking up what you were told"),
        _l("after they were told"),
        NOTICES_KEPT,
        forget_notices,
    ),
    Kept(
        _l("That a mail was sent, and to which address; what it said goes once it has left"),
        _l("Finding out why a mail did not arrive"),
        _l("after it was written"),
        MAILS_KEPT,
        forget_mails,
    ),
    Kept(
        _l("The record of who did what"),
        _l("Accountability, and noticing what was changed unseen"),
        _l("as long as the installation; an erasure takes names, addresses and words out"),
    ),
)


def say_mail_files(settings: Settings) -> Kept:
    """What is told of mails that lie as files; how long they do is for the installation to set."""
    return Kept(
        _l("Mails as files with all that they said, where no mail server is set"),
        _l("Trying the installation out"),
        _l("after they were written"),
        timedelta(days=settings.mail_files_days),
        job=FORGET_MAIL_FILES,
    )


def list_kept(rooms: Iterable[Room], settings: Settings) -> list[Kept]:
    """What all of the application keeps: what has a period first, the shortest before the others,
    then what lives as long as something else.
    """
    everything = [*HOUSE, say_mail_files(settings), *(kept for room in rooms for kept in room.kept)]
    return sorted(everything, key=lambda kept: (kept.period is None, kept.period or timedelta(0)))


def forget_what_is_over(app: Flask, at: datetime) -> int:
    """Nothing is kept longer than the table says at `at`; returns how many rows went.

    Each kind is taken away in a transaction of its own. Where one fails, the others go on.
    """
    gone = 0
    with app.app_context():
        kinds = list_kept(app.extensions["yinqiao_rooms"], app.extensions["yinqiao_settings"])
        for kept in kinds:
            if kept.forget is None:
                continue
            try:
                with writing(db.session):
                    gone += kept.forget(db.session, at=at)
            except Exception:
                log.exception("something could not be forgotten; it is tried again")
    return gone
