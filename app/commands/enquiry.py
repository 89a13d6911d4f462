"""The commands by which whoever runs the installation answers questions about lists."""

import json

import click

from app.commands.terminal import say_errors_plainly

_OUTCOMES = ("explained", "corrected", "recomputed", "unchanged")


@click.group()
def enquiry() -> None:
    """Questions to a human about lists of matches."""


@enquiry.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list, what is due first.")
@say_errors_plainly
def list_open(as_json: bool) -> None:
    """Everything that waits for an answer, what is due first, with who is to give it."""
    from app import create_app
    from app.access import Installation
    from app.enquiries.queries import list_unanswered
    from app.extensions import db as database

    with create_app().app_context():
        found = [
            {
                "id": each.public_id,
                "due": each.due_at.date().isoformat(),
                "asker": each.asker_name,
                "incubator": each.incubator.name if each.incubator else None,
                "concern": each.concern.value,
                "words": each.words,
            }
            for each in list_unanswered(database.session, actor=Installation.COMMAND_LINE)
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for told in found:
        answers = told["incubator"] or "whoever runs the installation"
        click.echo(f"{told['id']}  due {told['due']}  {told['asker']}  answers: {answers}")
        click.echo(f"  {told['concern']}: {told['words']}")


@enquiry.command("answer")
@click.argument("public_id")
@click.option("--outcome", type=click.Choice(_OUTCOMES), required=True, help="What came of it.")
@click.option("--answer", required=True, help="The words that whoever asked will read.")
@say_errors_plainly
def answer(public_id: str, outcome: str, answer: str) -> None:
    """Answer the question PUBLIC_ID; whoever asked is told.

    Exit codes: 0 answered, 1 there is none to be answered, 2 wrong words.
    """
    from app import create_app
    from app.access import Installation
    from app.clock import now
    from app.enquiries.actions.answering import answer_enquiry
    from app.enquiries.errors import NotRecomputed
    from app.enquiries.queries import find_enquiry
    from app.errors import ReasonMissing
    from app.extensions import db as database
    from app.transactions import writing
    from models.canonical import canonical_text
    from models.enquiries import EnquiryOutcome
    from models.lifecycle import ActionNotAllowed

    with create_app().app_context(), writing(database.session):
        found = find_enquiry(database.session, public_id)
        if found is None:
            raise click.ClickException("There is no such question.")
        try:
            answer_enquiry(
                database.session,
                enquiry=found,
                outcome=EnquiryOutcome(outcome),
                answer=canonical_text(answer),
                actor=Installation.COMMAND_LINE,
                at=now(),
            )
        except ActionNotAllowed as error:
            raise click.ClickException("It is answered, or taken back.") from error
        except ReasonMissing as error:
            raise click.BadParameter("say something", param_hint="--answer") from error
        except NotRecomputed as error:
            raise click.ClickException("No list was made for this need since.") from error
    click.echo("Answered.")
