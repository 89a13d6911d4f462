"""A snapshot is used only when it is whole, of this database and of what reads it; never after
somebody in it was removed."""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import matching
from matching import engine as engine_module
from matching.engine import Engine
from matching.index import snapshot
from matching.index.columns import Columns
from matching.index.snapshot import Origin, SnapshotFolder
from matching.records import Change, ProviderRecord, Query, Service, Standing, StandingChange
from tests.matching.memory_source import MemorySource, make_engine, read_background

TEXTS = (
    "碳化硅晶圆工艺导师。管过外延和刻蚀产线，帮助多家公司提升良率。",
    "Animal test centre for cardiac catheters. Imaging and type inspection on one site.",
    "早期硬科技种子基金。投集成电路和先进材料，首笔三百万元。",
    "Zebrafish xylophone quokka. She plays all three of them, every Sunday, in the park.",
)
QUERIES = (Query("碳化硅良率上不去，需要懂晶圆工艺的导师。"), Query("cardiac catheter imaging"))


class WatchedSource(MemorySource):
    """Says from which revision it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read_from: list[int] = []

    def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
        self.read_from.append(revision)
        return super().changes_after(revision, fingerprint)


def make_source() -> WatchedSource:
    source = WatchedSource()
    for provider_id, text in enumerate(TEXTS, start=1):
        source.put(provider_id, text, standing=Standing(pools=frozenset({provider_id % 2})))
    return source


def leave_snapshot(source: MemorySource, folder: Path) -> Path:
    """The folder of a snapshot of all that the source holds."""
    engine = make_engine(source, folder)
    engine.catch_up()
    assert engine.save_snapshot()
    (path,) = list_snapshots(folder)
    return path


def list_snapshots(folder: Path) -> list[Path]:
    return [path for path in (folder / "index").iterdir() if path.is_dir()]


def start_from(source: WatchedSource, folder: Path) -> int:
    """The revision from which a new engine had to read; it answers as one without a folder."""
    source.read_from.clear()
    engine = make_engine(source, folder)
    answers = [engine.match(query) for query in QUERIES]
    first = source.read_from[0]
    fresh = make_engine(source)
    assert answers == [fresh.match(query) for query in QUERIES]
    return first


def test_an_engine_starts_where_the_snapshot_ends(tmp_path: Path) -> None:
    source = make_source()
    leave_snapshot(source, tmp_path)
    assert start_from(source, tmp_path) == 4
    source.put(9, TEXTS[0])
    source.change_standing(2, Standing(published=False))
    assert start_from(source, tmp_path) == 4


def damage_texts(path: Path) -> None:
    file = path / "texts.utf8"
    content = bytearray(file.read_bytes())
    content[3] ^= 1
    file.write_bytes(content)


def cut_vectors(path: Path) -> None:
    file = path / "sentences.float32"
    os.truncate(file, file.stat().st_size - 4)


def lose_vectors(path: Path) -> None:
    (path / "wholes.float32").unlink()


def lose_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def forge_manifest(path: Path) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["body"] = manifest["body"].replace('"revision": 4', '"revision": 3')
    (path / "manifest.json").write_text(json.dumps(manifest))


def garble_manifest(path: Path) -> None:
    (path / "manifest.json").write_bytes(b"\xff\x00[")


def replace_body(path: Path, body: str) -> None:
    """A manifest of `body`, with the sum that belongs to it."""
    digest = hashlib.blake2b(body.encode(), digest_size=32).hexdigest()
    (path / "manifest.json").write_text(json.dumps({"sum": digest, "body": body}))


def add_file(path: Path) -> None:
    (path / "more.npy").write_bytes(b"more")


def pass_for_later(path: Path) -> None:
    path.rename(path.with_name(path.name.replace("000000000004", "000000000003")))


@pytest.mark.faults
@pytest.mark.parametrize(
    "damage",
    [
        damage_texts,
        cut_vectors,
        lose_vectors,
        lose_manifest,
        forge_manifest,
        garble_manifest,
        add_file,
        pass_for_later,
    ],
)
def test_a_damaged_snapshot_is_thrown_away_and_the_index_built_again(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    source = make_source()
    damage(leave_snapshot(source, tmp_path))
    assert start_from(source, tmp_path) == 0
    assert list_snapshots(tmp_path) == []


@pytest.mark.faults
@pytest.mark.parametrize("body", ["[]", "null", '"x"', '{"files": []}', "[" * 100_000])
def test_whatever_a_manifest_says_the_index_is_built(body: str, tmp_path: Path) -> None:
    source = make_source()
    replace_body(leave_snapshot(source, tmp_path), body)
    assert start_from(source, tmp_path) == 0
    assert list_snapshots(tmp_path) == []


@pytest.mark.faults
def test_a_link_that_passes_for_a_snapshot_is_neither_read_nor_followed(tmp_path: Path) -> None:
    source = make_source()
    path = leave_snapshot(source, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    path.with_name(path.name.replace("000000000004", "000000000009")).symlink_to(elsewhere)
    assert start_from(source, tmp_path) == 4
    assert list(elsewhere.iterdir()) == [elsewhere / "kept"]


@pytest.mark.faults
def test_a_folder_that_cannot_be_written_to_keeps_nobody_from_searching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(engine_module, "_LEAST_UNSAVED", 1)
    monkeypatch.setattr(snapshot, "_sync_folder", fail)
    source = make_source()
    assert start_from(source, tmp_path) == 0
    wait_for_writers()
    assert "no snapshot of the index could be written" in caplog.text
    assert list_snapshots(tmp_path) == []


def wait_for_writers() -> None:
    for thread in threading.enumerate():
        if thread.name == "snapshot":
            thread.join(timeout=30)


def test_of_another_database_encoder_or_program_nothing_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source()
    leave_snapshot(source, tmp_path)
    source.identity = "fedcba9876543210"
    assert start_from(source, tmp_path) == 0
    source.identity = "0123456789abcdef"
    assert start_from(source, tmp_path) == 4
    monkeypatch.setattr(snapshot, "read_program", lambda: "another")
    assert start_from(source, tmp_path) == 0


def test_origins_differ_in_each_of_their_parts() -> None:
    origins = [Origin("a", "b", "c"), Origin("x", "b", "c"), Origin("a", "x", "c")]
    assert len({origin.short for origin in [*origins, Origin("a", "b", "x")]}) == 4
    assert len(snapshot.read_program()) == 64


@pytest.mark.parametrize(
    "changed", ["text/words.py", "text/stop_words.txt", "encoders/joined.py", "engine.py"]
)
def test_every_file_of_the_package_changes_the_program(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot cut by other rules would be read in silence."""
    package = tmp_path / "matching"
    shutil.copytree(Path(matching.__file__).parent, package)
    monkeypatch.setattr(snapshot, "_PACKAGE", package)
    before = snapshot.read_program.__wrapped__()
    assert snapshot.read_program.__wrapped__() == before
    with (package / changed).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert snapshot.read_program.__wrapped__() != before


