"""Logging in and out, and what becomes of a form whose sender was logged out meanwhile."""

from datetime import timedelta
from typing import Final, Literal, NamedTuple

from flask import (
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import login_user, logout_user

from app.access import is_permitted
from app.accounts import actions, queries
from app.accounts.ceremonies import Question
from app.accounts.devices import name_device
from app.accounts.errors import CodeWrong
from app.accounts.forms import CodeForm, LogInForm
from app.accounts.passwords import hash_password, is_hash_outdated
from app.accounts.queries import find_person_by_credentials
from app.accounts.relying_party import find_relying_party
from app.accounts.throttling import (
    LOG_INS_OF_ACCOUNT,
    LOG_INS_OF_NETWORK,
    SECOND_STEPS,
    SECOND_STEPS_OF_PERSON,
)
from app.accounts.views.blueprint import blueprint
from app.clock import now
from app.extensions import db, get_settings, login_manager
from app.transactions import writing
from app.web.addresses import is_own_path
from app.web.guard import public
from app.web.handlers import word_error
from app.web.identity import (
    ACTING_FOR,
    ACTING_WITHIN,
    LoggedInPerson,
    find_acted_for,
    find_current_actor,
    find_current_person,
    forget_current_log_in,
)
from app.web.throttles import TooManyAttempts, get_network
from app.web.typed import TYPED_FIELD, get_sealer, get_signer, keep_typed, read_typed
from models.canonical import canonical_line
from models.email_addresses import canonical_email
from models.log_ins import REMEMBERED_LIMIT, LogInMethod
from models.people import Person

# By which provider this browser came in.
CAME_BY: Final = "came_by"

# Between the password and the code.
_FIRST_STEP: Final = "first step of a log-in"
_SECOND_STEP_WITHIN: Final = timedelta(minutes=10)


def get_account_key() -> str:
    """What tries on one account are counted by: the e-mail that was typed.

    In the form in which the field compares it: characters that cannot be seen make no new account.
    """
    return canonical_line(canonical_email(request.form.get("email", "")))


def enter(
    person: Person, *, method: LogInMethod = LogInMethod.TYPED, remember: bool = False
) -> None:
    """From here on `person` is logged in in this browser, acting for nobody else.

    The log-in is new, whoever was logged in here before. It is committed.
    """
    session.pop(ACTING_FOR, None)
    session.pop(ACTING_WITHIN, None)
    with writing(db.session):
        forget_current_log_in()
        token = actions.begin_log_in(
            db.session,
            person=person,
            device=name_device(request.headers.get("User-Agent", "")),
            method=method,
            is_remembered=remember,
            at=now(),
        )
    login_user(LoggedInPerson(person, token), remember=remember, duration=REMEMBERED_LIMIT)
    # What this request has worked out so far was about a visitor.
    g.pop("actor", None)
    refresh()


def choose_next(path: str | None) -> str:
    """`path` when it leads to a page of this site, else the dashboard."""
    return path if path and is_own_path(path) else url_for("home.show_dashboard")


@blueprint.route("/log-in", methods=["GET", "POST"])
@public
def log_in() -> ResponseReturnValue:
    """The form; with the right password, the page that was asked for, or what was typed.

    Every try counts before the password is looked at, and the right one no longer does.
    """
    form = LogInForm(next=request.args.get("next", ""))
    if request.method == "GET":
        if find_current_person() is not None:
            return redirect(choose_next(form.next.data), code=303)
        return show_form(form)
    if not form.validate_on_submit():
        return show_form(form), 422
    account, network, at = get_account_key(), get_network(), now()
    try:
        LOG_INS_OF_NETWORK.begin(network, at=at)
        LOG_INS_OF_ACCOUNT.begin(account, at=at)
    except TooManyAttempts as error:
        answer = make_response(show_form(form, refused=word_error(error)), error.status)
        answer.headers["Retry-After"] = str(error.facts["seconds"])
        return answer
    password = form.password.data
    person = find_person_by_credentials(db.session, email=form.email.data, password=password)
    if person is None:
        refused = _("E-mail and password do not go together. Check both and try again.")
        return show_form(form, refused=refused), 422
    LOG_INS_OF_NETWORK.take_back(network, at=at)
    LOG_INS_OF_ACCOUNT.forget(account)
    _keep_hash_current(person, password)
    return enter_or_ask(
        person, remember=form.remember.data, path=form.next.data, typed=form.typed.data
    )


def enter_or_ask(
    person: Person,
    *,
    method: LogInMethod = LogInMethod.TYPED,
    remember: bool = False,
    path: str | None = None,
    typed: str | None = None,
) -> ResponseReturnValue:
    """`person`, whose first step by `method` was right, is in and goes on to `path` or `typed`.

    Who has a second factor is not yet: the answer asks for it, also when somebody elsewhere says
    that they asked for one.
    """
    if not person.has_second_factor:
        return let_in(person, method=method, remember=remember, path=path, typed=typed)
    facts = {
        "person": person.public_id,
        "version": person.credential_version,
        "remember": bool(remember),
        "method": method.value,
    }
    first = get_signer().sign(_FIRST_STEP, facts, expires_at=now() + _SECOND_STEP_WITHIN)
    form = CodeForm(formdata=None, data={"first": first, "next": path, "typed": typed})
    return show_code_form(form, person)


class FirstStep(NamedTuple):
    """Whose password was right, a short while ago, and whether they stay logged in."""

    person: Person
    remember: bool
    method: LogInMethod

    def join(self, step: Literal["code", "passkey"]) -> LogInMethod:
        """By what they came in, when the second step is right."""
        return LogInMethod(f"{self.method.value}_and_{step}")

    @property
    def tries(self) -> str:
        """What tries of the second step count by."""
        return f"{self.person.public_id}:{self.person.credential_version}"


def read_first_step(token: str) -> FirstStep | None:
    """The first step that `token` stands for; None when it is too old, or the password another."""
    facts = get_signer().read(_FIRST_STEP, token, at=now())
    person = queries.find_person(db.session, facts["person"]) if facts else None
    if (
        facts is None
        or person is None
        or not person.is_active
        or person.credential_version != facts["version"]
    ):
        return None
    return FirstStep(person, facts["remember"], LogInMethod(facts["method"]))


def begin_again(path: str | None) -> ResponseReturnValue:
    """The log-in page, which leads to `path` afterwards."""
    flash(_("That took too long. Log in again."), "info")
    return redirect(url_for("accounts.log_in", next=path or None), code=303)


@blueprint.post("/log-in/code")
@public
def enter_code() -> ResponseReturnValue:
    """The second step: with the right code, in. Each try counts before the code is looked at."""
    form = CodeForm()
    first = read_first_step(form.first.data or "")
    if first is None:
        return begin_again(form.next.data)
    person = first.person
    if not form.validate_on_submit():
        return show_code_form(form, person), 422
    try:
        SECOND_STEPS.begin(first.tries, at=now())
        SECOND_STEPS_OF_PERSON.begin(person.public_id, at=now())
        with writing(db.session):
            actions.use_code(
                db.session, person=person, code=form.code.data, sealer=get_sealer(), at=now()
            )
    except TooManyAttempts as error:
        form.code.errors = [word_error(error)]
        answer = make_response(show_code_form(form, person), error.status)
        answer.headers["Retry-After"] = str(error.facts["seconds"])
        return answer
    except CodeWrong as error:
        form.code.errors = [word_error(error)]
        return show_code_form(form, person), error.status
    SECOND_STEPS.forget(first.tries)
    SECOND_STEPS_OF_PERSON.forget(person.public_id)
    return let_in(
        person,
        method=first.join("code"),
        remember=first.remember,
        path=form.next.data,
        typed=form.typed.data,
    )


def let_in(
    person: Person, *, method: LogInMethod, remember: bool, path: str | None, typed: str | None
) -> ResponseReturnValue:
    """`person` is in and goes on to `path`, or to what was `typed`."""
    enter(person, method=method, remember=remember)
    if kept := read_typed(typed or "", at=now()):
        return render_template("accounts/continue.html", typed=kept)
    return redirect(choose_next(path), code=303)


def show_code_form(form: CodeForm, person: Person, *, refused: str = "") -> str:
    """The page of the second step: by a code, or by a passkey of `person`."""
    form.code.data = ""
    is_asked = bool(person.passkeys)
    return render_template(
        "accounts/enter_code.html",
        form=form,
        question=ask_for_passkey_of(person) if is_asked else None,
        has_app=person.second_factor is not None,
        refused=refused,
    )


def ask_for_passkey_of(person: Person | None) -> Question | None:
    """What a browser is asked for a passkey of `person`, for None of anybody.

    None where this installation has an address at which browsers offer none.
    """
    party = find_relying_party(get_settings().public_url)
    if party is None:
        return None
    return actions.ask_for_passkey(
        db.session, person=person, party=party, signer=get_signer(), at=now()
    )


@blueprint.post("/log-out")
@public
def log_out() -> ResponseReturnValue:
    """Nobody is logged in in this browser; acting for another has ended, and the record says so.

    The language that was chosen in this browser stays.
    """
    record_end_of_acting()
    with writing(db.session):
        forget_current_log_in()
    locale, came_by = session.get("locale"), session.get(CAME_BY)
    logout_user()
    session.clear()
    # Flask-Login asks, through the session, that its own cookie be removed.
    session["_remember"] = "clear"
    if locale is not None:
        session["locale"] = locale
    flash(_("You are logged out."), "success")
    return redirect(url_for("accounts.log_in", left=came_by), code=303)


def record_end_of_acting() -> None:
    """Whoever acted for another no longer does, and the record says so."""
    actor, other = find_current_actor(), find_acted_for()
    session.pop(ACTING_FOR, None)
    session.pop(ACTING_WITHIN, None)
    if actor is not None and other is not None and is_permitted(actor, "person:leave", other):
        with writing(db.session):
            actions.end_acting(db.session, person=other, actor=actor, at=now())
    g.pop("actor", None)


def show_form(
    form: LogInForm, *, refused: str = "", refused_passkey: str = "", refused_elsewhere: str = ""
) -> str:
    """The log-in page, and what was wrong with the password, the passkey, or elsewhere."""
    return render_template(
        "accounts/log_in.html",
        form=form,
        refused=refused,
        refused_passkey=refused_passkey,
        refused_elsewhere=refused_elsewhere,
        providers=get_settings().login_providers,
        left=request.args.get("left", ""),
        question=ask_for_passkey_of(None),
        # Whom a visitor may try: given by the application, empty but in a demonstration.
        **current_app.extensions["yinqiao_open_accounts"],
    )


def _keep_hash_current(person: Person, password: str) -> None:
    stored = person.password_hash
    if stored is None or not is_hash_outdated(stored):
        return
    newer = hash_password(password)
    with writing(db.session):
        actions.keep_newer_hash(db.session, person=person, replaced=stored, password_hash=newer)


def _ask_for_log_in() -> ResponseReturnValue:
    """What a visitor gets on a page that needs a log-in: the form, with what they typed kept."""
    typed = keep_typed(at=now())
    if typed is not None:
        form = LogInForm(formdata=None, data={TYPED_FIELD: typed})
        return show_form(form), 401
    if request.method == "GET":
        path = request.full_path.rstrip("?")
    else:
        path = request.form.get("back_to", "")
    return redirect(url_for("accounts.log_in", next=path if is_own_path(path) else None), code=303)


@blueprint.record_once
def _attach(state: BlueprintSetupState) -> None:
    login_manager.unauthorized_handler(_ask_for_log_in)
