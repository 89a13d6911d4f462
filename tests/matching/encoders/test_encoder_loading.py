"""When an encoder is looked for, loaded and computed with, and what happens where it is not."""

import json
import logging
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.encoders import source as encoder_source
from matching.encoders.errors import EncoderMissing
from matching.encoders.model import Encoder
from matching.encoders.source import compute_fingerprint, find_folder, read_dimensions
from tests.matching.conftest import REPOSITORY

# Never is the network tried meanwhile: whatever would is refused, and noted.
LAZY = """
import json, socket, sys
tried = []
def refuse(*_, **__):
    tried.append("the network was tried")
    raise OSError("the network was tried")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from matching.encoders.model import Encoder
encoder = Encoder(sys.argv[1])
encoder.check()
assert len(encoder.fingerprint) == 64
assert encoder.dimensions == 384
assert encoder.encode([], role="query").shape == (0, 384)
heavy = {"torch", "sentence_transformers", "transformers"}
early = sorted(heavy & set(sys.modules))
shape = encoder.encode(["x"], role="query").shape
late = sorted(heavy & set(sys.modules))
print(json.dumps({"early": early, "late": late, "shape": shape, "tried": tried}))
"""

# Two processes from one that has not encoded, then two from the same once it has, as under a
# server that loads before it forks. What is imported takes seconds, and is imported once.
FORK = """
import json, os, sys
import numpy as np
import matching.encoders.loaded_model
from matching.encoders.model import Encoder
encoder = Encoder(sys.argv[1])
texts = ["碳化硅器件" * n for n in (1, 3, 11, 29)]
def fork_twice(before):
    children = []
    for _ in range(2):
        if (child := os.fork()) == 0:
            here = encoder.encode(texts, role="passage")
            same = before is None or np.einsum("nd,nd->n", here, before).min() > 0.9999
            os._exit(0 if same else 1)
        children.append(child)
    return [os.waitpid(child, 0)[1] for child in children]
unused = fork_twice(None)
before = encoder.encode(texts, role="passage")
used = fork_twice(before)
after = encoder.encode(texts, role="passage")
print(json.dumps({"unused": [unused, before.shape], "used": [used, after.shape]}))
"""


