"""My data: everything about me in one archive, where to correct it, and leaving for good."""

import io
import json
import zipfile
from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import logout_user

from app.clock import now
from app.consents.queries import list_organisations
from app.extensions import db, get_settings
from app.leaving import Erasing
from app.privacy import actions, queries
from app.privacy.carrying_out import carry_out_erasure
from app.privacy.errors import AddressNotTyped, SoleOperator
from app.privacy.export_shapes import Part
from app.privacy.forms import LeavingForm
from app.privacy.gathering import Row
from app.privacy.table_words import TABLES
from app.transactions import writing
from app.web.confirming import asks_again
from app.web.guard import requires
from app.web.handlers import word_error
from app.web.identity import get_current_actor, get_current_person
from app.web.reader import select_locale
from models.email_addresses import canonical_email

blueprint = Blueprint("privacy", __name__)

_TITLES = {
    Part.ACCOUNT: _l("Your account"),
    Part.TOLD: _l("What you were told"),
    Part.RECORD: _l("What you did, and what was done for you"),
    Part.PROFILES: _l("Profiles"),
    Part.NEEDS: _l("Needs and matches"),
    Part.ENGAGEMENTS: _l("Engagements, agreed times and feedback"),
    Part.FACTS: _l("Facts"),
    Part.DOCUMENTS: _l("Documents"),
    Part.FILES: _l("Tables that were imported"),
}


@blueprint.get("/account/data")
@requires("account:edit")
def show_my_data() -> ResponseReturnValue:
    """What can be asked for, corrected and erased."""
    return render_template(
        "privacy/my_data.html", organisations=list_organisations(db.session, get_current_actor())
    )


@blueprint.post("/account/data/archive")
@requires("account:edit")
@asks_again(_l("Get a copy of your data"))
def export_my_data() -> ResponseReturnValue:
    """Everything about me, as one archive of JSON files with a page to read them by."""
    at = now()
    with writing(db.session):
        data = actions.export_data(
            db.session, person=get_current_person(), actor=get_current_actor(), at=at
        )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        page = render_template(
            "privacy/archive.html", data=data, titles=_TITLES, names=TABLES, at=at
        )
        file.writestr("index.html", page)
        for part, tables in data.items():
            file.writestr(f"{part.value}.json", _write_json(tables))
    answer = Response(archive.getvalue(), mimetype="application/zip")
    name = f"yinqiao-{at.date().isoformat()}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/account/data/erase", methods=["GET", "POST"])
@requires("account:edit")
@asks_again(_l("Close your account"))
def leave() -> ResponseReturnValue:
    """What goes and what stays; then, with the address typed, I am gone for good."""
    form, person, locale = LeavingForm(), get_current_person(), select_locale()
    holdings = queries.get_holdings(db.session, person.email)
    status = 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                _erase(typed=form.email.data, email=person.email)
                return _say_goodbye(locale)
        except (AddressNotTyped, SoleOperator) as error:
            form.email.errors = [word_error(error)]
            status = error.status
            holdings = queries.get_holdings(db.session, get_current_person().email)
    return render_template("privacy/leave.html", form=form, holdings=holdings), status


def _erase(*, typed: str, email: str) -> None:
    if canonical_email(typed) != email:
        raise AddressNotTyped
    rooms = current_app.extensions["yinqiao_rooms"]
    erasings: tuple[Erasing, ...] = tuple(
        room.erasing for room in reversed(rooms) if room.erasing is not None
    )
    carry_out_erasure(
        db.session,
        db.engine,
        get_settings(),
        email=email,
        rooms=erasings,
        actor=get_current_actor(),
        at=now(),
    )


def _say_goodbye(locale: str) -> ResponseReturnValue:
    logout_user()
    session.clear()
    session["_remember"] = "clear"
    session["locale"] = locale
    g.pop("actor", None)
    flash(_("Your account is closed, and what was known of you is erased."), "success")
    return redirect(url_for("home.show_front"), code=303)


def _write_json(tables: Mapping[str, list[Row]]) -> str:
    return json.dumps(tables, ensure_ascii=False, indent=1)
