"""Pages of providers: the list, one profile, its form, publishing and pausing."""

from dataclasses import replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm.exc import StaleDataError

from app.access import is_permitted
from app.clock import now
from app.errors import ChangedMeanwhile, NotFound
from app.extensions import db
from app.facts.queries import count_current
from app.profiles import actions, queries
from app.profiles.completeness import list_missing_of_provider
from app.profiles.encoding import encode_profile, encode_values
from app.profiles.errors import ProfileIncomplete
from app.profiles.forms import (
    PROVIDER_FORMS,
    CentreForm,
    ProviderFilterForm,
    ProviderForm,
)
from app.profiles.same_organisation import find_same
from app.profiles.values import read_provider
from app.profiles.views.room import ADD_SERVICE, PUBLISH, blueprint, get_wish, spread
from app.ranking.own_terms import read_terms_for
from app.transactions import writing
from app.web.engine import get_engine
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor, get_current_person, renew_actor
from app.web.paging import read_page_number
from app.web.steps import REFUSALS, carry_out, show_refused
from app.web.turns import in_turn
from app.words.kind_words import WORDS_BY_KIND
from matching.encoders.errors import EncoderMissing
from models.providers import Provider
from models.vocabulary import ProviderKind


@blueprint.get("/providers")
@requires("provider:list")
def list_providers() -> ResponseReturnValue:
    """Everyone published whom the reader may see, narrowed by what the address says."""
    form = ProviderFilterForm(formdata=request.args)
    form.validate()
    page = queries.list_providers(
        db.session,
        viewer=get_current_actor(),
        chosen=replace(form.get_filter(), terms=read_terms_for(db.session, get_current_actor())),
        number=read_page_number(request.args.get("page", "")),
    )
    return render_template("profiles/providers.html", form=form, page=page)


@blueprint.route("/providers/new", methods=["GET", "POST"])
@requires("provider:create")
@in_turn
def create_provider() -> ResponseReturnValue:
    """A new profile of the kind that the address names; without one, the kinds to choose from."""
    kind = request.args.get("kind")
    if kind is None:
        return render_template("profiles/choose_kind.html", kinds=ProviderKind)
    if kind not in list(ProviderKind):
        raise NotFound
    form = PROVIDER_FORMS[ProviderKind(kind)]()
    if not form.is_submitted():
        return _show_form(form, None)
    if (refused := _check(form, must_be_complete=get_wish() == PUBLISH)) is not None:
        return _show_form(form, None), refused
    values = form.get_values()
    try:
        encoded = encode_values(get_engine(), values) if get_wish() == PUBLISH else None
    except EncoderMissing:
        _say_not_encoded()
        return _show_form(form, None), 503
    actor, at = get_current_actor(), now()
    try:
        with writing(db.session):
            provider = actions.create_provider(
                db.session,
                values=values,
                member=get_current_person(),
                actor=actor,
                at=at,
                public_id=form.new_public_id.data,
            )
            if encoded is not None and provider.state == "draft":
                actions.publish_provider(
                    db.session, provider=provider, encoded=encoded, actor=renew_actor(), at=at
                )
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, None))
    _say_saved(provider)
    return redirect(url_for("profiles.show_provider", public_id=provider.public_id), code=303)


@blueprint.get("/providers/<public_id>")
@requires("provider:view", subject=queries.find_provider)
def show_provider(provider: Provider) -> ResponseReturnValue:
    """One profile; for whoever acts for it, also how matching reads it."""
    actor = get_current_actor()
    is_own = is_permitted(actor, "provider:edit", provider)
    return render_template(
        "profiles/provider.html",
        provider=provider,
        words=WORDS_BY_KIND[provider.kind],
        is_own=is_own,
        free_places=queries.count_free_places(db.session, provider),
        answer_hours=queries.get_answer_hours(db.session, provider),
        needs=queries.list_open_needs(db.session, viewer=actor),
        sections=queries.list_sections(provider) if is_own else (),
        texts=queries.list_further_texts(db.session, provider),
        members=queries.list_members(db.session, provider=provider) if is_own else (),
        facts=count_current(db.session, provider),
        same=find_same(db.session, code=provider.credit_code, viewer=actor, besides=provider),
        inviting=queries.list_incubators_without(db.session, provider=provider, viewer=actor),
    )


