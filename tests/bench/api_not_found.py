"""How long it takes to hear that there is no such thing: of a foreign one, over an unknown one.

The two take turns. Whoever could tell them apart by the time would learn which ids there are.
"""

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from app import create_app
from app.extensions import db
from app.settings import Settings
from tests.app.web.test_api_walk import Site
from tests.databases import SqliteDatabases

ROUNDS = 400
UNKNOWN = "0123456789abcdef"


def measure() -> list[dict[str, object]]:
    """Median seconds of processor time for a foreign id as `value`, for an unknown as `baseline`.

    `noise` is the distance of the quartiles of the latter, in seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(
            Settings(
                instance_path=Path(folder),
                database_url=SqliteDatabases(Path(folder)).create(),
                secret_key="only for a measurement",
                encoder="hashing",
                requests_per_minute=1_000_000,
            )
        )
        site = Site(app)
        engagement = site.engagement()["id"]
        needs: Any = site.founder.get("/needs").json
        need = needs["items"][0]["id"]
        rows = [
            _compare(site, "/needs", need),
            _compare(site, "/engagements", engagement),
            _compare(site, "/startups", site.startup),
        ]
        with app.app_context():
            db.engine.dispose()
    return rows


def _compare(site: Site, path: str, foreign: str) -> dict[str, object]:
    seconds: dict[str, list[float]] = {foreign: [], UNKNOWN: []}
    for number in range(ROUNDS):
        for public_id in (foreign, UNKNOWN) if number % 2 else (UNKNOWN, foreign):
            start = time.process_time()
            answer = site.stranger.get(f"{path}/{public_id}")
            seconds[public_id].append(time.process_time() - start)
            if answer.status_code != 404:
                raise RuntimeError(answer.text)
    value, baseline = (statistics.median(seconds[each]) for each in (foreign, UNKNOWN))
    low, _middle, high = statistics.quantiles(seconds[UNKNOWN], n=4)
    return {
        "name": f"api_not_found{path.replace('/', '_')}",
        "value": round(value, 6),
        "unit": "s of processor time",
        "baseline": round(baseline, 6),
        "ratio": round(value / baseline, 3),
        "noise": round(high - low, 6),
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
