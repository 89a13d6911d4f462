"""Texts of callers who come at the same time, encoded in one call.

A server's threads each bring the few passages of one need. A model is twice as fast with the
passages of many, so whoever comes while others are being encoded waits for them, and then all who
have waited are encoded together. Alone, nobody waits for anybody.
"""

import threading
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.encoders.contract import Part, Progress, Role, TextEncoder, renew_when_forked

# Who brings more than this fills the model alone, and keeps nobody else waiting for it.
FEW = 64
# As many texts are encoded together: more take longer without being faster.
TOGETHER = 256

# How much of one caller goes at a time, in bytes of UTF-8: about a thousand pieces at worst. What
# is left goes to the end of the queue, so that one long text keeps nobody waiting for all of it.
BYTES_IN_TURN = 2_000

# Of different lengths and in two languages, so that they take different ways through a model.
_PROBES = (
    "碳化硅",
    "We test modules.",
    "我们的功率模块在一百七十五度下老化，想找懂失效分析的人。",
    "A mentor from industry who has taken two devices through certification.",
    "良率停在四成，缺陷图看不懂，想请做过六英寸产线的老师带一带。样品随时可以寄。",
)


class BatchingEncoder:
    """Any encoder, shared by threads: few texts of several callers go through it at once.

    A vector does not depend on what else is encoded at the same time. That holds for most models
    and processors, and is tried when the first text comes: where vectors of texts alone and
    together differ in any bit, every caller's texts are encoded by themselves.
    """

    def __init__(self, encoder: TextEncoder) -> None:
        """Stand before `encoder`; nothing is loaded before the first text."""
        self._encoder = encoder
        self._change = threading.Condition()
        self._waiting: deque[_Asked] = deque()
        self._is_encoding = False
        self._can_join: bool | None = None
        renew_when_forked(self)

    @property
    def fingerprint(self) -> str:
        """That of the encoder behind."""
        return self._encoder.fingerprint

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return self._encoder.dimensions

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those of the encoder behind."""
        return self._encoder.parts

    def encode(
        self, texts: Sequence[str], *, role: Role, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n,) texts → (n, dimensions) float32 rows of unit length, in the order of the texts.

        More than `FEW` texts go straight to the encoder behind. Raises what that one raises.
        """
        if not texts or len(texts) > FEW or progress is not None:
            return self._encoder.encode(texts, role=role, progress=progress)
        turns = _cut_into_turns(texts)
        return np.concatenate([self._encode_in_turn(turn, role) for turn in turns])

    def _encode_in_turn(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        asked = _Asked(texts, role)
        with self._change:
            self._waiting.append(asked)
        while (together := self._wait(asked)) is not None:
            try:
                self._answer(together)
            finally:
                with self._change:
                    self._is_encoding = False
                    self._change.notify_all()
        return asked.give()

    def _wait(self, asked: "_Asked") -> "list[_Asked] | None":
        """None as soon as `asked` is answered; else those whom this thread has to answer now."""
        with self._change:
            while self._is_encoding and not asked.is_answered:
                self._change.wait()
            if asked.is_answered:
                return None
            self._is_encoding = True
            return self._take()

    def _take(self) -> "list[_Asked]":
        """The first in the queue, and those behind who ask for the same role and still fit."""
        together = [self._waiting.popleft()]
        count = len(together[0].texts)
        while self._can_join and self._waiting:
            following = self._waiting[0]
            count += len(following.texts)
            if following.role != together[0].role or count > TOGETHER:
                break
            together.append(self._waiting.popleft())
        return together

    def _answer(self, together: "list[_Asked]") -> None:
        try:
            texts = [text for asked in together for text in asked.texts]
            vectors = self._encoder.encode(texts, role=together[0].role)
            if self._can_join is None:
                self._can_join = self._try_joining()
        except BaseException as error:
            for asked in together:
                asked.fail(error)
            return
        start = 0
        for asked in together:
            asked.answer(vectors[start : start + len(asked.texts)])
            start += len(asked.texts)

    def _try_joining(self) -> bool:
        for role in ("query", "passage"):
            joined = self._encoder.encode(_PROBES, role=role)
            for probe, vector in zip(_PROBES, joined, strict=True):
                if not np.array_equal(self._encoder.encode([probe], role=role)[0], vector):
                    return False
        return True

    def renew_after_fork(self) -> None:
        """Forget those who waited in the parent, and the lock that one of them may have held."""
        self._change = threading.Condition()
        self._waiting = deque()
        self._is_encoding = False


def _cut_into_turns(texts: Sequence[str]) -> list[Sequence[str]]:
    """`texts` in their order, in parts of at most `BYTES_IN_TURN` or of one text."""
    turns: list[Sequence[str]] = []
    start = size = 0
    for end, text in enumerate(texts):
        length = len(text.encode("utf-8", "replace"))
        if end > start and size + length > BYTES_IN_TURN:
            turns.append(texts[start:end])
            start, size = end, 0
        size += length
    turns.append(texts[start:])
    return turns


class _Asked:
    """Texts of one caller, and what became of them."""

    def __init__(self, texts: Sequence[str], role: Role) -> None:
        self.texts = texts
        self.role = role
        self.is_answered = False
        self._vectors: NDArray[np.float32] | None = None
        self._error: BaseException | None = None

    def answer(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors
        self.is_answered = True

    def fail(self, error: BaseException) -> None:
        self._error = error
        self.is_answered = True

    def give(self) -> NDArray[np.float32]:
        """The vectors. Raises what went wrong instead."""
        if self._error is not None:
            raise self._error
        if self._vectors is None:
            raise RuntimeError("the texts are not encoded yet")
        return self._vectors
