"""How a version of what was learned is put to use at the terminal, and how its worth is told."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from app.ranking.versions import Activation
    from models.learned import LearnedVersion


class Activate(Protocol):
    """`activate_weights`, or its like."""

    def __call__(
        self, session: Any, *, version: str, forced: bool, actor: None, at: Any
    ) -> "Activation":
        """From the commit on `version` is in use."""
        ...


def activate_and_tell(activate: Activate, version: str, *, forced: bool, group: str) -> None:
    """`version` is in use from the next search on; `group` has the command that lists versions."""
    from app import create_app
    from app.clock import now
    from app.extensions import db as database
    from app.ranking.versions import VersionRefused, VersionUnknown
    from app.transactions import writing

    app = create_app()
    with app.app_context():
        try:
            with writing(database.session):
                changed = activate(
                    database.session, version=version, forced=forced, actor=None, at=now()
                )
        except VersionUnknown as error:
            raise click.ClickException(f"{error}. See: yinqiao {group} list") from error
        except VersionRefused as error:
            raise click.ClickException(f"{error}. To use it all the same: --force") from error
    if changed.before == changed.now:
        click.echo(f"{changed.now} is in use already.")
    else:
        click.echo(f"{changed.now} is in use from now on. Before, {changed.before} was.")


def list_rows(shipped: str, stored: "Sequence[LearnedVersion]") -> list[dict[str, Any]]:
    """What is told of each version as JSON: the shipped one, then those learned, oldest first."""
    first = {
        "version": shipped,
        "active": not any(each.active for each in stored),
        "made_at": None,
        "trained_on": {},
        "quality": {},
    }
    return [first] + [
        {
            "version": each.version,
            "active": each.active,
            "made_at": each.made_at.isoformat(),
            "trained_on": each.trained_on,
            "quality": each.quality,
        }
        for each in stored
    ]


def describe_gain(metric: str, against: str, quality: Mapping[str, Any]) -> str:
    """What was measured, with the interval of the difference."""
    return (
        f"{metric}, held out: {quality['learned']:.4f}; "
        f"{against} {quality['active']:.4f}; "
        f"difference {quality['difference']:+.4f} "
        f"[{quality['low']:+.4f}, {quality['high']:+.4f}]"
    )
