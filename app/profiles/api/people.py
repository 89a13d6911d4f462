"""Who acts for a startup or a provider, and how somebody else is asked to."""

from collections.abc import Mapping
from typing import Any

from app.access import is_host
from app.accounts.api.people import (
    InvitationSchema,
    NewInvitationSchema,
    PeopleSchema,
    invite_by_mail,
    show_people,
)
from app.accounts.queries import list_open_invitations
from app.clock import now
from app.extensions import db
from app.profiles.api.room import blueprint
from app.profiles.queries import find_provider, find_startup, list_members
from app.web.api import operation
from app.web.identity import get_current_actor
from app.web.repeats import once
from models.organisations import Startup
from models.providers import Provider
from models.vocabulary import Role


@blueprint.get("/startups/<public_id>/people")
@operation("people:read", "startup:invite", subject=find_startup)
@blueprint.response(200, PeopleSchema)
def list_startup_people(startup: Startup) -> dict[str, Any]:
    """Who acts for a startup, and who is asked to."""
    return show_people(
        list_members(db.session, startup=startup),
        list_open_invitations(db.session, startup_id=startup.id, at=now()),
    )


@blueprint.post("/startups/<public_id>/invitations")
@operation("people:write", "startup:invite", subject=find_startup, refusals=(409,))
@once()
@blueprint.arguments(NewInvitationSchema)
@blueprint.response(201, InvitationSchema)
def invite_to_startup(startup: Startup, body: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody is asked by mail to act for a startup."""
    by_host = is_host(get_current_actor(), startup)
    return invite_by_mail(
        body,
        role=Role.FOUNDER,
        startup_id=startup.id,
        sender_incubator_id=startup.incubator_id if by_host else None,
    )


@blueprint.get("/providers/<public_id>/people")
@operation("people:read", "provider:invite", subject=find_provider)
@blueprint.response(200, PeopleSchema)
def list_provider_people(provider: Provider) -> dict[str, Any]:
    """Who acts for a provider, and who is asked to."""
    return show_people(
        list_members(db.session, provider=provider),
        list_open_invitations(db.session, provider_id=provider.id, at=now()),
    )


@blueprint.post("/providers/<public_id>/invitations")
@operation("people:write", "provider:invite", subject=find_provider, refusals=(409,))
@once()
@blueprint.arguments(NewInvitationSchema)
@blueprint.response(201, InvitationSchema)
def invite_to_provider(provider: Provider, body: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody is asked by mail to act for a provider."""
    return invite_by_mail(body, role=Role(provider.kind.value), provider_id=provider.id)
