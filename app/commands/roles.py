"""The commands that learn what sentences do from corrections, and let a version be used."""

import json
from collections.abc import Mapping
from typing import Any

import click

from app.commands.activating import activate_and_tell, describe_gain, list_rows
from app.commands.terminal import say_errors_plainly

_SIDES = {"need": "needs", "profile": "profiles"}


@click.group()
def roles() -> None:
    """What sentences of needs and profiles are taken for, and what was learned about it."""


@roles.command("learn")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@say_errors_plainly
def learn_roles(as_json: bool) -> None:
    """Fit to what founders and providers corrected, and store it without using it.

    Says how well it reads the sentences of owners from whom it learned nothing, against the version
    in use. Where too few corrected too little it says so and stores nothing.
    """
    from dataclasses import asdict

    from app import create_app
    from app.clock import now
    from app.extensions import db as database
    from app.ranking.roles import learn_from_corrections
    from app.web.engine import get_engine

    app = create_app()
    with app.app_context():
        lesson = learn_from_corrections(database.session, get_engine(), at=now())
    if as_json:
        click.echo(json.dumps(asdict(lesson), ensure_ascii=False))
        return
    for side, reason in lesson.reasons.items():
        click.echo(f"Of {_SIDES[side]} nothing was learned: {reason}.")
    if lesson.version is None:
        click.echo(f"{lesson.active} stays in use.")
        return
    for line in _describe(lesson.quality):
        click.echo(line)
    if lesson.quality["difference"] <= 0:
        click.echo(f"{lesson.version} is no better than {lesson.active}, which stays in use.")
        return
    click.echo(f"To use it: yinqiao roles activate {lesson.version}")


@roles.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, oldest first.")
@say_errors_plainly
def list_roles(as_json: bool) -> None:
    """Show every version, and which one is in use."""
    from app import create_app
    from app.extensions import db as database
    from app.ranking.roles import SHIPPED_ROLES
    from app.ranking.versions import list_versions
    from models.learned import RolesVersion

    app = create_app()
    with app.app_context():
        rows = list_rows(SHIPPED_ROLES, list_versions(database.session, RolesVersion))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        made = f"  {row['made_at'][:10]}" if row["made_at"] else ""
        click.echo(f"{'*' if row['active'] else ' '} {row['version']:10}{made}")
        for line in _describe(row["quality"]) if row["quality"] else ():
            click.echo(f"    {line}")


@roles.command("activate")
@click.argument("version")
@click.option(
    "--force", is_flag=True, help="Also a version that was measured to be worse, or never compared."
)
@say_errors_plainly
def activate(version: str, force: bool) -> None:
    """Let sentences be read by VERSION, in every running process, from its next search on.

    Each process makes its index anew, from stored vectors.
    """
    from app.ranking.roles import activate_roles

    activate_and_tell(activate_roles, version, forced=force, group="roles")


def _describe(quality: Mapping[str, Any]) -> list[str]:
    lines = []
    for side, own in quality["sides"].items():
        lines.append(
            f"{_SIDES[side]}: {describe_gain(quality['metric'], quality['against'], own)}; of "
            f"{own['sentences']} sentences of {own['owners']} owners"
        )
        lines.append(
            f"{_SIDES[side]}: shipped sentences read right {own['shipped_learned']:.4f}, "
            f"without what was learned {own['shipped_active']:.4f}"
        )
    return lines
