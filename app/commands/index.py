"""The commands that build the index of matching anew, and compare it with the database."""

import time

import click

from app.commands.terminal import say_errors_plainly


@click.group()
def index() -> None:
    """The index that matches are searched in, and the snapshot that processes start from."""


@index.command("rebuild")
@say_errors_plainly
def rebuild_index() -> None:
    """Build the index from the database alone and leave a snapshot of it.

    Processes that serve go on with what they have, which is brought up to date before each search.
    """
    from app import create_app
    from app.web.engine import get_engine

    app = create_app()
    with app.app_context():
        start = time.perf_counter()
        engine = get_engine()
        providers = engine.rebuild()
        is_saved = engine.save_snapshot() or engine.has_snapshot
        seconds = time.perf_counter() - start
    click.echo(f"{providers} providers at revision {engine.revision} in {seconds:.1f} s.")
    if not is_saved:
        raise click.ClickException("Another process is writing a snapshot: none was left.")


@index.command("check")
@say_errors_plainly
def check_index() -> None:
    """Compare the index as processes start it, from its snapshot, with one from the database.

    Exit codes: 0 they are the same, 1 a provider differs (`yinqiao index rebuild` puts it right),
    or they could not be compared, 2 the words of the command are wrong.
    """
    from app import create_app
    from app.extensions import db as database
    from app.ranking.indexing import DatabaseChangeSource
    from app.web.engine import get_engine
    from matching.engine import Engine
    from matching.index.check import find_differences

    app = create_app()
    with app.app_context():
        engine = get_engine()
        origin = "a snapshot" if engine.has_snapshot else "the database: there is no snapshot"
        source = DatabaseChangeSource(database.engine)
        built = Engine(engine.encoder, source, background=engine.background)
        different = find_differences(engine.refresh(), built.refresh())
        if engine.revision != built.revision:
            raise click.ClickException("The database changed meanwhile: check again.")
    if different:
        shown = ", ".join(map(str, different[:10]))
        raise click.ClickException(f"{len(different)} providers differ: {shown}")
    click.echo(
        f"At revision {engine.revision} the index from {origin} holds what the database does."
    )
