"""Matches of sixteen founders at once through gunicorn, over encoding their needs one by one.

Each client has logged in, keeps its connection, and asks for the mentors of one need after the
other among 1,000 profiles, as soon as it has its answer. The baseline encodes the passages of the
same needs with the same encoder on an otherwise idle machine, one need a call; beside it stands
how fast all needs of a round are in one call. Both are warmed, take turns, and see no need twice.
Afterwards each client presses the button of stored needs, which looks for all kinds and stores
what was found.
"""

import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from matching.encoders.bundle import prepare_bundled
from matching.encoders.choice import BUNDLED, open_encoder
from matching.encoders.contract import TextEncoder
from matching.text.passages import SENTENCE, split_passages
from tests.bench.encode_speed import make_texts
from tests.bench.served_site import MENTORS, REPOSITORY, Client, fill, serve

CLIENTS = 16
WARM_UP = 2
ROUNDS = 3
NEEDS_A_ROUND = 6
NEEDS_STORED = 3
# As docs/running.md recommends for two cores.
PROCESSES = 2
THREADS = 8


def measure() -> dict[str, object]:
    """Matches a second as `value`, needs encoded one by one a second as `baseline`.

    `batched_baseline` is the latter in one call a round, `stored_per_second` how many runs of all
    three kinds are found and stored, `median_seconds` how long a client waits for a match.
    """
    encoder_root = REPOSITORY / "instance" / "encoder"
    prepare_bundled(encoder_root)
    encoder = open_encoder(BUNDLED, cache_root=encoder_root)
    texts = _make_needs(CLIENTS * (WARM_UP + ROUNDS * NEEDS_A_ROUND + NEEDS_STORED))
    deal = iter(texts)
    stored = [[next(deal) for _ in range(NEEDS_STORED)] for _ in range(CLIENTS)]
    seconds = dict.fromkeys(("served", "singly", "batched"), 0.0)
    waited: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "encoder").symlink_to(encoder_root)
        founders = fill(folder, encoder, stored)
        with serve(folder, processes=PROCESSES, threads=THREADS) as port:
            clients = [Client(port, founder) for founder in founders]
            # All at once, so that each process of the server has its turn, and reads the index.
            for _ in range(WARM_UP):
                _run_clients([partial(_ask, client, [next(deal)], []) for client in clients])
            for _ in range(ROUNDS):
                asked = [[next(deal) for _ in range(NEEDS_A_ROUND)] for _ in clients]
                needs = [text for of_client in asked for text in of_client]
                seconds["singly"] += _encode_singly(encoder, needs)
                seconds["batched"] += _encode_together(encoder, needs)
                seconds["served"] += _run_clients(
                    [
                        partial(_ask, client, texts, waited)
                        for client, texts in zip(clients, asked, strict=True)
                    ]
                )
            storing = _run_clients(
                [
                    partial(_store, client, founder.needs)
                    for client, founder in zip(clients, founders, strict=True)
                ]
            )
    matches = CLIENTS * ROUNDS * NEEDS_A_ROUND
    value, baseline, batched = (matches / seconds[way] for way in ("served", "singly", "batched"))
    return {
        "name": "concurrent_match",
        "value": round(value, 2),
        "unit": "matches/s",
        "baseline": round(baseline, 2),
        "ratio": round(value / baseline, 3),
        "batched_baseline": round(batched, 2),
        "ratio_to_batched": round(value / batched, 3),
        "median_seconds": round(sorted(waited)[len(waited) // 2], 3),
        "stored_per_second": round(CLIENTS * NEEDS_STORED / storing, 2),
        "clients": CLIENTS,
        "processes": PROCESSES,
        "threads": THREADS,
        "profiles": MENTORS,
    }


def _make_needs(count: int) -> list[str]:
    """Needs of three sentences, none of which is said twice, here or in a profile."""
    sentences: dict[str, None] = {}
    for text in make_texts(3 * count, seed=77):
        spans = (p for p in split_passages(text) if p.role == SENTENCE)
        sentences |= dict.fromkeys(text[span.start : span.end] for span in spans)
    said = iter(sentences)
    return [f"{next(said)}\n{next(said)}\n{next(said)}" for _ in range(count)]


def _list_pieces(need: str) -> list[str]:
    return list(dict.fromkeys(need[p.start : p.end] for p in split_passages(need)))


def _encode_singly(encoder: TextEncoder, needs: list[str]) -> float:
    start = time.perf_counter()
    for need in needs:
        encoder.encode(_list_pieces(need), role="query")
    return time.perf_counter() - start


def _encode_together(encoder: TextEncoder, needs: list[str]) -> float:
    pieces = [piece for need in needs for piece in _list_pieces(need)]
    start = time.perf_counter()
    encoder.encode(pieces, role="query")
    return time.perf_counter() - start


def _run_clients(work: list[Callable[[], None]]) -> float:
    """Seconds until all of `work`, each in a thread of its own, is done."""
    with ThreadPoolExecutor(len(work)) as threads:
        start = time.perf_counter()
        for done in [threads.submit(each) for each in work]:
            done.result()
        return time.perf_counter() - start


def _ask(client: Client, texts: list[str], waited: list[float]) -> None:
    """Ask for `texts` one after the other, and add to `waited` how long each took."""
    for text in texts:
        start = time.perf_counter()
        if client.preview(text) == 0:
            raise RuntimeError("a need found nobody")
        waited.append(time.perf_counter() - start)


def _store(client: Client, needs: tuple[str, ...]) -> None:
    for need in needs:
        client.store(need)


if __name__ == "__main__":
    print(json.dumps(measure()))
