"""Logging in by a passkey: after the password, or in its place where the device verifies who it is.

A script lays what the device answered into a form; without one there are codes.
"""

from flask import make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.errors import ChallengeOver, PasskeyDoubled, PasskeyWrong
from app.accounts.forms import CodeForm, LogInForm
from app.accounts.passkey_forms import PasskeyForm
from app.accounts.throttling import (
    LOG_INS_OF_ACCOUNT,
    LOG_INS_OF_NETWORK,
    SECOND_STEPS,
    SECOND_STEPS_OF_PERSON,
)
from app.accounts.views.blueprint import blueprint
from app.accounts.views.entering import (
    begin_again,
    let_in,
    read_first_step,
    show_code_form,
    show_form,
)
from app.accounts.views.passkeys import get_relying_party
from app.clock import now
from app.extensions import db
from app.transactions import writing
from app.web.guard import public
from app.web.handlers import word_error
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import get_signer
from models.log_ins import LogInMethod
from models.people import Person


@blueprint.post("/log-in/passkey")
@public
def enter_by_passkey() -> ResponseReturnValue:
    """In by a passkey alone. Each try counts for the network from which it comes."""
    form = PasskeyForm()
    shown = LogInForm(formdata=None, data={"next": form.next.data, "typed": form.typed.data})
    if not form.validate_on_submit():
        return show_form(shown, refused_passkey=_("That took too long. Log in again.")), 422
    network, at = get_network(), now()
    try:
        LOG_INS_OF_NETWORK.begin(network, at=at)
        person = _use(form, None)
    except TooManyAttempts as error:
        page = show_form(shown, refused_passkey=word_error(error))
        answer = make_response(page, error.status)
        answer.headers["Retry-After"] = str(error.facts["seconds"])
        return answer
    except (ChallengeOver, PasskeyDoubled, PasskeyWrong) as error:
        return show_form(shown, refused_passkey=word_error(error)), error.status
    LOG_INS_OF_NETWORK.take_back(network, at=at)
    LOG_INS_OF_ACCOUNT.forget(person.email)
    return let_in(
        person,
        method=LogInMethod.PASSKEY,
        remember=False,
        path=form.next.data,
        typed=form.typed.data,
    )


@blueprint.post("/log-in/code/passkey")
@public
def enter_second_step_by_passkey() -> ResponseReturnValue:
    """The second step by a passkey. Each try counts as one by a code does."""
    form = PasskeyForm()
    first = read_first_step(form.first.data or "")
    if first is None:
        return begin_again(form.next.data)
    kept = {"first": form.first.data, "next": form.next.data, "typed": form.typed.data}
    shown, person = CodeForm(formdata=None, data=kept), first.person
    try:
        SECOND_STEPS.begin(first.tries, at=now())
        SECOND_STEPS_OF_PERSON.begin(person.public_id, at=now())
        _use(form, person)
    except TooManyAttempts as error:
        answer = make_response(
            show_code_form(shown, person, refused=word_error(error)), error.status
        )
        answer.headers["Retry-After"] = str(error.facts["seconds"])
        return answer
    except (ChallengeOver, PasskeyDoubled, PasskeyWrong) as error:
        return show_code_form(shown, person, refused=word_error(error)), error.status
    SECOND_STEPS.forget(first.tries)
    SECOND_STEPS_OF_PERSON.forget(person.public_id)
    return let_in(
        person,
        method=first.join("passkey"),
        remember=first.remember,
        path=form.next.data,
        typed=form.typed.data,
    )


def _use(form: PasskeyForm, person: Person | None) -> Person:
    """Whose passkey answered. What its owner is told of a copy is kept, and nobody is in."""
    party = get_relying_party()
    with writing(db.session):
        use = actions.use_passkey(
            db.session,
            person=person,
            token=form.question.data or "",
            answer=form.answer.data or "",
            party=party,
            signer=get_signer(),
            at=now(),
        )
    if use.is_doubled:
        raise PasskeyDoubled
    return use.person
