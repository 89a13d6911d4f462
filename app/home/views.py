"""HTTP in, page or redirect out: front page, dashboard, notices, language, help."""

import logging
from dataclasses import dataclass
from typing import Final

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from app.clock import now
from app.errors import expect
from app.extensions import csrf, db, get_settings
from app.home import actions, dashboard, queries
from app.home.words import ACTS, TOTALS
from app.retention import list_kept
from app.transactions import writing
from app.web.addresses import is_own_path
from app.web.api import get_document
from app.web.api_reference import list_groups, list_objects, list_problems
from app.web.guard import public, requires
from app.web.identity import find_current_person, get_current_actor, get_current_person
from app.web.paging import read_page_number
from app.web.policy import REPORTS_PATH, take_reports
from app.web.reader import select_locale, select_time_zone
from app.web.readiness import ALL, PAGES, is_ready, read_basics, read_readiness
from app.web.worded import get_words
from app.words.localisation import LOCALE_NAMES
from app.words.privacy_notice import NOTICE_DATE, NOTICE_VERSION
from app.words.wording import word_notice
from models.audit import AuditEntry
from models.lifecycle import ENGAGEMENT
from models.notices import Notice

log = logging.getLogger(__name__)

blueprint = Blueprint("home", __name__)

_START: Final = "home.show_front"


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice in the reader's words."""

    notice: Notice
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of the record in the reader's words."""

    entry: AuditEntry
    act: str
    url: str | None


# Where the record leads, by the table of what was acted upon.
_PAGES: Final = {
    "engagement": "engagements.show_engagement",
    "incubator": "pools.show_incubator",
    "need": "needs.show_need",
    "provider": "profiles.show_provider",
    "startup": "profiles.show_startup",
}


@blueprint.get("/")
@public
def show_front() -> ResponseReturnValue:
    """What this is and for whom. Whoever is logged in goes on to the dashboard."""
    if find_current_person() is not None:
        return redirect(url_for("home.show_dashboard"))
    return render_template("home/front.html", figures=queries.count_figures(db.session))


@blueprint.get("/dashboard")
@requires("home:view")
def show_dashboard() -> ResponseReturnValue:
    """What waits for the present person, then what is coming, then figures."""
    at = now()
    shown = dashboard.gather(
        db.session,
        rooms=current_app.extensions["yinqiao_rooms"],
        viewer=get_current_actor(),
        at=at,
    )
    return render_template(
        "home/dashboard.html",
        shown=shown,
        at=at,
        engagement_states=ENGAGEMENT.states,
        total_words=TOTALS,
    )


@blueprint.get("/notices")
@requires("notice:view")
def list_notices() -> ResponseReturnValue:
    """The newest notices of the present person."""
    notices = queries.list_notices(db.session, person_id=get_current_person().id)
    return render_template(
        "home/notices.html",
        notices=[_word(notice) for notice in notices],
        unread=sum(notice.read_at is None for notice in notices),
        limit=queries.NOTICES_SHOWN,
    )


@blueprint.get("/incubator/record")
@requires("audit:list")
def show_record() -> ResponseReturnValue:
    """Who did what in the incubators that one operates."""
    page = queries.list_record(
        db.session,
        get_current_actor(),
        number=read_page_number(request.args.get("page", "")),
    )
    return render_template(
        "home/record.html",
        page=page,
        entries=[ShownEntry(entry, *_word_entry(entry)) for entry in page.entries],
        refusals=queries.list_refused(db.session, get_current_actor()) if page.number == 1 else (),
    )


def _word_entry(entry: AuditEntry) -> tuple[str, str | None]:
    """What was done, in the reader's words, and the page of what it was done to, if it has one."""
    endpoint = _PAGES.get(entry.subject_table)
    url = url_for(endpoint, public_id=entry.subject_public_id) if endpoint else None
    return str(ACTS.get(entry.kind, entry.kind)), url


@blueprint.post("/notices/<public_id>/open")
@requires("notice:view")
def open_notice(public_id: str) -> ResponseReturnValue:
    """The notice is read, and its reader is where it leads."""
    notice = _read(public_id)
    path = notice.path if is_own_path(notice.path) else url_for("home.list_notices")
    return redirect(path, code=303)


@blueprint.post("/notices/<public_id>/read")
@requires("notice:view")
def read_notice(public_id: str) -> ResponseReturnValue:
    """The notice is read; its reader stays with the others."""
    _read(public_id)
    return redirect(url_for("home.list_notices"), code=303)


