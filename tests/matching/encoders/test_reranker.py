"""A cross-encoder reads the first of a list again; none is downloaded, it is built here."""

from pathlib import Path

import numpy as np
import pytest

from matching.encoders.cross import Reranker, open_reranker, prepare_reranker
from matching.encoders.errors import EncoderMissing


@pytest.fixture(scope="module")
def cross_folder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of a few kilobytes with nonsense for weights."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("cross")
    config = BertConfig(
        vocab_size=11,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
        type_vocab_size=2,
        pad_token_id=1,
        num_labels=1,
        initializer_range=2.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(tiny_folder, model_max_length=64)
    tokenizer.save_pretrained(folder)
    return folder


def test_each_text_has_its_own_figure_whatever_else_is_in_the_list(cross_folder: Path) -> None:
    reranker = Reranker(str(cross_folder))
    texts = ["器件", "件 " * 60, "", "\ud800 器"]
    together = reranker.compare("器 件", texts)
    assert together.shape == (4,)
    assert np.isfinite(together).all()
    assert len(set(together.tolist())) > 1
    alone = [float(reranker.compare("器 件", [text])[0]) for text in texts]
    assert together.tolist() == alone
    assert reranker.compare("器", []).shape == (0,)
    assert len(reranker.fingerprint) == 64


def test_what_is_not_there_is_said_with_the_setting(tmp_path: Path) -> None:
    assert open_reranker("") is None
    assert prepare_reranker("") is None
    with pytest.raises(EncoderMissing, match="YINQIAO_RERANKER"):
        Reranker(str(tmp_path / "nothing")).compare("器", ["件"])
    with pytest.raises(EncoderMissing, match="YINQIAO_RERANKER"):
        prepare_reranker(str(tmp_path / "nothing"))


def test_a_folder_is_prepared_by_being_there(cross_folder: Path) -> None:
    assert prepare_reranker(str(cross_folder)) == cross_folder
