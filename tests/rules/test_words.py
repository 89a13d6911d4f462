"""Whatever can be said to a reader has its words, before any reader meets it."""

import ast
import importlib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

import pytest
from flask_babel import LazyString

from app.declaration import DeclaredTwice, Room, Words, gather_words
from app.errors import DomainError
from app.rooms import ROOMS
from app.words.labels import LABELS, Tone, Word
from models.credit_code import CreditCodeProblem
from models.fact_types import FactKind, FactSubject, FactTime
from models.lifecycle import POOL_ENTRY, Lifecycle
from models.vocabulary import AffiliationKind
from tests.rules.project import list_modules, name_of

_Kind = TypeVar("_Kind")

WORDS = gather_words(ROOMS)

# Vocabularies that no page shows as a word: said once, with the reason.
NEVER_SHOWN: Mapping[type[StrEnum], str] = {
    AffiliationKind: "the form has a field of its own for each kind",
    FactKind: "decides what a form asks for and how a value is written",
    FactSubject: "decides which types of facts are offered",
    FactTime: "decides which time a form asks for",
    CreditCodeProblem: "worded with its place in app/words/credit_codes.py",
}


def import_everything() -> None:
    for path in list_modules("app", "models"):
        importlib.import_module(
            name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        )


def list_subclasses(parent: type[_Kind]) -> Iterator[type[_Kind]]:
    for child in parent.__subclasses__():
        yield child
        yield from list_subclasses(child)


def list_unworded_errors(errors: Iterable[type[DomainError]]) -> list[str]:
    """Errors that would speak with the words of another."""
    return [
        f"{error.__module__}.{error.__name__}: give it a `code` and a `sentence` of its own"
        for error in errors
        if not {"code", "sentence"} <= vars(error).keys()
    ]


def list_unworded_codes(vocabularies: Iterable[type[StrEnum]], words: Words) -> list[str]:
    worded = {**LABELS, **words.codes}
    return [
        f"{vocabulary.__module__}.{vocabulary.__name__}.{code.name}: word it in app/words/labels.py"
        " or in the `words.py` of its room"
        for vocabulary in vocabularies
        if vocabulary not in NEVER_SHOWN
        for code in vocabulary
        if code not in worded.get(vocabulary, {})
    ]


def list_unworded_states(lifecycles: Iterable[Lifecycle], words: Words) -> list[str]:
    return [
        f"{lifecycle.name}: {state}: word the state in the `words.py` of its room"
        for lifecycle in lifecycles
        for state in lifecycle.states
        if state not in words.states.get(lifecycle.name, {})
    ]


def list_told_kinds(source: str) -> set[str]:
    """Every text that may become the `kind` of a notice or a mail in the calls of `source`.

    Kinds that are put together are caught when they are told: see `tests/conftest.py`.
    """
    kinds: set[str] = set()
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
        if name.lstrip("_").startswith(("tell", "send_mail", "announce")):
            given = [word.value for word in call.keywords if word.arg == "kind"]
            kinds |= {text for value in given for text in list_texts(value)}
    return kinds


def list_texts(tree: ast.AST) -> set[str]:
    """Every text that stands in `tree`."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def list_vocabularies() -> list[type[StrEnum]]:
    return [one for one in list_subclasses(StrEnum) if one.__module__.startswith("models.")]


def list_lifecycles() -> list[Lifecycle]:
    import models.lifecycle as module

    return [value for _name, value in inspect.getmembers(module) if isinstance(value, Lifecycle)]


@pytest.fixture(autouse=True, scope="module")
def everything() -> None:
    import_everything()


def test_every_error_has_a_sentence_of_its_own() -> None:
    errors = [
        error for error in list_subclasses(DomainError) if error.__module__.startswith("app.")
    ]

    assert len(errors) > 40
    assert list_unworded_errors(errors) == []
    codes = [error.code for error in errors]
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []


def test_an_error_without_a_sentence_is_named() -> None:
    class SunTooHot(DomainError):
        code = "sun_too_hot"

    assert "SunTooHot" in list_unworded_errors([SunTooHot])[0]


def test_every_code_of_every_vocabulary_has_words() -> None:
    assert len(list_vocabularies()) > 20
    assert list_unworded_codes(list_vocabularies(), WORDS) == []
    shown = {one for one in NEVER_SHOWN if one in LABELS or one in WORDS.codes}
    assert shown == set()


def test_a_vocabulary_without_words_is_named() -> None:
    class Weather(StrEnum):
        SUNNY = "sunny"

    assert "Weather.SUNNY" in list_unworded_codes([Weather], WORDS)[0]


def test_every_state_has_a_word_and_no_word_is_left_over() -> None:
    lifecycles = list_lifecycles()

    assert len(lifecycles) >= 7
    assert list_unworded_states(lifecycles, WORDS) == []
    states = {lifecycle.name: set(lifecycle.states) for lifecycle in lifecycles}
    assert {name: set(worded) for name, worded in WORDS.states.items()} == states


def test_a_state_without_a_word_is_named() -> None:
    lifecycle = Lifecycle("weather", starts=["zzfrosted"], transitions=[])

    assert list_unworded_states([lifecycle], WORDS) == [
        "weather: zzfrosted: word the state in the `words.py` of its room"
    ]


def test_every_notice_that_is_told_is_worded() -> None:
    told = {
        kind: name_of(path)
        for path in list_modules("app")
        for kind in list_told_kinds(path.read_text(encoding="utf-8"))
    }

    assert len(told) > 10
    unworded = sorted(set(told) - set(WORDS.notices))
    assert [f"{kind} is told in {told[kind]} and worded nowhere" for kind in unworded] == []


def test_every_wording_is_told_somewhere() -> None:
    sources = [path for path in list_modules("app") if path.name != "words.py"]
    said = {text for path in sources for text in list_texts(ast.parse(path.read_text("utf-8")))}
    put_together = {
        *(f"pool_{state}" for state in POOL_ENTRY.states),
        *(f"{kind}_sealed" for kind in said),
    }

    assert sorted(set(WORDS.notices) - said - put_together) == []


def test_a_notice_without_wording_is_found() -> None:
    source = 'tell(session, person=one, kind="sun_risen" if early else "sun_set", facts={})'

    assert list_told_kinds(source) == {"sun_risen", "sun_set"}


def test_two_rooms_cannot_word_the_same_thing() -> None:
    word = Word(LazyString(str, "x"), Tone.FITS)
    rooms = [Room(name, states={"profile": {"draft": word}}) for name in ("one", "two")]

    with pytest.raises(DeclaredTwice, match="profile"):
        gather_words(rooms)
