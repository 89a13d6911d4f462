"""What an erasure does with profiles: nothing that anybody wrote is left, and no index finds them.

A profile that nobody ever asked for is deleted. One with engagements keeps its row, its fields and
its place, by which reports are made.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.leaving import ERASED, Erasing, Leaving, Traces
from models.engagements import Engagement
from models.lifecycle import PROFILE
from models.organisations import Startup
from models.providers import Provider
from models.revisions import delete_provider, withdraw_provider


def find_traces(session: Session, leaving: Leaving) -> Traces:
    """The profiles that go, and the passages by which they are found."""
    return Traces(
        counts={
            "providers": len(leaving.providers),
            "passages": sum(len(provider.passages) for provider in leaving.providers),
            "texts": sum(len(provider.texts) for provider in leaving.providers),
            "startups": len(leaving.startups),
        },
        public_ids=[each.public_id for each in leaving.profiles],
    )


def erase_traces(session: Session, leaving: Leaving) -> Sequence[str]:
    """Rows are left, emptied, only under engagements."""
    for provider in leaving.providers:
        _remove_provider(session, provider)
    for startup in leaving.startups:
        _remove_startup(session, startup)
    return ()


def _remove_provider(session: Session, provider: Provider) -> None:
    if not session.scalar(select(exists().where(Engagement.provider_id == provider.id))):
        _forget_loaded(session, provider)
        delete_provider(session, provider)
        session.flush()
        return
    if provider.state == "published":
        provider.state = PROFILE.follow("pause", provider.state)
    provider.name = ERASED
    provider.headline = provider.summary = provider.can_help_with = provider.published_text = ""
    provider.credit_code = None
    provider.topics = []
    provider.affiliation_rows.clear()
    provider.place_code = None
    provider.open_to_all = provider.shown_to_incubators = False
    provider.passages.clear()
    provider.texts.clear()
    provider.corrections.clear()
    if provider.mentor is not None:
        provider.mentor.employer = ""
        provider.mentor.years_of_experience = None
    if provider.centre is not None:
        provider.centre.services.clear()
    withdraw_provider(session, provider)
    session.flush()
    session.expire(provider)


def _remove_startup(session: Session, startup: Startup) -> None:
    if not session.scalar(select(exists().where(Engagement.startup_id == startup.id))):
        _forget_loaded(session, startup)
        session.delete(startup)
        session.flush()
        return
    if startup.state == "published":
        startup.state = PROFILE.follow("pause", startup.state)
    startup.name = ERASED
    startup.one_line = startup.description = ""
    startup.credit_code = None
    startup.topics = []
    startup.affiliation_rows.clear()
    startup.website = None
    session.flush()
    session.expire(startup)


def _forget_loaded(session: Session, record: Provider | Startup) -> None:
    """The database removes what hangs on `record`, also where some of it was loaded and is gone."""
    session.flush()
    session.expire(record)


ERASING = Erasing(find_traces, erase_traces)
