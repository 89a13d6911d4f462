"""The command line: every command parses, calls one thing, and prints.

Heavy imports (the application, torch) stand inside the commands, so that `--help` is instant.
"""

import json
import os
from pathlib import Path

import click

from app.commands.audit import audit
from app.commands.backup import backup, restore
from app.commands.enquiry import enquiry
from app.commands.importing import importing
from app.commands.index import index
from app.commands.logs import set_up_logs
from app.commands.person import person
from app.commands.roles import roles
from app.commands.terminal import say_errors_plainly, say_exit_codes, show_progress
from app.commands.token import token
from app.commands.vault import vault
from app.commands.weights import weights
from app.settings import SettingInvalid, is_log_json


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yinqiao")
@click.option("-v", "--verbose", is_flag=True, help="Say more on standard error.")
def main(verbose: bool) -> None:
    """Yinqiao brings hard-tech startups to those who can carry them."""
    try:
        set_up_logs(verbose=verbose, as_json=is_log_json(os.environ))
    except SettingInvalid as error:
        raise click.ClickException(str(error)) from error


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
@say_errors_plainly
def upgrade_database() -> None:
    """Bring the database to the newest schema."""
    from app.database import upgrade_schema
    from app.settings import read_settings
    from models.orm import create_engine_for

    engine = create_engine_for(read_settings().database_url)
    upgrade_schema(engine)
    engine.dispose()
    click.echo("The database is up to date.")


@main.group()
def incubator() -> None:
    """Incubators."""


@incubator.command("add")
@click.option("--name", required=True, help="The name of the incubator.")
@click.option(
    "--kind",
    type=click.Choice(["incubator", "maker_space", "accelerator", "university_science_park"]),
    default="incubator",
    show_default=True,
)
@click.option("--place", required=True, help="Its district or city, a code of GB/T 2260.")
@click.option("--operator-email", required=True, help="Who operates it first.")
@click.option("--operator-name", required=True)
@say_errors_plainly
def add_incubator(
    name: str, kind: str, place: str, operator_email: str, operator_name: str
) -> None:
    """Found an incubator and send its first operator a link to choose a password."""
    from app import create_app
    from app.access import Installation
    from app.clock import now
    from app.extensions import db as database
    from app.pools.actions.incubators import IncubatorValues, found_incubator
    from app.pools.errors import IncubatorNameTaken
    from app.signing import Signer
    from app.transactions import writing
    from app.words.email_addresses import EmailUnusable, read_email
    from models.canonical import canonical_line
    from models.place_tables import is_place
    from models.vocabulary import IncubatorKind

    if not is_place(place):
        raise click.BadParameter("there is no such place code", param_hint="--place")
    try:
        operator_email = read_email(operator_email)
    except EmailUnusable as error:
        raise click.BadParameter(
            str(error) or "this is no address", param_hint="--operator-email"
        ) from error
    values = IncubatorValues(
        name=canonical_line(name),
        kind=IncubatorKind(kind),
        place_code=place,
        introduction="",
        selection_standard="",
        service_officer="",
    )
    if not values.name or len(values.name) > 120:
        raise click.BadParameter("a name has 1 to 120 characters", param_hint="--name")
    app = create_app()
    with app.app_context():
        try:
            with writing(database.session):
                found_incubator(
                    database.session,
                    values=values,
                    operator_email=operator_email,
                    operator_name=canonical_line(operator_name)[:80],
                    signer=Signer(app.config["SECRET_KEY"]),
                    actor=Installation.COMMAND_LINE,
                    at=now(),
                )
        except IncubatorNameTaken as error:
            raise click.ClickException("Another incubator has this name.") from error
    click.echo(f"{values.name} is founded. A mail goes to {operator_email}; the worker sends it.")


@main.group()
def encoder() -> None:
    """The encoder that turns texts into vectors."""


@encoder.command("prepare")
@say_errors_plainly
def prepare() -> None:
    """Bring the encoder onto this machine, once, and the reranker if one is set."""
    from app.settings import read_settings
    from matching.encoders.choice import prepare_encoder
    from matching.encoders.cross import prepare_reranker

    settings = read_settings()
    folder = prepare_encoder(
        settings.encoder,
        cache_root=settings.encoder_root,
        progress=show_progress("Preparing the encoder"),
    )
    click.echo(f"The encoder is ready{f' in {folder}' if folder else ''}.")
    if reranker := prepare_reranker(settings.reranker):
        click.echo(f"The reranker is ready in {reranker}.")


@encoder.command("apply")
@say_errors_plainly
def apply_encoder() -> None:
    """Encode again every profile that another encoder encoded."""
    from app import create_app
    from app.extensions import db as database
    from app.ranking.reencoding import reencode_profiles
    from app.web.engine import get_engine

    app = create_app()
    with app.app_context():
        count = reencode_profiles(
            database.session, get_engine(), progress=show_progress("Encoding again")
        )
    click.echo(f"{count} profiles were encoded again." if count else "All profiles are encoded.")


@main.group()
def demo() -> None:
    """Demonstration data."""


@demo.command("load")
@say_errors_plainly
def load_demonstration() -> None:
    """Fill an empty database with organisations to explore; does nothing the second time."""
    from app import create_app
    from app.clock import now
    from app.demo.loader import load_demo

    app = create_app()
    with app.app_context():
        counts = load_demo(at=now(), progress=show_progress("Loading the demonstration"))
    if not counts:
        click.echo("The demonstration is already there.")
    else:
        click.echo("Loaded " + ", ".join(f"{n} {what}" for what, n in counts.items()) + ".")