def run_code(code: str, *arguments: str) -> Any:
    """What `code` writes as JSON, in a process of its own: to load torch takes seconds."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(  # noqa: S603
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def first_text(encoder_folder: Path) -> dict[str, Any]:
    """What happens in a process that encodes its first text."""
    found: dict[str, Any] = run_code(LAZY, str(encoder_folder))
    return found


@pytest.fixture(scope="module")
def forked(encoder_folder: Path) -> dict[str, Any]:
    """How those ended who were forked by one that had encoded, or had not; what it still can."""
    found: dict[str, Any] = run_code(FORK, str(encoder_folder))
    return found


@pytest.fixture
def copied_settings(encoder_folder: Path, tmp_path: Path) -> Path:
    """The folder without its weights: enough for everything before encoding."""
    copy = tmp_path / "copy"
    shutil.copytree(encoder_folder, copy, ignore=shutil.ignore_patterns("*.safetensors", ".*"))
    return copy


def test_torch_is_loaded_with_the_first_text(first_text: dict[str, Any]) -> None:
    assert first_text["early"] == []
    assert first_text["late"] == ["sentence_transformers", "torch", "transformers"]


def test_the_network_is_never_tried(first_text: dict[str, Any]) -> None:
    assert first_text["tried"] == []
    assert first_text["shape"] == [1, 384]


@pytest.mark.concurrency
@pytest.mark.parametrize("state", ["used", "unused"])
def test_a_forked_process_can_encode(forked: dict[str, Any], state: str) -> None:
    assert forked[state] == [[0, 0], [4, 384]]


@pytest.mark.concurrency
def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    batches = [[f"{'碳化硅 ' * n}第 {k} 批" for n in range(1, 12)] for k in range(8)]
    one_by_one = [encoder.encode(batch, role="query") for batch in batches]
    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(lambda batch: encoder.encode(batch, role="query"), batches))
    for alone, shared in zip(one_by_one, at_once, strict=True):
        assert np.einsum("nd,nd->n", alone, shared).min() >= 0.9999


@pytest.mark.parametrize(
    "name", ["/nowhere/encoder", "no-such-owner/no-such-model", "no-such-model", "a b?c", ""]
)
def test_a_missing_encoder_names_the_fix(name: str) -> None:
    encoder = Encoder(name)
    for use in (
        encoder.check,
        lambda: encoder.fingerprint,
        lambda: encoder.dimensions,
        lambda: encoder.encode(["x"], role="query"),
    ):
        with pytest.raises(EncoderMissing, match=r"yinqiao encoder prepare.*YINQIAO_ENCODER"):
            use()


def test_a_folder_without_a_model_is_a_missing_encoder(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match="holds no encoder"):
        Encoder(str(tmp_path)).check()


def test_a_name_is_found_among_the_downloaded(
    copied_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloaded = {"BAAI/bge-m3", "sentence-transformers/LaBSE"}

    def find(name: str, file: str) -> str | None:
        return str(copied_settings / file) if name in downloaded else None

    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", find)
    assert find_folder("BAAI/bge-m3") == find_folder("LaBSE") == copied_settings
    with pytest.raises(EncoderMissing, match="not on this machine"):
        find_folder("BAAI/bge-large")


def test_the_fingerprint_is_of_the_content_alone(copied_settings: Path, tmp_path: Path) -> None:
    first = compute_fingerprint(copied_settings)
    other = tmp_path / "elsewhere"
    shutil.copytree(copied_settings, other)
    (other / ".fingerprint.json").unlink()
    (other / "README.md").write_text("what it is")
    assert compute_fingerprint(other) == first
    pooling = other / "1_Pooling" / "config.json"
    pooling.write_text(pooling.read_text().replace("mean_tokens", "cls_token"))
    assert compute_fingerprint(other) != first


def test_the_fingerprint_is_computed_once(
    copied_settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = compute_fingerprint(copied_settings)

    def refuse(*_: object) -> object:
        raise AssertionError("the files were read again")

    monkeypatch.setattr(encoder_source.hashlib, "file_digest", refuse)
    assert compute_fingerprint(copied_settings) == first


def test_a_damaged_side_file_is_not_believed(copied_settings: Path) -> None:
    first = compute_fingerprint(copied_settings)
    for content in ("{", "[]", json.dumps({"stamps": {}, "fingerprint": "0" * 64})):
        (copied_settings / ".fingerprint.json").write_text(content)
        assert compute_fingerprint(copied_settings) == first


def test_dimensions_are_read_from_the_settings(copied_settings: Path) -> None:
    assert read_dimensions(copied_settings) == 384
    pooling = copied_settings / "1_Pooling" / "config.json"
    pooling.write_text('{"embedding_dimension": 100, "pooling_mode": ["cls", "mean"]}')
    assert read_dimensions(copied_settings) == 200
    (copied_settings / "modules.json").unlink()
    assert read_dimensions(copied_settings) == 384
    (copied_settings / "config.json").unlink()
    assert read_dimensions(copied_settings) is None


@pytest.mark.parametrize(
    ("capability", "precision"),
    [("avx512_bf16", "bfloat16"), ("amx_bf16", "bfloat16"), ("avx2", "float32")],
)
def test_precision_follows_the_processor(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tiny_folder: Path,
    capability: str,
    precision: str,
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {capability: True})
    with caplog.at_level(logging.INFO, logger="matching.encoders.loaded_model"):
        encoder = Encoder(str(tiny_folder))
        encoder.encode(["器件"], role="query")
        encoder.encode(["器件"], role="query")
    said = [record.getMessage() for record in caplog.records]
    assert [precision in message for message in said if "computes in" in message] == [True]
