"""One person cannot hold all threads of a process; what they wait for is nobody else's wait."""

import pytest

from app.web.turns import AT_ONCE, TooMuchAtOnce, Turns

pytestmark = pytest.mark.trust


def test_one_person_has_a_few_at_once_and_others_go_on() -> None:
    turns = Turns()
    held = [turns.take(1) for _ in range(AT_ONCE)]
    for each in held:
        each.__enter__()

    with pytest.raises(TooMuchAtOnce), turns.take(1):
        pass
    with turns.take(2):
        pass

    held[0].__exit__(None, None, None)
    with turns.take(1):
        pass


def test_an_error_gives_the_turn_back() -> None:
    turns = Turns(1)
    for _ in range(3):
        with pytest.raises(ValueError, match="wrong"), turns.take(1):
            raise ValueError("wrong")
    with turns.take(1):
        pass
