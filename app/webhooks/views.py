"""Pages for operators: the webhooks of their incubator, and what became of deliveries."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import DomainError
from app.extensions import db, get_settings
from app.pools.queries import find_incubator
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.steps import carry_out, take_step
from app.web.typed import get_sealer
from app.webhooks import actions, queries
from app.webhooks.errors import WebhookAddressPrivate, WebhookAddressRefused
from app.webhooks.forms import WebhookForm
from app.webhooks.signatures import open_secret
from models.organisations import Incubator
from models.webhooks import Webhook, WebhookDelivery

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/incubators/<public_id>/webhooks")
@requires("webhook:list", subject=find_incubator)
def list_webhooks(incubator: Incubator) -> ResponseReturnValue:
    """The incubator's webhooks, and a form for another one."""
    return _show_list(incubator, WebhookForm(formdata=None))


@blueprint.post("/incubators/<public_id>/webhooks")
@requires("webhook:create", subject=find_incubator)
def create_webhook(incubator: Incubator) -> ResponseReturnValue:
    """A new webhook; the page after it shows the secret."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _show_list(incubator, form), 422
    try:
        webhook = carry_out(
            actions.create_webhook,
            incubator=incubator,
            url=form.url.data,
            events=form.events.data,
            networks=get_settings().webhook_networks,
            sealer=get_sealer(),
        )
    except (WebhookAddressRefused, WebhookAddressPrivate) as error:
        form.url.errors = [word_error(error)]
        return _show_list(incubator, form), error.status
    except DomainError as error:
        flash(word_error(error), "danger")
        return _show_list(incubator, form), error.status
    flash(_("Saved. Send a test event to see whether it arrives."), "success")
    return redirect(_compose_path(webhook), code=303)


@blueprint.get("/webhooks/<public_id>")
@requires("webhook:view", subject=queries.find_webhook)
def show_webhook(webhook: Webhook) -> ResponseReturnValue:
    """A webhook, its secret, and its last deliveries."""
    return _show(webhook, WebhookForm(formdata=None, obj=webhook))


@blueprint.post("/webhooks/<public_id>")
@requires("webhook:edit", subject=queries.find_webhook)
def edit_webhook(webhook: Webhook) -> ResponseReturnValue:
    """Another address, or other events."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _show(webhook, form), 422
    try:
        carry_out(
            actions.edit_webhook,
            webhook=webhook,
            url=form.url.data,
            events=form.events.data,
            networks=get_settings().webhook_networks,
        )
    except (WebhookAddressRefused, WebhookAddressPrivate) as error:
        form.url.errors = [word_error(error)]
        return _show(webhook, form), error.status
    flash(_("Saved."), "success")
    return redirect(_compose_path(webhook), code=303)


@blueprint.post("/webhooks/<public_id>/test")
@requires("webhook:edit", subject=queries.find_webhook)
def send_test(webhook: Webhook) -> ResponseReturnValue:
    """An event that means nothing is on its way."""
    return _take(
        webhook,
        actions.send_test,
        _("A test event is on its way. Load this page again to see its answer."),
    )


@blueprint.post("/webhooks/<public_id>/secret")
@requires("webhook:edit", subject=queries.find_webhook)
def renew_secret(webhook: Webhook) -> ResponseReturnValue:
    """A new secret; the former one is good for another day."""
    return _take(
        webhook,
        actions.renew_secret,
        _("There is a new secret. The former one still signs for 24 hours."),
        sealer=get_sealer(),
    )


@blueprint.post("/webhooks/<public_id>/pause")
@requires("webhook:edit", subject=queries.find_webhook)
def pause_webhook(webhook: Webhook) -> ResponseReturnValue:
    """Nothing is sent."""
    return _take(webhook, actions.pause_webhook, _("Paused. What happens now is not told later."))


@blueprint.post("/webhooks/<public_id>/resume")
@requires("webhook:edit", subject=queries.find_webhook)
def resume_webhook(webhook: Webhook) -> ResponseReturnValue:
    """Sending goes on."""
    return _take(webhook, actions.resume_webhook, _("Resumed. What waited is sent now."))


@blueprint.post("/webhooks/<public_id>/remove")
@requires("webhook:edit", subject=queries.find_webhook)
def remove_webhook(webhook: Webhook) -> ResponseReturnValue:
    """It is gone, with its deliveries."""
    incubator = webhook.incubator.public_id
    carry_out(actions.remove_webhook, webhook=webhook)
    flash(_("Removed."), "success")
    return redirect(url_for("webhooks.list_webhooks", public_id=incubator), code=303)


@blueprint.post("/webhook-deliveries/<public_id>/replay")
@requires("webhook_delivery:replay", subject=queries.find_delivery)
def replay_delivery(delivery: WebhookDelivery) -> ResponseReturnValue:
    """The same once more, under the same id."""
    carry_out(actions.replay_delivery, delivery=delivery)
    flash(_("It is sent once more, under the same id."), "success")
    return redirect(_compose_path(delivery.webhook), code=303)


def _show_list(incubator: Incubator, form: WebhookForm) -> str:
    return render_template(
        "webhooks/list.html",
        form=form,
        incubator=incubator,
        webhooks=queries.list_webhooks(db.session, incubator),
        most=actions.MOST_WEBHOOKS,
    )


def _show(webhook: Webhook, form: WebhookForm) -> str:
    return render_template(
        "webhooks/webhook.html",
        form=form,
        webhook=webhook,
        secret=open_secret(webhook.sealed_secret, get_sealer()),
        deliveries=queries.list_deliveries(db.session, webhook),
    )


def _take(
    webhook: Webhook, action: Callable[..., object], said: str, **values: object
) -> ResponseReturnValue:
    """A step, and back to the webhook."""
    return take_step(_compose_path(webhook), said, action, webhook=webhook, **values)


def _compose_path(webhook: Webhook) -> str:
    return url_for("webhooks.show_webhook", public_id=webhook.public_id)
