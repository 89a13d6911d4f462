"""The commands that learn weights, list them and let a version rank."""

import json
from collections.abc import Mapping
from typing import Any

import click

from app.commands.activating import activate_and_tell, describe_gain, list_rows
from app.commands.terminal import say_errors_plainly, show_progress

_SHARES = ("whole", "late", "back", "words")


@click.group()
def weights() -> None:
    """The weights that rank: what the shares of relevance are, and who may change them."""


@weights.command("learn")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@say_errors_plainly
def learn_weights(as_json: bool) -> None:
    """Fit weights to what became of the matches so far, and store them without using them.

    Says how good they prove on outcomes held out, against the version that ranks now. Where too
    little has happened it says so and stores nothing.
    """
    from dataclasses import asdict

    from app import create_app
    from app.clock import now
    from app.extensions import db as database
    from app.ranking.learning import learn
    from app.web.engine import get_engine

    app = create_app()
    with app.app_context():
        lesson = learn(database.session, get_engine(), at=now(), progress=show_progress("Learning"))
    if as_json:
        click.echo(json.dumps(asdict(lesson), ensure_ascii=False))
        return
    for line in _describe_training(lesson.trained_on):
        click.echo(line)
    if lesson.version is None:
        click.echo(f"Nothing was learned: {lesson.reason}. {lesson.active} goes on ranking.")
        return
    click.echo(f"{lesson.version}: {_describe_shares(lesson.values)}")
    click.echo(_describe_quality(lesson.quality))
    if lesson.quality["difference"] <= 0:
        click.echo(f"It is no better than {lesson.active}, which goes on ranking.")
        return
    if lesson.quality["low"] <= 0:
        click.echo("The difference may be chance: its interval includes 0.")
    click.echo(f"To let it rank: yinqiao weights activate {lesson.version}")


@weights.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, oldest first.")
@say_errors_plainly
def list_weights(as_json: bool) -> None:
    """Show the shipped weights and every learned version, and which one ranks."""
    from app import create_app
    from app.extensions import db as database
    from app.ranking.versions import list_versions
    from app.ranking.weights import write_values
    from matching.ranking.weights import SHIPPED
    from models.learned import WeightsVersion

    app = create_app()
    with app.app_context():
        stored = list_versions(database.session, WeightsVersion)
        values = [write_values(SHIPPED), *(each.values for each in stored)]
        rows = [
            {**row, "values": own}
            for row, own in zip(list_rows(SHIPPED.version, stored), values, strict=True)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = "*" if row["active"] else " "
        click.echo(f"{mark} {row['version']:12} {_describe_shares(row['values'])}")
        if row["quality"]:
            click.echo(f"    {row['made_at'][:10]}  {_describe_quality(row['quality'])}")


@weights.command("activate")
@click.argument("version")
@click.option(
    "--force", is_flag=True, help="Also a version that was measured to be worse, or never compared."
)
@say_errors_plainly
def activate(version: str, force: bool) -> None:
    """Let VERSION rank, in every running process, from its next search on."""
    from app.ranking.weights import activate_weights

    activate_and_tell(activate_weights, version, forced=force, group="weights")


def _describe_training(trained_on: Mapping[str, Any]) -> list[str]:
    outcomes = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in trained_on["outcomes"].items()
    )
    lines = [
        f"{trained_on['lists']} lists led somewhere ({outcomes or 'no outcomes'}): "
        f"{trained_on['preferences']} preferences of {trained_on['startups']} startups."
    ]
    left_out = trained_on["left_out"]
    if count := left_out.get("another_encoder"):
        lines.append(f"Left out: {count} runs of another encoder.")
    if count := left_out.get("without_parts"):
        lines.append(f"Left out: {count} lists from before the parts of relevance were kept.")
    return lines


def _describe_shares(values: Mapping[str, Any]) -> str:
    return "  ".join(f"{name} {values[name]:.4f}" for name in _SHARES)


def _describe_quality(quality: Mapping[str, Any]) -> str:
    return describe_gain(quality["metric"], quality["against"], quality)
