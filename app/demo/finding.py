"""What the demonstration's history is about, by the keys of its files, and who acts in it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, make_actor
from app.demo.reading import read_providers, read_startups
from app.evaluation.actions.objecting import answer_objection, object_to_figure
from app.pools.actions.entries import apply_to_pool
from models.evaluation_codes import EvaluationFigure
from models.needs import Need
from models.organisations import Incubator, Startup
from models.people import Membership
from models.providers import Provider


def join_pool(session: Session, provider: Provider, *, at: datetime) -> None:
    """A mentor asks for admission to the demonstration operator's pool, and waits."""
    incubator = session.scalars(
        select(Incubator).where(Incubator.name.startswith("张江桥头"))
    ).one()
    apply_to_pool(
        session,
        incubator=incubator,
        provider=provider,
        application=(
            "Twelve years of power-module packaging, four of them with teams before their "
            "first product; two afternoons a month, on site in Pudong."
        ),
        actor=act_for(session, provider=provider),
        at=at,
    )


def object_to_figures(session: Session, provider: Provider, *, at: datetime) -> None:
    """A mentor of the demonstration operator's pool found a figure wrong and was answered; with
    another one they wait since `at`."""
    incubator = session.scalars(
        select(Incubator).where(Incubator.name.startswith("张江桥头"))
    ).one()
    if not any(entry.incubator_id == incubator.id for entry in provider.pool_entries):
        return
    by_mentor = act_for(session, provider=provider)
    answered = object_to_figure(
        session,
        provider=provider,
        incubator=incubator,
        figure=EvaluationFigure.BREADTH,
        words="两家企业在同一孵化器，但分属不同领域，覆盖面是不是只算了一个？",
        actor=by_mentor,
        at=at - timedelta(days=8),
    )
    answer_objection(
        session,
        objection=answered,
        answer="我们核对过：覆盖面按企业计，两家都已计入；领域不另计分。数字没有改动。",
        actor=act_for(session, incubator=incubator),
        at=at - timedelta(days=1),
    )
    object_to_figure(
        session,
        provider=provider,
        incubator=incubator,
        figure=EvaluationFigure.ANSWERS,
        words="那次请求发到了旧邮箱，我没有看到，请不要算作未答复。",
        actor=by_mentor,
        at=at,
    )


def find_needs(session: Session) -> dict[str, Need]:
    """The stored need of each key of the files."""
    stored = {
        (need.startup.name, need.title): need
        for need in session.scalars(select(Need).join(Startup))
    }
    return {
        key: stored[startup.values.name, need.title]
        for startup in read_startups()
        for key, need in startup.needs.items()
    }


def find_providers(session: Session) -> dict[str, Provider]:
    """The stored provider of each key of the files."""
    stored = {provider.name: provider for provider in session.scalars(select(Provider))}
    return {demo.key: stored[demo.values.name] for demo in read_providers()}


def act_for(
    session: Session,
    *,
    startup: Startup | None = None,
    provider: Provider | None = None,
    incubator: Incubator | None = None,
) -> Actor:
    """The first person who acts for the organisation."""
    query = select(Membership).order_by(Membership.id)
    if startup is not None:
        query = query.where(Membership.startup_id == startup.id)
    if provider is not None:
        query = query.where(Membership.provider_id == provider.id)
    if incubator is not None:
        query = query.where(Membership.incubator_id == incubator.id)
    membership = session.scalars(query).first()
    if membership is None:
        raise RuntimeError("nobody acts for this organisation of the demonstration")
    return make_actor(membership.person)
