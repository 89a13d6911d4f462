"""What has happened in the demonstration, told through the actions that people use.

`history.yaml` names who asked whom, when and with which outcome. Every step is taken at its own
time in the past, by the person whose step it is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, Installation
from app.demo.dual_mentoring import bring_together
from app.demo.finding import (
    act_for,
    find_needs,
    find_providers,
    join_pool,
    object_to_figures,
)
from app.demo.hours import open_hours
from app.demo.workspaces import read_steps, work_together
from app.engagements.actions import engagements as actions
from app.engagements.actions import feedback as feedback_actions
from app.engagements.actions import questions as question_actions
from app.engagements.actions import sessions as session_actions
from app.engagements.actions.calendar_replies import keep_reply
from app.engagements.actions.contradictions import contradict
from app.engagements.actions.missed_times import appeal
from app.engagements.actions.passing import pass_on
from app.engagements.actions.queue import join_queue
from app.engagements.asking import Ask, CoachingAsk, FundingAsk, OrderAsk
from app.engagements.replying import Reply
from app.evaluation.actions import ending
from app.evaluation.values import EndFeedback
from app.matches.actions import find_suggestions, store_suggestions
from app.transactions import writing
from matching.engine import Engine
from models.engagements import CoachingSession, Engagement
from models.evaluation_codes import GoalReached
from models.matches import MatchRun
from models.missed_times import MissedBy, MissedTime
from models.needs import Need
from models.people import Person
from models.providers import Provider
from models.session_replies import ReplyAnswer
from models.vocabulary import (
    DeclineReason,
    FundingStage,
    Instrument,
    MeetingForm,
    ProviderKind,
    Release,
    Side,
)

# The story ends on this day: the day on which it is loaded.
LAST_DAY = 60

_Plot = Mapping[str, Any]
_LINK = "https://meet.example.org/yinqiao"
_RECEPTION = "样品接收处 (sample reception)"


def live_through(session: Session, engine: Engine, *, until: datetime) -> dict[str, int]:
    """Everything in `history.yaml` happens, in one transaction, ending at `until`."""
    plots: list[_Plot] = yaml.safe_load(
        files("app.demo").joinpath("history.yaml").read_text(encoding="utf-8")
    )
    beginning = until - timedelta(days=LAST_DAY)
    needs = find_needs(session)
    providers = find_providers(session)
    # What was suggested is worked out before the writing begins.
    suggestions = {
        key: find_suggestions(session, engine, needs[key], at=until)
        for key in dict.fromkeys(plot["need"] for plot in plots)
    }
    steps = read_steps()
    with writing(session):
        runs: dict[str, MatchRun] = {}
        for plot in plots:
            need, provider = needs[plot["need"]], providers[plot["provider"]]
            asked_at = beginning + timedelta(days=plot["day"], hours=2)
            founder = act_for(session, startup=need.startup)
            if plot["need"] not in runs:
                runs[plot["need"]] = store_suggestions(
                    session,
                    need=need,
                    suggestions=suggestions[plot["need"]],
                    actor=founder,
                    at=asked_at - timedelta(hours=1),
                )
            actors = {Side.STARTUP: founder, Side.PROVIDER: act_for(session, provider=provider)}
            colleague = providers[plot["colleague"]] if "colleague" in plot else None
            engagement = _Story(session, plot, actors, colleague).tell(
                need=need, provider=provider, run=runs[plot["need"]], at=asked_at
            )
            if together := steps.get((plot["need"], plot["provider"])):
                work_together(
                    session, engagement=engagement, steps=together, actors=actors, until=until
                )
        for plot in plots:
            if "second_to" in plot:
                need = needs[plot["need"]]
                bring_together(
                    session,
                    need=need,
                    lead=providers[plot["second_to"]],
                    partner=providers[plot["provider"]],
                    act_for=act_for,
                    until=until,
                )
        waiting = needs["sic-power-wafer-yield"]
        join_queue(
            session,
            need=waiting,
            provider=providers["export-control-compliance"],
            actor=act_for(session, startup=waiting.startup),
            at=until - timedelta(hours=30),
        )
        actions.expire_due(session, actor=Installation.CLOCK, at=until, limit=len(plots))
        join_pool(session, providers["gan-power-module-packaging"], at=until - timedelta(days=2))
        object_to_figures(session, providers["sic-wafer-process"], at=until - timedelta(days=1))
        opened = open_hours(session, providers, at=until - timedelta(hours=3))
    return {"engagements": len(plots), "calendars": opened}


class _Story:
    """One engagement, from its request to wherever its course ends."""

    def __init__(
        self,
        session: Session,
        plot: _Plot,
        actors: Mapping[Side, Actor],
        colleague: Provider | None,
    ) -> None:
        self._session = session
        self._plot = plot
        self._colleague = colleague
        self._actors = actors

    def tell(self, *, need: Need, provider: Provider, run: MatchRun, at: datetime) -> Engagement:
        """Request it, then take the steps of its course."""
        match = next((m for m in run.matches if m.provider_id == provider.id), None)
        engagement = actions.request(
            self._session,
            need=need,
            provider=provider,
            match=match,
            message=self._plot["message"],
            released=[Release.STARTUP_NAME, Release.STARTUP_PROFILE, Release.NEED_TEXT],
            actor=self._actors[Side.STARTUP],
            at=at,
            ask=self._make_ask(provider, at),
        )
        courses: Mapping[str, Callable[[Engagement, datetime], object]] = {
            "requested": self._ask_back,
            "passed_on": self._pass_on,
            "expired": lambda engagement, at: None,
            "declined": self._decline,
            "withdrawn": self._withdraw,
            "accepted": self._accept,
            "proposed": self._propose_coming,
            "confirmed": self._confirm_coming,
            "cancelled": self._cancel,
            "held": self._hold,
            "active": self._hold_and_plan,
            "completed": self._complete,
        }
        courses[self._plot["course"]](engagement, at)
        return engagement

    def _make_ask(self, provider: Provider, at: datetime) -> Ask | None:
        """What the plot says is asked for, beside the message."""
        if said := self._plot.get("coaching"):
            return CoachingAsk(said["goal"], MeetingForm(said["form"]), said["time"])
        if said := self._plot.get("funding"):
            return FundingAsk(
                amount_yuan=said["amount"],
                instrument=Instrument(said["instrument"]),
                stage=FundingStage(said["stage"]),
                milestone=said["milestone"],
                use_of_funds=said["use"],
                closing_on=(at + timedelta(days=said["closing"])).date(),
            )
        if said := self._plot.get("order"):
            services = provider.centre.services if provider.centre else []
            (service,) = (each for each in services if each.name == said["service"])
            return OrderAsk(
                service_id=service.public_id,
                quantity=said["quantity"],
                wished_on=(at + timedelta(days=said["wished"])).date(),
                sample=said["sample"],
                claim=said["claim"],
            )
        return None

    def _pass_on(self, engagement: Engagement, at: datetime) -> None:
        """A colleague has it within hours, and goes on with it."""
        if self._colleague is None:
            raise KeyError("colleague")
        passed = pass_on(
            self._session,
            engagement=engagement,
            colleague=self._colleague,
            words=self._plot["why"],
            actor=self._actors[Side.PROVIDER],
            at=at + timedelta(hours=4),
        )
        self._actors = {
            **self._actors,
            Side.PROVIDER: act_for(self._session, provider=self._colleague),
        }
        self._ask_back(passed, at)

    def _ask_back(self, engagement: Engagement, at: datetime) -> None:
        """Where the plot has a question, it is asked, and replied to where it has a reply."""
        if question := self._plot.get("question"):
            question_actions.ask_back(
                self._session,
                engagement=engagement,
                question=question,
                actor=self._actors[Side.PROVIDER],
                at=at + timedelta(hours=8),
            )
        if reply := self._plot.get("reply"):
            question_actions.reply(
                self._session,
                engagement=engagement,
                reply=reply,
                actor=self._actors[Side.STARTUP],
                at=at + timedelta(hours=20),
            )

    def _decline(self, engagement: Engagement, at: datetime) -> None:
        actions.decline(
            self._session,
            engagement=engagement,
            code=DeclineReason(self._plot["code"]),
            reason=self._plot["reason"],
            actor=self._actors[Side.PROVIDER],
            at=at + timedelta(days=2),
        )

    def _withdraw(self, engagement: Engagement, at: datetime) -> None:
        actions.withdraw(
            self._session,
            engagement=engagement,
            actor=self._actors[Side.STARTUP],
            at=at + timedelta(days=1),
        )

    def _accept(self, engagement: Engagement, at: datetime) -> None:
        # Some answer within hours, some take days: the time differs from plot to plot.
        hours = 5 + 7 * (self._plot["day"] % 6)
        actions.accept(
            self._session,
            engagement=engagement,
            actor=self._actors[Side.PROVIDER],
            at=at + timedelta(hours=hours),
            words=self._plot.get("words", ""),
        )

    def _propose(
        self, engagement: Engagement, at: datetime, starts_at: datetime
    ) -> CoachingSession:
        is_centre = engagement.provider.kind is ProviderKind.CENTRE
        return session_actions.propose(
            self._session,
            engagement=engagement,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            # Samples are brought to a centre; everybody else is called.
            place=_RECEPTION if is_centre else "",
            link="" if is_centre else _LINK,
            actor=self._actors[Side.PROVIDER],
            at=at,
        )

    def _confirm(self, coaching_session: CoachingSession, at: datetime) -> None:
        session_actions.confirm(
            self._session,
            coaching_session=coaching_session,
            actor=self._actors[Side.STARTUP],
            at=at,
        )

    def _propose_coming(self, engagement: Engagement, at: datetime) -> CoachingSession:
        self._accept(engagement, at)
        # Ten in the morning in Shanghai, some days after the story's end.
        coming = _on_the_hour(at + timedelta(days=LAST_DAY - self._plot["day"] + 4))
        return self._propose(engagement, at + timedelta(days=2), coming)

    def _confirm_coming(self, engagement: Engagement, at: datetime) -> None:
        self._confirm(self._propose_coming(engagement, at), at + timedelta(days=3))

    def _cancel(self, engagement: Engagement, at: datetime) -> None:
        self._accept(engagement, at)
        actions.cancel(
            self._session,
            engagement=engagement,
            reason=self._plot["reason"],
            actor=self._actors[Side.STARTUP],
            at=at + timedelta(days=9),
        )

    def _hold(self, engagement: Engagement, at: datetime) -> CoachingSession:
        self._accept(engagement, at)
        starts_at = _on_the_hour(at + timedelta(days=6, hours=self._plot["day"] % 3))
        coaching_session = self._propose(engagement, at + timedelta(days=2), starts_at)
        self._confirm(coaching_session, at + timedelta(days=3))
        session_actions.record_held(
            self._session,
            coaching_session=coaching_session,
            actor=self._actors[Side.PROVIDER],
            at=starts_at + timedelta(hours=2),
        )
        return coaching_session

    def _miss(self, engagement: Engagement, at: datetime) -> None:
        """Where the plot says so, one side does not come to a time, and appeals."""
        if not (said := self._plot.get("missed")):
            return
        side = Side(said["by"])
        starts_at = _on_the_hour(at + timedelta(days=2))
        planned = self._propose(engagement, at + timedelta(hours=1), starts_at)
        self._confirm(planned, at + timedelta(hours=2))
        session_actions.record_missed(
            self._session,
            coaching_session=planned,
            missed_by=MissedBy(side.value),
            actor=self._actors[Side.PROVIDER if side is Side.STARTUP else Side.STARTUP],
            at=starts_at + timedelta(hours=2),
        )
        missed = self._session.scalars(
            select(MissedTime).where(MissedTime.coaching_session_id == planned.id)
        ).one()
        appeal(
            self._session,
            missed_time=missed,
            words=said["appeal"],
            actor=self._actors[side],
            at=starts_at + timedelta(hours=9),
        )

    def _contest(self, engagement: Engagement, at: datetime) -> None:
        """Where the plot says so, the two sides differ about a time, and nobody has decided yet."""
        if not (words := self._plot.get("contested")):
            return
        starts_at = _on_the_hour(at + timedelta(days=2))
        planned = self._propose(engagement, at + timedelta(hours=1), starts_at)
        self._confirm(planned, at + timedelta(hours=2))
        session_actions.record_missed(
            self._session,
            coaching_session=planned,
            missed_by=MissedBy.STARTUP,
            actor=self._actors[Side.PROVIDER],
            at=starts_at + timedelta(hours=2),
        )
        contradict(
            self._session,
            coaching_session=planned,
            words=words,
            actor=self._actors[Side.STARTUP],
            at=starts_at + timedelta(hours=9),
        )

    def _answer_by_calendar(self, coaching_session: CoachingSession, at: datetime) -> None:
        for side, answer in self._plot.get("calendars", {}).items():
            person = self._session.get_one(Person, self._actors[Side(side)].acts_as_id)
            keep_reply(
                self._session,
                reply=Reply(
                    coaching_session.public_id,
                    person.email,
                    ReplyAnswer(answer),
                    coaching_session.sequence,
                    at,
                ),
                actor=Installation.CLOCK,
                at=at,
            )

    def _hold_and_plan(self, engagement: Engagement, at: datetime) -> None:
        held = self._hold(engagement, at)
        self._miss(engagement, held.ends_at)
        self._contest(engagement, held.ends_at + timedelta(days=4))
        coming = _on_the_hour(
            at + timedelta(days=LAST_DAY - self._plot["day"] + 6, hours=self._plot["day"] % 5)
        )
        planned = self._propose(engagement, at + timedelta(days=10), coming)
        self._confirm(planned, at + timedelta(days=11))
        self._answer_by_calendar(planned, at + timedelta(days=12))

    def _complete(self, engagement: Engagement, at: datetime) -> None:
        coaching_session = self._hold(engagement, at)
        for days, side, key in ((1, Side.STARTUP, "startup"), (2, Side.PROVIDER, "provider_side")):
            said = self._plot[key]
            feedback_actions.give(
                self._session,
                coaching_session=coaching_session,
                rating=said["rating"],
                preparation=said["preparation"],
                wants_to_continue=False,
                comment=said["comment"],
                private_note=said["note"],
                actor=self._actors[side],
                at=coaching_session.ends_at + timedelta(days=days),
            )
        if engagement.state != "completed":
            actions.complete(
                self._session,
                engagement=engagement,
                actor=self._actors[Side.STARTUP],
                at=coaching_session.ends_at + timedelta(days=3),
            )
        self._look_back(engagement)

    def _look_back(self, engagement: Engagement) -> None:
        """Both sides say how it was; nobody is as satisfied with the end as with a meeting."""
        if engagement.closed_at is None:
            return
        for days, side, key in ((2, Side.STARTUP, "startup"), (4, Side.PROVIDER, "provider_side")):
            rating = self._plot[key]["rating"]
            ending.give_end_feedback(
                self._session,
                engagement=engagement,
                said=EndFeedback(
                    usefulness=rating,
                    goal_reached=GoalReached.YES if rating > 4 else GoalReached.PARTLY,
                    would_meet_again=rating > 3,
                    reliability=rating,
                ),
                version=0,
                actor=self._actors[side],
                at=engagement.closed_at + timedelta(days=days),
            )


def _on_the_hour(moment: datetime) -> datetime:
    """`moment` at 10:00 in Shanghai plus its own hours past the day's start of work."""
    return moment.replace(hour=2 + moment.hour % 6, minute=0, second=0, microsecond=0)
