"""Logging in by an account elsewhere: going there, coming back, connecting, ending it.

Going is a link and no form: browsers do not let a form of ours lead to another site.
"""

import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask import current_app, flash, make_response, redirect, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import actions, queries
from app.accounts.errors import ProviderAway, ProviderLinkThere, ProviderLinkUnknown, ProviderWrong
from app.accounts.forms import LogInForm
from app.accounts.providers import BEGUN_FOR, Identity, ProviderClient
from app.accounts.throttling import LOG_INS_OF_NETWORK
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import CAME_BY, choose_next, enter_or_ask, show_form
from app.clock import now
from app.errors import expect
from app.extensions import db, get_settings
from app.settings import Settings
from app.transactions import writing
from app.web.confirming import asks_again
from app.web.guard import public, requires
from app.web.handlers import word_error
from app.web.identity import find_current_person, get_current_actor, get_current_person
from app.web.steps import carry_out
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import get_sealer, get_signer
from models.log_ins import LogInMethod
from models.people import Person

_CLIENTS: Final = "yinqiao_login_providers"
# What a browser keeps, sealed, while somebody is at the provider.
_BEGUN: Final = "begun_at_provider"
_PURPOSE: Final = "log-in elsewhere"
# Longer ones would make the cookie larger than browsers keep: then nobody would come back.
_PATH_LIMIT: Final = 500
# By which the way to connecting is known to begin on a page of ours.
_ASKED: Final = "connecting with elsewhere"
_ASKED_FOR: Final = timedelta(hours=1)
_ACCOUNT: Final = "accounts.show_account"


def list_clients() -> Mapping[str, ProviderClient]:
    """The providers of this installation, by their keys."""
    clients: Mapping[str, ProviderClient] = current_app.extensions[_CLIENTS]
    return clients


@blueprint.get("/log-in/with/<key>")
@public
def go_to_provider(key: str) -> ResponseReturnValue:
    """On to the provider, which sends back to `come_back`. It counts for the network."""
    client = _get_client(key)
    path = request.args.get("next")
    if path is not None and len(path) > _PATH_LIMIT:
        path = None
    try:
        LOG_INS_OF_NETWORK.begin(get_network(), at=now())
        return _go(client, link_for=None, path=path)
    except (ProviderAway, ProviderWrong, TooManyAttempts) as error:
        return _refuse(error, path)


@blueprint.get("/account/log-ins/with/<key>")
@requires("account:edit")
@asks_again(_l("Connect an account elsewhere"))
def connect_provider(key: str) -> ResponseReturnValue:
    """On to the provider, to connect the account there with mine.

    Only from the page of one's own account: another site, which may have logged this browser in
    over there as somebody else, leads nobody through here.
    """
    person, client = get_current_person(), _get_client(key)
    try:
        asked = get_signer().read(_ASKED, request.args.get("asked", ""), at=now())
        if asked is None or asked["person"] != person.public_id:
            raise ProviderWrong
        return _go(client, link_for=person.public_id, path=None)
    except (ProviderAway, ProviderWrong) as error:
        flash(word_error(error), "danger")
        return redirect(url_for(_ACCOUNT), code=303)


@blueprint.get("/log-in/with/<key>/back")
@public
def come_back(key: str) -> ResponseReturnValue:
    """In, or connected, as it was begun in this browser; each beginning is good once."""
    client = _get_client(key)
    begun = _read_begun(key)
    path = begun.get("path") if begun else None
    try:
        if begun is None:
            raise ProviderWrong
        identity = _finish(client, begun)
        if begun["link_for"]:
            return _connect(client, identity, begun["link_for"])
        return _enter(client, identity, path)
    except (ProviderAway, ProviderLinkUnknown, ProviderWrong) as error:
        if begun is not None and begun["link_for"]:
            flash(word_error(error), "danger")
            return redirect(url_for(_ACCOUNT), code=303)
        return _refuse(error, path)


@blueprint.post("/account/log-ins/with/<public_id>/remove")
@requires("account:edit")
@asks_again(_l("Disconnect an account elsewhere"))
def disconnect_provider(public_id: str) -> ResponseReturnValue:
    """The account elsewhere lets nobody in any more. Raises NotFound for anybody else's."""
    with writing(db.session):
        link = expect(
            queries.find_own_provider_link(db.session, public_id, person=get_current_person())
        )
        actions.unlink_provider(
            db.session,
            link=link,
            name=name_provider(link.issuer),
            actor=get_current_actor(),
            at=now(),
        )
    flash(_("They are no longer connected."), "success")
    return redirect(url_for(_ACCOUNT), code=303)


