"""A confirmed file is done as previewed, in chunks, by whoever comes first, and only once."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.accounts.errors import AlreadyInvited
from app.imports import actions, applying, writing_rows
from app.imports.preparing import CHUNK, Chunk
from app.imports.problems import Remark
from app.imports.queries import count_rows
from app.profiles.actions import edit_provider, pause_provider, providers
from app.profiles.encoding import encode_values
from app.profiles.values import read_provider
from matching.encoders.contract import Role as EncoderRole
from matching.encoders.hashing import HashingEncoder
from models.audit import AuditEntry
from models.imports import ImportBatch, ImportKind, ImportRow, RowOutcome
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.organisations import Startup
from models.people import Invitation, Membership, Person
from models.pools import PoolEntry
from models.providers import Provider, ProviderPassage
from models.revisions import get_latest_revision
from models.vocabulary import Field, ProviderKind, Role
from tests.app.imports.files import COMPLETE_MENTOR, COMPLETE_STARTUP
from tests.app.imports.scenes import (
    House,
    apply,
    confirm,
    list_rows,
    make_engine,
    make_house,
    preview,
)
from tests.factories import AT, admit, join, make_mentor, make_person

EMAIL = COMPLETE_MENTOR["邮箱"]


@pytest.fixture
def house(session: Session) -> House:
    return make_house(session)


def make_rows(number: int) -> list[Mapping[str, str]]:
    return [
        dict(COMPLETE_MENTOR) | {"导师姓名": f"导师 {i}", "邮箱": f"mentor{i}@example.org"}
        for i in range(number)
    ]


def get_remarks(row: ImportRow) -> list[str]:
    return [problem["code"] for problem in row.problems]


class CountingEncoder(HashingEncoder):
    """Counts how often it is asked; from the call `fails_at` on it is killed."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.calls = 0
        self.fails_at = fails_at

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: EncoderRole,
        progress: Callable[[int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        self.calls += 1
        if self.fails_at is not None and self.calls >= self.fails_at:
            raise KeyboardInterrupt
        return super().encode(texts, role=role, progress=progress)


def test_a_complete_mentor_is_published_and_stands_in_the_pool(
    session: Session, house: House
) -> None:
    before = get_latest_revision(session)

    (row,) = apply(session, house, COMPLETE_MENTOR)

    provider = session.get_one(Provider, row.provider_id)
    assert (row.outcome, row.problems, row.applied_at) == (RowOutcome.CREATE, [], AT)
    assert (provider.kind, provider.state) == (ProviderKind.MENTOR, "published")
    assert provider.fields == [Field.INTEGRATED_CIRCUITS, Field.ADVANCED_MATERIALS]
    assert (provider.place_code, provider.capacity, provider.open_to_all) == ("310115", 2, False)
    assert provider.memberships == []
    entry = session.scalars(select(PoolEntry)).one()
    assert (entry.provider_id, entry.incubator_id) == (provider.id, house.incubator.id)
    assert (entry.state, entry.admitted_at) == ("admitted", AT)
    assert provider.revision == get_latest_revision(session) == before + 1
    text = provider.published_text
    passages = [text[p.start : p.end] for p in provider.passages if p.role == "sentence"]
    assert "带过六英寸碳化硅产线十年，外延、刻蚀和高温注入都亲手调过。" in passages
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.finished_at) == ("applied", AT)


def test_who_lacks_something_is_admitted_as_a_draft(session: Session, house: House) -> None:
    (row,) = apply(session, house, {"姓名": "只有姓名的导师"})

    provider = session.get_one(Provider, row.provider_id)
    assert (row.outcome, provider.state) == (RowOutcome.CREATE, "draft")
    assert session.scalars(select(PoolEntry.state)).all() == ["admitted"]
    assert session.scalars(select(ProviderPassage.id)).all() == []


def test_a_second_file_completes_and_publishes_a_draft(session: Session, house: House) -> None:
    (first,) = apply(session, house, {"姓名": "碳化硅导师", "邮箱": EMAIL})
    (second,) = apply(session, house, COMPLETE_MENTOR)

    provider = session.get_one(Provider, first.provider_id)
    assert (second.outcome, second.provider_id) == (RowOutcome.UPDATE, provider.id)
    assert (provider.name, provider.state) == (COMPLETE_MENTOR["导师姓名"], "published")
    assert session.scalar(select(func.count()).select_from(PoolEntry)) == 1


def test_a_published_profile_is_found_by_its_new_text(session: Session, house: House) -> None:
    (first,) = apply(session, house, COMPLETE_MENTOR)
    apply(session, house, {"姓名": COMPLETE_MENTOR["导师姓名"], "能帮什么": "陪你做可靠性试验。"})

    provider = session.get_one(Provider, first.provider_id)
    assert "陪你做可靠性试验。" in provider.published_text
    assert "看你的缺陷图" not in provider.published_text
    assert all(p.end <= len(provider.published_text) for p in provider.passages)


def test_startups_are_hosted_and_published(session: Session, house: House) -> None:
    complete, short = apply(
        session,
        house,
        COMPLETE_STARTUP,
        {"Name of the startup": "Short (example)"},
        kind=ImportKind.STARTUPS,
    )
    startups = [session.get_one(Startup, row.startup_id) for row in (complete, short)]
    assert [(s.name, s.state, s.incubator_id) for s in startups] == [
        ("Wafer Lab (example)", "published", house.incubator.id),
        ("Short (example)", "draft", house.incubator.id),
    ]
    assert startups[0].readiness == 4
    assert startups[0].website == "https://wafer.example.org"


class TestInvitations:
    def test_nobody_gets_mail_unless_the_operator_says_so(
        self, session: Session, house: House
    ) -> None:
        apply(session, house, COMPLETE_MENTOR)
        apply(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS)
        for table in (Invitation, OutboxMail, Notice):
            assert session.scalar(select(func.count()).select_from(table)) == 0

    def test_each_address_gets_one_link(self, session: Session, house: House) -> None:
        apply(session, house, COMPLETE_MENTOR, {"导师姓名": "没有邮箱"}, invites=True)
        apply(session, house, COMPLETE_STARTUP, kind=ImportKind.STARTUPS, invites=True)

        invitations = session.scalars(select(Invitation).order_by(Invitation.id)).all()
        assert [(i.email, i.role, i.name, i.sender_incubator_id) for i in invitations] == [
            (EMAIL, Role.MENTOR, "碳化硅工艺导师", house.incubator.id),
            ("founder@example.org", Role.FOUNDER, "Founder for wafers", house.incubator.id),
        ]
        assert session.scalars(select(OutboxMail.kind)).all() == ["invitation_sent"] * 2

    def test_an_open_invitation_is_not_repeated(self, session: Session, house: House) -> None:
        apply(session, house, COMPLETE_MENTOR, invites=True)
        apply(session, house, COMPLETE_MENTOR, invites=True)
        changed = dict(COMPLETE_MENTOR) | {"每月小时数": "8"}
        (row,) = apply(session, house, changed, invites=True)

        assert row.outcome is RowOutcome.UPDATE
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1

    def test_who_was_imported_before_can_be_invited_later(
        self, session: Session, house: House
    ) -> None:
        apply(session, house, COMPLETE_MENTOR)
        (row,) = apply(session, house, COMPLETE_MENTOR, invites=True)

        assert row.outcome is RowOutcome.UNCHANGED
        assert session.scalars(select(Invitation.provider_id)).all() == [row.provider_id]


class TestMentorsWithAnAccount:
    def test_they_are_asked_to_join_and_nothing_of_theirs_changes(
        self, session: Session, house: House
    ) -> None:
        mentor = make_mentor(session, person=make_person(session, email=EMAIL))
        before = read_provider(mentor)

        (row,) = apply(session, house, COMPLETE_MENTOR, invites=True)

        assert (row.outcome, get_remarks(row)) == (
            RowOutcome.REFUSED,
            [Remark.OWN_ACCOUNT_INVITED],
        )
        assert read_provider(session.get_one(Provider, mentor.id)) == before
        assert session.scalars(select(PoolEntry.state)).all() == ["invited"]
        assert session.scalars(select(Notice.kind)).all() == ["pool_invited"]
        assert session.scalar(select(func.count()).select_from(Invitation)) == 0

    def test_who_has_applied_is_admitted(self, session: Session, house: House) -> None:
        mentor = make_mentor(session, person=make_person(session, email=EMAIL))
        entry = admit(session, house.incubator, mentor, state="applied")
        apply(session, house, COMPLETE_MENTOR)
        assert session.get_one(PoolEntry, entry.id).state == "admitted"

    def test_who_has_left_is_left_alone(self, session: Session, house: House) -> None:
        mentor = make_mentor(session, person=make_person(session, email=EMAIL))
        entry = admit(session, house.incubator, mentor, state="retired")
        apply(session, house, COMPLETE_MENTOR)
        assert session.get_one(PoolEntry, entry.id).state == "retired"


class TestWhatChangedAfterThePreview:
    def test_a_profile_that_was_edited_is_not_overwritten(
        self, session: Session, house: House
    ) -> None:
        (first,) = apply(session, house, COMPLETE_MENTOR)
        batch = preview(session, house, dict(COMPLETE_MENTOR) | {"能帮什么": "新的说法。"})
        mentor = session.get_one(Provider, first.provider_id)
        values = read_provider(mentor)
        edited = type(values)(
            **{f: getattr(values, f) for f in values.__dataclass_fields__}
            | {"can_help_with": "刚刚由别人写下的话。"}
        )
        edit_provider(
            session,
            provider=mentor,
            values=edited,
            encoded=encode_values(make_engine(), edited),
            version=None,
            actor=house.actor,
            at=AT,
        )
        session.commit()

        confirm(session, house, batch)
        actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

        (row,) = list_rows(session, batch)
        assert (row.outcome, get_remarks(row)) == (RowOutcome.REFUSED, [Remark.CHANGED_MEANWHILE])
        assert session.get_one(Provider, mentor.id).can_help_with == "刚刚由别人写下的话。"

    def test_two_files_with_the_same_mentor_create_one(
        self, session: Session, house: House
    ) -> None:
        batches = [preview(session, house, COMPLETE_MENTOR) for _ in range(2)]
        for batch in batches:
            confirm(session, house, batch)
        actions.continue_imports(session, engine=make_engine(), at=AT)

        rows = [list_rows(session, batch)[0] for batch in batches]
        assert [row.outcome for row in rows] == [RowOutcome.CREATE, RowOutcome.REFUSED]
        assert get_remarks(rows[1]) == [Remark.CHANGED_MEANWHILE]
        assert session.scalar(select(func.count()).select_from(Provider)) == 1

    def test_who_registered_meanwhile_keeps_their_profile(
        self, session: Session, house: House
    ) -> None:
        (first,) = apply(session, house, COMPLETE_MENTOR)
        batch = preview(session, house, dict(COMPLETE_MENTOR) | {"每月小时数": "9"})
        mentor = session.get_one(Provider, first.provider_id)
        join(session, make_person(session, email=EMAIL), Role.MENTOR, provider=mentor)
        session.commit()

        confirm(session, house, batch)
        actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

        assert get_remarks(list_rows(session, batch)[0]) == [Remark.CHANGED_MEANWHILE]
        assert read_provider(session.get_one(Provider, mentor.id)).extension == (
            read_provider(mentor).extension
        )

    def test_what_was_paused_meanwhile_is_not_published(
        self, session: Session, house: House
    ) -> None:
        (first,) = apply(session, house, COMPLETE_MENTOR)
        batch = preview(session, house, dict(COMPLETE_MENTOR) | {"每月小时数": "9"})
        mentor = session.get_one(Provider, first.provider_id)
        pause_provider(session, provider=mentor, actor=house.actor, at=AT)
        session.commit()

        confirm(session, house, batch)
        actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

        assert get_remarks(list_rows(session, batch)[0]) == [Remark.CHANGED_MEANWHILE]
        assert session.get_one(Provider, mentor.id).state == "paused"

    @pytest.mark.permissions
    def test_who_no_longer_operates_the_incubator_imports_nothing(
        self, session: Session, house: House
    ) -> None:
        batch = preview(session, house, COMPLETE_MENTOR)
        confirm(session, house, batch)
        session.delete(session.scalars(select(Membership)).one())
        session.commit()

        actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

        assert get_remarks(list_rows(session, batch)[0]) == [Remark.NO_LONGER_PERMITTED]
        assert batch.state == "applied"
        assert session.scalar(select(func.count()).select_from(Provider)) == 0


def test_a_transaction_ends_when_it_has_taken_long_enough(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_rows, "LOCK_SECONDS", 0.0)
    monkeypatch.setattr(writing_rows, "TOGETHER", 1)
    before, encoder = get_latest_revision(session), CountingEncoder()
    batch = preview(session, house, *make_rows(4))
    confirm(session, house, batch)

    actions.apply_import(session, batch=batch, engine=make_engine(encoder), at=AT)

    # Each commit that changes mentors gives out one revision.
    assert get_latest_revision(session) == before + 4
    assert encoder.calls == 1
    assert batch.state == "applied"


def test_each_chunk_is_encoded_in_one_call(session: Session, house: House) -> None:
    batch = preview(session, house, *make_rows(CHUNK + 1))
    confirm(session, house, batch)
    encoder = CountingEncoder()

    done = actions.apply_import(session, batch=batch, engine=make_engine(encoder), at=AT)

    assert (done, encoder.calls) == (CHUNK + 1, 2)


@pytest.mark.faults
def test_who_is_killed_leaves_whole_chunks_and_the_next_one_goes_on(
    session: Session, house: House
) -> None:
    batch = preview(session, house, *make_rows(2 * CHUNK + 3))
    confirm(session, house, batch)
    with pytest.raises(KeyboardInterrupt):
        actions.apply_import(
            session, batch=batch, engine=make_engine(CountingEncoder(fails_at=2)), at=AT
        )
    session.rollback()
    counts = count_rows(session, batch)
    assert (counts.applied, counts.rows, batch.state) == (CHUNK, 2 * CHUNK + 3, "applying")
    first = {row.number: row.provider_id for row in list_rows(session, batch)[:CHUNK]}

    done = actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

    assert (done, batch.state) == (CHUNK + 3, "applied")
    rows = list_rows(session, batch)
    assert {row.number: row.provider_id for row in rows[:CHUNK]} == first
    assert len({row.provider_id for row in rows}) == 2 * CHUNK + 3
    assert session.scalar(select(func.count()).select_from(Provider)) == 2 * CHUNK + 3


@pytest.mark.faults
def test_a_failure_while_writing_takes_back_its_chunk_alone(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing_rows, "TOGETHER", 5)
    batch = preview(session, house, *make_rows(CHUNK + 15))
    confirm(session, house, batch)
    real, admitted = writing_rows.admit_created, 0

    def fail_late(session: Session, *, providers: Sequence[Provider], **facts: Any) -> None:
        nonlocal admitted
        real(session, providers=providers, **facts)
        admitted += len(providers)
        if admitted == CHUNK + 10:
            raise KeyboardInterrupt

    monkeypatch.setattr(writing_rows, "admit_created", fail_late)
    monkeypatch.setattr(writing_rows, "LOCK_SECONDS", 60.0)
    with pytest.raises(KeyboardInterrupt):
        actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)
    assert session.scalar(select(func.count()).select_from(Provider)) == CHUNK

    actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

    assert session.scalar(select(func.count()).select_from(Provider)) == CHUNK + 15
    assert session.scalar(select(func.count()).select_from(PoolEntry)) == CHUNK + 15


