"""What somebody reads in a notice that they were sent."""

from collections.abc import Iterable, Mapping

from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.words.wording import NoticeWording, word_notice
from models.notices import Notice


def expect_words(
    app: Flask,
    session: Session,
    notices: Mapping[str, NoticeWording],
    kind: str,
    said: Mapping[str, Iterable[str]],
) -> None:
    """The latest notice of `kind` says in each language of `said` all that stands there."""
    sent = select(Notice).where(Notice.kind == kind).order_by(Notice.id.desc()).limit(1)
    notice = session.scalars(sent).one()
    for locale, pieces in said.items():
        with app.app_context(), force_locale(locale):
            told = word_notice(notices[kind], notice.facts, locale=locale, zone="Asia/Shanghai")
        missing = [piece for piece in pieces if piece not in "\n".join(told)]
        assert not missing, (locale, told, missing)
