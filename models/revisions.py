"""The order in which committed changes become visible to the indexes.

Every change of what matching knows about a provider takes the next number from one counter
row. The row is locked as the last thing before the commit, so that numbers are committed in
ascending order and a reader that has seen number n has seen all before it; a sequence of the
database would not give that.
"""

from sqlalchemy import CheckConstraint, String, delete, event, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from models.erasure import holds_no_person
from models.orm import Base
from models.providers import Provider

_CHANGED = "yinqiao_changed_providers"
_CHANGED_TEXTS = "yinqiao_changed_texts"
_REMOVED = "yinqiao_removed_providers"
_RANKING = "yinqiao_ranking_changed"


class RevisionCounter(Base):
    """The one row that gives out revisions. The migration creates it.

    `identity` is 32 hex digits drawn when the database was laid out: what was computed from
    another database, whose revisions have the same numbers, is told by it.
    """

    __tablename__ = "revision_counter"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(default=0)
    identity: Mapped[str] = mapped_column(
        String(32), default="", server_default=text("''"), info=holds_no_person()
    )


class ProviderTombstone(Base):
    """A provider that was deleted or withdrawn: its number and nothing else of it."""

    __tablename__ = "provider_tombstone"

    provider_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(index=True)


def mark_changed(session: Session, provider_id: int, *, standing_only: bool = False) -> None:
    """At the commit, the provider takes the next revision: every index will read it again.

    `standing_only` says that nothing but its standing (state, capacity, pools, rating, exposure
    and what else conditions ask for) has changed: then no index reads its text and vectors again.
    """
    session.info.setdefault(_CHANGED, set()).add(provider_id)
    if not standing_only:
        session.info.setdefault(_CHANGED_TEXTS, set()).add(provider_id)


def mark_ranking_changed(session: Session) -> None:
    """At the commit a new revision is given: every engine will read the active weights again."""
    session.info[_RANKING] = True


def delete_provider(session: Session, provider: Provider) -> None:
    """Delete `provider` with all that hangs on it; at the commit a tombstone takes its place."""
    session.info.setdefault(_REMOVED, set()).add(provider.id)
    session.delete(provider)


def withdraw_provider(session: Session, provider: Provider) -> None:
    """At the commit every index forgets `provider` as if it were deleted; its row is kept.

    It is then like a draft that nobody ever published.
    """
    session.info.setdefault(_REMOVED, set()).add(provider.id)
    provider.revision = provider.text_revision = 0


def get_database_identity(session: Session) -> str:
    """What tells this database from every other one; "" where no migration has run."""
    return session.scalar(select(RevisionCounter.identity)) or ""


def get_latest_revision(session: Session) -> int:
    """The highest committed revision that `session` can see; 0 when nothing was ever written."""
    return session.scalar(select(RevisionCounter.value)) or 0


@event.listens_for(Session, "before_commit")
def _give_revisions(session: Session) -> None:
    # A released savepoint is no commit: the counter would be locked too early.
    if session.in_nested_transaction():
        return
    changed: set[int] = session.info.get(_CHANGED, set())
    removed: set[int] = session.info.get(_REMOVED, set())
    if not changed and not removed and _RANKING not in session.info:
        return
    session.flush()
    # First the providers, in one order, and then the counter: who held the counter while waiting
    # for a provider's row would block the very transaction that has that row and wants to commit.
    session.execute(
        select(Provider.id)
        .where(Provider.id.in_(changed - removed))
        .order_by(Provider.id)
        .with_for_update(key_share=True)
    )
    revision = session.scalar(
        update(RevisionCounter)
        .values(value=RevisionCounter.value + 1)
        .returning(RevisionCounter.value)
        .execution_options(synchronize_session=False)
    )
    if revision is None:
        raise RuntimeError("the revision counter is missing: run `yinqiao db upgrade`")
    if kept := changed - removed:
        session.execute(
            update(Provider)
            .where(Provider.id.in_(kept))
            .values(revision=revision)
            .execution_options(synchronize_session=False)
        )
    changed_texts: set[int] = session.info.get(_CHANGED_TEXTS, set())
    if kept_texts := changed_texts - removed:
        session.execute(
            update(Provider)
            .where(Provider.id.in_(kept_texts))
            .values(text_revision=revision)
            .execution_options(synchronize_session=False)
        )
    if removed:
        # SQLite gives the number of the newest row again once that row is gone, so that a number
        # may be deleted twice. Its tombstone stays while another provider has the number: whoever
        # reads later still has to throw away what was known of the first.
        session.execute(delete(ProviderTombstone).where(ProviderTombstone.provider_id.in_(removed)))
        session.execute(
            insert(ProviderTombstone),
            [{"provider_id": i, "revision": revision} for i in sorted(removed)],
        )
    _forget(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget_after_rollback(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        _forget(session)


def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)
    session.info.pop(_CHANGED_TEXTS, None)
    session.info.pop(_REMOVED, None)
    session.info.pop(_RANKING, None)
