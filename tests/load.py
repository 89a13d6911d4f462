"""`python -m tests.load`: many people at once on PostgreSQL, through gunicorn on loopback.

Each of them logs in through the form, then looks at a page, thinks for some seconds, and goes on
where founders go: dashboard, needs, providers, notices, the calendar; now and then they press the
button that looks for matches. One request in ten is for a file that never changes, by which the
others are measured. Threads of this process are the people, so it takes some processor time too.

Prints one JSON object: requests a second, errors (an answer that nobody wants), dropped (none),
the median and the 95th percentile of pages and of the file in milliseconds, their ratio, and the
memory of the server's processes in megabytes after the warm-up and at the end.
"""

import argparse
import json
import math
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import make_url

from matching.encoders.bundle import prepare_bundled
from matching.encoders.choice import BUNDLED, open_encoder
from tests.bench.served_site import REPOSITORY, Founder, fill, run_server
from tests.databases import run_postgres
from tests.factories import PASSWORD

STATIC = "/static/yinqiao.css"
PAGES = ("/dashboard", "/needs", "/providers", "/engagements", "/notices", "/calendar", "/account")
_MATCHES_SHARE = 0.03
_STATIC_SHARE = 0.1
_WANTED = (200, 302, 303, 304)
_TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
_SAMPLED_EVERY = 5.0
_SECONDS_TO_LOAD = 600
# So many answers come from every process.
_WELL_IN_A_ROW = 30


@dataclass
class Seen:
    """What came of all requests after the warm-up."""

    pages: list[float] = field(default_factory=list)
    static: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, seconds: float, status: int) -> None:
        with self.lock:
            (self.static if path == STATIC else self.pages).append(seconds * 1000)
            self.answers[str(status)] += 1

    def note_dropped(self, error: Exception) -> None:
        with self.lock:
            self.dropped[type(error).__name__] += 1


class Visitor(threading.Thread):
    """One founder in front of a browser, until `until`; counts from `counts_from` on."""

    def __init__(
        self,
        port: int,
        founder: Founder,
        seen: Seen,
        think: float,
        counts_from: float,
        until: float,
    ) -> None:
        super().__init__(daemon=True)
        self._port, self._founder, self._seen = port, founder, seen
        self._think, self._counts_from, self._until = think, counts_from, until
        self._random = random.Random(founder.email)  # noqa: S311
        self._cookies: dict[str, str] = {}
        self._token = ""
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def run(self) -> None:
        self._wait()
        self._read_token(self._ask("GET", "/log-in"))
        form = {"email": self._founder.email, "password": PASSWORD, "csrf_token": self._token}
        self._ask("POST", "/log-in", form)
        self._read_token(self._ask("GET", "/needs"))
        while time.monotonic() < self._until:
            self._wait()
            self._go_on()
        self._connection.close()

    def _go_on(self) -> None:
        chance = self._random.random()
        need = self._random.choice(self._founder.needs)
        if chance < _STATIC_SHARE:
            self._ask("GET", STATIC)
        elif chance < _STATIC_SHARE + _MATCHES_SHARE:
            self._ask("POST", f"/needs/{need}/matches", {"csrf_token": self._token})
        else:
            own = (f"/needs/{need}", f"/startups/{self._founder.startup}")
            self._ask("GET", self._random.choice(PAGES + own))

    def _wait(self) -> None:
        time.sleep(self._random.uniform(0.4, 1.6) * self._think)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={kept}" for name, kept in self._cookies.items())}
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self._port}",
            }
        # A browser opens another connection where the server closed an idle one.
        self._connection.close()
        begun = time.monotonic()
        try:
            self._connection.request(method, path, urlencode(form or {}), headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            if begun >= self._counts_from:
                self._seen.note_dropped(error)
            return b""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self._cookies[key] = kept
        if begun >= self._counts_from:
            self._seen.note(path, time.monotonic() - begun, answer.status)
        return content

    def _read_token(self, page: bytes) -> None:
        if found := _TOKEN.search(page):
            self._token = found[1].decode()


def read_memory(server: "subprocess.Popen[bytes]") -> float:
    """Megabytes of the server and its children, pages that they share counted once."""
    return sum(map(_read_share, [server.pid, *_list_children(server.pid)])) / 1024


def _list_children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = [int(each) for each in path.read_text().split()] if path.exists() else []
    return [*children, *(each for child in children for each in _list_children(child))]


def _read_share(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0


def measure(
    *,
    people: int,
    seconds: float,
    warm_up: float,
    processes: int,
    threads: int,
    think: float,
    mentors: int,
) -> dict[str, object]:
    """Figures of `people` for `seconds`, after `warm_up` seconds that do not count."""
    encoder_root = REPOSITORY / "instance" / "encoder"
    prepare_bundled(encoder_root)
    encoder = open_encoder(BUNDLED, cache_root=encoder_root)
    needs = [
        [f"Our yield of batch {n} stays low, and we look for whoever ran a wafer line."]
        for n in range(people)
    ]
    with tempfile.TemporaryDirectory() as name, run_postgres() as databases:
        folder = Path(name)
        (folder / "encoder").symlink_to(encoder_root)
        url = databases.create()
        founders = fill(folder, encoder, needs, database_url=url, mentors=mentors)
        more = {"YINQIAO_DATABASE_URL": make_url(url).render_as_string(hide_password=False)}
        with run_server(folder, processes=processes, threads=threads, more=more) as (port, server):
            wait_until_loaded(port)
            begun = time.monotonic()
            counts_from, until = begun + warm_up, begun + warm_up + seconds
            seen = Seen()
            visitors = [
                Visitor(port, founder, seen, think, counts_from, until) for founder in founders
            ]
            for visitor in visitors:
                visitor.start()
            memory = []
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, _SAMPLED_EVERY))
                if time.monotonic() >= counts_from:
                    memory.append(round(read_memory(server)))
            for visitor in visitors:
                visitor.join(60)
            return summarise(seen, memory, people=people, seconds=seconds)


