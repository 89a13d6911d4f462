"""Terms that somebody adds to the shipped table, for the needs of their own startups.

The index is shared, so nothing of it changes by them: a need that says one form is taken to say the
other forms beside it. What a form stands for in the shipped table stays so.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from matching.records import OwnTerm, TermSet
from matching.text.term_table import Concept, TermTable, get_terms
from matching.text.tokens import list_tokens

FORMS_LIMIT: Final = 12
FORM_LIMIT: Final = 60


class OwnTerms:
    """Some terms, and what they add to a need that speaks of them."""

    def __init__(self, terms: Sequence[OwnTerm]) -> None:
        self._table = TermTable(
            Concept(term.chinese, (), term.english, term.abbreviations) for term in terms
        )
        # Cutting forms into tokens takes longer than all else: each is cut once.
        self._tokens: dict[str, tuple[str, ...]] = {}

    def find_forms(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Where `text` speaks of a term, and all the forms of it."""
        concepts = self._table.concepts
        return [
            (
                m.start,
                m.end,
                tuple(form for number in m.concepts for form in concepts[number].forms),
            )
            for m in self._table.find_mentions(text)
        ]

    def list_other_forms(self, text: str) -> list[str]:
        """What the terms in `text` are called besides, each once, in the order of the text."""
        said = text.casefold()
        found: dict[str, None] = {}
        for mention in self._table.find_mentions(text, inside=True):
            for number in mention.concepts:
                for form in self._table.concepts[number].forms:
                    if form.casefold() not in said:
                        found[form] = None
        return list(found)

    def list_names(self, text: str, *, at_most: int = 6) -> list[str]:
        """What an encoder is told besides: the preferred form in each language, and none twice."""
        said = text.casefold()
        found: dict[str, None] = {}
        for mention in self._table.find_mentions(text):
            concept = self._table.concepts[mention.concepts[0]]
            for forms in (concept.chinese, concept.english):
                if forms and forms[0].casefold() not in said:
                    found[forms[0]] = None
        return list(found)[:at_most]

    def list_tokens(self, text: str) -> list[str]:
        """The tokens of `list_other_forms`, each once, without those of `text` itself.

        In whatever language: a profile may say a word of the other one among its own.
        """
        said = set(list_tokens(text))
        found = (token for form in self.list_other_forms(text) for token in self._cut(form))
        return [token for token in dict.fromkeys(found) if token not in said]

    def _cut(self, form: str) -> tuple[str, ...]:
        tokens = self._tokens.get(form)
        if tokens is None:
            tokens = self._tokens[form] = tuple(list_tokens(form))
        return tokens


@lru_cache(maxsize=64)
def read_own_terms(terms: TermSet) -> OwnTerms | None:
    """The terms, ready to be looked for; None for none."""
    return OwnTerms(terms.terms) if terms.terms else None


def list_shipped(forms: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Those of `forms` that the shipped table knows, with what it takes each for."""
    table = get_terms()
    found = []
    for form in forms:
        for mention in table.find_mentions(form):
            if mention.end - mention.start == len(form):
                meant = (table.concepts[number].forms for number in mention.concepts)
                found.append((form, tuple(dict.fromkeys(each for own in meant for each in own))))
    return found
