"""Whom operators ask by mail: colleagues, mentors, founders of startups to be hosted."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.api.people import (
    PERSON_LIMIT,
    InvitationSchema,
    NewInvitationSchema,
    PeopleSchema,
    invite_by_mail,
    read_address,
    show_people,
)
from app.accounts.queries import list_open_invitations
from app.clock import now
from app.extensions import db
from app.pools.actions import entries, incubators
from app.pools.api.entries import PoolEntrySchema, show_made_entry
from app.pools.api.room import blueprint
from app.pools.queries import find_incubator
from app.profiles.api.startups import StartupSchema, show_startup
from app.profiles.queries import list_members
from app.web.api import operation
from app.web.api_fields import ApiSchema, Line
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.email_addresses import EMAIL_LIMIT
from app.words.limits import NAME_LIMIT
from models.organisations import Incubator
from models.vocabulary import Role


class NewMentorSchema(ApiSchema):
    """A mentor who is asked into the pool by mail. 邮件邀请导师。"""

    email = Line(least=3, most=EMAIL_LIMIT, required=True)
    name = Line(least=1, most=PERSON_LIMIT, required=True)


class NewHostedSchema(ApiSchema):
    """A startup to be hosted, and who is asked to act for it. 邀请入驻企业。"""

    startup_name = Line(least=1, most=NAME_LIMIT, required=True)
    email = Line(least=3, most=EMAIL_LIMIT, required=True)
    name = Line(least=1, most=PERSON_LIMIT, required=True)


@blueprint.get("/incubators/<public_id>/people")
@operation("people:read", "incubator:invite", subject=find_incubator)
@blueprint.response(200, PeopleSchema)
def list_operators(incubator: Incubator) -> dict[str, Any]:
    """Who operates an incubator, and who is asked to."""
    return show_people(
        list_members(db.session, incubator=incubator),
        list_open_invitations(db.session, incubator_id=incubator.id, at=now()),
    )


@blueprint.post("/incubators/<public_id>/operators")
@operation("people:write", "incubator:invite", subject=find_incubator, refusals=(409,))
@once()
@blueprint.arguments(NewInvitationSchema)
@blueprint.response(201, InvitationSchema)
def invite_operator(incubator: Incubator, body: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody is asked by mail to operate an incubator, too."""
    return invite_by_mail(
        body,
        role=Role.OPERATOR,
        incubator_id=incubator.id,
        sender_incubator_id=incubator.id,
    )


@blueprint.post("/incubators/<public_id>/mentors")
@operation("pools:write", "pool:invite", subject=find_incubator, refusals=(409,))
@once()
@blueprint.arguments(NewMentorSchema)
@blueprint.response(201, PoolEntrySchema)
def invite_mentor_by_mail(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """A mentor is asked into the pool by mail, also one without a profile."""
    email = read_address(body)
    entry = carry_out(entries.invite_mentor, incubator=incubator, email=email, name=body["name"])
    return show_made_entry(entry)


@blueprint.post("/incubators/<public_id>/startups")
@operation("startups:write", "incubator:host", subject=find_incubator, refusals=(409,))
@once()
@blueprint.arguments(NewHostedSchema)
@blueprint.response(201, StartupSchema)
def invite_startup(incubator: Incubator, body: Mapping[str, Any]) -> ResponseReturnValue:
    """A startup is hosted with an empty profile, and its founder gets a link by mail."""
    email = read_address(body)
    startup, _invitation = carry_out(
        incubators.invite_startup,
        incubator=incubator,
        startup_name=body["startup_name"],
        email=email,
        name=body["name"],
    )
    path = url_for("profiles_api.read_startup_profile", public_id=startup.public_id)
    return show_startup(startup), 201, {"Location": path}
