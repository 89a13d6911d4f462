"""My choices on privacy: each consent by itself, with what follows from either answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consents import actions, queries
from app.consents.errors import ConsentReworded
from app.consents.words import CONSENTS
from app.errors import NotFound
from app.extensions import db
from app.profiles.queries import find_provider, find_startup
from app.web.addresses import is_own_path
from app.web.digits import read_number
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.steps import take_step
from app.words.privacy_notice import NOTICE_DATE, NOTICE_VERSION
from models.consents import ConsentPurpose
from models.organisations import Startup
from models.providers import Provider

blueprint = Blueprint("consents", __name__)


@blueprint.get("/account/privacy")
@requires("account:edit")
def show_choices() -> ResponseReturnValue:
    """What rests on my consent, whether I gave it, and what I decided before."""
    return render_template(
        "consents/choices.html",
        asked=queries.list_asked(db.session, get_current_actor()),
        words=CONSENTS,
        organisations=queries.list_organisations(db.session, get_current_actor()),
        notice_version=NOTICE_VERSION,
        notice_date=NOTICE_DATE,
    )


@blueprint.post("/providers/<public_id>/consents/<purpose>/give")
@requires("consent:decide", subject=find_provider)
def give_consent(provider: Provider, purpose: str) -> ResponseReturnValue:
    """I agree to the words that I was shown."""
    try:
        return take_step(
            _back_to(provider, purpose),
            _("You agreed. You can withdraw it here at any time."),
            actions.give_consent,
            provider=provider,
            purpose=_read_purpose(purpose),
            version=read_number(request.form.get("version", "")) or 0,
        )
    except ConsentReworded as error:
        flash(word_error(error), "danger")
        return redirect(_back_to(provider, purpose), code=303)


@blueprint.post("/providers/<public_id>/consents/<purpose>/withdraw")
@requires("consent:decide", subject=find_provider)
def withdraw_consent(provider: Provider, purpose: str) -> ResponseReturnValue:
    """I agree no longer."""
    return take_step(
        _back_to(provider, purpose),
        _("Withdrawn. It counts from now on."),
        actions.withdraw_consent,
        provider=provider,
        purpose=_read_purpose(purpose),
    )


@blueprint.post("/startups/<public_id>/history")
@requires("history:choose", subject=find_startup)
def choose_history_of_startup(startup: Startup) -> ResponseReturnValue:
    """Earlier matches count in lists for my startup, or no longer; then where I came from."""
    return _choose_history(startup)


@blueprint.post("/providers/<public_id>/history")
@requires("history:choose", subject=find_provider)
def choose_history_of_provider(provider: Provider) -> ResponseReturnValue:
    """What I answered and how I was rated counts where I am ranked, or no longer."""
    return _choose_history(provider)


def _choose_history(organisation: Startup | Provider) -> ResponseReturnValue:
    is_used = request.form.get("is_used") == "yes"
    back = request.form.get("back_to", "")
    return take_step(
        back if is_own_path(back) else url_for("consents.show_choices"),
        _("Earlier matches count from the next search on.")
        if is_used
        else _("Earlier matches count no more from the next search on."),
        actions.choose_history,
        organisation=organisation,
        is_used=is_used,
    )


def _read_purpose(purpose: str) -> ConsentPurpose:
    if purpose not in list(ConsentPurpose):
        raise NotFound
    return ConsentPurpose(purpose)


def _back_to(provider: Provider, purpose: str) -> str:
    anchor = f"{_read_purpose(purpose).value}-{provider.public_id}"
    return url_for("consents.show_choices", _anchor=anchor)
