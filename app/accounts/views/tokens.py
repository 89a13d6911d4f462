"""Tokens by which a person's programs act for them: listed, made, shown once, revoked."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, queries
from app.accounts.forms import TokenForm
from app.accounts.views.blueprint import blueprint
from app.accounts.words import SCOPE_WORDS
from app.clock import now
from app.errors import DomainError
from app.extensions import db
from app.web.confirming import asks_again
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_person
from app.web.steps import carry_out
from app.web.typed import get_signer
from models.tokens import ApiToken


@blueprint.get("/account/tokens")
@requires("account:edit")
def list_tokens() -> ResponseReturnValue:
    """The person's tokens, and a form for another one."""
    return _show(TokenForm(formdata=None))


@blueprint.post("/account/tokens")
@requires("account:edit")
@asks_again(_l("Make an access token"))
def create_token() -> ResponseReturnValue:
    """A new token; its secret stands on this page and on none after it."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _show(form), 422
    try:
        made = carry_out(
            actions.create_token,
            person=get_current_person(),
            name=form.name.data,
            scopes=form.scopes.data,
            days=form.days.data or 0,
            signer=get_signer(),
        )
    except DomainError as error:
        form.name.errors = [word_error(error)]
        return _show(form), error.status
    return _show(TokenForm(formdata=None), secret=made.secret)


@blueprint.post("/account/tokens/<public_id>/revoke")
@requires("token:revoke", subject=queries.find_token)
def revoke_token(token: ApiToken) -> ResponseReturnValue:
    """The token is good for nothing any more."""
    carry_out(actions.revoke_token, token=token)
    flash(_("Revoked. Programs that show this token are refused from now on."), "success")
    return redirect(url_for("accounts.list_tokens"), code=303)


def _show(form: TokenForm, secret: str | None = None) -> str:
    tokens = queries.list_tokens(db.session, get_current_person())
    return render_template(
        "accounts/tokens.html",
        form=form,
        secret=secret,
        tokens=[(token, token.is_good(now())) for token in tokens],
        scopes=SCOPE_WORDS,
    )
