"""The command that looks whether anybody changed the record of acts."""

import json
import sys

import click

from app.commands.terminal import say_errors_plainly


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command("verify")
@click.option(
    "--known",
    metavar="NUMBER:SEAL",
    help="A last seal that was kept elsewhere: it has to be in the chain.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@say_errors_plainly
def verify(known: str | None, as_json: bool) -> None:
    """Compute every seal once more.

    Exit codes: 0 nobody changed the record, 1 somebody did, or it could not be read, 2 the words of
    the command are wrong.

    Keep the last seal that is printed where nobody who can write into the database can write.
    """
    from app import create_app
    from app.audit import verify_record
    from app.extensions import db

    wanted = _read_known(known)
    with create_app().app_context():
        report = verify_record(db.session, known=wanted)
    last = f"{report.last[0]}:{report.last[1]}" if report.sealed else ""
    if as_json:
        answer = {
            "whole": report.is_whole,
            "sealed": report.sealed,
            "unsealed": report.unsealed,
            "emptied": report.emptied,
            "changed": report.changed,
            "removed": report.removed,
            "missing": report.missing,
            "known": report.is_known_there,
            "last": last,
        }
        click.echo(json.dumps(answer))
    else:
        click.echo(
            f"{report.sealed} sealed, {report.unsealed} wait for it, "
            f"{report.emptied} emptied by erasures."
        )
        for what, numbers in (
            ("changed", report.changed),
            ("removed", report.removed),
            ("missing", report.missing),
        ):
            if numbers:
                click.echo(f"{what}: {', '.join(map(str, numbers))}")
        if not report.is_known_there:
            click.echo("The seal that was kept elsewhere is not in the chain.")
        if last:
            click.echo(f"last seal: {last}")
    sys.exit(0 if report.is_whole else 1)


def _read_known(known: str | None) -> tuple[int, str] | None:
    if known is None:
        return None
    number, _, seal = known.partition(":")
    if not number.isascii() or not number.isdecimal() or not seal:
        raise click.BadParameter("write it as NUMBER:SEAL, as it was printed", param_hint="--known")
    return int(number), seal
