"""Finding the conflicts of interest of one startup among 10,000 providers and 10,000 startups.

The baseline is the least that it takes without indexes: reading the names that every published
provider gives, with their keys, and looking each of them up. It leaves out the startups that
compete by their topics, which the measured side also finds. On SQLite, warmed, taking turns.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from app.database import upgrade_schema
from app.matches.queries.conflicts import list_conflicts
from models.affiliations import Affiliation, StartupTopic
from models.organisation_names import make_name_key
from models.organisations import Startup
from models.orm import create_engine_for
from models.providers import Mentor, Provider
from models.vocabulary import AffiliationKind, Field, ProviderKind
from tests.factories import AT

SIZE = 10_000
NAMES_EACH = 3
TOPICS = 500
TOPICS_EACH = 4
ROUNDS = 15


def measure() -> dict[str, object]:
    """The median time for one startup, of startups that were not asked for before."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine_for(f"sqlite:///{Path(folder) / 'conflicts.db'}")
        upgrade_schema(engine)
        _fill(engine)
        ours, baseline, found = [], [], 0
        with Session(engine) as session:
            for number in range(1, ROUNDS + 3):
                startup = session.get_one(Startup, number)
                begun = time.perf_counter()
                conflicts = list_conflicts(session, startup)
                between = time.perf_counter()
                _read_all(session, startup)
                ended = time.perf_counter()
                # The first two warm both sides.
                if number > 2:
                    ours.append(between - begun)
                    baseline.append(ended - between)
                    found += len(conflicts)
        engine.dispose()
    value, least = statistics.median(ours), statistics.median(baseline)
    return {
        "name": "conflicts_10k",
        "value": round(value * 1000, 2),
        "unit": "ms",
        "baseline": round(least * 1000, 2),
        "ratio": round(value / least, 4),
        "conflicts_each": round(found / ROUNDS, 1),
    }


def _read_all(session: Session, startup: Startup) -> set[int]:
    """The providers that share a name with `startup`, from the names of all of them."""
    keys = {make_name_key(name) for name in (startup.name, *startup.shareholders)}
    rows = [
        *session.execute(
            select(Provider.id, Provider.name_key).where(Provider.state == "published")
        ),
        *session.execute(select(Mentor.provider_id, Mentor.employer_key)),
        *session.execute(
            select(Affiliation.provider_id, Affiliation.name_key).where(
                Affiliation.provider_id.is_not(None)
            )
        ),
    ]
    return {provider_id for provider_id, key in rows if provider_id and key in keys}


def _fill(engine: Engine) -> None:
    """Mentors who each hold shares of some startups, and startups that share some topics."""
    generator = np.random.default_rng(7)
    numbers = range(1, SIZE + 1)
    held = generator.integers(1, SIZE + 1, (SIZE, NAMES_EACH)).tolist()
    topics = [
        sorted({f"topic{t}" for t in drawn})
        for drawn in generator.integers(0, TOPICS, (SIZE, TOPICS_EACH)).tolist()
    ]
    with engine.begin() as connection:
        connection.execute(
            insert(Provider),
            [
                {
                    "id": n,
                    "kind": ProviderKind.MENTOR,
                    "state": "published",
                    "name": f"Mentor {n}",
                    "name_key": f"mentor{n}",
                    "published_text": "A text.",
                    "published_at": AT,
                    "created_at": AT,
                    "updated_at": AT,
                }
                for n in numbers
            ],
        )
        connection.execute(
            insert(Mentor),
            [
                {"provider_id": n, "employer": f"Works {n}", "employer_key": f"works{n}"}
                for n in numbers
            ],
        )
        connection.execute(
            insert(Startup),
            [
                {
                    "id": n,
                    "state": "published",
                    "name": f"Startup {n}",
                    "name_key": f"startup{n}",
                    "fields": [Field.ADVANCED_MATERIALS],
                    "topics": topics[n - 1],
                    "created_at": AT,
                    "updated_at": AT,
                }
                for n in numbers
            ],
        )
        connection.execute(
            insert(StartupTopic),
            [{"startup_id": n, "topic_key": key} for n in numbers for key in topics[n - 1]],
        )
        connection.execute(
            insert(Affiliation),
            [
                {
                    "provider_id": n,
                    "startup_id": None,
                    "kind": AffiliationKind.PORTFOLIO,
                    "ordinal": ordinal,
                    "name": f"Startup {other}",
                    "name_key": f"startup{other}",
                }
                for n in numbers
                for ordinal, other in enumerate(held[n - 1])
            ]
            + [
                {
                    "provider_id": None,
                    "startup_id": n,
                    "kind": AffiliationKind.SHAREHOLDER,
                    "ordinal": 0,
                    "name": f"Works {n}",
                    "name_key": f"works{n}",
                }
                for n in numbers
            ],
        )
