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
    from app.clock import now
    from app.errors import NotFound
    from app.extensions import db as database
    from app.privacy.erasing import carry_out_erasure, rehearse_erasure
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
                session, database.engine, settings, email=email, rooms=ERASINGS, at=now()
            )
        except NotFound as error:
            raise click.ClickException("Nothing is known of this address.") from error
    _list_removed({**done.erasure.removed, "mail files": done.mail_files})
    click.echo("Erased. Indexes forget it with their next search, backups when they expire.")
    for name in done.erasure.unattended:
        click.echo(f"Nobody operates {name} any more: invite someone.")
    if not done.is_overwritten:
        click.echo("Old bytes are still in the database's files: see docs/privacy.md.")


def _list_removed(removed: Mapping[str, int]) -> None:
    for what, count in removed.items():
        if count:
            click.echo(f"{count:6} {what}")
