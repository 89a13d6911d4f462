"""Programs against a running site: the example of the documentation, and whatever the document
allows or forbids, in several roles."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.demo.accounts import DEMO_ACCOUNTS
from tests.journeys.site import YINQIAO, make_token_of
from tests.rules.project import ROOT

pytestmark = pytest.mark.api

# For each operation and role, and how many ways along links for each of these; the environment asks
# for more in a long run.
FEW = 1
WAYS = 8
EXAMPLES = os.environ.get("YINQIAO_TEST_API_EXAMPLES", str(FEW))
# Fewer requests than these, and the document is not walked as it was: 420 for each role and 3,200
# that are laid out were counted.
LEAST = 350
LEAST_LAID_OUT = 2_000
IS_LONG = int(EXAMPLES) > FEW
MOST_SECONDS = 36_000 if IS_LONG else 900

ROLES = ["founder", "mentor", "operator", *(["centre", "regulator"] if IS_LONG else [])]
LAID_OUT_ROLES = ["founder", *(["operator"] if IS_LONG else [])]

# What is in force elsewhere: a rule of the house may refuse what the document allows.
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture(scope="module")
def site(own_site: str) -> str:
    """Whatever can be sent is sent to it."""
    return own_site


def test_the_example_of_the_documentation_does_the_main_job(site: str, own_folder: Path) -> None:
    token = _create_token(own_folder, "founder@example.org")
    done = subprocess.run(  # noqa: S603  (our own example)
        [sys.executable, ROOT / "docs/api/main_job.py"],
        env=os.environ | {"YINQIAO_API": f"{site}/api/v1", "YINQIAO_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "requested withdraw" in done.stdout
    assert len((ROOT / "docs/api/main_job.py").read_text("utf-8").splitlines()) <= 40


def _create_token(folder: Path, person: str) -> str:
    """As a person does it."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("YINQIAO_")}
    words = ["token", "create", "--person", person, "--scope", "all", "--json"]
    done = subprocess.run(  # noqa: S603  (our own program)
        [YINQIAO, *words],
        env=inherited | {"YINQIAO_INSTANCE_PATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    token: str = json.loads(done.stdout)["token"]
    return token


def run_schemathesis(site: str, folder: Path, role: str, at: Path, *words: str) -> int:
    """Let it ask in the name of the role; how many requests it made."""
    address = f"{role}@example.org"
    assert address in {account.email for account in DEMO_ACCOUNTS}
    token = make_token_of(folder, address)
    # The document is written when it is first asked for, and the program waits ten seconds alone.
    with urllib.request.urlopen(f"{site}/api/v1/openapi.json", timeout=120) as answer:  # noqa: S310  (our own address)
        answer.read()
    at.joinpath("schemathesis.toml").write_text(
        f"[phases.stateful.generation]\nmax-examples = {WAYS * int(EXAMPLES)}\n", encoding="utf-8"
    )
    done = subprocess.run(  # noqa: S603  (a package of ours)
        [
            Path(sys.executable).parent / "schemathesis",
            "run",
            f"{site}/api/v1/openapi.json",
            "--header",
            f"Authorization: Bearer {token}",
            "--exclude-checks",
            LEFT_OUT,
            "--generation-database",
            "none",
            "--seed",
            "7",
            # A machine that is busy with other tests is no fault of an operation.
            "--request-timeout",
            "60",
            *words,
        ],
        cwd=at,
        # What it computes of Unicode is kept where other tests keep it, rather than in `at`.
        env=os.environ | {"HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    told = re.search(r"(\d+) generated", done.stdout)
    assert told is not None, done.stdout[-2_000:]
    print(f"{role}: {told[1]} requests")
    return int(told[1])


@pytest.mark.fuzz
@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_one_that_the_document_names(
    site: str, own_folder: Path, role: str, tmp_path: Path
) -> None:
    """Some 420 requests for each role: one or two for each operation, then along the links."""
    phases = "examples,fuzzing,stateful"
    words = ("--phases", phases, "--max-examples", EXAMPLES)
    assert run_schemathesis(site, own_folder, role, tmp_path, *words) >= LEAST


@pytest.mark.fuzz
@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.parametrize("role", LAID_OUT_ROLES)
def test_cases_that_are_laid_out_rather_than_drawn_are_answered_so_too(
    site: str, own_folder: Path, role: str, tmp_path: Path
) -> None:
    """Some hundred an operation, 3,200 in all: every limit in the document, and what lies beyond.

    Behind an address with an id they would all be told that there is no such thing, so that they
    are left to a long run.
    """
    words = ["--phases", "coverage", "--max-examples", EXAMPLES]
    if not IS_LONG:
        words += ["--exclude-path-regex", r"\{"]
    assert run_schemathesis(site, own_folder, role, tmp_path, *words) >= LEAST_LAID_OUT
