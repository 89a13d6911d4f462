"""Commands for whoever runs the installation: the files of documents, and reports that no
incubator can decide on."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from app.commands.terminal import say_errors_plainly, show_progress

# What `yinqiao vault verify` ends with, so that whoever calls it need not read the words.
SOMETHING_LOST = 1
ONLY_ORPHANS = 3


def _with_store(command: Callable[..., None]) -> Callable[..., None]:
    """A store that cannot be used is one sentence, as other mistakes of set-up are."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from app.vault.storage.port import StoreUnavailable

        try:
            command(*args, **kwargs)
        except StoreUnavailable as error:
            raise click.ClickException(f"{error}. Check YINQIAO_DOCUMENTS_URL.") from error

    return run


@click.group()
def vault() -> None:
    """The documents that organisations keep."""


@vault.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@say_errors_plainly
@_with_store
def verify(as_json: bool) -> None:
    """Read every file and compare its hash.

    Exit codes: 0 all is well, 1 a file is lost or damaged, or they could not be read, 2 the words
    of the command are wrong, 3 there are only files that no document has.
    """
    from app import create_app
    from app.clock import now
    from app.extensions import db
    from app.vault.storage.choice import get_store
    from app.vault.verifying import verify_vault

    with create_app().app_context():
        report = verify_vault(
            db.session, get_store(), at=now(), progress=show_progress("Reading the files")
        )
    flaws = {"missing": report.missing, "damaged": report.damaged}
    if as_json:
        found: dict[str, object] = {
            what: [{"document": f.document, "version": f.number, "key": f.key} for f in those]
            for what, those in flaws.items()
        }
        figures = {"checked": report.checked, "bytes": report.size, "orphans": report.orphans}
        click.echo(json.dumps(figures | found))
    else:
        click.echo(f"{report.checked} files, {report.size} bytes read.")
        for what, those in flaws.items():
            for flaw in those:
                click.echo(f"{what}: document {flaw.document}, version {flaw.number}: {flaw.key}")
        if report.orphans:
            click.echo(f"{report.orphans} files that no document has: yinqiao vault sweep")
    if not report.is_whole:
        sys.exit(SOMETHING_LOST)
    if report.orphans:
        sys.exit(ONLY_ORPHANS)


@vault.command("sweep")
@say_errors_plainly
@_with_store
def sweep() -> None:
    """Remove the files that no document has had for a day; the worker does it by itself."""
    from app import create_app
    from app.clock import now
    from app.extensions import db
    from app.vault.storage.choice import get_store
    from app.vault.sweeping import sweep_files

    with create_app().app_context():
        count = sweep_files(db.session, get_store(), at=now())
    click.echo(f"{count} files removed.")


@vault.command("reports")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, longest ago first.")
@say_errors_plainly
def list_reports(as_json: bool) -> None:
    """List the documents that were reported and that nobody has decided on."""
    from app import create_app
    from app.extensions import db
    from app.vault.queries.documents import list_open_reports, list_reported
    from app.vault.queries.owners import list_overseer_ids

    with create_app().app_context():
        documents = list_reported(db.session)
        if as_json:
            rows = [
                {
                    "id": document.public_id,
                    "title": document.title,
                    "decided_by": "incubator" if list_overseer_ids(document.owner) else "you",
                    "reports": [
                        {
                            "created_at": report.created_at.isoformat(),
                            "reason": report.reason.value,
                            "words": report.words,
                        }
                        for report in list_open_reports(document)
                    ],
                }
                for document in documents
            ]
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for document in documents:
            decides = "its incubator" if list_overseer_ids(document.owner) else "you"
            click.echo(f"{document.public_id}  {document.title}  [{decides} decides]")
            for report in list_open_reports(document):
                click.echo(f"    {report.created_at:%Y-%m-%d %H:%M} UTC  {report.reason.value}")
                if report.words:
                    click.echo(f"    {report.words}")
    if not documents:
        click.echo("No document waits for a decision.")


@vault.command("decide")
@click.argument("document")
@click.argument("decision", type=click.Choice(["set-aside", "stop", "resume", "delete"]))
@click.option("--reason", default="", help="Why it is stopped; the owner reads it.")
@say_errors_plainly
@_with_store
def decide(document: str, decision: str, reason: str) -> None:
    """Decide on DOCUMENT in place of the operators, where no incubator looks after its owner."""
    from app import create_app
    from app.access import Installation
    from app.clock import now
    from app.errors import DomainError
    from app.extensions import db
    from app.transactions import writing
    from app.vault.actions.deleting import delete_document
    from app.vault.actions.reporting import resume_document, set_aside_reports, stop_document
    from app.vault.keeping import remove_files
    from app.vault.queries.documents import find_document
    from app.vault.storage.choice import get_store
    from models.lifecycle import ActionNotAllowed

    if decision == "stop" and not reason.strip():
        raise click.BadParameter("say why it is stopped", param_hint="--reason")
    with create_app().app_context():
        found = find_document(db.session, document)
        if found is None:
            raise click.ClickException("There is no such document.")
        session, at, keys = db.session, now(), []
        try:
            with writing(session):
                match decision:
                    case "set-aside":
                        set_aside_reports(
                            session, document=found, actor=Installation.COMMAND_LINE, at=at
                        )
                    case "stop":
                        stop_document(
                            session,
                            document=found,
                            reason=reason.strip(),
                            actor=Installation.COMMAND_LINE,
                            at=at,
                        )
                    case "resume":
                        resume_document(
                            session, document=found, actor=Installation.COMMAND_LINE, at=at
                        )
                    case _:
                        keys = delete_document(
                            session, document=found, actor=Installation.COMMAND_LINE, at=at
                        )
        except (ActionNotAllowed, DomainError) as error:
            raise click.ClickException(
                f"That does not follow from the present state, {found.state}."
            ) from error
        remove_files(get_store(), keys)
    click.echo("Done. The owner is told.")