@blueprint.route("/providers/<public_id>/edit", methods=["GET", "POST"])
@requires("provider:edit", subject=queries.find_provider)
@in_turn
def edit_provider(provider: Provider) -> ResponseReturnValue:
    """The profile's form. A published profile is encoded again and found by the new text."""
    values = read_provider(provider)
    form = PROVIDER_FORMS[provider.kind](data=spread(values) | {"version": provider.version})
    if not form.is_submitted():
        if "check" in request.args:
            form.mark_missing(list_missing_of_provider(values))
        return _show_form(form, provider)
    publishes = get_wish() == PUBLISH and provider.state != "published"
    is_encoded = publishes or provider.state == "published"
    if (refused := _check(form, must_be_complete=is_encoded)) is not None:
        return _show_form(form, provider), refused
    values = form.get_values()
    try:
        encoded = encode_values(get_engine(), values) if is_encoded else None
    except EncoderMissing:
        _say_not_encoded()
        return _show_form(form, provider), 503
    actor, at = get_current_actor(), now()
    try:
        with writing(db.session):
            ended = actions.edit_provider(
                db.session,
                provider=provider,
                values=values,
                encoded=encoded,
                version=form.version.data,
                actor=actor,
                at=at,
            )
            if publishes and encoded is not None and provider.state != "published":
                actions.publish_provider(
                    db.session, provider=provider, encoded=encoded, actor=actor, at=at
                )
    except (ChangedMeanwhile, StaleDataError):
        # What was typed is kept; sent again, it replaces what the other one wrote.
        form.version.data = provider.version
        return _show_form(form, provider, is_stale=True), ChangedMeanwhile.status
    except REFUSALS as error:
        return show_refused(error, lambda: _show_form(form, provider))
    if ended:
        flash(
            ngettext(
                "You had corrected how %(num)d sentence is read. It is said otherwise now, so it "
                "is read anew.",
                "You had corrected how %(num)d sentences are read. They are said otherwise now, so "
                "they are read anew.",
                ended,
            ),
            "info",
        )
    _say_saved(provider)
    return redirect(url_for("profiles.show_provider", public_id=provider.public_id), code=303)


@blueprint.post("/providers/<public_id>/publish")
@requires("provider:publish", subject=queries.find_provider)
@in_turn
def publish_provider(provider: Provider) -> ResponseReturnValue:
    """Publish a draft, or resume what was paused."""
    page = redirect(url_for("profiles.show_provider", public_id=provider.public_id), code=303)
    try:
        encoded = encode_profile(get_engine(), provider)
    except EncoderMissing:
        _say_not_encoded()
        return page
    try:
        carry_out(actions.publish_provider, provider=provider, encoded=encoded)
    except ProfileIncomplete as error:
        flash(word_error(error), "danger")
        path = url_for("profiles.edit_provider", public_id=provider.public_id, check="yes")
        return redirect(path, code=303)
    flash(_("Published. The next search finds this profile."), "success")
    return page


@blueprint.post("/providers/<public_id>/pause")
@requires("provider:publish", subject=queries.find_provider)
def pause_provider(provider: Provider) -> ResponseReturnValue:
    """Take the profile out of matching until it is resumed."""
    carry_out(actions.pause_provider, provider=provider)
    flash(_("Paused. You are not suggested to startups until you resume."), "success")
    return redirect(url_for("profiles.show_provider", public_id=provider.public_id), code=303)


def _check(form: ProviderForm, *, must_be_complete: bool) -> int | None:
    """The status with which the form is shown again; None when it can be saved."""
    if get_wish() == ADD_SERVICE and isinstance(form, CentreForm):
        form.add_service()
        return 200
    if not form.validate():
        return 422
    if must_be_complete and (missing := list_missing_of_provider(form.get_values())):
        form.mark_missing(missing)
        return 422
    return None


def _show_form(form: ProviderForm, provider: Provider | None, *, is_stale: bool = False) -> str:
    return render_template(
        "profiles/edit_provider.html",
        form=form,
        provider=provider,
        kind=form.kind,
        state=provider.state if provider else "draft",
        is_stale=is_stale,
    )


def _say_not_encoded() -> None:
    current_app.logger.exception("a profile cannot be encoded")
    flash(
        _("Texts cannot be read for matching at present, so nothing was changed. Try again later."),
        "danger",
    )


def _say_saved(provider: Provider) -> None:
    if provider.state == "published":
        flash(_("Saved and published. The next search finds this profile."), "success")
    else:
        flash(_("Saved. Startups do not see this profile until it is published."), "success")