@pytest.mark.faults
def test_a_mistake_in_one_row_does_not_keep_the_others_waiting(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = providers.record

    def fail_for_one(session: Session, *, subject: Provider, **facts: Any) -> None:
        real(session, subject=subject, **facts)
        if subject.name == "导师 1":
            raise ZeroDivisionError

    monkeypatch.setattr(providers, "record", fail_for_one)
    rows = apply(session, house, *make_rows(3))

    assert [get_remarks(row) for row in rows] == [[], [Remark.FAILED], []]
    names = session.scalars(select(Provider.name).order_by(Provider.id)).all()
    assert names == ["导师 0", "导师 2"]


@pytest.mark.faults
def test_a_file_that_always_fails_keeps_no_other_waiting(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = []
    for number in range(2):
        rows = [row | {"邮箱": f"{number}.{row['邮箱']}"} for row in make_rows(2)]
        named = [row | {"导师姓名": f"{row['导师姓名']} {number}"} for row in rows]
        batches.append(preview(session, house, *named))
        confirm(session, house, batches[-1])
    broken, whole = batches
    broken_id, real = broken.id, applying.read_chunk

    def fail_for_the_first(session: Session, batch: ImportBatch, *, after: int) -> Chunk | None:
        if batch.id == broken_id:
            raise OperationalError("SELECT", {}, Exception("a page of the file is damaged"))
        return real(session, batch, after=after)

    monkeypatch.setattr(applying, "read_chunk", fail_for_the_first)
    assert actions.continue_imports(session, engine=make_engine(), at=AT) == 2
    assert actions.continue_imports(session, engine=make_engine(), at=AT) == 0
    assert (broken.state, whole.state) == ("applying", "applied")

    monkeypatch.undo()
    assert actions.continue_imports(session, engine=make_engine(), at=AT) == 2
    assert broken.state == "applied"


def test_rows_done_together_leave_what_rows_done_singly_leave(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = make_house(session)
    complete = make_rows(4)
    rows = [*complete, {"导师姓名": "只有姓名的导师"}, complete[0] | {"导师姓名": "导师 4"}]
    rows[-1]["邮箱"] = "mentor4@example.org"
    together = apply(session, house, *rows, invites=True)
    monkeypatch.setattr(writing_rows, "TOGETHER", 1)
    singly = apply(session, others, *rows, invites=True)

    assert [list_traces(session, row) for row in together] == [
        list_traces(session, row) for row in singly
    ]
    assert len({row.provider_id for row in (*together, *singly)}) == 12


def list_traces(session: Session, row: ImportRow) -> dict[str, object]:
    """What an import has left of one row, but for keys, random names and the incubator."""
    provider = session.get_one(Provider, row.provider_id)
    entry = session.scalars(select(PoolEntry).where(PoolEntry.provider_id == provider.id)).one()
    invitation = session.scalar(select(Invitation).where(Invitation.provider_id == provider.id))
    acts = session.execute(
        select(AuditEntry.kind, AuditEntry.happened_at)
        .where(AuditEntry.subject_public_id.in_([provider.public_id, entry.public_id]))
        .order_by(AuditEntry.id)
    )
    left_out = {"id", "public_id", "revision", "text_revision", "version"}
    return {
        "row": (row.outcome, row.problems, row.applied_at, row.email),
        "provider": {
            column.key: getattr(provider, column.key)
            for column in inspect(Provider).column_attrs
            if column.key not in left_out
        },
        "mentor": read_provider(provider),
        "passages": [
            (p.ordinal, p.role, p.section, p.start, p.end, p.vector, p.dtype, p.fingerprint)
            for p in provider.passages
        ],
        "entry": (entry.state, entry.created_at, entry.admitted_at, entry.changed_at),
        "invitation": invitation and (invitation.email, invitation.state, invitation.created_at),
        "acts": sorted(tuple(act) for act in acts),
    }


@pytest.mark.concurrency
def test_two_workers_at_once_do_each_row_once(fresh_engine: DatabaseEngine) -> None:
    with Session(fresh_engine) as session:
        house = make_house(session)
        batch = preview(session, house, *make_rows(2 * CHUNK))
        confirm(session, house, batch)
        batch_id = batch.id
    start = threading.Barrier(2)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            with Session(fresh_engine) as session:
                start.wait(timeout=20)
                while actions.continue_imports(session, engine=make_engine(), at=AT):
                    pass
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    with Session(fresh_engine) as session:
        # Whoever lost a race for a chunk did nothing; one more turn does what is left.
        while actions.continue_imports(session, engine=make_engine(), at=AT):
            pass
        rows = list_rows(session, session.get_one(ImportBatch, batch_id))
        assert errors == []
        assert {row.outcome for row in rows} == {RowOutcome.CREATE}
        assert session.scalar(select(func.count()).select_from(Provider)) == 2 * CHUNK


def test_what_is_applied_or_discarded_is_not_confirmed_again(
    session: Session, house: House
) -> None:
    applied = preview(session, house, COMPLETE_MENTOR)
    confirm(session, house, applied)
    actions.apply_import(session, batch=applied, engine=make_engine(), at=AT)
    discarded = preview(session, house, COMPLETE_MENTOR)
    actions.discard_import(session, batch=discarded, actor=house.actor, at=AT)

    for batch in (applied, discarded):
        with pytest.raises(ActionNotAllowed):
            actions.confirm_import(
                session, batch=batch, sends_invitations=True, actor=house.actor, at=AT
            )
    with pytest.raises(ActionNotAllowed):
        actions.discard_import(session, batch=applied, actor=house.actor, at=AT)


@pytest.mark.privacy
def test_what_is_discarded_leaves_no_rows(session: Session, house: House) -> None:
    batch = preview(session, house, COMPLETE_MENTOR)
    actions.discard_import(session, batch=batch, actor=house.actor, at=AT)
    session.commit()
    assert session.scalars(select(ImportRow.id)).all() == []
    assert session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all() == [
        "import_previewed",
        "import_discarded",
    ]


def test_the_record_names_who_confirmed(session: Session, house: House) -> None:
    colleague = make_person(session)
    join(session, colleague, Role.OPERATOR, incubator=house.incubator)
    batch = preview(session, house, COMPLETE_MENTOR)
    confirm(session, House(house.incubator, colleague), batch)
    actions.apply_import(session, batch=batch, engine=make_engine(), at=AT)

    acts = session.execute(
        select(AuditEntry.kind, AuditEntry.actor_id).order_by(AuditEntry.id)
    ).all()
    assert [tuple(act) for act in acts] == [
        ("import_previewed", house.operator.id),
        ("import_confirmed", colleague.id),
        ("provider_created", colleague.id),
        ("provider_published", colleague.id),
        ("pool_admitted", colleague.id),
        ("import_applied", colleague.id),
    ]


def test_an_account_that_is_no_mentor_is_invited_to_be_one(session: Session, house: House) -> None:
    make_person(session, email=EMAIL)
    (row,) = apply(session, house, COMPLETE_MENTOR, invites=True)
    assert row.outcome is RowOutcome.CREATE
    invitation = session.scalars(select(Invitation)).one()
    assert (invitation.email, invitation.provider_id) == (EMAIL, row.provider_id)
    assert session.scalar(select(func.count()).select_from(Person)) == 2
    with pytest.raises(AlreadyInvited):
        from app.accounts.actions import invite

        invite(
            session,
            email=EMAIL,
            role=Role.MENTOR,
            provider_id=row.provider_id,
            actor=house.actor,
            at=AT,
        )
