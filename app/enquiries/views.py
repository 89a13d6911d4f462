"""Asking a human about a list, reading the answer, and giving it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import can_know_of, is_permitted
from app.clock import now
from app.enquiries import queries
from app.enquiries.actions import answering, asking
from app.enquiries.addresses import address_of_asking, address_of_enquiry
from app.enquiries.forms import AnswerForm, ListForm, PlacesForm
from app.enquiries.rules import ANSWER_WITHIN, COUNTED_FOR
from app.extensions import db, get_settings
from app.needs.queries import find_need
from app.pools.queries import find_incubator, list_own_incubators
from app.profiles.queries import find_provider
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import mark_at, take_form, take_step
from models.enquiries import EnquiryConcern, EnquiryOutcome, ListEnquiry
from models.matches import MatchRun
from models.needs import Need
from models.organisations import Incubator
from models.providers import Provider

blueprint = Blueprint("enquiries", __name__)


@blueprint.get("/needs/<public_id>/enquiries")
@requires("enquiry:ask_of_need", subject=find_need)
def show_asking_of_need(need: Need) -> ResponseReturnValue:
    """How a human looks at a list, the form for it, and what was answered before."""
    run = queries.find_list(db.session, need, request.args.get("run", ""))
    form = ListForm(formdata=None)
    form.run.data = run.public_id if run else ""
    about = _find_visible(request.args.get("about", ""))
    _offer(form, run, about)
    if about is not None:
        form.about.data, form.concern.data = about.public_id, EnquiryConcern.SOMEBODY_MISSING.value
    return _show_asking_of_need(need, run, form)


@blueprint.post("/needs/<public_id>/enquiries")
@requires("enquiry:ask_of_need", subject=find_need)
def ask_of_need(need: Need) -> ResponseReturnValue:
    """A human shall look at the list of my need."""
    form = ListForm()
    run = queries.find_list(db.session, need, form.run.data or "")
    about = _find_visible(form.about.data or "")
    _offer(form, run, about)
    return take_form(
        form,
        lambda: _show_asking_of_need(need, run, form),
        address_of_asking(need),
        _("Asked. You are told when somebody has answered."),
        asking.ask_about_list,
        mark=mark_at(form.words),
        need=need,
        run=run,
        about=about,
        concern=lambda: EnquiryConcern(form.concern.data),
        words=form.words,
        contact=get_settings().privacy_contact,
    )


@blueprint.get("/providers/<public_id>/enquiries")
@requires("enquiry:list_of_provider", subject=find_provider)
def show_asking_of_provider(provider: Provider) -> ResponseReturnValue:
    """How lists come about, the form for asking a human, and what was answered before."""
    form = PlacesForm(formdata=None)
    form.offer(list_own_incubators(db.session, provider))
    return _show_asking_of_provider(provider, form)


@blueprint.post("/providers/<public_id>/enquiries")
@requires("enquiry:ask_of_provider", subject=find_provider)
def ask_of_provider(provider: Provider) -> ResponseReturnValue:
    """A human shall look at why I stand in lists, or do not."""
    incubators = list_own_incubators(db.session, provider)
    form = PlacesForm()
    form.offer(incubators)
    return take_form(
        form,
        lambda: _show_asking_of_provider(provider, form),
        address_of_asking(provider),
        _("Asked. You are told when somebody has answered."),
        asking.ask_about_places,
        mark=mark_at(form.words),
        provider=provider,
        incubator=lambda: next(
            (each for each in incubators if each.public_id == form.incubator.data), None
        ),
        concern=lambda: EnquiryConcern(form.concern.data),
        words=form.words,
        contact=get_settings().privacy_contact,
    )


@blueprint.get("/enquiries/<public_id>")
@requires("enquiry:view", subject=queries.find_enquiry)
def show_enquiry(enquiry: ListEnquiry) -> ResponseReturnValue:
    """What is asked, about which list, and what was answered."""
    return _show_enquiry(enquiry, AnswerForm(formdata=None))


@blueprint.post("/enquiries/<public_id>/answer")
@requires("enquiry:answer", subject=queries.find_enquiry)
def answer_enquiry(enquiry: ListEnquiry) -> ResponseReturnValue:
    """Say what came of looking at it."""
    form = AnswerForm()
    return take_form(
        form,
        lambda: _show_enquiry(enquiry, form),
        address_of_enquiry(enquiry),
        _("Answered. Whoever asked is told."),
        answering.answer_enquiry,
        mark=mark_at(form.outcome),
        enquiry=enquiry,
        outcome=lambda: EnquiryOutcome(form.outcome.data),
        answer=form.answer,
    )


@blueprint.post("/enquiries/<public_id>/withdraw")
@requires("enquiry:withdraw", subject=queries.find_enquiry)
def withdraw_enquiry(enquiry: ListEnquiry) -> ResponseReturnValue:
    """I do not want to know any more."""
    return take_step(
        address_of_asking(enquiry.asker),
        _("Taken back. Nobody looks at it any more."),
        asking.withdraw_enquiry,
        enquiry=enquiry,
    )


@blueprint.get("/incubators/<public_id>/enquiries")
@requires("enquiry:list_all", subject=find_incubator)
def list_enquiries(incubator: Incubator) -> ResponseReturnValue:
    """What the operators were asked about lists, what is open first."""
    return render_template(
        "enquiries/asked.html",
        incubator=incubator,
        enquiries=queries.list_of_incubator(db.session, incubator),
        at=now(),
    )


def _find_visible(public_id: str) -> Provider | None:
    found = find_provider(db.session, public_id) if public_id else None
    return found if found is not None and can_know_of(get_current_actor(), found) else None


def _offer(form: ListForm, run: MatchRun | None, about: Provider | None) -> None:
    named = queries.list_named(run, get_current_actor()) if run else []
    form.offer([*([about] if about else []), *named])


def _show_asking_of_need(need: Need, run: MatchRun | None, form: ListForm) -> str:
    enquiries = queries.list_of_need(db.session, need, get_current_actor())
    return render_template(
        "enquiries/ask_of_need.html",
        need=need,
        run=run,
        form=form,
        enquiries=enquiries,
        is_open=any(each.state == "open" for each in enquiries),
        within=ANSWER_WITHIN,
        at=now(),
    )


def _show_asking_of_provider(provider: Provider, form: PlacesForm) -> str:
    at = now()
    enquiries = queries.list_of_provider(db.session, provider)
    return render_template(
        "enquiries/ask_of_provider.html",
        provider=provider,
        form=form,
        enquiries=enquiries,
        is_open=any(each.state == "open" for each in enquiries),
        places=[
            (each, queries.count_places(db.session, provider, each, at=at))
            for each in list_own_incubators(db.session, provider)
        ],
        counted_for=COUNTED_FOR,
        within=ANSWER_WITHIN,
        at=at,
    )


def _show_enquiry(enquiry: ListEnquiry, form: AnswerForm) -> str:
    at = now()
    may_answer = enquiry.state == "open" and is_permitted(
        get_current_actor(), "enquiry:answer", enquiry
    )
    places = None
    if enquiry.provider is not None and enquiry.incubator is not None:
        places = queries.count_places(db.session, enquiry.provider, enquiry.incubator, at=at)
    return render_template(
        "enquiries/enquiry.html",
        enquiry=enquiry,
        form=form,
        may_answer=may_answer,
        places=places,
        counted_for=COUNTED_FOR,
        at=at,
    )
