"""What happens without anybody asking: mail leaves, recent attention is counted, a large index is
saved, and whatever the rooms declare.

Each job may run in several processes at once, and may be killed at any moment.

Mail leaves at least once. A row is claimed in a transaction of its own, then sent, then marked
as sent: a process killed between the last two leaves a row that was perhaps sent, and it is sent
once more when its claim has run out. A row that is left like that twice is given up, so that
nobody gets a mail more than twice; both carry one Message-ID.
"""

import logging
import math
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit import seal_entries
from app.beats import BEAT_EVERY, beat, forget_other_lanes
from app.clock import now
from app.declaration import HOUSE_LANE, Job, Room, Words
from app.extensions import db
from app.ranking.exposure import list_exposure_changes, store_exposure
from app.retention import FORGET_MAIL_FILES, forget_what_is_over
from app.settings import Settings
from app.telling.mail import (
    MAX_ATTEMPTS,
    WAITS,
    MailNotSent,
    MailRefused,
    Transport,
    make_transport,
    word_mail,
)
from app.telling.mail_files import forget_mail_files
from app.telling.topics import DIGEST_KIND
from app.transactions import writing
from app.web.engine import get_engine
from app.words.wording import NoticeWording
from matching.engine import PASSAGES_SAVED_IN_PASSING
from models.notices import OutboxMail
from models.provider_texts import ProviderTextPassage
from models.providers import ProviderPassage

log = logging.getLogger(__name__)

# Longer than a mail server can keep one attempt waiting: until then the row is somebody's.
CLAIM = timedelta(minutes=10)

# Nothing is ever planned so far ahead: whatever is was written while the clock was wrong.
FARTHEST = timedelta(days=2)

# What stands in `last_error` while an attempt has no outcome.
_BEGUN = "an attempt has begun"
_BEGUN_AGAIN = "an attempt has begun, and an earlier one ended without an outcome"
_LOST_TWICE = "given up: two attempts ended without an outcome, so it may have been sent"
_ERROR_LENGTH = 500

# How long what talks to another machine may go on when the worker is told to stop.
_GRACE_SECONDS = 5.0

# How long mails are delivered in one go.
_ROUND_SECONDS = 120.0

# How long the worker rests when nothing is left to do.
_PAUSE_SECONDS = 3.0
_EXPOSURE_EVERY = timedelta(hours=1)
_SNAPSHOT_EVERY = timedelta(minutes=10)
_FORGET_EVERY = timedelta(hours=1)

# An entry that waits for its seal could be changed without a trace.
_SEAL_EVERY = timedelta(seconds=10)
_SEALED_TOGETHER = 500
_EXPOSURE_TOGETHER = 500


class _Claimed(NamedTuple):
    mail_id: int
    message: EmailMessage | None
    problem: str


def deliver_mail(
    app: Flask, *, at: datetime, transport: Transport | None = None, limit: int = 100
) -> int:
    """At most `limit` mails that are due at `at` have been tried; returns how many left.

    Each is committed on its own, and nothing is locked while the mail server is talked to. What
    fails is tried again later, `MAX_ATTEMPTS` times in all; its row says why. A mail that left
    or was given up keeps neither its facts nor its calendar: they may hold secrets.
    """
    settings: Settings = app.extensions["yinqiao_settings"]
    words: Words = app.extensions["yinqiao_words"]
    sent = 0
    with app.app_context(), transport or make_transport(settings) as way:
        until = time.monotonic() + _ROUND_SECONDS
        for _number in range(limit):
            if time.monotonic() >= until:
                # A server that hangs: the rest is for the next round, which begins at once.
                break
            claimed = _claim_next(db.session, settings=settings, notices=words.notices, at=at)
            if claimed is None:
                break
            sent += _send(db.session, claimed, way=way, at=at)
    return sent


def forget_old_mail_files(app: Flask, at: datetime) -> int:
    """No mail lies as a file for longer than the settings say; returns how many went."""
    settings: Settings = app.extensions["yinqiao_settings"]
    before = at - timedelta(days=settings.mail_files_days)
    return forget_mail_files(settings.mail_path, before=before)


def update_exposure(app: Flask, *, at: datetime) -> int:
    """Each provider's recent attention and newness are stored as they are at `at`.

    Returns how many providers changed; they are committed in chunks.
    """
    with app.app_context():
        changes = list_exposure_changes(db.session, at=at)
        for start in range(0, len(changes), _EXPOSURE_TOGETHER):
            with writing(db.session):
                store_exposure(db.session, changes[start : start + _EXPOSURE_TOGETHER])
        return len(changes)


def keep_snapshot(app: Flask) -> int:
    """A large index has a snapshot of about now; returns whether one was written.

    Of a smaller one whoever searches leaves it in passing, and holding it here would only take
    memory.
    """
    with app.app_context():
        passages = sum(
            db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (ProviderPassage, ProviderTextPassage)
        )
        db.session.rollback()
        if passages <= PASSAGES_SAVED_IN_PASSING:
            return 0
        engine = get_engine()
        engine.catch_up()
        return int(engine.is_snapshot_due and engine.save_snapshot())


def seal_record(app: Flask) -> int:
    """Some more entries of the record are in the chain; how many. None when another was faster."""
    with app.app_context():
        try:
            with writing(db.session):
                return seal_entries(db.session, limit=_SEALED_TOGETHER)
        except IntegrityError:
            return 0


