"""Callers who come together are encoded together, and get what each would have got alone."""

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from matching.encoders.batching import FEW, BatchingEncoder
from matching.encoders.contract import Role
from matching.encoders.hashing import HashingEncoder


class SlowEncoder(HashingEncoder):
    """Keeps each caller waiting until it is let go, and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, Role]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.fails = False

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        progress: Callable[[int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        self.calls.append((len(texts), role))
        self.began.set()
        assert self.gate.wait(timeout=20)
        if self.fails:
            raise OSError("the weights are gone")
        return super().encode(texts, role=role, progress=progress)


class UnevenEncoder(HashingEncoder):
    """Gives vectors that depend on how many texts come together."""

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        progress: Callable[[int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        vectors = super().encode(texts, role=role, progress=progress)
        return np.nextafter(vectors, np.float32(len(texts)))


class Caller(threading.Thread):
    """Asks once and keeps the answer."""

    def __init__(self, encoder: BatchingEncoder, texts: Sequence[str], role: Role) -> None:
        super().__init__(daemon=True)
        self.encoder, self.texts, self.role = encoder, texts, role
        self.vectors: NDArray[np.float32] | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.vectors = self.encoder.encode(self.texts, role=self.role)
        except BaseException as error:
            self.error = error


def make_warm(inner: SlowEncoder) -> BatchingEncoder:
    encoder = BatchingEncoder(inner)
    encoder.encode(["first"], role="query")
    inner.calls.clear()
    inner.began.clear()
    return encoder


def ask_behind_another(
    encoder: BatchingEncoder, inner: SlowEncoder, asked: Sequence[tuple[Sequence[str], Role]]
) -> list[Caller]:
    """All of `asked` come while somebody else's text is being encoded."""
    inner.gate.clear()
    first = Caller(encoder, ["whoever came first"], "query")
    first.start()
    assert inner.began.wait(timeout=20)
    callers = []
    for texts, role in asked:
        caller = Caller(encoder, texts, role)
        caller.start()
        callers.append(caller)
        while len(encoder._waiting) < len(callers):
            threading.Event().wait(0.001)
    inner.gate.set()
    for caller in (first, *callers):
        caller.join(timeout=20)
        assert not caller.is_alive()
    return callers


def test_who_comes_alone_is_encoded_at_once() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)

    vectors = encoder.encode(["a need", "and another"], role="query")

    assert inner.calls == [(2, "query")]
    assert np.array_equal(vectors, HashingEncoder().encode(["a need", "and another"], role="query"))


def test_those_who_wait_are_encoded_in_one_call() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)
    asked: list[tuple[list[str], Role]] = [([f"need {n}", f"more {n}"], "query") for n in range(15)]

    callers = ask_behind_another(encoder, inner, asked)

    assert inner.calls == [(1, "query"), (30, "query")]
    for caller in callers:
        assert np.array_equal(caller.vectors, HashingEncoder().encode(caller.texts, role="query"))


def test_roles_are_kept_apart_and_the_order_is_that_of_coming() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)

    callers = ask_behind_another(
        encoder, inner, [(["a"], "query"), (["b"], "passage"), (["c"], "passage"), (["d"], "query")]
    )

    assert inner.calls == [(1, "query"), (1, "query"), (2, "passage"), (1, "query")]
    assert all(caller.vectors is not None for caller in callers)


def test_many_texts_go_straight_through_and_nobody_waits_for_them() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)
    inner.gate.clear()
    large = Caller(encoder, [f"text {n}" for n in range(FEW + 1)], "passage")
    large.start()
    assert inner.began.wait(timeout=20)
    inner.gate.set()

    encoder.encode(["a need"], role="query")
    large.join(timeout=20)

    assert (FEW + 1, "passage") in inner.calls
    assert large.vectors is not None and len(large.vectors) == FEW + 1


def test_an_error_reaches_all_whom_it_concerns_and_nobody_after() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)
    inner.fails = True

    callers = ask_behind_another(encoder, inner, [(["a"], "query"), (["b"], "query")])

    assert [type(caller.error) for caller in callers] == [OSError, OSError]
    inner.fails = False
    assert encoder.encode(["c"], role="query").shape == (1, encoder.dimensions)


def test_what_would_change_a_vector_is_not_done() -> None:
    encoder = BatchingEncoder(UnevenEncoder())
    encoder.encode(["first"], role="query")
    callers = [Caller(encoder, [f"need {n}"], "query") for n in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=20)
        assert np.array_equal(caller.vectors, UnevenEncoder().encode(caller.texts, role="query"))


def test_it_is_the_encoder_that_it_stands_before() -> None:
    inner = HashingEncoder()
    encoder = BatchingEncoder(inner)

    assert encoder.fingerprint == inner.fingerprint
    assert (encoder.dimensions, encoder.parts) == (inner.dimensions, inner.parts)
    assert encoder.encode([], role="query").shape == (0, inner.dimensions)


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=5), min_size=1, max_size=12))
def test_any_callers_get_what_each_gets_alone(asked: list[list[str]]) -> None:
    encoder = BatchingEncoder(HashingEncoder())
    callers = [Caller(encoder, texts, "query") for texts in asked]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=20)
        assert np.array_equal(caller.vectors, HashingEncoder().encode(caller.texts, role="query"))


@pytest.mark.concurrency
def test_a_forked_process_waits_for_nobody_of_its_parent() -> None:
    inner = SlowEncoder()
    encoder = make_warm(inner)
    inner.gate.clear()
    caller = Caller(encoder, ["in the parent"], "query")
    caller.start()
    assert inner.began.wait(timeout=20)

    # What `os.fork` calls in the child, while another thread is in the middle of it.
    encoder.renew_after_fork()
    inner.gate.set()

    assert encoder.encode(["in the child"], role="query").shape == (1, encoder.dimensions)
    caller.join(timeout=20)


@pytest.mark.trust
def test_a_long_text_of_one_goes_in_turns_with_those_of_others() -> None:
    slow = SlowEncoder()
    shared = BatchingEncoder(slow)
    shared.encode(["first"], role="query")
    slow.calls.clear()
    long = ["\ufdfa" * 400 + str(number) for number in range(5)]

    vectors = shared.encode(long, role="query")

    assert [count for count, _role in slow.calls] == [1, 1, 1, 1, 1]
    assert np.array_equal(vectors, HashingEncoder().encode(long, role="query"))
