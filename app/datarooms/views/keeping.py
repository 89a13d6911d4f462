"""Pages of a founder: the startup's room, what is in it, who gets in, who read what."""

from collections.abc import Callable

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.clock import now, today
from app.datarooms.actions import keeping
from app.datarooms.addresses import address_of_room
from app.datarooms.forms import AgreementForm, LetInForm, PutForm
from app.datarooms.queries import rooms as queries
from app.datarooms.views.room import blueprint
from app.errors import expect
from app.extensions import db
from app.profiles.queries import find_startup
from app.vault.queries.documents import list_attachable
from app.web.guard import requires
from app.web.paging import choose_page
from app.web.steps import take_form, take_step
from models.organisations import Startup

PAGE_SIZE = 50


@blueprint.get("/startups/<public_id>/room")
@requires("room:keep", subject=find_startup)
def show_room(startup: Startup) -> ResponseReturnValue:
    """Everything about the room."""
    return _show(startup)


@blueprint.get("/startups/<public_id>/room/visits")
@requires("room:keep", subject=find_startup)
def list_visits(startup: Startup) -> ResponseReturnValue:
    """Who had what, the newest first."""
    page = choose_page(
        request.args.get("page", ""), rows=queries.count_visits(db.session, startup), size=PAGE_SIZE
    )
    return render_template(
        "datarooms/list_visits.html",
        startup=startup,
        visits=queries.list_visits(db.session, startup, limit=page.size, offset=page.offset),
        page=page,
    )


@blueprint.post("/startups/<public_id>/room/documents")
@requires("room:keep", subject=find_startup)
def put_document(startup: Startup) -> ResponseReturnValue:
    """A document goes into the room."""
    documents = list_attachable(db.session, startup)
    form = PutForm(documents=documents)
    return take_form(
        form,
        lambda: _show(startup, put_form=form),
        address_of_room(startup),
        _("It is in the room."),
        keeping.put_document,
        startup=startup,
        document=lambda: next(d for d in documents if d.public_id == form.document.data),
        folder=form.folder,
    )


@blueprint.post("/startups/<public_id>/room/agreement")
@requires("room:keep", subject=find_startup)
def publish_agreement(startup: Startup) -> ResponseReturnValue:
    """Another version of the agreement stands."""
    form = AgreementForm()
    return take_form(
        form,
        lambda: _show(startup, agreement_form=form),
        address_of_room(startup),
        _("Published. Everybody has to accept it before reading on."),
        keeping.publish_agreement,
        startup=startup,
        text=form.text,
    )


@blueprint.post("/startups/<public_id>/room/grants")
@requires("room:keep", subject=find_startup)
def let_in(startup: Startup) -> ResponseReturnValue:
    """An investor gets in."""
    form = _make_let_in_form(startup, is_sent=True)
    candidates = queries.list_candidates(db.session, startup)
    return take_form(
        form,
        lambda: _show(startup, let_in_form=form),
        address_of_room(startup),
        _("The investor is let in, and told."),
        keeping.let_in,
        engagement=lambda: next(c for c in candidates if c.public_id == form.investor.data),
        values=form.get_values,
    )


@blueprint.post("/room-items/<public_id>/remove")
@requires("room:keep", subject=queries.find_item_startup)
def take_out(startup: Startup) -> ResponseReturnValue:
    """The document is in the room no more."""
    item = expect(queries.find_item(db.session, str((request.view_args or {})["public_id"])))
    return _take(startup, _("It is in the room no more."), keeping.take_out, item=item)


@blueprint.post("/room-grants/<public_id>/revoke")
@requires("room:keep", subject=queries.find_grant_startup)
def revoke_access(startup: Startup) -> ResponseReturnValue:
    """The investor gets in no more."""
    return _take_grant(startup, _("The investor gets in no more."), keeping.revoke_access)


@blueprint.post("/room-grants/<public_id>/resume")
@requires("room:keep", subject=queries.find_grant_startup)
def resume_access(startup: Startup) -> ResponseReturnValue:
    """What was suspended is open again."""
    return _take_grant(startup, _("The investor gets in again."), keeping.resume_access)


def _take_grant(startup: Startup, said: str, action: Callable[..., object]) -> ResponseReturnValue:
    grant = expect(queries.find_grant(db.session, str((request.view_args or {})["public_id"])))
    return _take(startup, said, action, grant=grant)


def _take(
    own: Startup, said: str, action: Callable[..., object], **values: object
) -> ResponseReturnValue:
    return take_step(address_of_room(own), said, action, **values)


def _make_let_in_form(startup: Startup, *, is_sent: bool = False) -> LetInForm:
    room = queries.find_room(db.session, startup)
    options = {} if is_sent else {"formdata": None}
    return LetInForm(
        investors=queries.list_candidates(db.session, startup),
        items=[] if room is None else room.items,
        folders=queries.list_folders(room),
        today=today(now()),
        **options,
    )


def _show(
    startup: Startup,
    *,
    put_form: PutForm | None = None,
    agreement_form: AgreementForm | None = None,
    let_in_form: LetInForm | None = None,
) -> str:
    room = queries.find_room(db.session, startup)
    inside = set() if room is None else {item.document_id for item in room.items}
    documents = [each for each in list_attachable(db.session, startup) if each.id not in inside]
    if agreement_form is None:
        agreement_form = AgreementForm(formdata=None)
        if room is not None and room.agreement is not None:
            agreement_form.text.data = room.agreement.text
    return render_template(
        "datarooms/room.html",
        startup=startup,
        room=room,
        accepted=queries.count_accepted(db.session, room),
        visits=queries.count_visits(db.session, startup),
        candidates=queries.list_candidates(db.session, startup),
        has_documents=bool(documents),
        put_form=put_form or PutForm(formdata=None, documents=documents),
        agreement_form=agreement_form,
        let_in_form=let_in_form or _make_let_in_form(startup),
    )
