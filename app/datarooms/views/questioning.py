"""Pages of questions: a startup answers them, for one investor or for everybody."""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.datarooms.actions import questioning
from app.datarooms.forms import AnswerForm
from app.datarooms.queries import questions as queries
from app.datarooms.views.room import blueprint
from app.errors import expect
from app.extensions import db
from app.profiles.queries import find_startup
from app.web.guard import requires
from app.web.paging import choose_page
from app.web.steps import take_step, take_typed
from models.organisations import Startup

PAGE_SIZE = 20


@blueprint.get("/startups/<public_id>/room/questions")
@requires("room:keep", subject=find_startup)
def list_questions(startup: Startup) -> ResponseReturnValue:
    """All questions, those without an answer first."""
    return _show(startup)


@blueprint.post("/room-questions/<public_id>/answer")
@requires("room:keep", subject=queries.find_question_startup)
def answer_question(startup: Startup) -> ResponseReturnValue:
    """The investor who asked reads the answer."""
    return _take(
        startup, _("Answered. The investor is told."), questioning.answer_question, "answer"
    )


@blueprint.post("/room-questions/<public_id>/publish")
@requires("room:keep", subject=queries.find_question_startup)
def publish_answer(startup: Startup) -> ResponseReturnValue:
    """The answer stands for everybody who may have the document."""
    return _take(
        startup,
        _("It stands for everybody who may have the document."),
        questioning.publish_answer,
        "text",
    )


@blueprint.post("/room-questions/<public_id>/withdraw")
@requires("room:keep", subject=queries.find_question_startup)
def withdraw_answer(startup: Startup) -> ResponseReturnValue:
    """The answer is for the investor who asked alone."""
    return _take(
        startup, _("It stands for whoever asked alone."), questioning.withdraw_answer, None
    )


def _take(
    startup: Startup, said: str, action: Callable[..., object], field: str | None
) -> ResponseReturnValue:
    public_id = str((request.view_args or {})["public_id"])
    path = url_for("datarooms.list_questions", public_id=startup.public_id)
    question = expect(queries.find_question(db.session, public_id))
    if field is None:
        return take_step(path, said, action, question=question)
    form = AnswerForm()

    def show_again() -> str:
        return _show(startup, forms={f"{field}_{public_id}": form})

    if not form.validate():
        return show_again(), 422
    values = {field: form.text.data}
    return take_typed(show_again, path, said, action, question=question, **values)


def _show(startup: Startup, *, forms: dict[str, AnswerForm] | None = None) -> str:
    page = choose_page(
        request.args.get("page", ""),
        rows=queries.count_questions(db.session, startup),
        size=PAGE_SIZE,
    )
    return render_template(
        "datarooms/list_questions.html",
        startup=startup,
        questions=queries.list_questions(db.session, startup, limit=page.size, offset=page.offset),
        page=page,
        answer_form=AnswerForm(formdata=None),
        forms=forms or {},
    )
