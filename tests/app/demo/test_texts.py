"""The demonstration's texts: enough of them, each written for its own topic, nobody's name."""

import re
from collections import Counter
from collections.abc import Iterator

from app.demo.reading import read_incubators, read_providers, read_startups
from models.vocabulary import Field, InvestorKind, ProviderKind

_SENTENCE_END = re.compile(r"[。！？；\n]|[.!?;](?:\s|$)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
# A phrase shorter than this is a term, not a sentence.
SENTENCE_CHARACTERS = 8


def list_texts() -> list[str]:
    texts = []
    for provider in read_providers():
        values = provider.values
        texts += [values.headline, values.summary, values.can_help_with]
    for startup in read_startups():
        texts += [startup.values.one_line, startup.values.description]
        texts += [need.text for need in startup.needs.values()]
    for incubator in read_incubators():
        texts += [incubator.introduction, incubator.selection_standard]
    return texts


def split_sentences(texts: list[str]) -> Iterator[str]:
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            if len(sentence.strip()) >= SENTENCE_CHARACTERS:
                yield sentence.strip()


def test_there_is_enough_to_explore() -> None:
    kinds = Counter(provider.values.kind for provider in read_providers())
    needs = [need for startup in read_startups() for need in startup.needs.values()]

    assert len(read_incubators()) >= 3
    assert kinds == {
        ProviderKind.MENTOR: 48,
        ProviderKind.INVESTOR: 16,
        ProviderKind.CENTRE: 10,
    }
    assert len(read_startups()) == 30
    assert len(needs) == 46


def test_most_investors_are_seed_funds_and_none_is_too_broad() -> None:
    funds = [
        provider.values
        for provider in read_providers()
        if getattr(provider.values.extension, "investor_kind", None) is InvestorKind.SEED_FUND
    ]

    assert len(funds) > 8
    assert [fund.name for fund in funds if len(fund.fields) > 5] == []


def test_every_field_has_somebody_on_both_sides() -> None:
    offered = {field for provider in read_providers() for field in provider.values.fields}
    asked = {field for startup in read_startups() for field in startup.values.fields}

    assert offered == set(Field)
    assert asked == set(Field)


def test_three_quarters_are_in_chinese() -> None:
    texts = [p.values.summary for p in read_providers()]
    texts += [s.values.description for s in read_startups()]
    texts += [need.text for s in read_startups() for need in s.needs.values()]

    share = sum(bool(_CHINESE.search(text)) for text in texts) / len(texts)

    assert 0.7 <= share <= 0.8


def test_no_sentence_stands_twice() -> None:
    repeated = [sentence for sentence, n in Counter(split_sentences(list_texts())).items() if n > 1]

    assert repeated == []


def test_organisations_say_that_they_are_examples() -> None:
    names = [incubator.name for incubator in read_incubators()]
    names += [startup.values.name for startup in read_startups()]
    names += [p.values.name for p in read_providers() if p.values.kind is not ProviderKind.MENTOR]
    names += [
        employer
        for p in read_providers()
        if (employer := getattr(p.values.extension, "employer", ""))
    ]

    assert [name for name in names if "示例" not in name and "(example)" not in name] == []
