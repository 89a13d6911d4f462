"""The command that makes tokens of the API."""

import json

import click

from app.commands.terminal import say_errors_plainly

_DEFAULT_DAYS = 90


@click.group()
def token() -> None:
    """Tokens by which programs act for a person."""


@token.command("create")
@click.option("--person", "address", required=True, help="The address of whom it acts for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="RESOURCE:read, RESOURCE:write or all; may be repeated.",
)
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--days",
    type=click.IntRange(1, 365),
    default=_DEFAULT_DAYS,
    show_default=True,
    help="How long it is good.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@say_errors_plainly
def create(address: str, scopes: tuple[str, ...], name: str, days: int, as_json: bool) -> None:
    """Make a token and print it: it is shown this once.

    Exit codes: 0 made, 1 nobody has that address, 2 wrong words.
    """
    from app import create_app
    from app.access import make_actor
    from app.accounts.actions import create_token
    from app.accounts.queries import find_person_by_email
    from app.clock import now
    from app.extensions import db as database
    from app.scopes import sort_scopes
    from app.signing import Signer
    from app.transactions import writing

    try:
        wanted = sort_scopes(scopes)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--scope") from error
    app = create_app()
    with app.app_context(), writing(database.session):
        person = find_person_by_email(database.session, address)
        if person is None or not person.is_active:
            raise click.ClickException("Nobody who can log in has this address.")
        made = create_token(
            database.session,
            person=person,
            name=name,
            scopes=wanted,
            days=days,
            signer=Signer(app.config["SECRET_KEY"]),
            actor=make_actor(person),
            at=now(),
        )
        answer = {
            "id": made.token.public_id,
            "token": made.secret,
            "expires_at": made.token.expires_at.isoformat() if made.token.expires_at else None,
        }
    click.echo(json.dumps(answer) if as_json else made.secret)
