"""What the setting YINQIAO_ENCODER may say, and the encoder that needs no model."""

from pathlib import Path

import numpy as np
import pytest

from matching.encoders import choice as encoder_choice
from matching.encoders.bundle import bundled_folder
from matching.encoders.choice import open_encoder, prepare_encoder
from matching.encoders.contract import TextEncoder
from matching.encoders.errors import EncoderMissing
from matching.encoders.hashing import HashingEncoder
from matching.encoders.joined import JoinedEncoder

TEXTS = [
    "碳化硅功率器件的可靠性验证",
    "功率器件的车规可靠性",
    "新药研发与动物实验",
    "Gallium nitride power amplifiers",
    "amplifier design in gallium nitride",
    "",
    "！？…",
    "lone \ud800 surrogate",
]


@pytest.mark.parametrize("setting", ["", "bundled"])
def test_the_bundled_encoder_is_the_default(setting: str, tmp_path: Path) -> None:
    encoder = open_encoder(setting, cache_root=tmp_path)
    assert isinstance(encoder, JoinedEncoder)
    with pytest.raises(EncoderMissing, match="run `yinqiao encoder prepare`"):
        encoder.check()
    assert list(tmp_path.iterdir()) == []


def test_preparing_the_default_makes_it_usable(encoder_folder: Path) -> None:
    root = encoder_folder.parent
    assert prepare_encoder("bundled", cache_root=root) == bundled_folder(root)
    encoder = open_encoder("bundled", cache_root=root)
    assert isinstance(encoder, JoinedEncoder)
    encoder.check()


def test_a_folder_is_taken_as_it_is(tiny_folder: Path, tmp_path: Path) -> None:
    assert prepare_encoder(str(tiny_folder), cache_root=tmp_path) == tiny_folder
    encoder = open_encoder(str(tiny_folder), cache_root=tmp_path)
    assert encoder.encode(["器件"], role="query").shape == (1, 32)


def test_a_name_is_downloaded_once(
    monkeypatch: pytest.MonkeyPatch, tiny_folder: Path, tmp_path: Path
) -> None:
    asked: list[str] = []

    def download(name: str, **_: object) -> str:
        asked.append(name)
        return str(tiny_folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    assert prepare_encoder("BAAI/bge-m3", cache_root=tmp_path) == tiny_folder
    assert prepare_encoder("LaBSE", cache_root=tmp_path) == tiny_folder
    assert asked == ["BAAI/bge-m3", "sentence-transformers/LaBSE"]


def test_an_unreachable_hub_names_the_ways_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def download(name: str, **_: object) -> str:
        raise OSError("no route to the hub")

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    with pytest.raises(EncoderMissing, match=r"no route.*YINQIAO_ENCODER.*HF_ENDPOINT"):
        prepare_encoder("BAAI/bge-m3", cache_root=tmp_path)
    with pytest.raises(EncoderMissing, match="there is no encoder at /nowhere"):
        prepare_encoder("/nowhere", cache_root=tmp_path)


def test_hashing_needs_no_preparation(tmp_path: Path) -> None:
    assert prepare_encoder(encoder_choice.HASHING, cache_root=tmp_path) is None
    encoder: TextEncoder = open_encoder("hashing", cache_root=tmp_path)
    assert isinstance(encoder, HashingEncoder)


def test_hashing_gives_unit_rows_that_never_change() -> None:
    encoder = HashingEncoder()
    vectors = encoder.encode(TEXTS, role="query")
    assert (vectors.shape, vectors.dtype) == ((8, 256), np.dtype(np.float32))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(8), abs=1e-6)
    assert vectors.tolist() == encoder.encode(TEXTS, role="passage").tolist()
    assert encoder.encode([], role="query").shape == (0, 256)
    # Stored vectors depend on these: whoever changes them must change the version as well.
    assert np.flatnonzero(encoder.encode(["SiC"], role="query")[0]).tolist() == [26, 193, 245]
    assert encoder.fingerprint.startswith("1b514904")


def test_hashing_brings_texts_with_common_words_together() -> None:
    similar = (
        HashingEncoder().encode(TEXTS, role="query")
        @ HashingEncoder().encode(TEXTS, role="passage").T
    )
    assert similar[0, 1] > similar[0, 2] + 0.2
    assert similar[3, 4] > similar[3, 0] + 0.2
