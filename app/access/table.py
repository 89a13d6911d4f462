"""The permissions, to be read from top to bottom, and how they are asked."""

from collections.abc import Mapping
from types import MappingProxyType

from app.access.actor import Actor
from app.access.predicates import (
    Rule,
    acts_for,
    all_of,
    anyone,
    can_delete_document,
    can_open_document,
    can_view_document,
    can_view_engagement,
    can_view_provider,
    either,
    in_person,
    is_any_founder,
    is_any_operator,
    is_any_provider,
    is_either_side,
    is_entry_mentor,
    is_founder,
    is_host,
    is_inviter,
    is_operator,
    is_provider,
    is_provider_side,
    is_startup_side,
    looks_after,
    of_batch,
    of_entry,
    of_fact,
    of_match,
    of_need,
    of_owner,
    of_run,
    of_session,
)
from app.errors import NotPermitted
from models.documents import Document
from models.engagements import CoachingSession, Engagement
from models.facts import Fact
from models.imports import ImportBatch
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Incubator, Startup
from models.pools import PoolEntry
from models.providers import Provider

# The subject of each permission is named by what stands before the colon, except where said.
PERMISSIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "account:edit": in_person,
        "account:view": anyone,
        "acting:begin": is_any_operator,  # the person is checked by the action
        "acting:end": anyone,
        "invitation:revoke": is_inviter,
        "home:view": anyone,
        "notice:view": anyone,
        "startup:create": in_person,
        "startup:view": either(is_founder, is_host),
        "startup:edit": either(is_founder, is_host),
        "startup:publish": either(is_founder, is_host),
        "startup:invite": either(is_founder, is_host),
        "provider:create": in_person,
        "provider:view": can_view_provider,
        "provider:list": anyone,
        "provider:edit": is_provider,
        "provider:publish": is_provider,
        # Whoever joins acts in all pools: an operator who stands in has only their own to lend.
        "provider:invite": all_of(in_person, is_provider),
        "fact:list": either(acts_for, looks_after),  # subject: whom facts are about
        "fact:state": acts_for,  # subject: whom facts are about
        "fact:view": of_fact(either(acts_for, looks_after)),
        "fact:confirm": of_fact(looks_after),
        "fact:withdraw": of_fact(either(acts_for, looks_after)),
        "document:list_own": either(is_any_founder, is_any_provider, is_any_operator),
        "document:list": either(acts_for, looks_after),  # subject: the organisation
        "document:upload": acts_for,  # subject: the organisation
        "document:view": can_view_document,
        "document:open": can_open_document,
        "document:edit": of_owner(acts_for),
        "document:share": of_owner(acts_for),
        "document:report": can_view_document,
        "document:decide": of_owner(looks_after),
        "document:delete": can_delete_document,
        "incubator:view": anyone,
        "incubator:edit": is_operator,
        "incubator:host": is_operator,
        "incubator:invite": is_operator,
        "incubator:list_own": is_any_operator,
        "pool:invite": is_operator,  # subject: the incubator
        "pool:apply": is_any_provider,
        "pool_entry:view": either(of_entry(is_operator), is_entry_mentor),
        "pool_entry:decide": of_entry(is_operator),
        "pool_entry:answer": is_entry_mentor,
        "import:create": is_operator,  # subject: the incubator
        "import:view": of_batch(is_operator),
        "import:apply": of_batch(is_operator),
        "need:create": is_founder,  # subject: the startup
        "need:list": either(is_any_founder, is_any_operator),
        "need:view": either(of_need(is_founder), of_need(is_host)),
        "need:edit": of_need(is_founder),
        "need:match": either(of_need(is_founder), of_need(is_host)),
        "match:view": either(of_match(is_founder), of_match(is_host)),
        "match:dismiss": of_match(is_founder),
        "match:preview": either(is_founder, is_host),  # subject: the startup
        "match_run:view": either(of_run(is_founder), of_run(is_host)),
        "match_run:dismiss": of_run(is_founder),
        "engagement:list": anyone,
        "engagement:request": of_need(is_founder),  # subject: the need
        "engagement:view": can_view_engagement,
        "engagement:accept": is_provider_side,
        "engagement:decline": is_provider_side,
        "engagement:withdraw": is_startup_side,
        "engagement:cancel": is_either_side,
        "engagement:complete": is_either_side,
        "session:list": anyone,
        "session:view": of_session(can_view_engagement),
        "session:propose": is_either_side,  # subject: the engagement
        "session:confirm": of_session(is_either_side),
        "session:move": of_session(is_either_side),
        "session:cancel": of_session(is_either_side),
        "session:record": of_session(is_either_side),
        "feedback:give": of_session(is_either_side),  # subject: the session
    }
)

# Which permission tells whether a thing may be known of, by what the subject is.
VIEW_PERMISSION: Mapping[type, str] = MappingProxyType(
    {
        Startup: "startup:view",
        Provider: "provider:view",
        Incubator: "incubator:view",
        Fact: "fact:view",
        Document: "document:view",
        PoolEntry: "pool_entry:view",
        ImportBatch: "import:view",
        Need: "need:view",
        Match: "match:view",
        MatchRun: "match_run:view",
        Engagement: "engagement:view",
        CoachingSession: "session:view",
    }
)


def is_permitted(actor: Actor, permission: str, subject: object = None) -> bool:
    """Whether `actor` has `permission` over `subject`. KeyError for an unknown permission."""
    return PERMISSIONS[permission](actor, subject)


def require(actor: Actor, permission: str, subject: object) -> None:
    """Go on only with `permission`, also where no route has asked. Raises NotPermitted."""
    if not is_permitted(actor, permission, subject):
        raise NotPermitted


def can_know_of(actor: Actor, subject: object) -> bool:
    """Whether `actor` may learn that `subject` exists."""
    return PERMISSIONS[VIEW_PERMISSION[type(subject)]](actor, subject)
