"""The commands that try a file and bring it in, as the page does."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.terminal import say_errors_plainly

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.imports.looking import SeenFile
    from models.imports import ImportKind
    from models.organisations import Incubator


@click.group("import")
def importing() -> None:
    """Files of mentors or startups: look at what they would do, and bring them in."""


def _take_file(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--kind", type=click.Choice(["mentor", "startup"]), required=True),
        click.option("--incubator", "name", required=True, help="The name of the incubator."),
        click.option("--sheet", default="", help="Which sheet of a workbook."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    ):
        command = option(command)
    return command


@importing.command()
@_take_file
@say_errors_plainly
def preview(file: Path, kind: str, name: str, sheet: str, as_json: bool) -> None:
    """Say how each row of FILE is understood. Nothing is saved."""
    with _open_site() as session:
        incubator, import_kind = _find_incubator(session, name), _read_kind(kind)
        _print(import_kind, _look(session, incubator, import_kind, file, sheet), as_json)


@importing.command()
@_take_file
@click.option("--as", "address", help="The operator who acts; else the first of the incubator.")
@click.option("--invite", is_flag=True, help="Send invitations to the addresses in the file.")
@say_errors_plainly
def apply(
    file: Path,
    kind: str,
    name: str,
    sheet: str,
    as_json: bool,
    address: str | None,
    invite: bool,
) -> None:
    """Save the rows of FILE that are neither doubtful nor wrong."""
    from app.clock import now
    from app.imports import actions
    from app.transactions import writing
    from app.web.engine import get_engine

    with _open_site() as session:
        incubator, import_kind = _find_incubator(session, name), _read_kind(kind)
        actor = _find_actor(session, incubator, address)
        seen = _look(session, incubator, import_kind, file, sheet)
        with writing(session):
            batch = actions.preview_import(
                session,
                incubator=incubator,
                kind=import_kind,
                filename=file.name,
                plans=seen.plans,
                unknown_columns=seen.recognised.unknown_columns,
                notes=seen.recognised.notes,
                actor=actor,
                at=now(),
            )
            actions.confirm_import(
                session, batch=batch, sends_invitations=invite, actor=actor, at=now()
            )
        actions.apply_import(session, batch=batch, engine=get_engine(), at=now())
        _print(import_kind, seen, as_json)


class _open_site:  # noqa: N801  # used as a function
    """The session of an application whose sentences are English."""

    def __enter__(self) -> "Session":
        from contextlib import ExitStack

        from flask_babel import force_locale

        from app import create_app
        from app.extensions import db as database

        self._stack = ExitStack()
        self._stack.enter_context(create_app().app_context())
        self._stack.enter_context(force_locale("en"))
        return database.session

    def __exit__(self, *raised: object) -> None:
        self._stack.close()


def _read_kind(kind: str) -> "ImportKind":
    from models.imports import ImportKind

    return ImportKind.MENTORS if kind == "mentor" else ImportKind.STARTUPS


def _find_incubator(session: "Session", name: str) -> "Incubator":
    from sqlalchemy import select

    from models.canonical import canonical_line
    from models.organisations import Incubator

    found = session.scalar(select(Incubator).where(Incubator.name == canonical_line(name)))
    if found is None:
        raise click.ClickException(f"No incubator is called {name}.")
    return found


def _find_actor(session: "Session", incubator: "Incubator", address: str | None) -> Any:
    from sqlalchemy import select

    from app.access import make_actor
    from models.email_addresses import canonical_email
    from models.people import Membership, Person
    from models.vocabulary import Role

    operators = session.scalars(
        select(Person)
        .join(Membership)
        .where(
            Membership.incubator_id == incubator.id,
            Membership.role == Role.OPERATOR,
            Person.deactivated_at.is_(None),
        )
        .order_by(Membership.id)
    ).all()
    if address is not None:
        operators = [p for p in operators if p.email == canonical_email(address)]
    if not operators:
        who = f"{address} does not operate" if address else "Nobody operates"
        raise click.ClickException(f"{who} {incubator.name}.")
    return make_actor(operators[0])


def _look(
    session: "Session", incubator: "Incubator", kind: "ImportKind", file: Path, sheet: str
) -> "SeenFile":
    from app.errors import DomainError
    from app.imports.looking import look_at_file
    from app.imports.tables import BYTES_LIMIT
    from app.imports.words import word_file_error

    with file.open("rb") as stream:
        # One byte more than is taken tells that there is more.
        content = stream.read(BYTES_LIMIT + 1)
    try:
        return look_at_file(session, incubator=incubator, kind=kind, content=content, sheet=sheet)
    except DomainError as error:
        raise click.ClickException(word_file_error(kind, error)) from error


def _print(kind: "ImportKind", seen: "SeenFile", as_json: bool) -> None:
    from app.imports.note_words import list_file_remarks
    from app.imports.understood import describe_outcome, write_values
    from app.imports.words import word_problem_with_column

    rows = [
        {
            "row": plan.row.number,
            "outcome": describe_outcome(plan),
            "values": write_values(plan.row.values),
            "remarks": [word_problem_with_column(kind, problem) for problem in plan.problems],
        }
        for plan in seen.plans
    ]
    remarks = list_file_remarks(kind, seen.recognised.unknown_columns, seen.recognised.notes)
    if as_json:
        click.echo(json.dumps({"rows": rows, "remarks": remarks}, ensure_ascii=False, indent=2))
        return
    for remark in remarks:
        click.echo(f"! {remark}")
    for row in rows:
        _print_row(row)


def _print_row(row: Mapping[str, Any]) -> None:
    click.echo(f"{row['row']:5}  {row['outcome']:9} {row['values'].get('name', '')}")
    for remark in row["remarks"]:
        click.echo(f"       – {remark}")
