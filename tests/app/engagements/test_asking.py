"""What is asked for goes by the kind of provider, and is kept, shown and limited accordingly."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.engagements.actions import engagements as actions
from app.engagements.asking import (
    Ask,
    CoachingAsk,
    FundingAsk,
    OrderAsk,
    empty_ask,
    is_gone_by,
    read_ask,
)
from app.engagements.errors import (
    AskDoesNotFit,
    DayGoneBy,
    DocumentsTellTheName,
    ServiceUnknown,
    TooManyOpenRequests,
)
from app.engagements.queries import get_engagement_view
from app.engagements.words import NOTICES, TRACE_WORDS, get_trace_words
from app.errors import NotFound
from app.vault.storage.folder import FolderStore
from app.words.kind_words import NOTICES_BY_KIND, WORDS_BY_KIND
from models.answers import OPEN_REQUESTS
from models.engagements import Engagement
from models.lifecycle import ActionNotAllowed
from models.notices import Notice
from models.providers import Provider
from models.vocabulary import FundingStage, Instrument, MeetingForm, ProviderKind, Release
from tests.app.engagements.scenes import Scene, ask, make_scene
from tests.app.vault.scenes import keep
from tests.factories import (
    AT,
    act_as,
    make_centre,
    make_investor,
    make_need,
    make_person,
    make_startup,
)

pytestmark = pytest.mark.engagements

COACHING = CoachingAsk("Know which step to change first", MeetingForm.ONLINE, "Evenings")
FUNDING = FundingAsk(
    amount_yuan=3_000_000,
    instrument=Instrument.EQUITY,
    stage=FundingStage.SEED,
    milestone="Two tape-outs",
    use_of_funds="A third one",
    closing_on=date(2026, 5, 1),
)
ORDER = OrderAsk(
    service_name="Ageing of our own kind",
    quantity=77,
    wished_on=date(2026, 4, 1),
    sample="Three lots",
    claim="The threshold drifts by less than 10 %",
)


@pytest.fixture
def scene(session: Session) -> Scene:
    return make_scene(session)


def make_asked(session: Session, scene: Scene, kind: ProviderKind) -> Provider:
    person = make_person(session, name=f"Person of the {kind.value}")
    if kind is ProviderKind.INVESTOR:
        return make_investor(session, person=person)
    if kind is ProviderKind.CENTRE:
        return make_centre(session, person=person)
    return scene.provider


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ProviderKind.MENTOR, COACHING),
        (ProviderKind.INVESTOR, FUNDING),
        (ProviderKind.CENTRE, ORDER),
    ],
)
def test_each_kind_is_asked_for_what_it_gives(
    session: Session, scene: Scene, kind: ProviderKind, asked: Ask
) -> None:
    provider = make_asked(session, scene, kind)
    engagement = ask(session, scene, provider=provider, ask=asked)
    session.expire_all()
    assert read_ask(engagement) == asked
    assert get_engagement_view(session, engagement, scene.by_founder, at=AT).ask == asked


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ProviderKind.MENTOR, FUNDING),
        (ProviderKind.MENTOR, ORDER),
        (ProviderKind.INVESTOR, COACHING),
        (ProviderKind.INVESTOR, ORDER),
        (ProviderKind.CENTRE, COACHING),
        (ProviderKind.CENTRE, FUNDING),
    ],
)
def test_nobody_is_asked_for_what_another_kind_gives(
    session: Session, scene: Scene, kind: ProviderKind, asked: Ask
) -> None:
    provider = make_asked(session, scene, kind)
    with pytest.raises(AskDoesNotFit):
        ask(session, scene, provider=provider, ask=asked)


def test_a_service_of_the_centre_is_named_as_the_centre_names_it(
    session: Session, scene: Scene
) -> None:
    centre = make_asked(session, scene, ProviderKind.CENTRE)
    assert centre.centre is not None
    (service,) = centre.centre.services
    asked = OrderAsk(service_id=service.public_id, service_name="Whatever")
    engagement = ask(session, scene, provider=centre, ask=asked)
    assert engagement.order_brief is not None
    assert (engagement.order_brief.service, engagement.order_brief.service_name) == (
        service,
        "Wafer test",
    )
    # What was ordered is still told once the centre offers it no more.
    session.delete(service)
    session.flush()
    session.expire_all()
    assert read_ask(engagement) == OrderAsk(service_name="Wafer test")


def test_a_service_of_another_centre_cannot_be_ordered(session: Session, scene: Scene) -> None:
    centre, other = (make_asked(session, scene, ProviderKind.CENTRE) for _ in range(2))
    assert other.centre is not None
    foreign = other.centre.services[0].public_id
    for asked in (OrderAsk(service_id=foreign), OrderAsk()):
        with pytest.raises(ServiceUnknown):
            ask(session, scene, provider=centre, ask=asked)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ProviderKind.INVESTOR, FundingAsk(1, closing_on=date(2026, 3, 1))),
        (ProviderKind.CENTRE, OrderAsk(service_name="Work", wished_on=date(2026, 3, 1))),
    ],
)
def test_a_day_that_is_over_is_not_wished_for(
    session: Session, scene: Scene, kind: ProviderKind, asked: Ask
) -> None:
    provider = make_asked(session, scene, kind)
    with pytest.raises(DayGoneBy):
        ask(session, scene, provider=provider, ask=asked)


def test_a_day_is_over_when_it_is_over_everywhere() -> None:
    assert not is_gone_by(AT.date(), AT)
    assert not is_gone_by(AT.date() - timedelta(days=1), AT)
    assert is_gone_by(AT.date() - timedelta(days=2), AT)


def test_the_story_is_told_once(session: Session, scene: Scene) -> None:
    as_in_need = ask(session, scene, background=scene.need.text)
    assert as_in_need.background == ""
    other = make_need(session, scene.startup)
    told_again = ask(session, scene, need=other, background="Since then we changed the oven.")
    assert told_again.background == "Since then we changed the oven."


def test_the_background_is_disclosed_with_the_need(session: Session, scene: Scene) -> None:
    hidden = ask(session, scene, background="A secret oven", released=[Release.STARTUP_NAME])
    assert get_engagement_view(session, hidden, scene.by_mentor, at=AT).background == ""
    assert get_engagement_view(session, hidden, scene.by_founder, at=AT).background != ""
    actions.accept(session, engagement=hidden, actor=scene.by_mentor, at=AT)
    seen = get_engagement_view(session, hidden, scene.by_mentor, at=AT)
    assert seen.background == "A secret oven"


def test_a_startup_waits_for_so_many_answers_and_no_more(session: Session, scene: Scene) -> None:
    for _ in range(OPEN_REQUESTS):
        last = ask(session, scene, need=make_need(session, scene.startup))
    with pytest.raises(TooManyOpenRequests) as refused:
        ask(session, scene)
    assert refused.value.facts == {"limit": OPEN_REQUESTS}
    # Another startup waits for its own answers, and what is answered is waited for no more.
    founder = make_person(session)
    startup = make_startup(session, founder=founder, incubator=scene.incubator)
    ask(session, scene, need=make_need(session, startup), actor=act_as(founder))
    actions.withdraw(session, engagement=last, actor=scene.by_founder, at=AT)
    assert ask(session, scene).state == "requested"


def test_documents_are_open_to_the_provider_while_it_lasts(
    session: Session, scene: Scene, store: FolderStore
) -> None:
    document = keep(session, store, scene.startup, scene.founder, name="maps.txt", content=b"maps")
    engagement = ask(session, scene, documents=[document])
    for viewer in (scene.by_founder, scene.by_mentor):
        view = get_engagement_view(session, engagement, viewer, at=AT)
        assert [each.public_id for each in view.documents] == [document.public_id]
    actions.decline(session, engagement=engagement, reason="No time", actor=scene.by_mentor, at=AT)
    session.expire_all()
    assert [share.revoked_at for share in document.shares] == [AT]
    assert get_engagement_view(session, engagement, scene.by_mentor, at=AT).documents == ()


def test_documents_tell_whose_they_are(session: Session, scene: Scene, store: FolderStore) -> None:
    document = keep(session, store, scene.startup, scene.founder, name="maps.txt", content=b"maps")
    with pytest.raises(DocumentsTellTheName):
        ask(session, scene, documents=[document], released=[Release.NEED_TEXT])


def test_only_documents_of_the_startup_go_along(
    session: Session, scene: Scene, store: FolderStore
) -> None:
    other = make_startup(session, founder=scene.founder, incubator=scene.incubator)
    document = keep(session, store, other, scene.founder, name="maps.txt", content=b"maps")
    with pytest.raises(NotFound):
        ask(session, scene, documents=[document])


@pytest.mark.parametrize("kind", [ProviderKind.INVESTOR, ProviderKind.CENTRE])
def test_an_order_and_a_deal_are_done_without_a_session(
    session: Session, scene: Scene, kind: ProviderKind
) -> None:
    provider = make_asked(session, scene, kind)
    engagement = ask(session, scene, provider=provider)
    by_provider = act_as(provider.memberships[0].person)
    actions.accept(session, engagement=engagement, actor=by_provider, at=AT)
    assert "complete" in get_engagement_view(session, engagement, by_provider, at=AT).actions
    actions.complete(session, engagement=engagement, actor=by_provider, at=AT)
    assert engagement.state == "completed"


def test_coaching_is_not_done_without_one(session: Session, scene: Scene) -> None:
    engagement = ask(session, scene)
    actions.accept(session, engagement=engagement, actor=scene.by_mentor, at=AT)
    assert (
        "complete" not in get_engagement_view(session, engagement, scene.by_mentor, at=AT).actions
    )
    with pytest.raises(ActionNotAllowed):
        actions.complete(session, engagement=engagement, actor=scene.by_mentor, at=AT)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (ProviderKind.MENTOR, "engagement_requested"),
        (ProviderKind.INVESTOR, "deal_requested"),
        (ProviderKind.CENTRE, "order_requested"),
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_who_is_asked_is_told_what_for(
    session: Session, scene: Scene, kind: ProviderKind, told: str, sealed: bool
) -> None:
    provider = make_asked(session, scene, kind)
    released = [] if sealed else [Release.STARTUP_NAME, Release.NEED_TEXT]
    ask(session, scene, provider=provider, released=released)
    (notice,) = session.scalars(select(Notice))
    assert notice.kind == f"{told}_sealed" if sealed else told


def test_emptying_leaves_no_word_and_gives_what_stood_there(session: Session, scene: Scene) -> None:
    centre = make_asked(session, scene, ProviderKind.CENTRE)
    engagement = ask(session, scene, provider=centre, ask=ORDER, background="The oven")
    assert set(empty_ask(engagement)) == {
        ORDER.service_name,
        ORDER.sample,
        ORDER.claim,
        "The oven",
    }
    assert read_ask(engagement) == OrderAsk(quantity=77, wished_on=ORDER.wished_on)


@pytest.mark.parametrize("kind", list(ProviderKind))
def test_every_kind_words_all_steps(kind: ProviderKind) -> None:
    steps = set(get_trace_words(kind))
    assert {"session_held", "session_missed", "session_cancelled"} | set(TRACE_WORDS) == steps
    assert set(NOTICES_BY_KIND[kind].values()) <= set(NOTICES)


@pytest.mark.parametrize("kind", [ProviderKind.INVESTOR, ProviderKind.CENTRE])
def test_who_does_not_coach_reads_nothing_of_coaching(kind: ProviderKind) -> None:
    words = WORDS_BY_KIND[kind]
    said = [str(getattr(words, name)) for name in words.__slots__ if name != "trace"]
    said += [str(word) for word in get_trace_words(kind).values()]
    for notice in NOTICES_BY_KIND[kind].values():
        said += [str(NOTICES[notice].subject), str(NOTICES[notice].body)]
    for each in said:
        for foreign in ("session", "coach", "meeting link", "link to the meeting"):
            assert foreign not in each.lower()


def test_two_at_once_are_told_apart_by_the_database(session: Session, scene: Scene) -> None:
    """What `test_concurrency` tries with two connections rests on this index."""
    (index,) = (each for each in Engagement.__table__.indexes if each.name == "uq_engagement_open")
    assert index.unique
    assert [column.name for column in index.columns] == ["need_id", "provider_id"]
