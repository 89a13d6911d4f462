from typing import Any

from sqlalchemy import Engine as DatabaseEngine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ranking.indexing import DatabaseChangeSource
from app.ranking.reencoding import reencode_profiles
from matching.encoders.hashing import HashingEncoder
from matching.engine import Engine
from models.orm import begin_writing
from models.providers import ProviderPassage
from tests.factories import make_mentor


class AnotherEncoder(HashingEncoder):
    """The same vectors under another name."""

    @property
    def fingerprint(self) -> str:
        return "another encoder"


def test_profiles_of_another_encoder_are_encoded_again_once(
    fresh_engine: DatabaseEngine, monkeypatch: Any
) -> None:
    monkeypatch.setattr("app.ranking.reencoding.CHUNK", 2)
    engine = Engine(AnotherEncoder(), DatabaseChangeSource(fresh_engine))
    told: list[tuple[str, int, int]] = []
    with Session(fresh_engine) as session:
        begin_writing(session)
        for _ in range(3):
            make_mentor(session)
        session.commit()
        spans = select(
            ProviderPassage.provider_id,
            ProviderPassage.role,
            ProviderPassage.section,
            ProviderPassage.start,
            ProviderPassage.end,
        ).order_by(ProviderPassage.provider_id, ProviderPassage.ordinal)
        before = session.execute(spans).all()

        count = reencode_profiles(session, engine, progress=lambda *step: told.append(step))

        assert count == 3
        assert told == [("profiles", 2, 3), ("profiles", 3, 3)]
        fingerprints = select(ProviderPassage.fingerprint).distinct()
        assert session.scalars(fingerprints).all() == ["another encoder"]
        assert session.execute(spans).all() == before
        assert reencode_profiles(session, engine, progress=lambda *step: None) == 0
