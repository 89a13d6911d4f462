"""What every command says of itself, and that every list can be read by programs."""

import json
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from app.commands.cli import main

pytestmark = pytest.mark.api


def list_commands(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from list_commands(each, (*words, name))


def test_the_help_of_every_command_says_its_exit_codes() -> None:
    silent = []
    for words, _command in list_commands(main):
        said = CliRunner().invoke(main, [*words, "--help"])
        if said.exit_code != 0 or "Exit codes:" not in said.output:
            silent.append(words)

    assert silent == []
    assert len(list(list_commands(main))) > 25


def test_every_list_can_be_printed_as_json() -> None:
    """A list is what a function called `list_…` prints, and matches are one too."""
    lists = {
        words: {option.name for option in command.params}
        for words, command in list_commands(main)
        if getattr(command.callback, "__name__", "").startswith(("list_", "match_"))
    }

    assert {words for words, options in lists.items() if "as_json" not in options} == set()
    assert {("weights", "list"), ("vault", "reports"), ("demo", "accounts"), ("match",)} <= set(
        lists
    )


def test_who_can_log_in_to_the_demonstration_is_a_list() -> None:
    told = json.loads(CliRunner().invoke(main, ["demo", "accounts", "--json"]).output)

    assert {"founder@example.org", "mentor@example.org"} <= {each["email"] for each in told}


@pytest.mark.parametrize("words", [["never"], ["match"], ["match", "--text", "x", "--limit", "0"]])
def test_wrong_words_end_with_2(words: list[str]) -> None:
    assert CliRunner().invoke(main, words).exit_code == 2
