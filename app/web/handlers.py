"""The only map from an error to a status and a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Flask, Response, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from app.clock import now
from app.errors import (
    ChangedMeanwhile,
    DomainError,
    Fact,
    LogInNeeded,
    NotFound,
    NotPermitted,
    OutOfOrder,
)
from app.extensions import db, login_manager
from app.web.addresses import is_own_path
from app.web.guard import is_public
from app.web.problem_details import FieldError, is_for_program, make_problem
from app.web.refusals import note_refusal
from app.web.request_ids import get_request_id
from app.web.typed import keep_typed, list_texts, read_typed
from app.words.localisation import enumerate_words
from models.lifecycle import ActionNotAllowed
from models.refusals import RefusalKind


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


def render_error(status: int, sentence: str, *, texts: Sequence[str] = ()) -> str:
    """The page that says what is wrong; `texts` are what was typed and stands on no other page."""
    back = request.form.get("back_to", "") if texts else ""
    return render_template(
        "error.html",
        status=status,
        sentence=sentence,
        texts=texts,
        back=back if is_own_path(back) else "",
    )


def _show(
    status: int,
    sentence: str,
    *,
    code: str = "",
    facts: Mapping[str, Fact] | None = None,
    errors: Sequence[FieldError] = (),
    present: object = None,
    headers: Mapping[str, str] | None = None,
    refusal: RefusalKind | None = None,
    texts: Sequence[str] = (),
) -> ResponseReturnValue:
    try:
        db.session.rollback()
        if refusal is not None:
            note_refusal(refusal)
        if is_for_program():
            return make_problem(
                status,
                sentence,
                code=code,
                facts=facts,
                errors=errors,
                present=present,
                headers=headers,
            )
        return render_error(status, sentence, texts=texts), status
    except DBAPIError:
        # The frame of every page asks the database who is reading.
        return _show_away()


def _show_away() -> ResponseReturnValue:
    """What is said without a database, to a reader whose language nobody can look up: in both."""
    if is_for_program():
        return make_problem(503, "The database cannot be reached. Nothing was saved.")
    page = (Path(current_app.root_path) / "static" / "away.html").read_text(encoding="utf-8")
    page = page.replace("REQUEST", get_request_id())
    return Response(page, status=503, mimetype="text/html", headers={"Retry-After": "60"})


def _answer(error: DomainError) -> ResponseReturnValue:
    sentence = word_error(error)
    # What is not there is noted as what nobody is told of: else who asks could tell the two apart
    # by the time that it takes, and by what the account says was refused.
    is_refusal = isinstance(error, NotPermitted | NotFound)
    refusal = RefusalKind.PERMISSION if is_refusal else None
    if is_for_program():
        return _show(
            error.status,
            sentence,
            code=error.code,
            facts=error.facts,
            errors=getattr(error, "errors", ()),
            present=getattr(error, "present", None),
            headers=getattr(error, "headers", None),
            refusal=refusal,
        )
    texts = list_texts()
    # A refused action goes back to the page it was asked on, which shows the present state.
    back = request.form.get("back_to", "")
    goes_back = request.method == "POST" and error.status in (409, 422) and is_own_path(back)
    if goes_back and not texts:
        db.session.rollback()
        flash(sentence, "danger")
        return redirect(back, code=303)
    return _show(
        error.status,
        sentence,
        code=error.code,
        facts=error.facts,
        refusal=refusal,
        texts=texts,
    )


def _list_methods(error: HTTPException) -> Sequence[str]:
    """How an address can be used, where it cannot be used so."""
    return list(error.valid_methods or ()) if isinstance(error, MethodNotAllowed) else ()


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
        app.logger.warning("refused on %s %s", request.method, request.url_rule, exc_info=error)
        return _answer(ChangedMeanwhile())

    # It was there when the request began, and somebody removed it before it was locked.
    @app.errorhandler(ObjectDeletedError)
    def answer_gone(error: ObjectDeletedError) -> ResponseReturnValue:
        app.logger.warning("gone on %s %s", request.method, request.url_rule, exc_info=error)
        return _answer(NotFound())

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
                db.session.rollback()
                note_refusal(RefusalKind.FORGERY)
                return render_template("accounts/continue.html", typed=typed), 400
        return _show(
            400,
            _("This page was open for too long. Go back, load it again and send it once more."),
            refusal=RefusalKind.FORGERY,
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
        allowed = {"Allow": ", ".join(sorted(methods))} if (methods := _list_methods(error)) else {}
        return _show(
            status,
            sentences.get(status) or _("This request could not be understood."),
            headers=allowed,
            refusal=RefusalKind.THROTTLE if status == 429 else None,
        )

    @app.errorhandler(Exception)
    def answer_unexpected(error: Exception) -> ResponseReturnValue:
        if isinstance(error, OperationalError | InterfaceError) or (
            isinstance(error, DBAPIError) and error.connection_invalidated
        ):
            app.logger.error("the database does not answer", exc_info=error)
            return _show_away()
        # By its pattern: an address itself may hold a link's secret.
        app.logger.exception("unexpected error on %s %s", request.method, request.url_rule)
        try:
            sentence = _("Something went wrong on our side. Nothing was saved; try again.")
        except DBAPIError:
            return _show_away()
        return _show(500, sentence)
