"""The part of the API that this room has, and the fields that its profiles share."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import marshmallow as ma

from app.access import is_permitted
from app.accounts.api.people import PeopleSchema, show_people
from app.accounts.queries import list_open_invitations
from app.clock import now
from app.extensions import db
from app.profiles.queries import list_members
from app.web.api import VERSION_PATH, ApiBlueprint
from app.web.api_body import refuse_field
from app.web.api_fields import ApiSchema, Chosen, Line, Listed
from app.web.identity import get_current_actor
from app.words.credit_codes import word_credit_code_problem
from app.words.limits import NAME_LIMIT, ORGANISATIONS_LIMIT, TOPIC_LIMIT, TOPICS_LIMIT
from models.credit_code import CreditCode, CreditCodeInvalid
from models.organisations import Startup
from models.providers import Provider

WEBSITE_LIMIT: Final = 300

# What can come with one profile, and the scope that it takes.
PROFILE_INCLUDES: Final = {"people": "people:read"}

blueprint = ApiBlueprint(
    "profiles_api",
    __name__,
    url_prefix=VERSION_PATH,
    description="Profiles of startups and providers. 创业企业与支持方档案。",
)


class ProfileIncludeSchema(ApiSchema):
    """What is to come with a profile."""

    include = Chosen(*PROFILE_INCLUDES, description="`people`. 随附内容。")


class ProfileIncludedSchema(ma.Schema):
    """What belongs to a profile; null for what the person of the token may not see. 随附内容。"""

    people = ma.fields.Nested(PeopleSchema, allow_none=True)


def include_people(
    include: Collection[str], *, startup: Startup | None = None, provider: Provider | None = None
) -> dict[str, Any]:
    """Who acts for the profile that is given, under the name that it has in an answer."""
    if not include:
        return {}
    kind, profile = ("startup", startup) if startup is not None else ("provider", provider)
    if not is_permitted(get_current_actor(), f"{kind}:invite", profile):
        return {"included": {"people": None}}
    people = show_people(
        list_members(db.session, startup=startup, provider=provider),
        list_open_invitations(
            db.session,
            startup_id=startup.id if startup else None,
            provider_id=provider.id if provider else None,
            at=now(),
        ),
    )
    return {"included": {"people": people}}


def organisations() -> Listed:
    """Names of organisations; a credit code may stand behind one."""
    return Listed(Line(least=1, most=NAME_LIMIT), most=ORGANISATIONS_LIMIT)


def topics() -> Listed:
    """Short free texts, finer than fields."""
    return Listed(Line(least=1, most=TOPIC_LIMIT), most=TOPICS_LIMIT)


def read_credit_code(written: str | None) -> CreditCode | None:
    """The code, None for none. Raises FieldsInvalid with what is wrong."""
    if not written:
        return None
    try:
        return CreditCode(written)
    except CreditCodeInvalid as error:
        refuse_field("/credit_code", word_credit_code_problem(error))


def take_given(body: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """What was sent, as the values of a profile hold it: lists without repeats, as tuples."""
    return {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in body.items()
        if name not in but
    }


def in_order(values: dict[str, Any], vocabularies: Mapping[str, type[Any]]) -> dict[str, Any]:
    """Lists of codes in the order of their vocabulary, as they are stored."""
    for name, vocabulary in vocabularies.items():
        if name in values:
            values[name] = tuple(code for code in vocabulary if code in values[name])
    return values


def show_codes(codes: Any) -> list[str]:
    """Codes as texts."""
    return [code.value for code in codes]


class CodeListField(ma.fields.List[str]):
    """Codes of a vocabulary in an answer."""

    def __init__(self) -> None:
        super().__init__(ma.fields.String(), required=True)
