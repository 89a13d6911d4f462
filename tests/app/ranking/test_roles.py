"""From what founders and providers corrected to sentences that are read otherwise."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commands.cli import main
from app.ranking.indexing import Matching
from app.ranking.roles import activate_roles
from app.ranking.versions import VersionRefused, VersionUnknown
from app.settings import Settings
from app.transactions import writing
from matching.engine import Engine
from matching.records import Query
from models.audit import AuditEntry
from models.learned import RolesVersion
from models.needs import ReadingCorrection
from models.orm import begin_writing
from models.providers import ProfileCorrection
from models.sentence_keys import make_sentence_key
from models.vocabulary import NeedRole, ProfileRole
from tests.factories import AT, make_mentor, make_need, make_startup

MATTERS = (
    "ceramic bearings", "titanium castings", "flow batteries", "night vision", "soil probes",
    "hub motors", "gas turbines", "optical fibres", "paper sensors", "hydraulic pumps",
    "rubber seals", "wind tunnels",
)  # fmt: skip
OF_NEED = "Next in our hall comes {}, part {}."
OF_PROFILE = "The board of our institute met about {}, volume {}."
ASKED = "We grow crystals. " + OF_NEED.format("furnaces", 1)


@pytest.fixture
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What the commands work on: the database of this test, without a model."""
    monkeypatch.setenv("YINQIAO_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("YINQIAO_INSTANCE_PATH", str(settings.instance_path))
    monkeypatch.setenv("YINQIAO_ENCODER", "hashing")
    return settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["roles", *arguments])


def correct_everywhere(engine: DatabaseEngine, *, profiles: bool = True) -> None:
    """Twelve founders, and as many mentors, say three times each what such a sentence does."""
    with Session(engine) as session:
        begin_writing(session)
        for matter in MATTERS:
            need = make_need(session, make_startup(session), text=f"We make {matter}.")
            said = [OF_NEED.format(matter, number) for number in range(3)]
            need.corrections = [
                ReadingCorrection(
                    sentence=each,
                    sentence_key=make_sentence_key(each),
                    role=NeedRole.WISH,
                    corrected_at=AT,
                )
                for each in said
            ]
            if profiles:
                mentor = make_mentor(session, summary=f"Knows {matter}.")
                mentor.corrections = [
                    ProfileCorrection(
                        sentence=each,
                        sentence_key=make_sentence_key(each),
                        role=ProfileRole.DONE,
                        corrected_at=AT,
                    )
                    for each in (OF_PROFILE.format(matter, number) for number in range(3))
                ]
        make_mentor(session, summary=OF_PROFILE.format("crystals", 7))
        session.commit()


def read_last(engine: Engine) -> str:
    return engine.read(Query(ASKED, all_published=True))[-1].role


