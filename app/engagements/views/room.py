"""What the views of this room share: the blueprint, the settings, the way back, one page."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import now
from app.engagements import queries
from app.engagements.forms import (
    AcceptForm,
    DeclineForm,
    QuestionForm,
    ReasonForm,
    ReplyForm,
    SessionForm,
)
from app.engagements.passing_forms import PassOnForm
from app.engagements.queries.booking import get_booking_view
from app.engagements.queries.dual_mentoring import get_together_view
from app.engagements.queries.passing import list_colleagues
from app.engagements.words import RATING_WORDS, get_trace_words
from app.extensions import db
from app.web.addresses import is_own_path
from app.web.identity import get_current_actor
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import Engagement

blueprint = Blueprint("engagements", __name__)


def find_way_back(engagement: Engagement) -> str:
    """The page that the form came from, where it is one of ours, else the engagement's."""
    back = request.form.get("back_to", "")
    if is_own_path(back):
        return str(back)
    return url_for("engagements.show_engagement", public_id=engagement.public_id)


def go_to(engagement: Engagement) -> ResponseReturnValue:
    """Back to there."""
    return redirect(find_way_back(engagement), code=303)


def render_engagement(
    engagement: Engagement,
    *,
    reason_form: ReasonForm | None = None,
    decline_form: DeclineForm | None = None,
    accept_form: AcceptForm | None = None,
    question_form: QuestionForm | None = None,
    pass_on_form: PassOnForm | None = None,
    reply_form: ReplyForm | None = None,
    session_form: SessionForm | None = None,
) -> str:
    """The page of one engagement, with a form as it was filled in where one was refused."""
    view = queries.get_engagement_view(db.session, engagement, get_current_actor(), at=now())
    words = WORDS_BY_KIND[view.provider.kind]
    colleagues = (
        list_colleagues(db.session, engagement, get_current_actor())
        if "pass_on" in view.actions
        else ()
    )
    if pass_on_form is None:
        pass_on_form = PassOnForm(formdata=None)
        pass_on_form.offer(colleagues)
    if session_form is None:
        session_form = SessionForm(formdata=None)
        session_form.set_words(words)
    return render_template(
        "engagements/show_engagement.html",
        view=view,
        booking=get_booking_view(db.session, engagement, get_current_actor(), at=now()),
        together=get_together_view(db.session, engagement, get_current_actor()),
        words=words,
        reason_form=reason_form or ReasonForm(formdata=None),
        decline_form=decline_form or DeclineForm(formdata=None),
        accept_form=accept_form or AcceptForm(formdata=None),
        colleagues=colleagues,
        pass_on_form=pass_on_form,
        question_form=question_form or QuestionForm(formdata=None),
        reply_form=reply_form or ReplyForm(formdata=None),
        session_form=session_form,
        trace_words=get_trace_words(view.provider.kind),
        rating_words=RATING_WORDS,
    )
