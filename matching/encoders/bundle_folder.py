"""Writes a packed model out as an ordinary sentence-transformers folder."""

import json
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import Unigram
from tokenizers.processors import TemplateProcessing

from matching.encoders.bundle_reader import PackedModel, Vocabulary

Progress = Callable[[str, int, int], None]

_METASPACE = "\u2581"
_FULLWIDTH_TILDE = "\uff5e"
# A code point that Unicode promises never to assign, to carry the tilde past NFKC.
_NONCHARACTER = "\ufdd0"
_MAX_TOKENS = 512


def write_folder(model: PackedModel, folder: Path, progress: Progress) -> None:
    """Fill the empty `folder` so that `SentenceTransformer(folder)` gives unit e5 embeddings.

    Every file has been synced to the disk afterwards. The bytes depend on the packed model and
    the version of `tokenizers` alone.
    """
    progress("tokenizer", 0, 1)
    write_synced(
        folder / "tokenizer.json", build_tokenizer(model.vocabulary).to_str().encode("utf-8")
    )
    progress("tokenizer", 1, 1)
    _write_weights(model, folder / "model.safetensors", progress)
    for name, content in _settings(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        write_synced(path, (json.dumps(content, indent=2) + "\n").encode())
    for directory in (folder / "1_Pooling", folder / "2_Normalize"):
        directory.mkdir(exist_ok=True)
        sync_directory(directory)


def build_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """The XLM-R tokenizer: NMT and NFKC normalisation, then Unigram over words.

    The fullwidth tilde, which Chinese uses for ranges (3～5 个月), is a piece of its own in the
    vocabulary: the original normalisation leaves it alone where plain NFKC would not.
    """
    names = {
        id_: vocabulary.pieces[id_][0]
        for id_ in (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)
    }
    tokenizer = Tokenizer(Unigram(list(vocabulary.pieces), unk_id=vocabulary.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.Replace(_FULLWIDTH_TILDE, _NONCHARACTER),
            normalizers.NFKC(),
            normalizers.Replace(_NONCHARACTER, _FULLWIDTH_TILDE),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Metaspace(replacement=_METASPACE, prepend_scheme="always"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    bos, eos = names[vocabulary.bos], names[vocabulary.eos]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in names.values()])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    return tokenizer


def write_synced(path: Path, content: bytes) -> None:
    """Write `content` to `path` and have it on the disk afterwards."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_directory(folder: Path) -> None:
    """Make the names in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tensors(model: PackedModel) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """(name in the folder, name in the packed file, shape) of every tensor of the encoder."""
    sizes = model.architecture
    hidden, inner = sizes.hidden, sizes.feed_forward
    yield "embeddings.word_embeddings.weight", "emb.word", (sizes.vocabulary, hidden)
    yield "embeddings.position_embeddings.weight", "emb.pos", (sizes.positions, hidden)
    yield "embeddings.token_type_embeddings.weight", "emb.type", (sizes.token_types, hidden)
    yield "embeddings.LayerNorm.weight", "emb.ln.w", (hidden,)
    yield "embeddings.LayerNorm.bias", "emb.ln.b", (hidden,)
    parts = (
        ("attention.self.query", "q", (hidden, hidden)),
        ("attention.self.key", "k", (hidden, hidden)),
        ("attention.self.value", "v", (hidden, hidden)),
        ("attention.output.dense", "ao", (hidden, hidden)),
        ("attention.output.LayerNorm", "aln", (hidden,)),
        ("intermediate.dense", "fi", (inner, hidden)),
        ("output.dense", "fo", (hidden, inner)),
        ("output.LayerNorm", "oln", (hidden,)),
    )
    for layer in range(sizes.layers):
        for name, packed, shape in parts:
            yield f"encoder.layer.{layer}.{name}.weight", f"l{layer}.{packed}.w", shape
            yield f"encoder.layer.{layer}.{name}.bias", f"l{layer}.{packed}.b", shape[:1]


def _write_weights(model: PackedModel, path: Path, progress: Progress) -> None:
    """Write float32 safetensors one tensor after the other.

    The library's writer wants all 470 MB at once and copies them; the format is a JSON header
    with offsets, then the numbers (https://github.com/huggingface/safetensors, "Format").
    """
    tensors = list(_tensors(model))
    # The file has no pooler, and mean pooling uses none; BERT expects one and would fill it with
    # random numbers and a warning.
    hidden = model.architecture.hidden
    pooler: dict[str, NDArray[np.float32]] = {
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    shapes = {name: shape for name, _, shape in tensors}
    shapes |= {name: zeros.shape for name, zeros in pooler.items()}
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, end]}
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(encoded)))
        file.write(encoded)
        for done, (_, packed, shape) in enumerate(tensors):
            progress("weights", done, len(tensors))
            file.write(model.read_tensor(packed, shape).astype("<f4", copy=False).data)
        for zeros in pooler.values():
            file.write(zeros.astype("<f4", copy=False).data)
        file.flush()
        os.fsync(file.fileno())
    progress("weights", len(tensors), len(tensors))


def _settings(model: PackedModel) -> dict[str, object]:
    sizes, vocabulary = model.architecture, model.vocabulary
    names = [piece for piece, _ in vocabulary.pieces]
    modules = (
        ("", "Transformer"),
        ("1_Pooling", "Pooling"),
        ("2_Normalize", "Normalize"),
    )
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": sizes.hidden,
            "num_hidden_layers": sizes.layers,
            "num_attention_heads": sizes.heads,
            "intermediate_size": sizes.feed_forward,
            "max_position_embeddings": sizes.positions,
            "type_vocab_size": sizes.token_types,
            "vocab_size": sizes.vocabulary,
            "layer_norm_eps": 1e-12,
            "attention_probs_dropout_prob": 0.1,
            "hidden_dropout_prob": 0.1,
            "initializer_range": 0.02,
            "pad_token_id": vocabulary.pad,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MAX_TOKENS,
            "clean_up_tokenization_spaces": False,
            "bos_token": names[vocabulary.bos],
            "cls_token": names[vocabulary.bos],
            "eos_token": names[vocabulary.eos],
            "sep_token": names[vocabulary.eos],
            "pad_token": names[vocabulary.pad],
            "unk_token": names[vocabulary.unk],
            "mask_token": "<mask>",  # nosec B105  # pieces of a vocabulary
        },
        "modules.json": [
            {
                "idx": index,
                "name": str(index),
                "path": path,
                "type": f"sentence_transformers.models.{kind}",
            }
            for index, (path, kind) in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": _MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