@demo.command("accounts")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_accounts(as_json: bool) -> None:
    """Say who can log in to the demonstration."""
    from app.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD

    if as_json:
        rows = [
            {"email": account.email, "role": account.role.value, "password": DEMO_PASSWORD}
            for account in DEMO_ACCOUNTS
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"These can log in, all with the password {DEMO_PASSWORD}:")
    for account in DEMO_ACCOUNTS:
        click.echo(f"  {account.email:28} {account.role.value}")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker/--without-worker", default=True, help="Also deliver mail.")
@say_errors_plainly
def serve(host: str, port: int, processes: int, threads: int, with_worker: bool) -> None:
    """Serve the pages with gunicorn."""
    from app.commands.cores import share_cores

    share_cores(os.environ, processes=processes)
    from app.commands.server import assume_public_url, serve_pages

    assume_public_url(os.environ, host=host, port=port)
    serve_pages(host=host, port=port, processes=processes, threads=threads, with_worker=with_worker)


@main.command()
@click.option("--kept-by", type=int, hidden=True, help="Stop when this process is gone.")
@say_errors_plainly
def worker(kept_by: int | None) -> None:
    """Deliver mail and let old requests expire, until stopped."""
    from app.commands.cores import share_cores

    share_cores(os.environ, processes=1)
    from app.commands.server import work

    work(kept_by=kept_by)


@main.command("match")
@click.option("--text", help="The need, in plain words.")
@click.option(
    "--need",
    "need_id",
    help="The id of a stored need, in place of a text: with its conditions and corrections.",
)
@click.option("--kind", type=click.Choice(["mentor", "investor", "centre"]))
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, best first.")
@click.option(
    "--explain",
    is_flag=True,
    help="Say how each sentence was read and what decided; as JSON this is one object.",
)
@say_errors_plainly
def match_text(
    text: str | None,
    need_id: str | None,
    kind: str | None,
    limit: int,
    as_json: bool,
    explain: bool,
) -> None:
    """Say who can help with a need, on the database of the site."""
    from app import create_app
    from app.clock import now
    from app.extensions import db as database
    from app.matches.queries.explained import explain_need, explain_text, list_lines
    from app.matches.queries.texts import match_text as find_matches
    from app.needs.queries import find_need
    from app.web.engine import get_engine
    from models.vocabulary import ProviderKind

    if (text is None) == (need_id is None):
        raise click.UsageError("give either --text or --need")
    if text is not None and not text.strip():
        raise click.BadParameter("the text is empty", param_hint="--text")
    app = create_app()
    with app.app_context():
        session, engine = database.session, get_engine()
        told = None
        if text is None:
            need = find_need(session, need_id or "")
            if need is None or not need.text.strip():
                raise click.BadParameter("there is no such need with a text", param_hint="--need")
            chosen = ProviderKind(kind) if kind else None
            told = explain_need(session, engine, need=need, kind=chosen, limit=limit, at=now())
        elif explain:
            told = explain_text(session, engine, text=text, kind=kind, limit=limit)
        if told is not None and explain:
            as_text = json.dumps(told, ensure_ascii=False, indent=2)
            click.echo(as_text if as_json else "\n".join(list_lines(told)))
            return
        found = (
            [each["match"] for each in told["matches"]]
            if told is not None
            else find_matches(session, engine, text=text or "", kind=kind, limit=limit)
        )
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("Nobody fits.")
    for number, row in enumerate(found, start=1):
        click.echo(f"{number:3}. {row['name']}  [{row['kind']}, {row['strength']}]")
        for pair in row["evidence"][:1]:
            click.echo(f"     {pair['need']}\n     ⌒ {pair['provider']}")
        for sentence in row["against"]:
            click.echo(f"     – {sentence}")


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--run", "run_path", type=click.Path(path_type=Path), help="Write a TREC run.")
@click.option(
    "--details",
    "details_path",
    type=click.Path(path_type=Path),
    help="Write strength and evidence of every query's first candidates as JSON Lines.",
)
@click.option("--depth", default=100, show_default=True, type=click.IntRange(1, 100_000))
@say_errors_plainly
def evaluate(
    folder: Path, as_json: bool, run_path: Path | None, details_path: Path | None, depth: int
) -> None:
    """Rank the queries of a folder in BEIR form with the product's own matching."""
    from app.ranking.indexing import open_configured_encoder
    from app.settings import read_settings
    from matching.encoders.cross import open_reranker
    from matching.evaluate import evaluate_folder

    settings = read_settings()
    report = evaluate_folder(
        folder,
        open_configured_encoder(settings),
        depth=depth,
        run_path=run_path,
        details_path=details_path,
        cache_folder=settings.cache_path,
        reader=open_reranker(settings.reranker),
        progress=show_progress("Evaluating"),
    )
    figures = {
        "ndcg@10": report.ndcg_at_10,
        "recall@10": report.recall_at_10,
        "mrr@10": report.mrr_at_10,
        "queries": report.queries,
        "seconds": round(report.seconds, 2),
    }
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:12} {value:.4f}" if isinstance(value, float) else f"{name:12} {value}")


main.add_command(importing)
main.add_command(index)
main.add_command(person)
main.add_command(token)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(enquiry)
main.add_command(vault)
main.add_command(weights)
main.add_command(roles)
say_exit_codes(main)


if __name__ == "__main__":
    main()
