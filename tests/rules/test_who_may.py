"""Everybody asks everything: who is let in, and what they read, is what two tables say.

The tables are read from top to bottom like the permissions; `who_may.py` says how they are made.
"""

from collections.abc import Collection, Iterator, Mapping

import pytest

from tests.databases import SqliteDatabases
from tests.rules.who_may import (
    ROLES,
    WHO_MAY,
    WHO_READS,
    list_unexpected,
    name_roles,
    read_roles,
    read_table,
)
from tests.rules.who_may_site import Asked, Site, open_site

pytestmark = pytest.mark.permissions

MAY = read_table(WHO_MAY)
READS = {column: read_roles(said) for column, said in read_table(WHO_READS).items()}

# What an incubator says of itself is for everyone, what a provider published for who is logged in.
_OF_INCUBATORS = "incubator."
_OF_PROVIDERS = ("provider.", "provider_text.title")

# Whose things are of the own tenant.
_AT_HOME = {role: {"away"} if role.endswith("_away") else {"here", "next"} for role in ROLES}

# Between the sides of an engagement, or a startup's own: no operator reads it, nor as a stand-in.
_NOT_FOR_OPERATORS = (
    "action_item.",
    "agenda_point.",
    "api_token.",
    "case_note.",
    "claim.",
    "data_room.",
    "engagement_question.",
    "feedback.",
    "finance_case.",
    "financing.",
    "financing_interest.",
    "pair_note.",
    "passkey.",
    "room_",
    "session_minutes.",
    "verification_",
    "workspace_message.",
)


@pytest.fixture(scope="module")
def site(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One for all tests here: what is asked of it leaves nothing behind."""
    url = sqlite_databases.create()
    with open_site(url, tmp_path_factory.mktemp("site")) as site:
        yield site
    sqlite_databases.drop(url)


def test_every_method_of_every_route_and_operation_has_an_expectation(site: Site) -> None:
    assert list_unexpected(site.asked, MAY) == []


def test_a_route_without_an_expectation_is_named() -> None:
    (sentence,) = list_unexpected([Asked("GET", "needs.show_all")], {})

    assert sentence.startswith("GET needs.show_all ")
    (sentence,) = list_unexpected([], {"GET needs.show_all": ""})
    assert "GET needs.show_all" in sentence


@pytest.mark.parametrize("name", sorted(MAY))
def test_who_is_let_in_and_what_they_read(site: Site, name: str) -> None:
    method, endpoint = name.split()
    found = site.ask(Asked(method, endpoint))

    assert found.wrong == ()
    assert name_roles(found.let_in) == MAY[name]
    # Nobody reads here what they read nowhere according to the table.
    assert [each for each in sorted(found.read) if (each[0], each[2]) not in READS[each[1]]] == []


@pytest.mark.privacy
@pytest.mark.parametrize("role", ROLES)
def test_of_other_tenants_nobody_reads_more_than_is_public(role: str) -> None:
    public = (_OF_INCUBATORS,) if role == "stranger" else (_OF_INCUBATORS, *_OF_PROVIDERS)
    foreign = [
        column
        for column, said in READS.items()
        for reader, whose in said
        if reader == role and whose not in _AT_HOME[role] and not column.startswith(public)
    ]

    # A stand-in sees for whom they stand in, also where that is somebody elsewhere without rights.
    assert foreign == (["person.name"] if role == "for_founder_away" else [])


@pytest.mark.privacy
def test_a_founder_reads_nothing_of_another_startup() -> None:
    # Whoever acts for the other startup may also be a mentor whom this one asks.
    shared = (
        _OF_INCUBATORS,
        *_OF_PROVIDERS,
        "voucher_scheme.",
        "finance_product.",
        "commissioner.",
        "person.name",
    )
    read = {
        column
        for column, said in READS.items()
        if {("founder", "next"), ("founder_next", "here")} & said
    }

    assert [column for column in sorted(read) if not column.startswith(shared)] == []
    assert ("founder", "here") in READS["need.text"]


@pytest.mark.privacy
def test_operators_read_no_notes_nor_what_is_a_startups_own() -> None:
    read = {
        (role, column)
        for column, said in READS.items()
        for role, _whose in said
        if role.startswith(("operator", "for_")) and column.startswith(_NOT_FOR_OPERATORS)
    }

    assert read == set()
    assert any(column.startswith(_NOT_FOR_OPERATORS) for column in READS)


def test_two_roles_in_one_account_are_the_sum_of_both() -> None:
    """A founder of one startup who mentors another: each page is asked as either of them."""
    sums = {name: _add(said, "founder_next", "mentor") for name, said in read_all(MAY).items()}

    assert {
        name: said
        for name, said in read_all(MAY).items()
        if _add(said, "founder_and_mentor") != sums[name]
    } == {}


def test_two_roles_in_one_account_read_the_sum_of_both() -> None:
    # A person's own name and mails come with neither role.
    own = ("person.", "outbox_mail.")
    for column, said in READS.items():
        if not column.startswith(own):
            assert _add(said, "founder_and_mentor") == _add(said, "founder_next", "mentor"), column


def read_all(table: Mapping[str, str]) -> dict[str, frozenset[tuple[str, str]]]:
    return {name: read_roles(said) for name, said in table.items()}


def _add(said: Collection[tuple[str, str]], *roles: str) -> set[str]:
    return {whose for role, whose in said if role in roles}


@pytest.mark.privacy
@pytest.mark.parametrize("role", ["nobody", "regulator"])
def test_who_belongs_to_nothing_and_regulators_read_no_name(role: str) -> None:
    read = {column for column, said in READS.items() for reader, _ in said if reader == role}

    assert [c for c in sorted(read) if not c.startswith((_OF_INCUBATORS, *_OF_PROVIDERS))] == []


@pytest.mark.privacy
def test_strangers_read_what_incubators_say_of_themselves() -> None:
    read = {column for column, said in READS.items() for reader, _ in said if reader == "stranger"}

    assert read
    assert all(column.startswith(_OF_INCUBATORS) for column in read)