def wait_until_loaded(port: int) -> None:
    """Until whichever process answers has its encoder and its index: before, there is nothing to
    be measured, and what it loads later would pass for growth."""
    until, well = time.monotonic() + _SECONDS_TO_LOAD, 0
    while well < _WELL_IN_A_ROW and time.monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/readyz?of=pages")
            well = well + 1 if connection.getresponse().status == 200 else 0
        except (OSError, HTTPException):
            well = 0
        finally:
            connection.close()
        time.sleep(0.1 if well else 1)


def summarise(seen: Seen, memory: list[int], *, people: int, seconds: float) -> dict[str, object]:
    """What is printed."""
    answered = sum(seen.answers.values())
    unwanted = {s: n for s, n in seen.answers.items() if int(s) not in _WANTED}
    page, static = find_percentile(seen.pages), find_percentile(seen.static)
    return {
        "name": "load",
        "people": people,
        "seconds": seconds,
        "requests_per_second": round(answered / seconds, 1),
        "errors": sum(unwanted.values()),
        "errors_by_status": unwanted,
        "dropped": sum(seen.dropped.values()),
        "dropped_by_kind": dict(seen.dropped),
        "page_median_ms": round(statistics.median(seen.pages or [0]), 1),
        "page_p95_ms": page,
        "static_p95_ms": static,
        "ratio_p95": round(page / static, 1) if static else None,
        "megabytes_after_warm_up": memory[0] if memory else None,
        "megabytes_at_the_end": memory[-1] if memory else None,
    }


def find_percentile(milliseconds: list[float], share: float = 0.95) -> float:
    """The smallest of them that `share` of them do not exceed; 0 for none."""
    ordered = sorted(milliseconds)
    return round(ordered[math.ceil(len(ordered) * share) - 1], 1) if ordered else 0.0


def main(arguments: list[str]) -> int:
    """1 when anything went wrong for anybody."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--warm-up", type=float, default=60)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--think", type=float, default=8, help="seconds between two clicks")
    parser.add_argument("--mentors", type=int, default=1000)
    found = measure(**vars(parser.parse_args(arguments)))
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["errors"] or found["dropped"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