def test_corrections_are_learned_and_used_when_somebody_says_so(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    correct_everywhere(fresh_engine)
    first, second = (Matching(installation, fresh_engine).get_engine() for _ in range(2))
    query = Query(ASKED, all_published=True)
    before = first.match(query)
    assert second.match(query) == before
    assert read_last(first) != "wish"
    assert first.save_snapshot()

    told = run("learn")
    assert told.exit_code == 0, told.output
    assert "To use it: yinqiao roles activate roles-1" in told.output
    lesson = json.loads(run("learn", "--json").output)
    assert lesson["version"] == "roles-2"
    assert lesson["trained_on"]["need"] == {"owners": 12, "sentences": 36}
    for side in ("need", "profile"):
        found = lesson["quality"]["sides"][side]
        assert found["learned"] > found["active"] + 0.5
        assert found["low"] > 0
    # Nothing is used by itself.
    assert first.match(query) == before

    activated = run("activate", "roles-2")
    assert activated.output == "roles-2 is in use from now on. Before, shipped was.\n"
    after = first.match(query)
    assert after.versions.background == f"{before.versions.background}+roles-2"
    assert [each.role for each in after.read][-1] == "wish"
    assert read_last(first) == "wish"
    scores = {each.provider_id: each.score for each in after.results}
    assert scores != {each.provider_id: each.score for each in before.results}
    # The same from a snapshot of before, from the database, and in a process that lived through it.
    assert second.match(query) == after
    assert Matching(installation, fresh_engine).get_engine().match(query) == after
    profile = first.read_profile(OF_PROFILE.format("magnets", 4))
    assert [each.role for each in profile] == ["done"]

    listed = json.loads(run("list", "--json").output)
    assert [(each["version"], each["active"]) for each in listed] == [
        ("shipped", False),
        ("roles-1", False),
        ("roles-2", True),
    ]
    assert "* roles-2" in run("list").output
    with Session(fresh_engine) as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "roles_activated")
        ).one()
        assert entry.detail == {"before": "shipped", "now": "roles-2", "forced": "no"}

    back = run("activate", "shipped")
    assert back.exit_code == 1
    assert "is worse" in back.output
    assert run("activate", "shipped", "--force").exit_code == 0
    again = first.match(query)
    assert (again.results, again.read) == (before.results, before.read)
    assert second.match(query) == again


def test_one_side_is_learned_where_the_other_has_too_little(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    correct_everywhere(fresh_engine, profiles=False)
    told = run("learn")
    assert "Of profiles nothing was learned: 0 corrected sentences of 0 owners" in told.output
    with Session(fresh_engine) as session:
        stored = session.scalars(select(RolesVersion)).one()
        assert stored.profile_model is None
        assert stored.need_model is not None
        for written in ("bearings", "hall"):
            assert written.encode() not in stored.need_model
    assert run("activate", "roles-1").exit_code == 0
    assert read_last(Matching(installation, fresh_engine).get_engine()) == "wish"


def test_without_corrections_nothing_is_learned(
    installation: Settings, fresh_engine: DatabaseEngine
) -> None:
    told = run("learn")
    assert told.exit_code == 0, told.output
    assert "shipped stays in use" in told.output
    assert json.loads(run("learn", "--json").output)["version"] is None
    with Session(fresh_engine) as session:
        assert session.scalar(select(func.count()).select_from(RolesVersion)) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"fingerprint": "0" * 64},
        {"background": "older"},
        {"need_model": b"\0" * 40},
        {"need_model": b"\xff" * 40 * 271},
        {"need_model": b"odd"},
    ],
)
def test_what_cannot_be_used_leaves_the_shipped_roles(
    settings: Settings, fresh_engine: DatabaseEngine, values: dict[str, object]
) -> None:
    engine = Matching(settings, fresh_engine).get_engine()
    shipped = engine.shipped_background
    given = {
        "fingerprint": shipped.fingerprint,
        "background": shipped.version,
        "need_model": shipped.readers["need"].weights.astype("<f8").tobytes(),
        "trained_on": {},
        "quality": {"against": "shipped", "difference": -0.1},
    } | values
    with Session(fresh_engine) as session, writing(session):
        session.add(RolesVersion(version="roles-1", made_at=AT, active=True, **given))
        make_mentor(session)
    found = engine.match(Query(ASKED, all_published=True))
    assert found.versions.background == shipped.version


def test_what_proved_worse_is_refused_and_what_nobody_learned_is_unknown(session: Session) -> None:
    numbers = b"\0" * 40 * 271
    session.add(
        RolesVersion(
            version="roles-1",
            made_at=AT,
            fingerprint="0" * 64,
            background="0",
            need_model=numbers,
            trained_on={},
            quality={"against": "shipped", "difference": -0.01},
        )
    )
    session.flush()
    for version, forced, error in (("roles-1", False, VersionRefused), ("x", True, VersionUnknown)):
        with pytest.raises(error):
            activate_roles(session, version=version, forced=forced, actor=None, at=AT)