def test_a_database_put_back_to_an_earlier_state_is_read_anew(tmp_path: Path) -> None:
    source = make_source()
    leave_snapshot(source, tmp_path)
    del source.states[4]
    source.revision = 3
    assert start_from(source, tmp_path) == 0


def test_without_an_identity_nothing_is_left(tmp_path: Path) -> None:
    source = make_source()
    source.identity = ""
    engine = make_engine(source, tmp_path)
    engine.catch_up()
    assert not engine.save_snapshot()
    assert not (tmp_path / "index").exists()


def test_another_database_behind_the_source_is_noticed_at_the_next_change(tmp_path: Path) -> None:
    source = make_source()
    engine = make_engine(source, tmp_path)
    engine.catch_up()
    source.identity = "fedcba9876543210"
    source.states.pop(1)
    assert not engine.save_snapshot()
    source.put(7, TEXTS[1])
    assert engine.match(QUERIES[1]) == make_engine(source).match(QUERIES[1])


@pytest.mark.privacy
def test_no_byte_of_a_removed_provider_is_left_on_disk(tmp_path: Path) -> None:
    source = make_source()
    leave_snapshot(source, tmp_path)
    other = make_engine(source, tmp_path)
    other.catch_up()
    assert holds_bytes(tmp_path, b"quokka")
    source.remove(4)
    # The process that applies the removal has not written the snapshot.
    other.catch_up()
    assert not holds_bytes(tmp_path, b"quokka")
    assert other.save_snapshot()
    assert not holds_bytes(tmp_path, b"quokka")
    assert start_from(source, tmp_path) == 5


