"""Asks every route and operation in everybody's name, and notes who was let in and what they read.

Two tenants with all there is stand in one database; each typed text of each row ends in a word of
its own, so that an answer tells which rows it is made of. What is asked comes from the URL map and
what each route loads, what is expected from two committed tables, which people read and agree to:

`who_may.txt`    method, endpoint, then whom it lets in and over whose things
`who_reads.txt`  table and column, then who ever reads it, and of whose rows

Whose rows: `here`, the tenant of those who ask; `next`, a startup and a mentor of the same tenant
that are not theirs; `away`, another tenant.

`python -m tests.rules.who_may` writes both tables anew, or the lines of the endpoints behind it.
"""

import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.databases import SqliteDatabases
from tests.rules.project import ROOT
from tests.rules.who_may_site import Asked, open_site

WHO_MAY = ROOT / "tests/rules/who_may.txt"
WHO_READS = ROOT / "tests/rules/who_reads.txt"

# In what order whose things are named.
WHOSE = ("here", "next", "away")

ROLES = (
    "stranger",
    "nobody",
    "founder",
    "founder_next",
    "founder_away",
    "mentor",
    "mentor_next",
    "founder_and_mentor",
    "investor",
    "centre",
    "operator",
    "operator_away",
    "for_founder",
    "for_mentor",
    "for_founder_away",
    "regulator",
)
# Only browsers stand in for somebody: `everybody_in_person` is everybody in a table of operations.
_EVERYBODY = {
    "everybody": frozenset(ROLES[1:]),
    "everybody_in_person": frozenset(role for role in ROLES[1:] if not role.startswith("for_")),
}


def read_table(path: Path) -> dict[str, str]:
    """What stands in a committed table: names, and what is said of each."""
    lines = [line.partition(":") for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: said.strip() for name, _colon, said in lines if not name.startswith("#")}


def list_unexpected(asked: Iterable[Asked], table: Mapping[str, str]) -> list[str]:
    """A sentence for each method of an endpoint that the table lacks, and each line too many."""
    names = {str(each) for each in asked}
    lacking = [
        f"{name} has no line in tests/rules/who_may.txt that says whom it lets in."
        for name in sorted(names - set(table))
    ]
    return lacking + [f"There is no {name} any more." for name in sorted(set(table) - names)]


def name_roles(said: Collection[tuple[str, str]]) -> str:
    """Roles and whose things, as the tables say it."""
    named = []
    for whose in ("-", *WHOSE):
        roles = {role for role, each in said if each == whose}
        for name, all_of_them in _EVERYBODY.items():
            if roles >= all_of_them:
                named.append(_name(name, whose))
                roles -= all_of_them
        named += [_name(role, whose) for role in ROLES if role in roles]
    return " ".join(named)


def read_roles(said: str) -> frozenset[tuple[str, str]]:
    """What `name_roles` wrote, everybody written out."""
    pairs = set()
    for each in said.split():
        role, _, whose = each.partition("@")
        pairs |= {(one, whose or "-") for one in _EVERYBODY.get(role, {role})}
    return frozenset(pairs)


_HEAD_MAY = (
    "# Whom each method of each endpoint lets in, and over whose things. See who_may.py: read\n"
    "# what changes here as what people may do from now on."
)
_HEAD_READS = (
    "# Who ever reads each text, and of whose rows. See who_may.py: read what changes here as\n"
    "# what people get to know from now on."
)


def _name(role: str, whose: str) -> str:
    return role if whose == "-" else f"{role}@{whose}"


def main(endpoints: Collection[str]) -> None:
    """Write both tables anew, or the lines of `endpoints` and what is new in their answers."""
    known_may = read_table(WHO_MAY) if endpoints else {}
    known_reads = read_table(WHO_READS) if endpoints else {}
    with tempfile.TemporaryDirectory() as folder:
        url = SqliteDatabases(Path(folder)).create()
        with open_site(url, Path(folder)) as site:
            chosen = [each for each in site.asked if not endpoints or each.endpoint in endpoints]
            found = {asked: site.ask(asked) for asked in chosen}
            gone = set(known_may) - {str(each) for each in site.asked}
    for each in found.values():
        for sentence in each.wrong:
            print(sentence)
    may = known_may | {str(asked): name_roles(seen.let_in) for asked, seen in found.items()}
    reads = {column: set(read_roles(said)) for column, said in known_reads.items()}
    for seen in found.values():
        for role, column, whose in seen.read:
            reads.setdefault(column, set()).add((role, whose))
    WHO_MAY.write_text(
        _write(_HEAD_MAY, {name: may[name] for name in set(may) - gone}, _tell_endpoint),
        encoding="utf-8",
    )
    WHO_READS.write_text(
        _write(_HEAD_READS, {column: name_roles(said) for column, said in reads.items()}, str),
        encoding="utf-8",
    )


def _tell_endpoint(name: str) -> tuple[str, ...]:
    return tuple(reversed(name.split()))


def _write(head: str, table: Mapping[str, str], key: Callable[[str], Any]) -> str:
    lines = [f"{name}: {table[name]}".rstrip() for name in sorted(table, key=key)]
    return "\n".join([head, *lines, ""])


if __name__ == "__main__":
    main(sys.argv[1:])
