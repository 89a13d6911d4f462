"""What a reranker costs: one list of 50 read again, by models of usual sizes with random weights.

Weights change no time, so nothing is downloaded: the sizes are those of known models.
"""

import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from matching.encoders.cross import Reranker
from matching.ranking.reranking import RERANKED

# A need and a profile of 300 Chinese characters, about a token each.
NEED = "想请一位做过陶瓷注射成形的老师看看脱脂开裂。" * 2
PROFILE = "从粉体到烧结都做过，最近五年帮三家企业把脱脂的废品率降到百分之二以下。" * 9
_TOKENS = 512


class Size(NamedTuple):
    """Layers, width and heads of a BERT."""

    name: str
    layers: int
    width: int
    heads: int


SIZES = (
    Size("MiniLM-L6", 6, 384, 12),
    Size("MiniLM-L12", 12, 384, 12),
)


def measure() -> list[dict[str, object]]:
    """Seconds a list as `value`, for each size."""
    return [_measure_one(size) for size in SIZES]


def _measure_one(size: Size) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        parameters = _save_model(size, Path(folder))
        reranker = Reranker(folder)
        texts = [PROFILE[number:] for number in range(RERANKED)]
        reranker.compare(NEED, texts[:1])
        start = time.perf_counter()
        reranker.compare(NEED, texts)
        seconds = time.perf_counter() - start
    return {
        "name": f"reranker {size.name}",
        "value": round(seconds, 2),
        "unit": "s a list",
        "millions_of_parameters": round(parameters / 1e6, 1),
        "pairs": RERANKED,
    }


def _save_model(size: Size, folder: Path) -> int:
    import transformers

    # What the library loads when it is asked for has types that say less than it takes.
    kinds: Any = transformers
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(NEED + PROFILE))]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    tokenizer = kinds.BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=_TOKENS)
    tokenizer.save_pretrained(folder)
    config = kinds.BertConfig(
        vocab_size=len(words),
        hidden_size=size.width,
        intermediate_size=4 * size.width,
        num_hidden_layers=size.layers,
        num_attention_heads=size.heads,
        num_labels=1,
    )
    model = kinds.BertForSequenceClassification(config)
    model.save_pretrained(folder)
    return int(model.num_parameters())