@blueprint.post("/notices/read")
@requires("notice:view")
def read_all_notices() -> ResponseReturnValue:
    """All notices are read."""
    person_id = get_current_person().id
    with writing(db.session):
        actions.read_all_notices(db.session, person_id=person_id, at=now())
    flash(_("All notices are marked as read."), "success")
    return redirect(url_for("home.list_notices"), code=303)


@blueprint.post("/locale")
@public
def choose_locale() -> ResponseReturnValue:
    """Pages are in the chosen language from now on: in this browser, and in the account."""
    locale = request.form.get("locale", "")
    if locale not in LOCALE_NAMES:
        abort(400)
    session["locale"] = locale
    person = find_current_person()
    if person is not None and person.locale != locale:
        with writing(db.session):
            actions.choose_locale(db.session, person=person, locale=locale)
    refresh()
    back = request.form.get("back_to", "")
    return redirect(back if _can_be_shown(back) else url_for(_START), code=303)


@blueprint.get("/help")
@public
def show_help() -> ResponseReturnValue:
    """How matching works, and what each role finds where."""
    return render_template("home/help.html")


@blueprint.get("/api/v1/openapi.json")
@public
def send_document() -> ResponseReturnValue:
    """What programs can do, as an OpenAPI document."""
    answer = jsonify(get_document())
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.get("/help/api")
@public
def show_reference() -> ResponseReturnValue:
    """The same for people: every operation, and every way in which one is refused."""
    return render_template("home/reference.html", listed=_list_reference())


def _list_reference() -> Markup:
    """What the reference lists, in the reader's language; rendered once a process, since it is
    long and whoever passes may ask for it."""
    kept: dict[str, Markup] = current_app.extensions.setdefault("yinqiao_reference", {})
    locale = select_locale()
    if locale not in kept:
        document = get_document()
        rendered = render_template(
            "home/_reference.html",
            groups=list_groups(document),
            objects=list_objects(document),
            problems=list_problems(),
        )
        kept[locale] = Markup(rendered)  # noqa: S704  (what our template made, escaped)
    return kept[locale]


@blueprint.get("/privacy")
@public
def show_privacy() -> ResponseReturnValue:
    """What is stored, and who sees it."""
    settings = get_settings()
    return render_template(
        "home/privacy.html",
        kept=list_kept(current_app.extensions["yinqiao_rooms"], settings),
        contact=settings.privacy_contact,
        notice_version=NOTICE_VERSION,
        notice_date=NOTICE_DATE,
    )


@blueprint.get("/healthz")
@public
def report_health() -> ResponseReturnValue:
    """For whoever watches over the installation: 200 when it can serve, else 503."""
    parts = read_basics()
    healthy = is_ready(parts, {name: PAGES[name] for name in parts})
    return jsonify(parts), 200 if healthy else 503


@blueprint.get("/readyz")
@public
def report_readiness() -> ResponseReturnValue:
    """More of the same: 200 when every part is as it should be, else 503.

    With `of=pages` worker and mail are told, and do not count.
    """
    parts = read_readiness(at=now())
    wanted = PAGES if request.args.get("of") == "pages" else ALL
    return jsonify(parts), 200 if is_ready(parts, wanted) else 503


@blueprint.post(REPORTS_PATH)
@csrf.exempt  # type: ignore[untyped-decorator]
@public
def take_policy_report() -> ResponseReturnValue:
    """For browsers, which say what a page tried to load beyond our policy; they have no token."""
    take_reports()
    return "", 204


def _read(public_id: str) -> Notice:
    """Mark one notice of the present person as read. Raises NotFound for anybody else's."""
    person_id = get_current_person().id
    notice = expect(queries.find_notice(db.session, public_id, person_id=person_id))
    with writing(db.session):
        actions.read_notices(db.session, person_id=person_id, notices=[notice], at=now())
    return notice


def _word(notice: Notice) -> ShownNotice:
    """The notice in the language of this request."""
    try:
        subject, body = word_notice(
            get_words().notices[notice.kind],
            notice.facts,
            locale=select_locale(),
            zone=select_time_zone(),
        )
    except KeyError:
        # One notice without its words or a fact must not hide all others from its reader.
        log.exception("notice %s of kind %s cannot be worded", notice.public_id, notice.kind)
    else:
        return ShownNotice(notice, subject, body)
    return ShownNotice(notice, _("Something has changed"), _("Open it to see what it is about."))


def _can_be_shown(path: str) -> bool:
    """Whether `path` is a page of this site: an address that only takes forms is none."""
    if not is_own_path(path):
        return False
    try:
        current_app.url_map.bind("localhost").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return True
