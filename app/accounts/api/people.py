"""Who acts for an organisation and who is asked to: what the operations of other rooms share."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import marshmallow as ma
from flask_babel import gettext as _

from app.accounts import actions
from app.accounts.queries import find_invitation
from app.web.api import VERSION_PATH, ApiBlueprint, operation
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Line, Moment, NothingSchema
from app.web.repeats import once
from app.web.steps import carry_out
from app.words.email_addresses import EMAIL_LIMIT, EmailUnusable, read_email
from models.people import Invitation, Membership

blueprint = ApiBlueprint(
    "people_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Who acts for an organisation. 组织成员与邀请。",
)

PERSON_LIMIT: Final = 80


class NewInvitationSchema(ApiSchema):
    """Who is asked, by mail, to act for an organisation. 新邀请。"""

    email = Line(least=3, most=EMAIL_LIMIT, required=True)
    name = Line(most=PERSON_LIMIT, load_default="")


class InvitationSchema(ma.Schema):
    """Somebody who is asked to act for an organisation. Its link goes by mail alone. 邀请。"""

    id = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True)


class MemberSchema(ma.Schema):
    """Somebody who acts for an organisation. 成员。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    role = ma.fields.String(required=True)
    joined_at = Moment(required=True)


class PeopleSchema(ma.Schema):
    """Who acts for an organisation, and which invitations are open. 成员与待答复的邀请。"""

    members = ma.fields.List(ma.fields.Nested(MemberSchema), required=True)
    invitations = ma.fields.List(ma.fields.Nested(InvitationSchema), required=True)


@blueprint.post("/invitations/<public_id>/revoke")
@operation("people:write", "invitation:revoke", subject=find_invitation)
@once(needs_key=False)
@blueprint.arguments(NothingSchema, required=False)
@blueprint.response(200, InvitationSchema)
def revoke_invitation(invitation: Invitation, body: Mapping[str, Any]) -> dict[str, Any]:
    """The link is dead."""
    carry_out(actions.revoke_invitation, invitation=invitation)
    return show_invitation(invitation)


def read_address(body: Mapping[str, Any]) -> str:
    """The address that was sent, as it is stored. Raises FieldsInvalid."""
    try:
        return read_email(body["email"])
    except EmailUnusable:
        refuse_field("/email", _("This is not an e-mail address."))


def invite_by_mail(body: Mapping[str, Any], **values: Any) -> dict[str, Any]:
    """Ask whom `body` names to act for what `values` say; the answer. Raises FieldsInvalid."""
    email = read_address(body)
    sent = carry_out(actions.invite, email=email, name=body["name"], **values)
    return show_invitation(sent.invitation)


def show_invitation(invitation: Invitation) -> dict[str, Any]:
    """An invitation as those know it who may send one."""
    return {
        "id": invitation.public_id,
        "email": invitation.email,
        "name": invitation.name,
        "role": invitation.role.value,
        "state": invitation.state,
        "created_at": invitation.created_at,
        "expires_at": invitation.expires_at,
    }


def show_people(members: Iterable[Membership], invitations: Iterable[Invitation]) -> dict[str, Any]:
    """Who acts for an organisation, and who is asked to."""
    return {
        "members": [
            {
                "id": each.person.public_id,
                "name": each.person.name,
                "email": each.person.email,
                "role": each.role.value,
                "joined_at": each.created_at,
            }
            for each in members
        ],
        "invitations": [show_invitation(each) for each in invitations],
    }
