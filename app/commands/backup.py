"""The commands that copy an installation into one sealed file, and put it back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.terminal import say_errors_plainly

if TYPE_CHECKING:
    from app.backups import BackupReport


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@say_errors_plainly
def backup(file: Path) -> None:
    """Copy database, secret key and documents into FILE, sealed with YINQIAO_BACKUP_KEY.

    Others may go on working. Exit codes: 0 all is in it, 1 it could not be made, 3 it was made and
    files of documents were missing.
    """
    from app.backups import BackupImpossible, make_backup
    from app.clock import now
    from app.settings import read_settings
    from app.vault.storage.choice import make_store
    from app.vault.storage.port import StoreUnavailable

    settings = read_settings()
    try:
        report = make_backup(settings, make_store(settings), file, at=now())
    except (BackupImpossible, StoreUnavailable) as error:
        raise click.ClickException(str(error)) from error
    _say(report)
    if report.lost:
        raise click.exceptions.Exit(3)


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", "only_checks", is_flag=True, help="Only look whether it could be done.")
@say_errors_plainly
def restore(file: Path, only_checks: bool) -> None:
    """Put back what `yinqiao backup` copied into FILE, where there is no database yet.

    Stop all processes before, then run: yinqiao db upgrade.
    """
    from app.backups import BackupImpossible, check_backup, restore_backup
    from app.settings import read_settings
    from app.vault.storage.choice import make_store
    from app.vault.storage.port import StoreUnavailable

    settings = read_settings()
    try:
        if only_checks:
            report = check_backup(settings, file)
        else:
            report = restore_backup(settings, make_store(settings), file)
    except (BackupImpossible, StoreUnavailable) as error:
        raise click.ClickException(str(error)) from error
    _say(report)
    if not only_checks:
        click.echo("Restored. Now run: yinqiao db upgrade")


def _say(report: "BackupReport") -> None:
    click.echo(
        f"Made at {report.made_at}, schema {report.revision}, "
        f"{report.documents} files of documents."
    )
    for key in report.lost:
        click.echo(f"lost: {key}")
