"""What programs ask about themselves: for whom they act, and what their token is good for."""

from typing import Any

import marshmallow as ma

from app.accounts.queries import list_memberships
from app.extensions import db
from app.web.api import VERSION_PATH, ApiBlueprint, operation
from app.web.api_fields import Moment
from app.web.bearer import get_token
from app.web.identity import get_current_person
from models.people import Membership

blueprint = ApiBlueprint(
    "me", __name__, url_prefix=VERSION_PATH, description="Who I am here. 我是谁。"
)


class MembershipSchema(ma.Schema):
    """For what the person acts: one of startup, provider, incubator, or a place. 所代表的组织。"""

    role = ma.fields.String(required=True)
    startup = ma.fields.String(allow_none=True, required=True)
    provider = ma.fields.String(allow_none=True, required=True)
    incubator = ma.fields.String(allow_none=True, required=True)
    place = ma.fields.String(allow_none=True, required=True)
    name = ma.fields.String(allow_none=True, required=True)


class TokenSchema(ma.Schema):
    """The token that was shown. 当前令牌。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    scopes = ma.fields.List(ma.fields.String(), required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True, allow_none=True)


class MeSchema(ma.Schema):
    """The person of the token. 令牌的所有者。"""

    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    email = ma.fields.String(required=True)
    locale = ma.fields.String(required=True)
    time_zone = ma.fields.String(required=True)
    memberships = ma.fields.List(ma.fields.Nested(MembershipSchema), required=True)
    token = ma.fields.Nested(TokenSchema, required=True)


@blueprint.get("/me")
@operation(None, "account:view")
@blueprint.response(200, MeSchema)
def show_me() -> dict[str, Any]:
    """The person for whom the token acts, and what it is good for."""
    person, token = get_current_person(), get_token()
    return {
        "id": person.public_id,
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "time_zone": person.time_zone,
        "memberships": [_show(each) for each in list_memberships(db.session, person)],
        "token": {
            "id": token.public_id,
            "name": token.name,
            "scopes": token.scopes,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        },
    }


def _show(membership: Membership) -> dict[str, Any]:
    startup, provider = membership.startup, membership.provider
    incubator = membership.incubator
    named = startup or provider or incubator
    return {
        "role": membership.role.value,
        "startup": startup.public_id if startup else None,
        "provider": provider.public_id if provider else None,
        "incubator": incubator.public_id if incubator else None,
        "place": membership.place_code,
        "name": named.name if named else None,
    }