def list_jobs(app: Flask) -> list[Job]:
    """All jobs of the application: those of the house, then those that its rooms declare."""
    rooms: Sequence[Room] = app.extensions["yinqiao_rooms"]
    return [
        Job("deliver mail", timedelta(0), lambda app, at: deliver_mail(app, at=at), lane="mail"),
        Job("count attention", _EXPOSURE_EVERY, lambda app, at: update_exposure(app, at=at)),
        Job("keep a snapshot", _SNAPSHOT_EVERY, lambda app, at: keep_snapshot(app)),
        Job("seal the record", _SEAL_EVERY, lambda app, at: seal_record(app), goes_on=True),
        Job("forget what is over", _FORGET_EVERY, forget_what_is_over),
        Job(FORGET_MAIL_FILES, _FORGET_EVERY, forget_old_mail_files),
        *(job for room in rooms for job in room.jobs),
    ]


def run_worker(app: Flask, stop: threading.Event) -> None:
    """Do every job as often as it wants, until `stop` is set.

    Each lane has a thread: a mail server that hangs keeps no request from expiring. An error is
    logged and the work goes on: the database or the mail server may come back, and the other jobs
    are not concerned.
    Raises SettingInvalid at once when the mail server's address cannot be used.
    """
    make_transport(app.extensions["yinqiao_settings"])
    log.info("the worker has started")
    lanes: dict[str, list[Job]] = {}
    for job in list_jobs(app):
        lanes.setdefault(job.lane, []).append(job)
    with app.app_context():
        forget_other_lanes(db.engine, lanes)
    # What waits for another machine when the worker is stopped is left: it is tried once more.
    threads = [
        threading.Thread(target=_work_lane, args=(app, lane, jobs, stop), name=lane, daemon=True)
        for lane, jobs in lanes.items()
        if lane != HOUSE_LANE
    ]
    for thread in threads:
        thread.start()
    _work_lane(app, HOUSE_LANE, lanes.get(HOUSE_LANE, []), stop)
    until = time.monotonic() + _GRACE_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    log.info("the worker has stopped")


def _work_lane(app: Flask, lane: str, jobs: Sequence[Job], stop: threading.Event) -> None:
    due = {job.name: now() for job in jobs}
    beaten_at = -math.inf
    while not stop.is_set():
        if time.monotonic() - beaten_at >= BEAT_EVERY.total_seconds():
            beaten_at = time.monotonic()
            with app.app_context():
                beat(db.engine, lane, at=now())
        goes_on = False
        for job in jobs:
            if now() < due[job.name]:
                # A clock that went back would keep a job waiting until it is there again.
                due[job.name] = min(due[job.name], now() + job.every)
                continue
            due[job.name] = now() + job.every
            done = _attempt(app, job)
            goes_on = goes_on or (job.goes_on and done > 0)
            if stop.is_set():
                return
        if not goes_on:
            stop.wait(_PAUSE_SECONDS)


def _attempt(app: Flask, job: Job) -> int:
    """How much the job did; 0 where it failed."""
    try:
        return job.run(app, now())
    except Exception:
        log.exception("the job “%s” failed; it is tried again", job.name)
        return 0


def _claim_next(
    session: Session,
    *,
    settings: Settings,
    notices: Mapping[str, NoticeWording],
    at: datetime,
) -> _Claimed | None:
    """Take the mail that is due for longest, so that no other process tries it meanwhile."""
    with writing(session):
        mail = session.scalar(
            select(OutboxMail)
            .where(
                OutboxMail.sent_at.is_(None),
                or_(OutboxMail.not_before <= at, OutboxMail.not_before > at + FARTHEST),
                OutboxMail.attempts < MAX_ATTEMPTS,
            )
            .order_by(OutboxMail.not_before, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            return None
        mail_id = mail.id
        if mail.kind == DIGEST_KIND and all(each.read_at for each in mail.notices):
            # Whatever it would tell was read meanwhile, or is gone.
            mail.sent_at = at
            return _Claimed(mail_id, None, "")
        if mail.last_error == _BEGUN_AGAIN:
            _give_up(mail, _LOST_TWICE)
            return _Claimed(mail_id, None, "")
        mail.attempts += 1
        mail.not_before = at + CLAIM
        mail.last_error = _BEGUN_AGAIN if mail.last_error == _BEGUN else _BEGUN
        try:
            return _Claimed(mail_id, word_mail(mail, notices=notices, settings=settings, at=at), "")
        except (KeyError, ValueError, TypeError) as error:
            # A mistake of ours in one mail must not keep the others waiting.
            log.exception("mail %s of kind %s cannot be worded", mail_id, mail.kind)
            return _Claimed(mail_id, None, f"cannot be worded: {error!r}")


def _send(session: Session, claimed: _Claimed, *, way: Transport, at: datetime) -> bool:
    """Try the mail and keep what came of it; says whether it left."""
    problem, is_final = claimed.problem, False
    if claimed.message is not None:
        try:
            way.send(claimed.message)
        except MailNotSent as error:
            problem = str(error)
        except MailRefused as error:
            problem, is_final = str(error), True
    elif not problem:
        return False
    with writing(session):
        mail = session.get(OutboxMail, claimed.mail_id, with_for_update=True)
        if mail is None:
            # Its person was erased meanwhile, and the row with them.
            return not problem
        if not problem:
            mail.sent_at = at
            mail.last_error = ""
            _forget_contents(mail)
            return True
        # The reason names the address: it stands in the row, not in the log.
        log.warning("mail %s did not leave: see its row", mail.id)
        if is_final or mail.attempts >= MAX_ATTEMPTS:
            _give_up(mail, problem)
        else:
            mail.last_error = problem[:_ERROR_LENGTH]
            mail.not_before = at + WAITS[mail.attempts - 1]
    return False


def _give_up(mail: OutboxMail, problem: str) -> None:
    mail.attempts = MAX_ATTEMPTS
    mail.last_error = problem[:_ERROR_LENGTH]
    _forget_contents(mail)


def _forget_contents(mail: OutboxMail) -> None:
    mail.facts = {}
    mail.calendar = None
