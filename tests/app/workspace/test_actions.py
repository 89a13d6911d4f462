"""What the two sides keep together: who writes, who reads, who is told, and how often."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Installation
from app.engagements.actions import engagements, sessions
from app.engagements.queries import get_engagement_view
from app.engagements.words import TRACE_WORDS
from app.errors import ChangedMeanwhile, NotPermitted, OutOfOrder
from app.words.kind_words import WORDS_BY_KIND
from app.words.wording import word_notice, word_span
from app.workspace import queries
from app.workspace.actions import agenda, guests, items, messages, notes
from app.workspace.errors import (
    NoInvitationOfYours,
    OperatorsReadAlready,
    SessionNotHeld,
    TooManyKept,
    WorkspaceClosed,
)
from app.workspace.trace import MOST_KEPT
from app.workspace.words import NOTICES, STORY, word_step
from models.audit import AuditEntry
from models.engagements import Engagement, EngagementEvent
from models.lifecycle import ActionNotAllowed
from models.notices import Notice, OutboxMail
from models.vocabulary import FundingStage, ProviderKind, Side
from models.workspace import AgendaPoint
from tests.app.calendars.scenes import offer
from tests.app.engagements.scenes import LATER, Scene, hold, make_accepted, make_scene, plan
from tests.factories import AT, make_engagement, make_need
from tests.notice_words import expect_words
from tests.waiting import make_lister

list_waiting = make_lister("workspace")

pytestmark = pytest.mark.engagements

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


@pytest.fixture
def engagement(session: Session, scene: Scene) -> Engagement:
    return make_accepted(session, scene)


def view(
    session: Session, engagement: Engagement, actor: object, at: object = LATER
) -> queries.WorkspaceView:
    return queries.get_workspace_view(session, engagement, actor, at=at)  # type: ignore[arg-type]


def list_told(session: Session, scene: Scene, kind: str) -> list[tuple[str, str]]:
    """Who was told `kind`, and the number in it."""
    names = {scene.founder.id: "founder", scene.mentor.id: "mentor", scene.operator.id: "operator"}
    notices = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(names[each.person_id], each.facts["count"]) for each in notices]


def test_messages_of_some_minutes_are_told_together(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    for number in range(3):
        messages.send_message(
            session,
            engagement=engagement,
            text=f"Map {number}",
            actor=scene.by_founder,
            at=AT + number * MINUTE,
        )
    assert list_told(session, scene, "workspace_messages") == [("mentor", "3")]
    (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.kind == "workspace_messages"))
    assert (mail.facts["count"], mail.not_before) == ("3", AT + 5 * MINUTE)
    # Nothing of what was written leaves the house.
    assert "Map" not in str(mail.facts)
    mail.sent_at = AT + 5 * MINUTE
    messages.send_message(
        session, engagement=engagement, text="One more", actor=scene.by_founder, at=AT + 9 * MINUTE
    )
    later = session.scalars(
        select(OutboxMail).where(
            OutboxMail.kind == "workspace_messages", OutboxMail.sent_at.is_(None)
        )
    ).one()
    assert later.facts["count"] == "1"
    # The notice was not read meanwhile: there is still one.
    assert list_told(session, scene, "workspace_messages") == [("mentor", "4")]
    assert [m.text for m in view(session, engagement, scene.by_mentor).messages] == [
        "One more",
        "Map 2",
        "Map 1",
        "Map 0",
    ]


@pytest.mark.privacy
def test_an_operator_sees_that_and_when_until_a_side_invites(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    messages.send_message(
        session, engagement=engagement, text="Secretword", actor=scene.by_founder, at=AT
    )
    notes.write_note(session, engagement=engagement, text="Pairword", actor=scene.by_mentor, at=AT)
    items.add_item(
        session,
        engagement=engagement,
        text="Itemword",
        owner_side=Side.STARTUP,
        due_on=None,
        actor=scene.by_mentor,
        at=AT,
    )

    def read() -> str:
        seen = view(session, engagement, scene.by_operator)
        assert seen.count_messages == 1
        assert seen.last_message_at == AT
        story = queries.list_story(session, engagement, scene.by_operator)
        return f"{seen} {[each.text for each in story.entries]}"

    def read_standing_in() -> str:
        # Whoever stands in for a side is not that side here.
        stand_in = scene.by_operator_for(scene.founder)
        return str(view(session, engagement, stand_in))

    assert not any(word in read() for word in ("Secretword", "Pairword", "Itemword"))
    assert not any(word in read_standing_in() for word in ("Secretword", "Pairword"))
    with pytest.raises(NotPermitted):
        messages.send_message(
            session,
            engagement=engagement,
            text="As them",
            actor=scene.by_operator_for(scene.founder),
            at=AT,
        )
    guests.invite_operators(session, engagement=engagement, actor=scene.by_founder, at=AT)
    assert "Secretword" in read()
    assert "Itemword" in read()
    assert "Pairword" not in read()
    assert list_told(session, scene, "operators_invited") == [("operator", "1")]
    assert list_told(session, scene, "operators_read_along") == [("mentor", "1")]
    assert view(session, engagement, scene.by_mentor).guest_side is Side.STARTUP
    with pytest.raises(OperatorsReadAlready):
        guests.invite_operators(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    with pytest.raises(NoInvitationOfYours):
        guests.dismiss_operators(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    guests.dismiss_operators(session, engagement=engagement, actor=scene.by_founder, at=AT)
    assert "Secretword" not in read()
    kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert kinds[-2:] == ["workspace_opened_to_operators", "workspace_closed_to_operators"]


def test_minutes_take_up_the_agenda_and_overwrite_nobody(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    early = agenda.add_point(
        session, engagement=engagement, text="Epitaxy", actor=scene.by_founder, at=AT
    )
    proposed = plan(session, engagement, scene.by_mentor, LATER + timedelta(days=3))
    with pytest.raises(SessionNotHeld):
        agenda.write_minutes(
            session,
            coaching_session=proposed,
            text="Too early",
            version=0,
            actor=scene.by_mentor,
            at=AT,
        )
    held = hold(session, scene, engagement)
    over = held.ends_at + MINUTE
    agenda.add_point(
        session, engagement=engagement, text="Next time", actor=scene.by_mentor, at=over
    )
    minutes = agenda.write_minutes(
        session,
        coaching_session=held,
        text="Slow the ramp.",
        version=0,
        actor=scene.by_mentor,
        at=over,
    )
    seen = view(session, engagement, scene.by_founder, over)
    assert [(m.minutes, m.points) for m in seen.meetings] == [("Slow the ramp.", ("Epitaxy",))]
    assert [point.text for point in seen.agenda] == ["Next time"]
    assert list_told(session, scene, "minutes_written") == [("founder", "1")]
    with pytest.raises(OutOfOrder):
        agenda.remove_point(session, point=early, actor=scene.by_founder, at=over)
    with pytest.raises(ChangedMeanwhile):
        agenda.write_minutes(
            session,
            coaching_session=held,
            text="Mine",
            version=0,
            actor=scene.by_founder,
            at=over,
        )
    agenda.write_minutes(
        session,
        coaching_session=held,
        text="Slow the ramp, twice.",
        version=minutes.version,
        actor=scene.by_founder,
        at=over,
    )
    assert minutes.version == 2


def test_an_action_waits_for_its_owner_from_a_week_before_its_day_and_is_named_in_mails(
    session: Session, scene: Scene, engagement: Engagement, app: Flask
) -> None:
    item = items.add_item(
        session,
        engagement=engagement,
        text="Send the maps",
        owner_side=Side.STARTUP,
        due_on=(AT + timedelta(days=10)).date(),
        actor=scene.by_mentor,
        at=AT,
    )

    def wait(days: int) -> list[list[str]]:
        at = AT + timedelta(days=days)
        return [
            [str(each.title) for each in list_waiting(session, actor, at)]
            for actor in (scene.by_founder, scene.by_mentor, scene.by_operator)
        ]

    assert wait(1) == [[], [], []]
    assert wait(3) == [["Send the maps"], [], []]
    late = AT + timedelta(days=11)
    assert [
        each.is_late for each in view(session, engagement, scene.by_mentor, late).open_items
    ] == [True]
    items.finish_item(session, item=item, actor=scene.by_founder, at=late)
    assert wait(11) == [[], [], []]
    assert list_told(session, scene, "action_items_finished") == [("mentor", "1")]
    add = {"engagement": engagement, "owner_side": Side.STARTUP, "actor": scene.by_mentor}
    for text in ("Send the maps", "Slow the ramp " * 9, *"ABCDE"):
        items.add_item(session, text=text, due_on=None, at=AT + 9 * MINUTE, **add)
    mail = select(OutboxMail).where(OutboxMail.kind == "action_items_added")
    told = session.scalars(mail).one().facts
    assert (told["item_1"], told["count"], "C" in told.values()) == ("Send the maps", "8", False)
    startup = scene.startup.name
    said = {
        "en": (
            f"Send the maps” ({startup}, by 13 Mar 2026); “Send",
            f"Slow the r…” ({startup}); “A” ({startup}); “B” ({startup}); …",
        ),
        "zh_Hans_CN": (f"“Send the maps”（{startup}，", "2026年3月"),
    }
    expect_words(app, session, NOTICES, "action_items_added", said)
    # What was told before anything was named.
    bare = {"who": "A", "need": "B", "count": "2"}
    with app.app_context(), force_locale("en"):
        body = word_notice(NOTICES["action_items_added"], bare, locale="en", zone="UTC")[1]
    assert body == "New actions about “B”, written down by A: 2."
    with pytest.raises(ActionNotAllowed):
        items.drop_item(session, item=item, actor=scene.by_mentor, at=late)
    items.reopen_item(session, item=item, actor=scene.by_mentor, at=late)
    assert wait(11) == [["Send the maps"], [], []]


def test_the_brief_says_what_changed_since_the_last_session(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    scene.startup.readiness = 5
    brief = view(session, engagement, scene.by_mentor).brief
    assert brief is not None
    assert [(c.column, c.before, c.after) for c in brief.changes] == [("readiness", 4, 5)]
    held = hold(session, scene, engagement)
    scene.startup.funding_stage = FundingStage.ANGEL
    brief = view(session, engagement, scene.by_mentor).brief
    assert brief is not None
    assert [(c.column, c.before, c.after) for c in brief.changes] == [
        ("funding_stage", "seed", "angel")
    ]
    assert brief.since == held.ends_at


def test_every_step_of_a_story_is_told_in_a_sentence() -> None:
    # What ends a request comes before there is a story; sessions tell themselves how they went.
    untold = {"declined", "passed_on", "withdrawn", "expired", "session_held", "session_missed"}
    assert {kind for kind in TRACE_WORDS if kind not in untold} <= set(STORY)
    assert {kind for kind in WORDS_BY_KIND[ProviderKind.CENTRE].trace if kind not in untold} <= set(
        STORY
    )
    assert all(str(words).endswith(".") for words in STORY.values())


def test_the_story_says_which_time_each_step_was_about(
    session: Session, scene: Scene, engagement: Engagement, app: Flask
) -> None:
    hour = timedelta(hours=1)
    first = plan(session, engagement, scene.by_mentor)
    spans = [(LATER + n * 24 * hour, LATER + (n * 24 + 1) * hour) for n in range(4)]
    plans = [("", "https://meet.example.org/wafers", spans[1]), ("Room 2", "", spans[1])]
    for place, link, (begins, ends) in plans:
        sessions.move(
            session,
            coaching_session=first,
            starts_at=begins,
            ends_at=ends,
            place=place,
            link=link,
            actor=scene.by_mentor,
            at=AT,
        )
    sessions.confirm(session, coaching_session=first, actor=scene.by_founder, at=AT)
    by_operator = scene.by_operator_for(scene.founder)
    sessions.cancel(session, coaching_session=first, reason="Ill", actor=by_operator, at=AT)
    offer(session, scene, engagement, spans[2][0], spans[3][0])
    offer(session, scene, engagement, spans[2][0])
    # As it stands in installations from before it was kept.
    old = EngagementEvent(engagement=engagement, happened_at=AT, kind="session_moved")
    session.add(old)
    session.flush()
    session.expire_all()

    entries = queries.list_story(session, engagement, scene.by_mentor).entries[1:]
    assert [(each.kind, each.times, each.former) for each in entries] == [
        ("session_proposed", (spans[0],), None),
        ("session_moved", (spans[1],), spans[0]),
        ("session_moved", (spans[1],), None),
        ("session_confirmed", (spans[1],), None),
        ("session_cancelled", (spans[1],), None),
        ("times_offered", (spans[2], spans[3]), None),
        ("times_offered", (spans[2],), None),
        ("session_moved", (), None),
    ]
    trace = get_engagement_view(session, engagement, scene.by_founder, at=AT).trace[1:]
    assert [(each.times, each.former) for each in trace] == [
        (each.times, each.former) for each in entries
    ]
    events = session.scalars(select(EngagementEvent).order_by(EngagementEvent.id)).all()
    assert {each.coaching_session for each in events[1:6]} == {first}
    # Who, for whom and on which side; nobody where that is not known any more.
    mentor, founder, operator = scene.mentor.name, scene.founder.name, scene.operator.name
    assert [(each.side, each.who, each.for_whom) for each in entries] == [
        (Side.PROVIDER, mentor, ""),
        (Side.PROVIDER, mentor, ""),
        (Side.PROVIDER, mentor, ""),
        (Side.STARTUP, founder, ""),
        (Side.STARTUP, operator, founder),
        (Side.PROVIDER, mentor, ""),
        (Side.PROVIDER, mentor, ""),
        (None, "", ""),
    ]

    def say(locale: str) -> list[str]:
        with app.test_request_context(), force_locale(locale):
            words = [
                [
                    word_span(*each, locale=locale, zone="Asia/Shanghai")
                    for each in (entry.former, *entry.times)
                    if each is not None
                ]
                for entry in entries
            ]
            return [
                word_step(
                    entry.kind,
                    engagement,
                    when=said[-1] if len(entry.times) == 1 else "",
                    former=said[0] if entry.former else "",
                    who=entry.who,
                    for_whom=entry.for_whom,
                )
                for entry, said in zip(entries, words, strict=True)
            ]

    english, chinese = say("en"), say("zh_Hans_CN")
    assert english[1] == (
        f"{mentor} proposed another time: Wednesday 11 March 2026, 10:00–11:00 in the place of "
        "Tuesday 10 March 2026, 10:00–11:00."
    )
    assert (
        english[2] == f"{mentor} proposed another place for Wednesday 11 March 2026, 10:00–11:00."
    )
    assert english[4].startswith(f"{operator} for {founder} cancelled a time: ")
    assert english[5:] == [
        f"{mentor} offered several times.",
        f"{mentor} offered a time: Thursday 12 March 2026, 10:00–11:00.",
        "Another time was proposed.",
    ]
    assert chinese[0] == f"{mentor}提出了时间：2026年3月10日星期二 10:00–11:00。"


def test_the_story_counts_messages_and_puts_everything_in_order(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    for number, actor in enumerate((scene.by_founder, scene.by_mentor, scene.by_founder)):
        messages.send_message(
            session, engagement=engagement, text="Hello", actor=actor, at=AT + number * MINUTE
        )
    hold(session, scene, engagement)
    messages.send_message(
        session,
        engagement=engagement,
        text="Thanks",
        actor=scene.by_founder,
        at=LATER + timedelta(days=1),
    )
    story = queries.list_story(session, engagement, scene.by_mentor)
    assert [(each.kind, each.count) for each in story.entries] == [
        ("accepted", 0),
        ("session_proposed", 0),
        ("session_confirmed", 0),
        ("conversation", 3),
        ("held", 0),
        ("message", 1),
    ]


def test_a_workspace_opens_with_the_answer_and_closes_a_month_after_the_end(
    session: Session, scene: Scene
) -> None:
    asked = make_engagement(session, make_need(session, scene.startup, title="B"), scene.provider)
    with pytest.raises(OutOfOrder):
        messages.send_message(
            session, engagement=asked, text="Hello", actor=scene.by_founder, at=AT
        )
    assert queries.find_workspace(session, asked.public_id) is None
    engagement = make_accepted(session, scene)
    engagements.cancel(
        session, engagement=engagement, reason="Moved away", actor=scene.by_founder, at=AT
    )
    month = timedelta(days=30)
    messages.send_message(
        session, engagement=engagement, text="Thanks", actor=scene.by_founder, at=AT + month
    )
    with pytest.raises(WorkspaceClosed):
        messages.send_message(
            session,
            engagement=engagement,
            text="Too late",
            actor=scene.by_founder,
            at=AT + month + MINUTE,
        )
    seen = view(session, engagement, scene.by_founder, AT + month + MINUTE)
    assert (seen.writes, seen.reads, seen.count_messages) == (False, True, 1)


@pytest.mark.privacy
def test_an_invitation_is_taken_back_also_once_nothing_can_be_written(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    guests.invite_operators(session, engagement=engagement, actor=scene.by_founder, at=AT)
    engagements.cancel(
        session, engagement=engagement, reason="Moved away", actor=scene.by_founder, at=AT
    )
    late = AT + timedelta(days=31)
    assert view(session, engagement, scene.by_operator, late).reads
    guests.dismiss_operators(session, engagement=engagement, actor=scene.by_founder, at=late)
    assert not view(session, engagement, scene.by_operator, late).reads


def test_an_action_is_late_by_the_day_of_the_mainland(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    items.add_item(
        session,
        engagement=engagement,
        text="Maps",
        owner_side=Side.STARTUP,
        due_on=AT.date(),
        actor=scene.by_mentor,
        at=AT,
    )
    # Midnight there is four in the afternoon in UTC.
    midnight = AT.astimezone(UTC).replace(hour=16, minute=0)
    for moment, is_late in ((midnight - MINUTE, False), (midnight, True)):
        (item,) = view(session, engagement, scene.by_founder, moment).open_items
        assert item.is_late is is_late


def test_an_agenda_holds_so_many_points(
    session: Session, scene: Scene, engagement: Engagement
) -> None:
    session.add_all(
        AgendaPoint(engagement=engagement, side=Side.STARTUP, text="x", added_at=AT)
        for _ in range(MOST_KEPT)
    )
    session.flush()
    with pytest.raises(TooManyKept):
        agenda.add_point(session, engagement=engagement, text="y", actor=scene.by_founder, at=AT)


def test_operators_who_were_let_in_are_out_again_two_weeks_after_the_end(
    session: Session, scene: Scene
) -> None:
    engagement = make_accepted(session, scene)
    guests.invite_operators(session, engagement=engagement, actor=scene.by_founder, at=AT)

    def end(at: datetime) -> int:
        return guests.end_invitations(session, actor=Installation.CLOCK, at=at, limit=5)

    year = AT + timedelta(days=365)
    assert (end(year), view(session, engagement, scene.by_operator, year).guest_until) == (0, None)
    engagements.cancel(session, engagement=engagement, reason="Over", actor=scene.by_founder, at=AT)
    until = AT + timedelta(days=14)
    assert view(session, engagement, scene.by_mentor).guest_until == until
    with pytest.raises(NotPermitted):
        guests.end_invitations(session, actor=scene.by_operator, at=until, limit=5)
    assert end(until - timedelta(seconds=1)) == 0
    assert view(session, engagement, scene.by_operator).reads
    assert (end(until), end(until)) == (1, 0)
    assert not view(session, engagement, scene.by_operator).reads
    # Once more within the month, for two weeks again.
    guests.invite_operators(session, engagement=engagement, actor=scene.by_founder, at=until)
    assert view(session, engagement, scene.by_mentor).guest_until == until + timedelta(days=14)
    assert end(until) == 0


def test_what_is_over_is_read_a_page_at_a_time(
    session: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = make_accepted(session, scene)
    # Conversations of two messages each, a day apart, and beside each an action that is done.
    for number in range(9):
        for minutes in (0, 1):
            messages.send_message(
                session,
                engagement=engagement,
                text="Hello",
                actor=scene.by_founder if minutes else scene.by_mentor,
                at=AT + timedelta(days=number, minutes=minutes),
            )
        item = items.add_item(
            session,
            engagement=engagement,
            text=f"Item {number}",
            owner_side=Side.STARTUP,
            due_on=None,
            actor=scene.by_mentor,
            at=AT + timedelta(days=number, hours=1),
        )
        items.finish_item(
            session, item=item, actor=scene.by_founder, at=AT + timedelta(days=number, hours=2)
        )
    whole = queries.list_story(session, engagement, scene.by_mentor)
    assert (len(whole.entries), whole.earlier) == (28, None)
    monkeypatch.setattr("app.workspace.queries.story.PAGE_SIZE", 5)
    monkeypatch.setattr("app.workspace.queries.story._MESSAGES", 5)
    told: list[object] = []
    before = None
    while True:
        page = queries.list_story(session, engagement, scene.by_mentor, before=before)
        assert len(page.entries) <= 8
        told = [*page.entries, *told]
        before = page.earlier
        if before is None:
            break
    assert told == list(whole.entries)

    monkeypatch.setattr("app.workspace.queries.items.PAGE_SIZE", 5)
    first = queries.list_closed_items(session, engagement, scene.by_mentor, at=AT)
    rest = queries.list_closed_items(
        session, engagement, scene.by_mentor, at=AT, before=first.older
    )
    found = [each.text for each in (*first.items, *rest.items)]
    assert (found, rest.older) == ([f"Item {number}" for number in range(8, -1, -1)], None)
    seen = view(session, engagement, scene.by_mentor)
    assert (seen.open_items, seen.count_closed) == ((), 9)


def test_meetings_go_on_by_key(
    session: Session, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    engagement = make_accepted(session, scene)
    held = [hold(session, scene, engagement, LATER + timedelta(days=n)) for n in range(3)]
    monkeypatch.setattr("app.workspace.queries.view.MEETINGS_SIZE", 2)
    seen = queries.get_workspace_view(session, engagement, scene.by_mentor, at=LATER)
    assert [each.public_id for each in seen.meetings] == [held[2].public_id, held[1].public_id]
    rest = queries.get_workspace_view(
        session, engagement, scene.by_mentor, at=LATER, met_before=seen.older_meetings
    )
    assert [each.public_id for each in rest.meetings] == [held[0].public_id]
    assert rest.older_meetings is None
    # What to read before the next meeting is of the last one, whichever part is looked at.
    assert rest.brief and rest.brief.last_meeting == seen.meetings[0]