@blueprint.get("/log-out/with/<key>")
@public
def log_out_at_provider(key: str) -> ResponseReturnValue:
    """On to where the log-in at the provider ends, if it has such a page."""
    log_in = url_for("accounts.log_in", _external=False)
    try:
        address = _get_client(key).find_log_out(back=_make_address(log_in))
    except (ProviderAway, ProviderWrong) as error:
        return _refuse(error, None)
    return redirect(address or log_in, code=303)


def make_connecting_token(person: Person) -> str:
    """What the way to connecting carries from the page of the account of `person`."""
    facts = {"person": person.public_id}
    return get_signer().sign(_ASKED, facts, expires_at=now() + _ASKED_FOR)


def name_provider(issuer: str) -> str:
    """What people call the provider at `issuer`; its address where it is none of ours any more."""
    names = (c.provider.name for c in list_clients().values() if c.provider.issuer == issuer)
    return next(names, issuer)


def _get_client(key: str) -> ProviderClient:
    return expect(list_clients().get(key))


def _go(client: ProviderClient, *, link_for: str | None, path: str | None) -> ResponseReturnValue:
    begun = client.begin(back=_make_back(client))
    facts = {
        "key": client.provider.key,
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "link_for": link_for,
        "path": path,
    }
    signed = get_signer().sign(_PURPOSE, facts, expires_at=now() + BEGUN_FOR)
    # Sealed: the cookie can be read by whoever has the browser, and the verifier is a secret.
    session[_BEGUN] = get_sealer().seal(_PURPOSE, signed)
    return redirect(begun.address, code=303)


def _read_begun(key: str) -> dict[str, Any] | None:
    """What was begun here, once; None for anything else that comes to the way back."""
    sealed = session.pop(_BEGUN, None)
    signed = get_sealer().open(_PURPOSE, sealed) if isinstance(sealed, str) else None
    begun = get_signer().read(_PURPOSE, signed, at=now()) if signed else None
    state = request.args.get("state", "")
    if begun is None or begun["key"] != key:
        return None
    return begun if hmac.compare_digest(begun["state"].encode(), state.encode()) else None


def _finish(client: ProviderClient, begun: Mapping[str, Any]) -> Identity:
    # Where a provider says who answers (RFC 9207), it is the one that was asked.
    if request.args.get("iss", client.provider.issuer) != client.provider.issuer:
        raise ProviderWrong
    return client.finish(
        code=request.args.get("code", ""),
        nonce=begun["nonce"],
        verifier=begun["verifier"],
        back=_make_back(client),
        at=now(),
    )


def _enter(client: ProviderClient, identity: Identity, path: str | None) -> ResponseReturnValue:
    with writing(db.session):
        person = actions.find_person_of_identity(
            db.session,
            identity=identity,
            name=client.provider.name,
            locale=str(get_locale()),
            signer=get_signer(),
            at=now(),
        )
    LOG_INS_OF_NETWORK.take_back(get_network(), at=now())
    session[CAME_BY] = client.provider.key
    return enter_or_ask(person, method=LogInMethod.PROVIDER, path=choose_next(path))


def _connect(client: ProviderClient, identity: Identity, link_for: str) -> ResponseReturnValue:
    person = find_current_person()
    if person is None or person.public_id != link_for:
        # Somebody else logged in here meanwhile.
        raise ProviderWrong
    try:
        carry_out(
            actions.link_provider,
            person=person,
            identity=identity,
            name=client.provider.name,
            signer=get_signer(),
        )
    except ProviderLinkThere as error:
        flash(word_error(error), "danger")
    else:
        flash(_("Connected: from now on you can log in by it."), "success")
    return redirect(url_for(_ACCOUNT), code=303)


def _refuse(
    error: ProviderAway | ProviderLinkUnknown | ProviderWrong | TooManyAttempts, path: str | None
) -> ResponseReturnValue:
    form = LogInForm(formdata=None, data={"next": path})
    answer = make_response(show_form(form, refused_elsewhere=word_error(error)), error.status)
    if isinstance(error, TooManyAttempts):
        answer.headers["Retry-After"] = str(error.facts["seconds"])
    return answer


def _make_back(client: ProviderClient) -> str:
    return _make_address(url_for("accounts.come_back", key=client.provider.key, _external=False))


def _make_address(path: str) -> str:
    """By the address that the installation says, whatever a request claims to have come to."""
    return get_settings().public_url + path


@blueprint.record_once
def _attach(state: BlueprintSetupState) -> None:
    settings: Settings = state.app.extensions["yinqiao_settings"]
    state.app.extensions[_CLIENTS] = {
        each.key: ProviderClient(each) for each in settings.login_providers
    }