def holds_bytes(folder: Path, content: bytes) -> bool:
    return any(content in path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.privacy
def test_a_writer_that_has_not_seen_a_removal_leaves_nothing(tmp_path: Path) -> None:
    """Both orders: the removal is applied before the snapshot is in its place, or after."""
    source = make_source()
    late, quick = make_engine(source, tmp_path), make_engine(source, tmp_path)
    late.catch_up()
    source.remove(4)
    quick.catch_up()
    late.save_snapshot()
    assert not holds_bytes(tmp_path, b"quokka")
    assert list_snapshots(tmp_path) == []
    folder = SnapshotFolder(tmp_path / "index", source.read_identity)
    folder.forget_before(source.identity, 2)
    late.save_snapshot()
    assert list_snapshots(tmp_path) == []


@pytest.mark.concurrency
def test_two_writers_do_not_write_at_once_and_leave_one_snapshot(tmp_path: Path) -> None:
    source = make_source()
    engine = make_engine(source, tmp_path)
    engine.catch_up()
    folder = SnapshotFolder(tmp_path / "index", source.read_identity)
    with folder.writing(source.identity) as writer:
        assert writer is not None
        assert not engine.save_snapshot()
    assert engine.save_snapshot()
    assert not engine.save_snapshot()
    source.put(5, TEXTS[0])
    engine.catch_up()
    assert engine.save_snapshot()
    assert len(list_snapshots(tmp_path)) == 1


@pytest.mark.faults
def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path) -> None:
    source = make_source()
    left = tmp_path / "index" / "unfinished-abc"
    left.mkdir(parents=True)
    (left / "texts.utf8").write_text(TEXTS[3])
    assert start_from(source, tmp_path) == 0
    leave_snapshot(source, tmp_path)
    assert not left.exists()


@pytest.mark.faults
def test_a_snapshot_that_vanishes_while_it_is_read_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_source()
    path = leave_snapshot(source, tmp_path)
    verify = snapshot._verify

    def verify_and_lose(*arguments: object) -> None:
        verify(*arguments)  # type: ignore[arg-type]
        shutil.rmtree(path)

    monkeypatch.setattr(snapshot, "_verify", verify_and_lose)
    assert start_from(source, tmp_path) == 0


def test_many_changes_leave_a_snapshot_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_LEAST_UNSAVED", 4)
    source = make_source()
    engine = make_engine(source, tmp_path)
    engine.catch_up()
    wait_for_writers()
    assert len(list_snapshots(tmp_path)) == 1
    source.put(1, TEXTS[1])
    engine.catch_up()
    wait_for_writers()
    assert start_from(source, tmp_path) == 4


def test_a_standing_comes_back_from_the_columns_as_it_was_put() -> None:
    full = Standing(
        published=False,
        pools=frozenset({3, 900_000}),
        open_to_all=False,
        fields=frozenset({"biomedicine", "automobiles"}),
        place_code="310100",
        remote=False,
        languages=frozenset({"zh", "en"}),
        capacity=7,
        free_capacity=2,
        hours_per_month=0,
        seat="academic",
        funding_stages=frozenset({"seed"}),
        instruments=frozenset({"equity"}),
        ticket_min_yuan=0,
        ticket_max_yuan=5_000_000,
        services=(Service("pilot", 60, 90_000, 1), Service("lab", 10, 5_000, 3)),
        accepts_vouchers=True,
        recent_exposure=4,
        is_newcomer=True,
        recent_requests=6,
        unanswered_requests=5,
        answer_hours=3.25,
        rating=4.5,
    )
    plain = Standing()
    for field in fields(Standing):
        assert getattr(full, field.name) != getattr(plain, field.name), field.name
    columns, copy = Columns(), Columns()
    for row in range(200):
        columns.put(row, "centre" if row % 2 else "mentor", full if row % 2 else plain)
    columns.put(1, "mentor", plain)
    columns.remove(3)
    copy.restore(columns.export())
    for held in (columns, copy):
        assert held.read_standing(101) == full
        assert held.read_kind(101) == "centre"
        assert held.read_standing(0) == held.read_standing(1) == plain
        assert not held.live[3]
        assert np.flatnonzero(held.is_in_pool(900_000))[:2].tolist() == [5, 7]


def test_a_standing_of_an_unknown_provider_makes_the_index_be_built_again() -> None:
    class Forgetful(MemorySource):
        """Believes that whoever has seen anything has seen all texts."""

        def changes_after(self, revision: int, fingerprint: str) -> Iterator[Change]:
            for change in super().changes_after(revision, fingerprint):
                if revision and isinstance(change, ProviderRecord):
                    yield StandingChange(change.id, change.revision, change.kind, change.standing)
                else:
                    yield change

    source = Forgetful()
    source.put(1, TEXTS[0])
    engine = Engine(make_engine(source).encoder, source, background=read_background())
    engine.catch_up()
    source.put(2, TEXTS[1])
    assert [r.provider_id for r in engine.match(QUERIES[1]).results] == [2, 1]
