"""What both sides say at the end, and whether they fit after the first meeting."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access import get_side
from app.clock import now
from app.engagements.queries import find_engagement, list_next_best
from app.engagements.words import RATING_WORDS
from app.evaluation import queries
from app.evaluation.actions import ending
from app.evaluation.forms import EndFeedbackForm, FitForm
from app.evaluation.views.room import blueprint
from app.extensions import db
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.web.steps import take_form, take_typed
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import Engagement
from models.evaluation_codes import Fit


@blueprint.route("/engagements/<public_id>/end-feedback", methods=["GET", "POST"])
@requires("engagement:view", subject=queries.find_ended)
def give_end_feedback(engagement: Engagement) -> ResponseReturnValue:
    """Say how it was, or read what both have said."""
    viewer = get_current_actor()
    form = EndFeedbackForm()

    def renew() -> None:
        own = queries.get_end_feedback(db.session, engagement, viewer, at=now()).own
        form.version.data = own.version if own else 0

    if not form.is_submitted():
        own = queries.get_end_feedback(db.session, engagement, viewer, at=now()).own
        if own is not None:
            form.fill_from(own.said)
            form.version.data = own.version
    return take_form(
        form,
        lambda: render_template(
            "evaluation/end_feedback.html",
            form=form,
            engagement=engagement,
            view=queries.get_end_feedback(db.session, engagement, viewer, at=now()),
            side=get_side(viewer, engagement),
            rating_words=RATING_WORDS,
        ),
        url_for("evaluation.give_end_feedback", public_id=engagement.public_id),
        _("Thank you. You can change it until both sides can read it."),
        ending.give_end_feedback,
        renew=renew,
        engagement=engagement,
        said=form.make_feedback,
        version=lambda: form.version.data or 0,
    )


@blueprint.route("/engagements/<public_id>/fit", methods=["GET", "POST"])
@requires("engagement:tell_fit", subject=find_engagement)
def tell_fit(engagement: Engagement) -> ResponseReturnValue:
    """Say whether the two fit; where they do not, the way out and on stands there."""
    viewer = get_current_actor()
    side = get_side(viewer, engagement)
    told = queries.find_fit(db.session, engagement, side) if side else None
    form = FitForm()

    def show() -> str:
        return render_template(
            "evaluation/fit.html",
            form=form,
            engagement=engagement,
            side=side,
            told=told,
            words=WORDS_BY_KIND[engagement.provider.kind],
            next_best=list_next_best(db.session, engagement, viewer, is_over=True),
        )

    if not form.is_submitted():
        if told is not None:
            form.fit.data = told.value
        return show()
    if not form.validate():
        return show(), 422
    fit = Fit(form.fit.data)
    is_poor = fit is Fit.POOR
    page = "evaluation.tell_fit" if is_poor else "engagements.show_engagement"
    return take_typed(
        show,
        url_for(page, public_id=engagement.public_id),
        "" if is_poor else _("Thank you. The other side is not told."),
        ending.answer_fit,
        engagement=engagement,
        fit=fit,
    )
