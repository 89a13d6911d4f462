"""Tokens that are looked for are those that are listed."""

import pytest

from matching.text.tokens import find_tokens, list_tokens

TEXTS = (
    "Batteries of LFP cells, tested to GB/T 18487 and ISO 26262; SiC-MOSFET half bridges.",
    "碳化硅外延片良率低，做过 GB/T 18487 充电桩，也做過電池包的熱失控試驗。",
    "Cooling of two wafers and one battery, with silicon carbide devices.",
    "没有什么。",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("asked", TEXTS)
def test_what_is_wanted_is_found_as_if_all_tokens_were_listed(text: str, asked: str) -> None:
    wanted = frozenset(list_tokens(asked))
    assert find_tokens(text, wanted) == wanted.intersection(list_tokens(text))
    for token in wanted:
        assert find_tokens(text, {token}) == {token}.intersection(list_tokens(text))


def test_nothing_wanted_is_nothing_found() -> None:
    assert find_tokens(TEXTS[0], ()) == frozenset()
