"""Processes of a server take their share of the cores, and an operator's own word counts more."""

import os
import subprocess
import sys

from app.commands.cores import share_cores


def test_processes_share_the_cores_and_each_has_at_least_one() -> None:
    cores = len(os.sched_getaffinity(0))
    alone: dict[str, str] = {}
    crowded: dict[str, str] = {}

    share_cores(alone, processes=1)
    share_cores(crowded, processes=2 * cores)

    assert alone["OMP_NUM_THREADS"] == str(cores)
    assert crowded["OMP_NUM_THREADS"] == "1"
    assert alone["OPENBLAS_NUM_THREADS"] == "1"
    assert alone["LRU_CACHE_CAPACITY"] == alone["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "32"


def test_what_the_operator_has_set_stays() -> None:
    environ = {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "3"}

    share_cores(environ, processes=2)

    assert (environ["OMP_NUM_THREADS"], environ["OPENBLAS_NUM_THREADS"]) == ("7", "3")


def test_the_command_line_says_so_before_numpy_is_loaded() -> None:
    program = """
import os, sys, types
server = sys.modules["app.commands.server"] = types.ModuleType("app.commands.server")
server.assume_public_url = lambda environ, **others: None
server.serve_pages = lambda **others: print(
    "numpy" in sys.modules, os.environ["OPENBLAS_NUM_THREADS"]
)
from app.commands.cli import main
main(["serve", "--processes", "2"])
"""
    environ = {name: value for name, value in os.environ.items() if "_NUM_THREADS" not in name}

    said = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, check=True, env=environ
    )

    assert said.stdout.split() == [b"False", b"1"]
