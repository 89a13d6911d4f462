"""Pages of a provider's further texts: the list, adding one, one by itself, taking one back."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import DomainError, expect
from app.extensions import db
from app.profiles import actions, queries
from app.profiles.forms.further import FurtherTextForm
from app.profiles.looking import read_further_text
from app.profiles.taking_texts import take_text
from app.profiles.views.readings import take_correction
from app.profiles.views.room import blueprint
from app.vault.queries.documents import list_plain_texts
from app.vault.storage.choice import get_store
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.steps import take_step
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.provider_texts import TEXTS_LIMIT, ProviderText
from models.providers import Provider
from models.vocabulary import ProfileRole


@blueprint.route("/providers/<public_id>/texts", methods=["GET", "POST"])
@requires("provider:edit", subject=queries.find_provider)
@in_turn
def list_further_texts(provider: Provider) -> ResponseReturnValue:
    """The texts that a provider has beside its profile; another one is added."""
    form = FurtherTextForm(documents=list_plain_texts(db.session, provider))
    if not form.is_submitted():
        return _show_list(provider, form)
    if not form.validate():
        return _show_list(provider, form), 422
    try:
        text = take_text(
            db.session,
            get_engine(),
            get_store(),
            provider=provider,
            values=form.get_values(),
            document=form.get_document(),
            actor=get_current_actor(),
            at=now(),
        )
    except DomainError as error:
        field = form.document if form.document.data else form.text
        field.errors = [word_error(error)]
        return _show_list(provider, form), error.status
    flash(_("Added: %(title)s", title=text.title), "success")
    page = url_for("profiles.list_further_texts", public_id=provider.public_id)
    return redirect(page, code=303)


@blueprint.get("/providers/<public_id>/texts/<text_id>")
@requires("provider:view", subject=queries.find_provider)
def show_further_text(provider: Provider, text_id: str) -> ResponseReturnValue:
    """One text, for whoever sees the profile."""
    return render_template(
        "profiles/further_text.html", provider=provider, text=_find(provider, text_id)
    )


@blueprint.get("/providers/<public_id>/texts/<text_id>/reading")
@requires("provider:edit", subject=queries.find_provider)
@in_turn
def show_further_reading(provider: Provider, text_id: str) -> ResponseReturnValue:
    """What matching takes each sentence of one text for; stores nothing."""
    text = _find(provider, text_id)
    try:
        reading = read_further_text(get_engine(), text)
    except EncoderMissing:
        current_app.logger.exception("a text cannot be read")
        flash(_("Matching cannot be asked at present. Try again later."), "danger")
        page = url_for(
            "profiles.show_further_text", public_id=provider.public_id, text_id=text.public_id
        )
        return redirect(page, code=303)
    return render_template(
        "profiles/further_reading.html",
        provider=provider,
        text=text,
        reading=reading,
        roles=list(ProfileRole),
    )


@blueprint.post("/providers/<public_id>/texts/<text_id>/reading")
@requires("provider:edit", subject=queries.find_provider)
def correct_further_reading(provider: Provider, text_id: str) -> ResponseReturnValue:
    """A sentence is read as whoever acts for the provider says; the next search knows."""
    text = _find(provider, text_id)
    return take_correction(
        provider,
        url_for(
            "profiles.show_further_reading",
            public_id=provider.public_id,
            text_id=text.public_id,
        ),
    )


@blueprint.post("/providers/<public_id>/texts/<text_id>/take-back")
@requires("provider:edit", subject=queries.find_provider)
def take_back_further_text(provider: Provider, text_id: str) -> ResponseReturnValue:
    """Nobody is found by the text any more, and nothing of it is left."""
    return take_step(
        url_for("profiles.list_further_texts", public_id=provider.public_id),
        _("The text is taken back."),
        actions.take_back_text,
        provider=provider,
        public_id=text_id,
    )


def _find(provider: Provider, text_id: str) -> ProviderText:
    return expect(queries.find_further_text(db.session, provider, text_id))


def _show_list(provider: Provider, form: FurtherTextForm) -> str:
    texts = queries.list_further_texts(db.session, provider)
    return render_template(
        "profiles/further_texts.html",
        provider=provider,
        form=form,
        texts=texts,
        limit=TEXTS_LIMIT,
        is_full=len(texts) >= TEXTS_LIMIT,
    )
