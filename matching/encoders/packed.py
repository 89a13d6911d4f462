"""The way of BERT-like encoders over many texts at once, without a single token of padding.

The tokens of all texts in a batch stand in one row. Whatever treats tokens one by one (most of
the work) runs over the row as a whole; attention runs over each group of texts that have the
same length. Nothing is computed for padding, and no padding takes part in a sum: on CPUs where
the matrix kernels treat rows alike, a text's vector is the same to the last bit whatever else is
in the batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from torch import Tensor, nn
from transformers import AttentionInterface

_ATTENTION = "packed_by_length"
# Position embeddings of the RoBERTa family start behind the padding index.
_FIRST_POSITION = {"bert": 0, "camembert": 2, "roberta": 2, "xlm-roberta": 2}


@dataclass(frozen=True, slots=True)
class _Run:
    """`count` texts of `length` tokens each, from `start` in the row of all tokens."""

    start: int
    count: int
    length: int

    @property
    def tokens(self) -> slice:
        return slice(self.start, self.start + self.count * self.length)


class PackedTransformer:
    """A sentence-transformers model that has been rearranged for packed batches.

    Safe to use from several threads: a forward pass changes nothing in it.
    """

    def __init__(self, model: SentenceTransformer) -> None:
        """Take over `model`, which must pass `can_pack`; it is of no other use afterwards."""
        modules: list[Any] = list(model)
        first, *others = modules
        self._bert = first.model
        self._later = [module.float() for module in others]
        self._first_position = _FIRST_POSITION[self._bert.config.model_type]
        self._bert.set_attn_implementation(_ATTENTION)
        self._bert.pooler = None
        if self._bert.dtype == torch.bfloat16 and _has_prepacked_linear():
            _prepack_linears(self._bert)

    def forward(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Token ids of (n,) texts, sorted by length → (n, dimensions) float32."""
        runs = _list_runs(rows)
        positions = np.concatenate(
            [np.tile(np.arange(run.length), run.count) for run in runs], dtype=np.int64
        )
        with torch.inference_mode():
            hidden = self._bert(
                input_ids=torch.from_numpy(np.concatenate(rows, dtype=np.int64))[None],
                position_ids=torch.from_numpy(positions + self._first_position)[None],
                runs=runs,
            ).last_hidden_state[0]
            # What follows costs next to nothing, and rounding there would show in the vectors.
            hidden = hidden.float()
            embeddings = torch.cat([self._pool(hidden, run) for run in runs])
        vectors: NDArray[np.float32] = embeddings.numpy()
        return vectors

    def _pool(self, hidden: Tensor, run: _Run) -> Tensor:
        """Token states of a run → (count, dimensions), through the modules after the first."""
        features: dict[str, Tensor] = {
            "token_embeddings": hidden[run.tokens].view(run.count, run.length, -1),
            "attention_mask": torch.ones(run.count, run.length, dtype=torch.int64),
        }
        for module in self._later:
            features = module(features)
        return features["sentence_embedding"]


def can_pack(model: SentenceTransformer) -> bool:
    """Whether packing is known to be equal to the library's own way for this model."""
    first, *others = model
    if not isinstance(first, Transformer) or set(first.modality_config) != {"text"}:
        return False
    config: Any = first.config
    return (
        config.model_type in _FIRST_POSITION
        and not config.is_decoder
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and first.modality_config["text"]["method_output_name"] == "last_hidden_state"
        and bool(getattr(first.tokenizer, "is_fast", False))
        and bool(others)
        and all(module.include_prompt for module in others if isinstance(module, Pooling))
    )


def _list_runs(rows: Sequence[Sequence[int]]) -> list[_Run]:
    runs = []
    start = 0
    for length, group in groupby(map(len, rows)):
        run = _Run(start=start, count=len(list(group)), length=length)
        runs.append(run)
        start = run.tokens.stop
    return runs


def _attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float,
    runs: Sequence[_Run],
    **others: object,
) -> tuple[Tensor, None]:
    """Scaled dot-product attention inside each text of the row.

    `query`, `key`, `value`: (1, heads, tokens, width); the result (1, tokens, heads, width).
    Plain matrix products are twice as fast here as the fused kernel, which is made for long
    texts and a large width of heads.
    """
    _, heads, tokens, width = query.shape
    result = torch.empty((1, tokens, heads, width), dtype=query.dtype)
    for stretch in runs:
        q, k, v = (
            states[0, :, stretch.tokens]
            .transpose(0, 1)
            .view(stretch.count, stretch.length, heads, width)
            .transpose(1, 2)
            .reshape(stretch.count * heads, stretch.length, width)
            for states in (query, key, value)
        )
        scores = torch.baddbmm(q.new_empty(1), q, k.transpose(1, 2), beta=0, alpha=scaling)
        mixed = torch.bmm(scores.softmax(-1), v).view(stretch.count, heads, stretch.length, width)
        result[0, stretch.tokens] = mixed.transpose(1, 2).reshape(-1, heads, width)
    return result, None


# Without a mask function of the same name the model makes no mask, which is what packing needs.
AttentionInterface.register(_ATTENTION, _attend)


def _has_prepacked_linear() -> bool:
    """Whether torch has the kernels that its own compiler uses for frozen weights, and the CPU too.

    Where the CPU lacks them they refuse bfloat16 outright, while `nn.Linear` emulates it.
    """
    operations = torch.ops.mkldnn
    return (
        bool(torch.backends.mkldnn.is_available())  # type: ignore[no-untyped-call]
        and hasattr(operations, "_reorder_linear_weight")
        and hasattr(operations, "_linear_pointwise")
        and bool(operations._is_mkldnn_bf16_supported())
    )


class _PrepackedLinear(nn.Module):
    """A linear layer whose weights lie in memory as the kernel reads them.

    `nn.Linear` rearranges its bfloat16 weights at every call: a third of the time of a query.
    """

    def __init__(self, linear: nn.Linear, activation: str) -> None:
        super().__init__()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach())
        self._bias = None if linear.bias is None else linear.bias.detach()
        self._activation = activation

    def forward(self, states: Tensor) -> Tensor:
        """(…, in) → (…, out)."""
        result: Tensor = torch.ops.mkldnn._linear_pointwise(
            states, self._weight, self._bias, self._activation, [], "none"
        )
        return result


def _prepack_linears(bert: nn.Module) -> None:
    """Replace every linear layer of `bert`; where GELU follows it is computed on the way out."""
    for parent in list(bert.modules()):
        for name, child in list(parent.named_children()):
            if not isinstance(child, nn.Linear):
                continue
            activation = getattr(parent, "intermediate_act_fn", None)
            fused = _is_exact_gelu(activation)
            setattr(parent, name, _PrepackedLinear(child, "gelu" if fused else "none"))
            if fused:
                parent.intermediate_act_fn = nn.Identity()


def _is_exact_gelu(activation: object) -> bool:
    from transformers.activations import GELUActivation

    plain = isinstance(activation, nn.GELU) and activation.approximate == "none"
    return plain or isinstance(activation, GELUActivation)
