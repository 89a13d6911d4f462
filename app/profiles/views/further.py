"""Pages of a provider's further texts: the list, adding one, one by itself, taking one back."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now
from app.errors import DomainError, NotFound
from app.extensions import db
from app.profiles import actions, queries
from app.profiles.encoding import encode_text
from app.profiles.errors import EncodingNotReady
from app.profiles.forms.further import FurtherTextForm
from app.profiles.forms.readings import ProfileCorrectionForm
from app.profiles.looking import read_further_text
from app.profiles.views.readings import find_sentence
from app.profiles.views.room import blueprint
from app.transactions import writing
from app.vault.actions.opening import record_opening, require_open
from app.vault.keeping import read_text
from app.vault.queries.documents import get_newest, list_plain_texts
from app.vault.storage.choice import get_store
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.documents import Document
from models.provider_texts import FURTHER_TEXT_LIMIT, TEXTS_LIMIT, ProviderText
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
        title = _add(provider, form, form.get_document())
    except DomainError as error:
        field = form.document if form.document.data else form.text
        field.errors = [word_error(error)]
        return _show_list(provider, form), error.status
    flash(_("Added: %(title)s", title=title), "success")
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
        return _go_to(text)
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
    text, form = _find(provider, text_id), ProfileCorrectionForm()
    page = redirect(
        url_for(
            "profiles.show_further_reading",
            public_id=provider.public_id,
            text_id=text.public_id,
        ),
        code=303,
    )
    if not form.validate():
        flash(_("This page is out of date. Load it again."), "danger")
        return page
    with writing(db.session):
        actions.correct_profile_reading(
            db.session,
            provider=provider,
            sentence=find_sentence(provider, form.sentence.data or ""),
            role=form.role.data,
            version=form.version.data or 0,
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("The sentence is read as you say."), "success")
    return page


@blueprint.post("/providers/<public_id>/texts/<text_id>/take-back")
@requires("provider:edit", subject=queries.find_provider)
def take_back_further_text(provider: Provider, text_id: str) -> ResponseReturnValue:
    """Nobody is found by the text any more, and nothing of it is left."""
    with writing(db.session):
        actions.take_back_text(
            db.session,
            provider=provider,
            public_id=text_id,
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("The text is taken back."), "success")
    page = url_for("profiles.list_further_texts", public_id=provider.public_id)
    return redirect(page, code=303)


def _add(provider: Provider, form: FurtherTextForm, document: Document | None) -> str:
    """The title of the text that was added. Raises what the action raises, EncodingNotReady."""
    actor, at = get_current_actor(), now()
    said = form.text.data
    if document is not None:
        require_open(document, get_newest(document), actor=actor)
        said = read_text(get_store(), get_newest(document), most=FURTHER_TEXT_LIMIT)
    try:
        encoded = encode_text(get_engine(), said)
    except EncoderMissing as error:
        current_app.logger.exception("a text cannot be encoded")
        raise EncodingNotReady from error
    with writing(db.session):
        if document is not None:
            record_opening(
                db.session,
                document=document,
                version=get_newest(document),
                actor=actor,
                at=at,
            )
        text = actions.add_text(
            db.session,
            provider=provider,
            values=form.get_values(said),
            encoded=encoded,
            actor=actor,
            at=at,
        )
        return text.title


def _find(provider: Provider, text_id: str) -> ProviderText:
    text = queries.find_further_text(db.session, provider, text_id)
    if text is None:
        raise NotFound
    return text


def _go_to(text: ProviderText) -> ResponseReturnValue:
    page = url_for(
        "profiles.show_further_text",
        public_id=text.provider.public_id,
        text_id=text.public_id,
    )
    return redirect(page, code=303)


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
