"""Both stores keep the same promises, and say the same things when they cannot."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.settings import SettingInvalid, Settings, read_bucket, read_settings
from app.vault.storage.choice import make_store
from app.vault.storage.folder import FolderStore
from app.vault.storage.port import (
    KEY,
    FileDamaged,
    FileMissing,
    FileStore,
    StoreUnavailable,
    make_key,
    read_checked,
)
from app.vault.storage.s3 import BucketStore
from tests.app.vault.s3_server import ACCESS_KEY, SECRET_KEY, S3Server, run_s3


@pytest.fixture
def s3() -> Iterator[S3Server]:
    with run_s3() as server:
        yield server


def open_bucket(url: str) -> BucketStore:
    settings = read_bucket(url)
    assert settings is not None
    return BucketStore(settings)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "documents")
    return open_bucket(request.getfixturevalue("s3").url)


def test_what_is_put_is_there_until_it_is_removed(store: FileStore) -> None:
    content = bytes(range(256)) * 40_000
    key = make_key(content)
    assert list(store.list_files()) == []

    store.put(key, content)

    assert read_checked(store, key) == content
    (listed,) = store.list_files()
    assert (listed.key, listed.size) == (key, len(content))
    assert abs(listed.modified_at - datetime.now(UTC)) < timedelta(minutes=1)

    store.remove(key)
    store.remove(key)

    assert list(store.list_files()) == []
    with pytest.raises(FileMissing):
        store.read(key)


def test_long_lists_come_as_a_whole(store: FileStore) -> None:
    keys = {make_key(str(number).encode()) for number in range(7)}
    for key in keys:
        store.put(key, b"x")

    assert {file.key for file in store.list_files()} == keys


def test_the_same_bytes_get_another_key_each_time() -> None:
    keys = {make_key(b"x") for _number in range(20)}

    assert len(keys) == 20
    assert all(KEY.fullmatch(key) for key in keys)


def test_other_bytes_than_the_key_says_are_noticed(store: FileStore) -> None:
    key = make_key(b"what was sent")
    store.put(key, b"what was not")

    with pytest.raises(FileDamaged):
        read_checked(store, key)


@pytest.mark.parametrize(
    "key", ["../secret_key", "/etc/passwd", "", "aa/" + "b" * 64, "incoming/x"]
)
def test_what_is_no_key_leads_nowhere(store: FileStore, key: str) -> None:
    for act in (lambda: store.put(key, b"x"), lambda: store.read(key)):
        with pytest.raises(ValueError, match="no key"):
            act()


def test_a_folder_is_for_its_owner_alone_and_leaves_no_drafts(tmp_path: Path) -> None:
    store, key = FolderStore(tmp_path / "documents"), make_key(b"x")
    store.put(key, b"x")

    path = tmp_path / "documents" / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "documents").stat().st_mode) == 0o700
    assert list((tmp_path / "documents" / "incoming").iterdir()) == []


def test_a_folder_that_cannot_be_written_says_so_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(StoreUnavailable, match="No space left"):
        store.put(make_key(b"x"), b"x")
    assert list(store.list_files()) == []


def test_drafts_that_were_left_are_listed_and_can_be_removed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "0123456789abcdef").write_bytes(b"half a fi")
    (tmp_path / "notes.txt").write_text("somebody else's")
    (tmp_path / "aa").mkdir()
    (tmp_path / "aa" / "notes.txt").write_text("somebody else's")

    (draft,) = store.list_files()
    store.remove(draft.key)

    assert draft.key == "incoming/0123456789abcdef"
    assert list(store.list_files()) == []
    assert (tmp_path / "aa" / "notes.txt").exists()


def test_a_bucket_that_is_slow_for_a_moment_is_asked_again(s3: S3Server) -> None:
    store, key = open_bucket(s3.url), make_key(b"x")
    s3.failures = 2

    store.put(key, b"x")

    assert store.read(key) == b"x"
    assert list(s3.objects) == [f"vault/{key}"]


def test_a_bucket_that_refuses_or_is_away_says_so_without_secrets(s3: S3Server) -> None:
    refused = open_bucket(s3.url.replace(ACCESS_KEY, "somebody"))
    elsewhere = open_bucket(s3.url.replace("/documents/", "/nothing/"))
    away = open_bucket("s3+http://k:s@127.0.0.1:9/documents")
    for store in (refused, elsewhere, away):
        with pytest.raises(StoreUnavailable) as caught:
            store.put(make_key(b"x"), b"x")
        assert SECRET_KEY not in str(caught.value)
        with pytest.raises(StoreUnavailable):
            list(store.list_files())


@pytest.mark.parametrize(
    ("url", "endpoint", "encrypted", "in_host", "region", "prefix"),
    [
        ("s3://k:s@minio.example:9000/b", "minio.example:9000", True, False, "us-east-1", ""),
        ("s3://k:s@x.aliyuncs.com/b/a/b", "x.aliyuncs.com", True, True, "us-east-1", "a/b"),
        ("s3+http://k:s@localhost/b/?region=cn&bucket=host", "localhost", False, True, "cn", ""),
    ],
)
def test_addresses_of_buckets_are_read(
    url: str, endpoint: str, encrypted: bool, in_host: bool, region: str, prefix: str
) -> None:
    settings = read_bucket(url)

    assert settings is not None
    assert (settings.endpoint, settings.is_encrypted) == (endpoint, encrypted)
    assert (settings.is_bucket_in_host, settings.region) == (in_host, region)
    assert (settings.bucket, settings.prefix) == ("b", prefix)


@pytest.mark.parametrize(
    "url",
    [
        "https://k:s@h/b",
        "s3://h/b",
        "s3://k@h/b",
        "s3://k:s@h",
        "s3://k:s@h/b?x=1",
        "s3://k:s@h:x/b",
        "s3://k:s@h/b?bucket=elsewhere",
        "s3://k:s@h/b?region=",
    ],
)
def test_other_addresses_stop_the_start_without_repeating_secrets(url: str, tmp_path: Path) -> None:
    environment = {"YINQIAO_INSTANCE_PATH": str(tmp_path), "YINQIAO_DOCUMENTS_URL": url}
    with pytest.raises(SettingInvalid, match="YINQIAO_DOCUMENTS_URL") as caught:
        read_settings(environment)
    assert "k:s" not in str(caught.value)


def test_without_a_bucket_files_are_in_the_instance_folder(tmp_path: Path) -> None:
    settings = Settings(instance_path=tmp_path, database_url="sqlite://", secret_key="x")
    key = make_key(b"x")

    make_store(settings).put(key, b"x")

    assert (tmp_path / "documents" / key).read_bytes() == b"x"
    assert "s3cret" not in repr(read_bucket("s3://k:s3cret@h/b"))
