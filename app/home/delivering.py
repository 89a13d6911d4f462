"""How somebody gets mail: the page on which that is chosen, and the link that ends it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields import SelectChoice

from app.clock import now
from app.errors import expect
from app.extensions import csrf, db
from app.home import actions, queries
from app.home.words import TOPIC_NOTES
from app.telling.stopping import Stopping, read_stop_token
from app.transactions import writing
from app.web.guard import public, requires
from app.web.identity import get_current_actor, get_current_person
from app.web.typed import get_signer
from app.web.worded import name_code
from models.notice_codes import NoticeDelivery, NoticeTopic

blueprint = Blueprint("delivering", __name__)


def _make_form(chosen: dict[NoticeTopic, NoticeDelivery]) -> Any:
    """One question for each topic, answered as it is now."""
    form = type("DeliveriesForm", (FlaskForm,), {})
    for topic in NoticeTopic:
        field = RadioField(
            name_code(topic),
            description=TOPIC_NOTES[topic],
            choices=[
                SelectChoice(value=each.value, label=name_code(each)) for each in NoticeDelivery
            ],
            default=chosen[topic].value,
            invalid_value_message=_l("Choose from the list."),
            invalid_choice_message=_l("Choose from the list."),
        )
        setattr(form, topic.value, field)
    made = form()
    for topic in NoticeTopic:
        made[topic.value].flags.required = True
    return made


@blueprint.route("/account/mail", methods=["GET", "POST"])
@requires("account:edit")
def choose_deliveries() -> ResponseReturnValue:
    """At once, once a day or not at all, for each topic."""
    person = get_current_person()
    form = _make_form(queries.list_deliveries(db.session, person))
    if form.validate_on_submit():
        with writing(db.session):
            actions.choose_deliveries(
                db.session,
                person=get_current_person(),
                chosen={t: NoticeDelivery(form[t.value].data) for t in NoticeTopic},
                actor=get_current_actor(),
                at=now(),
            )
        flash(_("Saved. It holds for what happens from now on."), "success")
        return redirect(url_for("delivering.choose_deliveries"), code=303)
    page = render_template("home/deliveries.html", form=form, topics=tuple(NoticeTopic))
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/stop-mail/<token>")
@public
def show_stopping(token: str) -> ResponseReturnValue:
    """What the link would end. Programs that look at links before people do change nothing."""
    stopping = _read(token)
    return render_template("home/stop_mail.html", topic=stopping.topic, token=token, is_done=False)


@blueprint.post("/stop-mail/<token>")
@public
def stop_mail(token: str) -> ResponseReturnValue:
    """Mails like that one end, by one click in a mail program (RFC 8058) or on the page."""
    stopping = _read(token)
    with writing(db.session):
        actions.stop_mail(
            db.session,
            person_public_id=stopping.person_public_id,
            topic=stopping.topic,
            at=now(),
        )
    return render_template("home/stop_mail.html", topic=stopping.topic, token=token, is_done=True)


# A mail program has no token of ours: what it asks for is signed into the address.
csrf.exempt(stop_mail)


def _read(token: str) -> Stopping:
    return expect(read_stop_token(get_signer(), token, at=now()))
