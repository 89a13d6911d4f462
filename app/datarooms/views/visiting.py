"""Pages of an investor: the agreement, what may be read, a document with its mark, one file."""

from base64 import b64encode
from typing import Final

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.clock import now, today
from app.datarooms.actions import questioning, visiting
from app.datarooms.addresses import address_of_visit
from app.datarooms.carrying_out import show_marked
from app.datarooms.forms import AskForm
from app.datarooms.marking import TEXTS, read_text, split_text
from app.datarooms.queries import rooms as queries
from app.datarooms.queries.questions import list_asked
from app.datarooms.views.room import blueprint
from app.engagements.queries import find_engagement
from app.errors import expect
from app.extensions import db
from app.transactions import writing
from app.vault.contents import MEDIA_TYPES
from app.vault.filenames import make_disposition
from app.vault.keeping import read_file
from app.vault.storage.choice import get_store
from app.web.confirming import asks_again
from app.web.digits import read_number
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_step
from app.words.wording import word_moment
from models.datarooms import RoomItem, VisitKind
from models.engagements import Engagement
from models.people import Person

# A file from a stranger is saved, never shown; as in the vault.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.get("/engagements/<public_id>/room")
@requires("room:visit", subject=find_engagement)
def visit_room(engagement: Engagement) -> ResponseReturnValue:
    """The agreement, and once it is accepted what the investor may have."""
    return _show(engagement)


@blueprint.post("/engagements/<public_id>/room/questions")
@requires("room:visit", subject=find_engagement)
def ask_question(engagement: Engagement) -> ResponseReturnValue:
    """The startup is asked about a document."""
    visited = queries.visit_room(db.session, engagement, get_current_actor(), today(now()))
    items = [] if visited is None else [each.item for each in visited.items]
    form = AskForm(items=items)
    return take_form(
        form,
        lambda: _show(engagement, ask_form=form),
        address_of_visit(engagement),
        _("Asked. The startup is told."),
        questioning.ask_question,
        engagement=engagement,
        item=lambda: _find_item(form.item.data),
        page=form.page,
        text=form.text,
    )


@blueprint.post("/engagements/<public_id>/room/accept")
@requires("room:agree", subject=find_engagement)
@asks_again(_l("Accept the agreement of the data room"))
def accept_agreement(engagement: Engagement) -> ResponseReturnValue:
    """The person agrees; the password was typed a short while ago."""
    return take_step(
        address_of_visit(engagement),
        _("Accepted. The startup is told."),
        visiting.accept_agreement,
        engagement=engagement,
        number=read_number(request.form.get("number", "")) or 0,
    )


@blueprint.get("/engagements/<public_id>/room/<item>")
@requires("room:visit", subject=find_engagement)
def read_item(engagement: Engagement, item: str) -> ResponseReturnValue:
    """A text or an image as a page, a PDF as a file: marked with who reads it and when."""
    found = _find_item(item)
    if found.document.versions[-1].file_type in TEXTS:
        return _show_text(engagement, found)
    marked = show_marked(
        db.session,
        get_store(),
        engagement=engagement,
        item=found,
        actor=get_current_actor(),
        at=now(),
    )
    number = found.document.versions[-1].number
    if marked.media_type == "application/pdf":
        answer = Response(marked.content, headers=_HEADERS, content_type=marked.media_type)
        answer.headers["Content-Disposition"] = make_disposition(marked.name, number=number)
        return answer
    page = render_template(
        "datarooms/read.html",
        engagement=engagement,
        title=found.document.title,
        version=found.document.versions[-1],
        # In the page itself, so that nothing has it but this one reading.
        mark="",
        parts=(),
        image=f"data:{marked.media_type};base64,{b64encode(marked.content).decode()}",
    )
    return Response(page, headers={"Cache-Control": "private, no-store"})


def _show_text(engagement: Engagement, item: RoomItem) -> ResponseReturnValue:
    """A text, every part of it under its mark."""
    actor, at = get_current_actor(), now()
    with writing(db.session):
        version = visiting.open_item(
            db.session, engagement=engagement, item=item, kind=VisitKind.READ, actor=actor, at=at
        )
        content = read_file(get_store(), version)
    reader = db.session.get_one(Person, actor.person_id)
    when = word_moment(at, locale=reader.locale, zone=reader.time_zone)
    page = render_template(
        "datarooms/read.html",
        engagement=engagement,
        title=item.document.title,
        version=version,
        mark=_(
            "For %(name)s, %(email)s only, %(when)s",
            name=reader.name,
            email=reader.email,
            when=when,
        ),
        parts=split_text(read_text(content)),
        image="",
    )
    return Response(page, headers={"Cache-Control": "private, no-store"})


@blueprint.get("/engagements/<public_id>/room/<item>/file")
@requires("room:visit", subject=find_engagement)
def download_item(engagement: Engagement, item: str) -> ResponseReturnValue:
    """The file itself, for whoever may download it."""
    with writing(db.session):
        version = visiting.open_item(
            db.session,
            engagement=engagement,
            item=_find_item(item),
            kind=VisitKind.DOWNLOADED,
            actor=get_current_actor(),
            at=now(),
        )
        content = read_file(get_store(), version)
    answer = Response(content, headers=_HEADERS, content_type=MEDIA_TYPES[version.file_type])
    answer.headers["Content-Disposition"] = make_disposition(
        version.filename, number=version.number
    )
    return answer


def _show(engagement: Engagement, *, ask_form: AskForm | None = None) -> str:
    visited = queries.visit_room(db.session, engagement, get_current_actor(), today(now()))
    items = [] if visited is None else [each.item for each in visited.items]
    return render_template(
        "datarooms/visit.html",
        engagement=engagement,
        visited=visited,
        asked=None if visited is None else list_asked(db.session, engagement, visited),
        ask_form=ask_form or AskForm(formdata=None, items=items),
    )


def _find_item(public_id: str) -> RoomItem:
    """What is asked for; whether the investor may have it the action decides. Raises NotFound."""
    return expect(queries.find_item(db.session, public_id))
