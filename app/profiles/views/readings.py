"""How a profile is read: for whoever acts for it, with what they correct."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.profiles import actions, queries
from app.profiles.errors import PassageGone
from app.profiles.forms.readings import ProfileCorrectionForm
from app.profiles.looking import read_profile
from app.profiles.views.room import blueprint
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.steps import take_step
from app.web.turns import in_turn
from matching.encoders.errors import EncoderMissing
from models.providers import Provider
from models.sentence_keys import make_sentence_key
from models.vocabulary import ProfileRole


@blueprint.get("/providers/<public_id>/reading")
@requires("provider:edit", subject=queries.find_provider)
@in_turn
def show_reading(provider: Provider) -> ResponseReturnValue:
    """What matching takes each sentence of the profile for; stores nothing."""
    try:
        reading = read_profile(get_engine(), provider)
    except EncoderMissing:
        current_app.logger.exception("a profile cannot be read")
        flash(_("Matching cannot be asked at present. Try again later."), "danger")
        return redirect(url_for("profiles.show_provider", public_id=provider.public_id), code=303)
    return render_template(
        "profiles/reading.html", provider=provider, reading=reading, roles=list(ProfileRole)
    )


@blueprint.post("/providers/<public_id>/reading")
@requires("provider:edit", subject=queries.find_provider)
def correct_reading(provider: Provider) -> ResponseReturnValue:
    """A sentence is read as whoever acts for the provider says; the next search knows."""
    return take_correction(provider, url_for("profiles.show_reading", public_id=provider.public_id))


def take_correction(provider: Provider, path: str) -> ResponseReturnValue:
    """What was said of a sentence, and back to `path`, where it stands. Raises PassageGone."""
    form = ProfileCorrectionForm()
    if not form.validate():
        flash(_("This page is out of date. Load it again."), "danger")
        return redirect(path, code=303)
    return take_step(
        path,
        _("The sentence is read as you say."),
        actions.correct_profile_reading,
        provider=provider,
        sentence=_find_sentence(provider, form.sentence.data or ""),
        role=form.role.data,
        version=form.version.data or 0,
    )


def _find_sentence(provider: Provider, key: str) -> str:
    """The sentence of the provider with that key. Raises PassageGone."""
    for said in queries.list_said(provider):
        if make_sentence_key(said) == key:
            return said
    raise PassageGone
