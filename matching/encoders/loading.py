"""How the libraries behind the encoders are loaded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """The garbage collector rests meanwhile.

    What is loaded stays: to look through a million of its objects again and again takes a fifth of
    the time.
    """
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_collecting:
            gc.enable()
