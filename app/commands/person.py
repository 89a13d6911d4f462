"""The command that erases a person."""

from collections.abc import Mapping

import click

from app.commands.terminal import say_errors_plainly


@click.group()
def person() -> None:
    """People who have, or had, to do with this installation."""


@person.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do it. Without it nothing changes.")
@say_errors_plainly
def erase(email: str, yes: bool) -> None:
    """Erase whoever has EMAIL: account, profile, texts, evidence. There is no way back."""
    from app import create_app
    from app.access import Installation
    from app.clock import now
    from app.errors import NotFound
    from app.extensions import db as database
    from app.privacy.carrying_out import carry_out_erasure, rehearse_erasure
    from app.rooms import ERASINGS

    app = create_app()
    with app.app_context():
        session, settings = database.session, app.extensions["yinqiao_settings"]
        try:
            if not yes:
                rehearsed = rehearse_erasure(session, email=email, rooms=ERASINGS, at=now())
                _list_removed(rehearsed.removed)
                raise click.ClickException("Nothing has changed. To erase all this, add: --yes")
            done = carry_out_erasure(
                session,
                database.engine,
                settings,
                email=email,
                rooms=ERASINGS,
                actor=Installation.COMMAND_LINE,
                at=now(),
            )
        except NotFound as error:
            raise click.ClickException("Nothing is known of this address.") from error
    _list_removed({**done.erasure.removed, "mail files": done.mail_files})
    click.echo("Erased. Indexes forget it with their next search, backups when they expire.")
    for name in done.erasure.unattended:
        click.echo(f"Nobody operates {name} any more: invite someone.")
    if not done.is_overwritten:
        click.echo("Old bytes are still in the database's files: see docs/privacy.md.")


@person.command("remove-second-factor")
@click.argument("email")
@say_errors_plainly
def remove_second_factor(email: str) -> None:
    """Let whoever has EMAIL in by the password alone: device and recovery codes are lost.

    Be sure that it is they who ask. They are told by mail.
    """
    from app import create_app
    from app.access import Installation
    from app.accounts.actions import remove_second_factor as remove
    from app.accounts.errors import NoSecondFactor
    from app.accounts.queries import find_person_by_email
    from app.clock import now
    from app.extensions import db as database
    from app.transactions import writing

    with create_app().app_context(), writing(database.session):
        found = find_person_by_email(database.session, email)
        if found is None:
            raise click.ClickException("Nobody has this address.")
        try:
            remove(database.session, person=found, actor=Installation.COMMAND_LINE, at=now())
        except NoSecondFactor as error:
            raise click.ClickException("There is no second factor.") from error
    click.echo("Removed. They log in by the password alone.")


def _list_removed(removed: Mapping[str, int]) -> None:
    for what, count in removed.items():
        if count:
            click.echo(f"{count:6} {what}")
