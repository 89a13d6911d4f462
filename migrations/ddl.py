"""The text of a table as SQLite keeps it, cut into words: to be compared, and to be changed.

Belongs here: reading. What is changed with it stands in `migrations/checks.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<skipped> \s+ | --[^\n]* | /\*.*?\*/ )
    | (?P<literal> '(?:[^']|'')*' | \d+(?:\.\d+)? )
    | (?P<quoted> "(?:[^"]|"")*" | `[^`]*` | \[[^\]]*\] )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<sign> <> | <= | >= | != | == | \|\| | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, literal or sign. `text` is without quotes and case, unless it is a literal.

    `start` and `end` are offsets in what was cut up. A name in quotes is never a keyword.
    """

    text: str
    start: int
    end: int
    is_literal: bool = False
    is_quoted: bool = False

    def is_word(self, *words: str) -> bool:
        """Whether this is one of the keywords or signs `words`."""
        return not self.is_literal and not self.is_quoted and self.text in words


def cut(sql: str) -> list[Token]:
    """The tokens of `sql`, without blanks and comments."""
    return list(_iterate(sql))


def _iterate(sql: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(sql):
        kind, said = match.lastgroup, match.group()
        if kind == "skipped":
            continue
        text = said if kind == "literal" else said.lower()
        if kind == "quoted":
            text = text[1:-1]
        yield Token(text, *match.span(), is_literal=kind == "literal", is_quoted=kind == "quoted")


def find_closing(tokens: Sequence[Token], opening: int) -> int:
    """Where the bracket that opens at `opening` is closed. Raises ValueError when it is not."""
    depth = 0
    for place in range(opening, len(tokens)):
        if tokens[place].is_word("("):
            depth += 1
        elif tokens[place].is_word(")"):
            depth -= 1
            if depth == 0:
                return place
    raise ValueError("a bracket is not closed")


def split_items(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between the outer brackets of a CREATE TABLE, cut at its commas."""
    opening = next(place for place, token in enumerate(tokens) if token.is_word("("))
    items: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[opening + 1 : find_closing(tokens, opening)]:
        depth += token.is_word("(") - token.is_word(")")
        if depth == 0 and token.is_word(","):
            items.append([])
        else:
            items[-1].append(token)
    return items


def find_check(sql: str, name: str) -> tuple[int, int]:
    """Where in the CREATE TABLE `sql` the condition of the check `name` stands, with its brackets.

    Raises LookupError when the table has no such check.
    """
    tokens = cut(sql)
    for place, token in enumerate(tokens[:-3]):
        if (
            token.is_word("constraint")
            and tokens[place + 1].text == name.lower()
            and tokens[place + 2].is_word("check")
        ):
            closing = find_closing(tokens, place + 3)
            return tokens[place + 3].start, tokens[closing].end
    raise LookupError(f"there is no check called {name}")
