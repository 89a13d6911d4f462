"""What both sides say at the end, and whether they fit after the first meeting."""

from flask import flash, redirect, render_template, url_for
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
from app.transactions import writing
from app.web.guard import requires
from app.web.identity import get_current_actor
from app.words.kind_words import WORDS_BY_KIND
from models.engagements import Engagement
from models.evaluation_codes import Fit


@blueprint.route("/engagements/<public_id>/end-feedback", methods=["GET", "POST"])
@requires("engagement:view", subject=queries.find_ended)
def give_end_feedback(engagement: Engagement) -> ResponseReturnValue:
    """Say how it was, or read what both have said."""
    viewer = get_current_actor()
    view = queries.get_end_feedback(db.session, engagement, viewer, at=now())
    form = EndFeedbackForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        with writing(db.session):
            ending.give_end_feedback(
                db.session,
                engagement=engagement,
                said=form.make_feedback(),
                version=form.version.data or 0,
                actor=viewer,
                at=now(),
            )
        flash(_("Thank you. You can change it until both sides can read it."), "success")
        return redirect(
            url_for("evaluation.give_end_feedback", public_id=engagement.public_id), code=303
        )
    if not form.is_submitted() and view.own is not None:
        form.fill_from(view.own.said)
        form.version.data = view.own.version
    page = render_template(
        "evaluation/end_feedback.html",
        form=form,
        engagement=engagement,
        view=view,
        side=get_side(viewer, engagement),
        rating_words=RATING_WORDS,
    )
    return page, status


@blueprint.route("/engagements/<public_id>/fit", methods=["GET", "POST"])
@requires("engagement:tell_fit", subject=find_engagement)
def tell_fit(engagement: Engagement) -> ResponseReturnValue:
    """Say whether the two fit; where they do not, the way out and on stands there."""
    viewer = get_current_actor()
    side = get_side(viewer, engagement)
    told = queries.find_fit(db.session, engagement, side) if side else None
    form = FitForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        fit = Fit(form.fit.data)
        with writing(db.session):
            ending.answer_fit(db.session, engagement=engagement, fit=fit, actor=viewer, at=now())
        if fit is not Fit.POOR:
            flash(_("Thank you. The other side is not told."), "success")
            return redirect(
                url_for("engagements.show_engagement", public_id=engagement.public_id), code=303
            )
        return redirect(url_for("evaluation.tell_fit", public_id=engagement.public_id), code=303)
    if not form.is_submitted() and told is not None:
        form.fit.data = told.value
    page = render_template(
        "evaluation/fit.html",
        form=form,
        engagement=engagement,
        side=side,
        told=told,
        words=WORDS_BY_KIND[engagement.provider.kind],
        next_best=list_next_best(db.session, engagement, viewer, is_over=True),
    )
    return page, status
