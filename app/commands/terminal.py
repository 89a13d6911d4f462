"""What all commands share: mistakes in one sentence, and progress where it takes long."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

# What the exit codes of a command mean, unless its own help says it.
_EXIT_CODES = (
    "Exit codes: 0 it was done, 1 it could not be done, and a sentence says why,"
    " 2 the words of the command are wrong."
)


def say_exit_codes(command: click.Command) -> None:
    """The help of `command`, and of all commands below it, says what its exit codes mean."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            say_exit_codes(each)
    if "Exit codes:" not in (command.help or ""):
        command.epilog = _EXIT_CODES


def say_errors_plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Mistakes of settings, files and set-up are one sentence, not a traceback."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Exception as error:
            plain = _say_plainly(error)
            if plain is None:
                raise
            raise click.ClickException(plain) from error

    return run


def _say_plainly(error: Exception) -> str | None:
    """One sentence for a mistake of settings, files or set-up; None for anything else."""
    # Imported here: commands may first have to say how many cores numpy, which comes with these,
    # may take.
    from alembic.util import CommandError
    from sqlalchemy.exc import OperationalError

    from app.database import SchemaDiffers
    from app.settings import SettingInvalid
    from matching.encoders.errors import BundleCorrupt, EncoderMissing
    from matching.evaluate import EvaluationError

    match error:
        case (
            SettingInvalid()
            | SchemaDiffers()
            | EncoderMissing()
            | BundleCorrupt()
            | EvaluationError()
        ):
            return str(error)
        case OperationalError():
            return (
                f"The database cannot be used ({error.orig}). "
                "Check YINQIAO_DATABASE_URL, then run: yinqiao db upgrade"
            )
        case CommandError():
            return (
                f"The schema cannot be brought to this release ({error}). A database of a newer "
                "release needs that release; nothing was changed."
            )
    return None


def show_progress(label: str) -> Callable[[str, int, int], None]:
    """A progress bar on standard error, for functions that report (step, done, total)."""
    from tqdm import tqdm

    bar = tqdm(desc=label, unit="", leave=False, file=sys.stderr, disable=None)

    def advance(step: str, done: int, total: int) -> None:
        bar.set_description(f"{label}: {step}", refresh=False)
        bar.total = total
        bar.n = done
        bar.refresh()
        if done >= total:
            bar.close()

    return advance
