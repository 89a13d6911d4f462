"""Models other than the bundled one: packed where that is sound, else the library's own way."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from matching.encoders.model import Encoder

TEXTS = ["器件", "", "器 件 器件～", "件 " * 30, "器件 " * 200, "器件", "件 件"]
MAX_TOKENS = 64


def make_bert(size: dict[str, int]) -> Any:
    from transformers import BertConfig, BertModel

    return BertModel(BertConfig(**size, max_position_embeddings=MAX_TOKENS))


def make_xlm_roberta(size: dict[str, int]) -> Any:
    from transformers import XLMRobertaConfig, XLMRobertaModel

    # Two more positions, since this family counts from behind the padding index.
    config = XLMRobertaConfig(**size, max_position_embeddings=MAX_TOKENS + 2, type_vocab_size=1)
    return XLMRobertaModel(config)


def make_distilbert(size: dict[str, int]) -> Any:
    from transformers import DistilBertConfig, DistilBertModel

    config = DistilBertConfig(
        vocab_size=size["vocab_size"],
        dim=size["hidden_size"],
        hidden_dim=size["intermediate_size"],
        n_layers=size["num_hidden_layers"],
        n_heads=size["num_attention_heads"],
        max_position_embeddings=MAX_TOKENS,
        pad_token_id=1,
    )
    return DistilBertModel(config)


def save_model(make: Callable[[dict[str, int]], Any], pooling: Any, start: Path, to: Path) -> Path:
    """A sentence-transformers folder with random weights and the tokenizer of `start`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import AutoTokenizer

    torch.manual_seed(7)
    size = {
        "vocab_size": 11,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "pad_token_id": 1,
    }
    plain = to / "plain"
    make(size).save_pretrained(plain)
    tokenizer = AutoTokenizer.from_pretrained(start, model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(plain)
    pool = Pooling(32, pooling)
    dense = Dense(pool.get_embedding_dimension(), 24)
    model = SentenceTransformer(modules=[Transformer(str(plain)), pool, dense], device="cpu")
    model.save(str(to / "model"))
    return to / "model"


@pytest.mark.parametrize("pooling", ["mean", "cls", ("max", "mean_sqrt_len_tokens")], ids=str)
@pytest.mark.parametrize(
    ("make", "packed"),
    [(make_bert, True), (make_xlm_roberta, True), (make_distilbert, False)],
    ids=["bert", "xlm-roberta", "distilbert"],
)
def test_every_family_gives_what_the_library_gives(
    make: Callable[[dict[str, int]], Any],
    packed: bool,
    pooling: Any,
    tiny_folder: Path,
    tmp_path: Path,
) -> None:
    from sentence_transformers import SentenceTransformer

    from matching.encoders.packed import can_pack

    folder = save_model(make, pooling, tiny_folder, tmp_path)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    assert can_pack(model) is packed
    theirs = model.encode(TEXTS, normalize_embeddings=True)
    encoder = Encoder(str(folder), precision="float32")
    ours = encoder.encode(TEXTS, role="query")
    assert encoder.dimensions == 24
    assert ours == pytest.approx(theirs, abs=1e-5)
    # It has no prompts, so the roles are one.
    assert ours.tolist() == encoder.encode(TEXTS, role="passage").tolist()
    reduced = Encoder(str(folder), precision="bfloat16").encode(TEXTS, role="query")
    assert np.einsum("nd,nd->n", ours, reduced).min() >= 0.999


def test_a_model_without_a_transformer_can_be_used(tiny_folder: Path, tmp_path: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    torch.manual_seed(7)
    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    model = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_dim=16)],
        device="cpu",
        prompts={"query": "器 ", "document": "件 "},
    )
    model.save(str(tmp_path))
    encoder = Encoder(str(tmp_path))
    assert encoder.dimensions == 16
    for role, prompt in (("query", "器 "), ("passage", "件 ")):
        theirs = model.encode(TEXTS, prompt=prompt, normalize_embeddings=True)
        ours = encoder.encode(TEXTS, role=role)
        assert np.einsum("nd,nd->n", ours, theirs).min() >= 0.999


def test_vectors_are_cut_where_the_model_says_how_many_numbers_are_enough(
    tiny_folder: Path, tmp_path: Path
) -> None:
    folder = save_model(make_bert, "mean", tiny_folder, tmp_path)
    whole = Encoder(str(folder), precision="float32")
    long, known = whole.encode(TEXTS, role="query"), whole.fingerprint
    settings = folder / "config_sentence_transformers.json"
    stated = json.loads(settings.read_text("utf-8"))
    settings.write_text(json.dumps({**stated, "truncate_dim": 10}), "utf-8")
    cut = Encoder(str(folder), precision="float32")
    assert cut.dimensions == 10
    assert cut.fingerprint != known
    expected = long[:, :10] / np.linalg.norm(long[:, :10], axis=1, keepdims=True)
    assert cut.encode(TEXTS, role="query") == pytest.approx(expected, abs=1e-5)
