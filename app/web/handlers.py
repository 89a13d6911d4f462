"""The only map from an error to a status and a page."""

from collections.abc import Mapping, Sequence

from flask import Flask, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.clock import now
from app.errors import ChangedMeanwhile, DomainError, Fact, LogInNeeded, OutOfOrder
from app.extensions import db, login_manager
from app.web.addresses import is_own_path
from app.web.guard import is_public
from app.web.problem_details import FieldError, is_for_program, list_field_errors, make_problem
from app.web.typed import keep_typed, read_typed
from app.words.localisation import enumerate_words
from models.lifecycle import ActionNotAllowed


def word_error(error: DomainError, facts: Mapping[str, Fact] | None = None) -> str:
    """The sentence of an error, in the language of the present reader.

    `facts` stand in for those of the error where they have to be worded first.
    """
    sentence = str(error.sentence)
    facts = error.facts if facts is None else facts
    if not facts:
        return sentence
    return sentence % {
        name: enumerate_words(fact) if isinstance(fact, tuple) else fact
        for name, fact in facts.items()
    }


def _show(
    status: int,
    sentence: str,
    *,
    code: str = "",
    facts: Mapping[str, Fact] | None = None,
    errors: Sequence[FieldError] = (),
) -> ResponseReturnValue:
    try:
        db.session.rollback()
        if is_for_program():
            return make_problem(status, sentence, code=code, facts=facts, errors=errors)
        return render_template("error.html", status=status, sentence=sentence), status
    except OperationalError:
        # The frame of every page asks the database who is reading; without it, words must do.
        return Response(sentence, status=503, mimetype="text/plain")


def _answer(error: DomainError) -> ResponseReturnValue:
    sentence = word_error(error)
    # A refused action goes back to the page it was asked on, which shows the present state.
    back = request.form.get("back_to", "")
    if request.method == "POST" and error.status in (409, 422) and is_own_path(back):
        db.session.rollback()
        flash(sentence, "danger")
        return redirect(back, code=303)
    return _show(error.status, sentence, code=error.code, facts=error.facts)


def register_handlers(app: Flask) -> None:
    """Attach the map to `app`."""

    @app.errorhandler(DomainError)
    def answer_domain_error(error: DomainError) -> ResponseReturnValue:
        return _answer(error)

    @app.errorhandler(ActionNotAllowed)
    def answer_action_not_allowed(error: ActionNotAllowed) -> ResponseReturnValue:
        return _answer(OutOfOrder())

    # What the database refuses although an action has looked: somebody was faster by a moment.
    @app.errorhandler(IntegrityError)
    @app.errorhandler(StaleDataError)
    def answer_stale(error: IntegrityError | StaleDataError) -> ResponseReturnValue:
        app.logger.warning("refused on %s %s", request.method, request.path, exc_info=error)
        return _answer(ChangedMeanwhile())

    @app.errorhandler(CSRFError)
    def answer_csrf(error: CSRFError) -> ResponseReturnValue:
        # The token goes with the log-in when a browser is closed: what was typed must not.
        if not is_public(app, request.endpoint or ""):
            if not current_user.is_authenticated:
                if is_for_program():
                    return _answer(LogInNeeded())
                answer: ResponseReturnValue = login_manager.unauthorized()
                return answer
            if typed := read_typed(keep_typed(at=now()) or "", at=now()):
                return render_template("accounts/continue.html", typed=typed), 400
        return _show(
            400,
            _("This page was open for too long. Go back, load it again and send it once more."),
        )

    @app.errorhandler(RequestEntityTooLarge)
    def answer_too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
        return _show(413, _("That is more than can be sent at once. Shorten it and try again."))

    @app.errorhandler(HTTPException)
    def answer_http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        sentences = {
            404: _("There is no such page, or it is not for you to see."),
            405: _("This address cannot be used that way."),
            429: _("Too many attempts. Wait a minute and try again."),
        }
        if status < 400:
            return error
        if is_for_program() and (told := getattr(error, "data", None)):
            # webargs tells of the fields in what it raises.
            return _show(
                status,
                _("What was sent is not allowed: see “errors”."),
                code="fields_invalid",
                errors=list_field_errors(told.get("messages", {})),
            )
        return _show(status, sentences.get(status) or _("This request could not be understood."))

    @app.errorhandler(Exception)
    def answer_unexpected(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unexpected error on %s %s", request.method, request.path)
        status = 503 if isinstance(error, OperationalError) else 500
        return _show(status, _("Something went wrong on our side. Nothing was saved; try again."))
