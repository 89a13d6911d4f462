"""For each action a scene: a world, the call, and who of it has the right.

The world belongs to one incubator. Nobody but those whom a scene names may do what it does.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.access import Acting, Installation
from app.accounts.actions import (
    acting,
    address_changes,
    credentials,
    invitations,
    log_ins,
    passkeys,
    provider_links,
    recovery_codes,
    registration,
    second_factors,
    tokens,
)
from app.accounts.passwords import PasswordHash
from app.accounts.providers import Identity
from app.accounts.relying_party import RelyingParty
from app.arrangements.actions import agreeing
from app.arrangements.actions import ending as arrangement_ending
from app.arrangements.actions.minding import lapse_offers, mind_arrangements
from app.calendars import actions as calendars
from app.calendars.values import AvailabilityValues, Difference
from app.commissioners.actions import appointing, caring
from app.commissioners.actions import cases as finance_cases
from app.commissioners.actions import minding as minding_commissioners
from app.consents import actions as consents
from app.consents.words import CONSENTS
from app.datarooms.actions import keeping, questioning, visiting
from app.datarooms.values import GrantValues
from app.engagements.actions import (
    attendees,
    booking,
    calendar_replies,
    contradictions,
    dual_mentoring,
    engagements,
    feedback,
    missed_times,
    passing,
    questions,
    queue,
    reminders,
    request_rules,
    sessions,
)
from app.engagements.queries.request_rules import Rules
from app.engagements.replying import Reply
from app.enquiries.actions import answering, asking
from app.errors import OutOfOrder
from app.evaluation.actions import ending, objecting
from app.evaluation.values import EndFeedback
from app.facts.actions import confirm_fact, state_fact, withdraw_fact
from app.financings.actions import committing, raising
from app.funds.actions import (
    dealing,
    discard_mandate,
    draft_mandate,
    edit_mandate,
    publish_mandate,
    state_ask,
    withdraw_mandate,
)
from app.home import actions as home
from app.imports import actions as imports
from app.imports.correcting import Correction
from app.mandates.values import AskValues
from app.matches import actions as matches
from app.matches.actions import Suggestions
from app.needs import actions as needs
from app.pools.actions import entries, incubators, terms
from app.pools.actions.incubators import IncubatorValues
from app.pools.actions.terms import TermValues
from app.privacy import actions as privacy
from app.products.actions import keeping as products
from app.products.actions import minding as minding_products
from app.profiles.actions import further, providers, startups
from app.profiles.actions import reading as profile_reading
from app.profiles.encoding import EncodedText
from app.profiles.queries import list_said
from app.profiles.values import TextValues
from app.rooms import ERASINGS
from app.sealing import Sealer
from app.signing import Signer
from app.vault.actions import deleting, opening, reporting, sharing, uploading
from app.verification.actions import (
    claims,
    quoting,
    samples,
    slots,
    testing,
    waiting_lists,
)
from app.verification.actions import instruments as benches
from app.verification.actions import reporting as proof_reporting
from app.verification.rules import InstrumentValues, Span
from app.vouchers.actions import claiming, lapsing, reserving, reviewing, schemes
from app.webhooks import actions as webhooks
from app.workspace.actions import agenda, guests, items, messages, notes
from app.workspace.actions import files as workspace_files
from models.calendars import ExceptionKind
from models.commissioner_codes import CaseClosure, CommissionerKind
from models.commissioners import Commissioner
from models.consents import ConsentPurpose
from models.datarooms import VisitKind
from models.enquiries import EnquiryConcern, EnquiryOutcome
from models.evaluation_codes import EvaluationFigure, Fit, GoalReached
from models.financing_codes import PartiesShown
from models.imports import ImportKind
from models.notice_codes import NoticeDelivery, NoticeTopic
from models.product_codes import ProductKind
from models.provider_texts import TextSource
from models.session_replies import ReplyAnswer
from models.vocabulary import (
    ConditionAttribute,
    DismissReason,
    DocumentKind,
    IncubatorKind,
    NeedKind,
    NeedRole,
    PassReason,
    ProfileRole,
    ProposalAnswer,
    ProviderKind,
    ReportReason,
    Role,
    ShownStatus,
    Side,
)
from models.webhooks import WebhookEvent
from tests.app.arrangements.scenes import CONVERSION, EQUITY
from tests.app.commissioners.scenes import CASE as FINANCE_CASE
from tests.app.commissioners.scenes import VALUES as APPOINTED
from tests.app.engagements.scenes import LATER
from tests.app.facts.scenes import of_year
from tests.app.financings.scenes import FINANCING
from tests.app.funds.scenes import VALUES
from tests.app.products.scenes import VALUES as PRODUCT
from tests.app.profiles.samples import MENTOR, STARTUP
from tests.app.vault.scenes import PDF
from tests.app.verification.scenes import CLAIM, QUOTE, RESULT
from tests.app.vouchers.scenes import USE
from tests.app.vouchers.scenes import VALUES as SCHEME
from tests.factories import (
    AT,
    act_as,
    act_for,
)
from tests.rules.authority_world import World, store

_STATED = needs.StatedNeed(
    kind=NeedKind.MENTORING,
    title="Yield of the second line",
    text="We need somebody who has raised the yield of a wafer line.",
)
_TEXT = TextValues(title="A paper", source=TextSource.PAPER, text="How a line was sealed.")
_TERM = TermValues(english=("wafer back thinning",), abbreviations=("WBT",))
_VALUES = IncubatorValues("Another name (example)", IncubatorKind.INCUBATOR, "310115", "", "", "")


class Shown(NamedTuple):
    """How an action is called, by whom rightly; `as_well` names strangers who rightly may.

    `values` may need the world; `actor` and `at` are added unless the action takes none.
    """

    call: Callable[[Session, World, Any], object]
    right: Callable[[World], Acting]
    as_well: frozenset[str] = frozenset()


def _show(
    action: Callable[..., object],
    values: Callable[[World], Mapping[str, object]],
    right: Callable[[World], Acting],
    *,
    at: Any = AT,
    as_well: frozenset[str] = frozenset(),
    takes_session: bool = True,
) -> tuple[str, Shown]:
    def call(session: Session, world: World, actor: Acting) -> object:
        when = {} if at is None else {"at": at}
        first = (session,) if takes_session else ()
        return action(*first, **values(world), actor=actor, **when)

    return f"{action.__module__}.{action.__name__}", Shown(call, right, as_well)


# Nobody acts yet for what an import brings in: any operator may, of whichever tenant.
_ANY_OPERATOR = frozenset({"operator, founder and mentor of another tenant"})
# Any account may do it in person, of whichever tenant.
_IN_PERSON = frozenset(
    {
        "somebody who belongs to nothing",
        "operator, founder and mentor of another tenant",
        "a founder of another tenant",
    }
)
_CLOCK = frozenset({"the clock"})
_COMMAND_LINE = frozenset({"the command line"})

_PLAN = {
    "starts_at": LATER + timedelta(days=3),
    "ends_at": LATER + timedelta(days=3, hours=1),
    "place": "Room 3",
    "link": "",
}
_AWAY = Difference(ExceptionKind.AWAY, LATER.date(), LATER.date())
_HASH = PasswordHash("not a hash")
_TOLD = {"url": "https://example.org/told", "events": [WebhookEvent.NEED_CLOSED], "networks": ()}


class SearchesNothing:
    """An engine that only shows that it was reached."""

    def match(self, query: object, **conditions: object) -> None:
        raise OutOfOrder


def _by_founder(world: World) -> Acting:
    return world.founder


def _by_mentor(world: World) -> Acting:
    return world.mentor


def _by_fund(world: World) -> Acting:
    return act_for(world.mandate.provider)


def _by_commissioner(commissioner: Commissioner) -> Acting:
    if commissioner.person is None:
        raise LookupError(commissioner.public_id)
    return act_as(commissioner.person)


def _by_carer(world: World) -> Acting:
    return _by_commissioner(world.commissioner)


def _by_operator(world: World) -> Acting:
    return world.operator


SCENES: Mapping[str, Shown] = dict(
    (
        # accounts
        _show(acting.begin_acting, lambda w: {"person": w.scene.founder}, _by_operator),
        _show(acting.end_acting, lambda w: {"person": w.scene.founder}, lambda w: w.stand_in),
        _show(
            address_changes.begin_address_change,
            lambda w: {
                "person": w.scene.founder,
                "email": "moved@example.org",
                "signer": Signer("only for tests"),
            },
            _by_founder,
        ),
        _show(
            address_changes.withdraw_address_change,
            lambda w: {"person": w.scene.founder},
            _by_founder,
        ),
        _show(
            credentials.change_password,
            lambda w: {"person": w.scene.founder, "password_hash": _HASH},
            _by_founder,
        ),
        _show(
            invitations.invite,
            lambda w: {
                "email": "colleague@example.org",
                "role": Role.OPERATOR,
                "incubator_id": w.scene.incubator.id,
            },
            _by_operator,
        ),
        _show(invitations.revoke_invitation, lambda w: {"invitation": w.invitation}, _by_founder),
        _show(
            second_factors.add_second_factor,
            lambda w: {
                "person": w.scene.founder,
                "token": "",
                "code": "",
                "signer": Signer("only for tests"),
                "sealer": Sealer("only for tests"),
            },
            _by_founder,
        ),
        _show(
            recovery_codes.renew_recovery_codes, lambda w: {"person": w.scene.founder}, _by_founder
        ),
        _show(
            passkeys.add_passkey,
            lambda w: {
                "person": w.scene.founder,
                "name": "Telephone",
                "token": "",
                "answer": "",
                "party": RelyingParty("bridge.example", "https://bridge.example"),
                "signer": Signer("only for tests"),
            },
            _by_founder,
        ),
        _show(
            provider_links.link_provider,
            lambda w: {
                "person": w.scene.founder,
                "identity": Identity("https://city.example", "another", "", ""),
                "name": "City",
                "signer": Signer("only for tests"),
            },
            _by_founder,
        ),
        _show(
            provider_links.unlink_provider,
            lambda w: {"link": w.provider_link, "name": "City"},
            _by_founder,
        ),
        _show(passkeys.remove_passkey, lambda w: {"passkey": w.passkey}, _by_founder),
        _show(
            second_factors.remove_second_factor,
            lambda w: {"person": w.scene.founder},
            _by_founder,
            as_well=_COMMAND_LINE,
        ),
        _show(
            log_ins.confirm_log_in,
            lambda w: {"log_in_id": w.log_in.id, "person": w.scene.founder},
            _by_founder,
        ),
        _show(log_ins.end_log_in, lambda w: {"log_in": w.log_in}, _by_founder),
        _show(log_ins.end_log_ins, lambda w: {"person": w.scene.founder, "but": None}, _by_founder),
        _show(
            registration.edit_account,
            lambda w: {
                "person": w.scene.founder,
                "name": "Somebody else",
                "locale": "en",
                "time_zone": "Asia/Shanghai",
            },
            _by_founder,
        ),
        _show(
            tokens.create_token,
            lambda w: {
                "person": w.scene.founder,
                "name": "a program",
                "scopes": ["needs:read"],
                "days": 30,
                "signer": Signer("only for tests"),
            },
            _by_founder,
        ),
        _show(tokens.revoke_token, lambda w: {"token": w.token}, _by_founder),
        # webhooks
        _show(
            webhooks.create_webhook,
            lambda w: {
                "incubator": w.scene.incubator,
                "sealer": Sealer("only for tests"),
                **_TOLD,
            },
            _by_operator,
        ),
        _show(webhooks.edit_webhook, lambda w: {"webhook": w.webhook, **_TOLD}, _by_operator),
        *(
            _show(action, lambda w: {"webhook": w.webhook}, _by_operator)
            for action in (
                webhooks.pause_webhook,
                webhooks.resume_webhook,
                webhooks.remove_webhook,
                webhooks.send_test,
            )
        ),
        _show(
            webhooks.renew_secret,
            lambda w: {"webhook": w.webhook, "sealer": Sealer("only for tests")},
            _by_operator,
        ),
        _show(webhooks.replay_delivery, lambda w: {"delivery": w.delivery}, _by_operator),
        # profiles
        _show(
            providers.create_provider,
            lambda w: {"values": MENTOR, "member": w.newcomer},
            lambda w: act_as(w.newcomer),
        ),
        _show(
            providers.create_providers,
            lambda w: {"profiles": [providers.NewProfile(MENTOR, None)]},
            _by_operator,
            as_well=_ANY_OPERATOR,
        ),
        _show(
            providers.edit_provider,
            lambda w: {"provider": w.unclaimed, "values": MENTOR, "encoded": None, "version": None},
            _by_operator,
        ),
        _show(
            providers.publish_provider,
            lambda w: {"provider": w.unclaimed, "encoded": None},
            _by_operator,
        ),
        _show(providers.pause_provider, lambda w: {"provider": w.scene.provider}, _by_mentor),
        _show(
            profile_reading.correct_profile_reading,
            lambda w: {
                "provider": w.scene.provider,
                "sentence": min(list_said(w.scene.provider)),
                "role": ProfileRole.DOES,
                "version": None,
            },
            _by_mentor,
        ),
        _show(
            further.add_text,
            lambda w: {
                "provider": w.scene.provider,
                "values": _TEXT,
                "encoded": EncodedText(_TEXT.text, (), "none"),
            },
            _by_mentor,
        ),
        _show(
            further.take_back_text,
            lambda w: {"provider": w.scene.provider, "public_id": w.further_text.public_id},
            _by_mentor,
        ),
        _show(
            startups.create_startup,
            lambda w: {"values": STARTUP, "founder": None, "incubator": w.scene.incubator},
            _by_operator,
        ),
        _show(
            startups.edit_startup,
            lambda w: {"startup": w.scene.startup, "values": STARTUP, "version": None},
            _by_founder,
        ),
        _show(startups.publish_startup, lambda w: {"startup": w.scene.startup}, _by_founder),
        _show(startups.pause_startup, lambda w: {"startup": w.scene.startup}, _by_founder),
        # consents
        _show(
            consents.give_consent,
            lambda w: {
                "provider": w.scene.provider,
                "purpose": ConsentPurpose.OPEN_LIST,
                "version": CONSENTS[ConsentPurpose.OPEN_LIST].version,
            },
            _by_mentor,
        ),
        _show(
            consents.withdraw_consent,
            lambda w: {"provider": w.scene.provider, "purpose": ConsentPurpose.OPEN_LIST},
            _by_mentor,
        ),
        _show(
            consents.choose_history,
            lambda w: {"organisation": w.scene.startup, "is_used": False},
            _by_founder,
        ),
        _show(
            consents.lapse_consents,
            lambda w: {"limit": 1},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            consents.tell_of_notice,
            lambda w: {"limit": 1},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # pools
        _show(
            terms.add_term,
            lambda w: {"incubator": w.scene.incubator, "values": _TERM},
            _by_operator,
        ),
        _show(
            terms.take_back_term,
            lambda w: {"incubator": w.scene.incubator, "public_id": w.term.public_id},
            _by_operator,
        ),
        _show(
            entries.invite_mentor,
            lambda w: {"incubator": w.scene.incubator, "email": "m@example.org", "name": "M"},
            _by_operator,
        ),
        _show(
            entries.invite_provider,
            lambda w: {"incubator": w.scene.incubator, "provider": w.scene.provider},
            _by_operator,
        ),
        _show(
            entries.invite_addressed,
            lambda w: {"incubator": w.scene.incubator, "provider": w.scene.provider},
            _by_operator,
        ),
        _show(
            entries.apply_to_pool,
            lambda w: {
                "incubator": w.scene.incubator,
                "provider": w.scene.provider,
                "application": "Ten years of wafers.",
            },
            _by_mentor,
        ),
        _show(
            entries.admit_imported,
            lambda w: {"incubator": w.scene.incubator, "provider": w.applied.provider},
            _by_operator,
        ),
        _show(
            entries.admit_created,
            lambda w: {"incubator": w.scene.incubator, "providers": []},
            _by_operator,
        ),
        _show(
            entries.change_entry,
            lambda w: {"entry": w.applied, "action": "admit", "reason": ""},
            _by_operator,
        ),
        _show(
            entries.note_privately,
            lambda w: {"entry": w.applied, "note": "Ask Ms Li first."},
            _by_operator,
            at=None,
        ),
        _show(
            incubators.edit_incubator,
            lambda w: {"incubator": w.scene.incubator, "values": _VALUES, "version": 1},
            _by_operator,
        ),
        _show(
            incubators.ask_for_second_factor,
            lambda w: {"incubator": w.scene.incubator, "is_asked": False},
            _by_operator,
        ),
        _show(
            incubators.invite_startup,
            lambda w: {
                "incubator": w.scene.incubator,
                "startup_name": "New (example)",
                "email": "f@example.org",
                "name": "F",
            },
            _by_operator,
        ),
        _show(
            incubators.found_incubator,
            lambda w: {
                "values": _VALUES,
                "operator_email": "o@example.org",
                "operator_name": "O",
                "signer": Signer("only for tests"),
            },
            lambda w: Installation.COMMAND_LINE,
            as_well=_COMMAND_LINE,
        ),
        _show(privacy.export_data, lambda w: {"person": w.scene.founder}, _by_founder),
        # needs and matches
        _show(
            needs.state_need,
            lambda w: {"startup": w.scene.startup, "stated": _STATED, "opens": True},
            _by_founder,
        ),
        _show(
            needs.edit_need,
            lambda w: {"need": w.scene.need, "stated": _STATED, "version": 1, "opens": True},
            _by_founder,
        ),
        _show(
            needs.soften_conditions,
            lambda w: {"need": w.scene.need, "attributes": (), "version": w.scene.need.version},
            _by_founder,
        ),
        _show(
            needs.correct_reading,
            lambda w: {
                "need": w.scene.need,
                "sentence": w.scene.need.text,
                "role": NeedRole.WISH,
                "version": None,
            },
            _by_founder,
        ),
        _show(
            needs.answer_proposal,
            lambda w: {
                "need": w.scene.need,
                "attribute": ConditionAttribute.HOURS,
                "values": ("4",),
                "answer": ProposalAnswer.PREFER,
                "version": None,
            },
            _by_founder,
        ),
        _show(needs.open_need, lambda w: {"need": w.scene.need}, _by_founder),
        _show(needs.close_need, lambda w: {"need": w.scene.need}, _by_founder),
        _show(
            matches.suggest,
            lambda w: {"engine": SearchesNothing(), "need": w.scene.need},
            _by_founder,
        ),
        _show(
            matches.store_suggestions,
            lambda w: {"need": w.scene.need, "suggestions": Suggestions(0, 0, "", {})},
            _by_founder,
        ),
        _show(
            matches.dismiss_match,
            lambda w: {"match": w.match, "reason": DismissReason.OTHER_TOPIC},
            _by_founder,
        ),
        _show(
            matches.dismiss_kind,
            lambda w: {
                "run": w.run,
                "kind": ProviderKind.MENTOR,
                "reason": DismissReason.OTHER_TOPIC,
            },
            _by_founder,
        ),
        _show(matches.restore_match, lambda w: {"match": w.match}, _by_founder),
        # engagements
        _show(
            engagements.request,
            lambda w: {
                "need": w.scene.need,
                "provider": w.applied.provider,
                "match": None,
                "message": "Please",
                "released": (),
            },
            _by_founder,
        ),
        _show(
            request_rules.set_rules,
            lambda w: {"incubator": w.scene.incubator, "rules": Rules()},
            _by_operator,
        ),
        _show(
            questions.ask_back,
            lambda w: {"engagement": w.requested, "question": "Which wafers?"},
            _by_mentor,
        ),
        _show(
            questions.reply,
            lambda w: {"engagement": w.asked_back, "reply": "Six inches"},
            _by_founder,
        ),
        _show(engagements.accept, lambda w: {"engagement": w.requested}, _by_mentor),
        _show(
            engagements.decline,
            lambda w: {"engagement": w.requested, "reason": "No time"},
            _by_mentor,
        ),
        _show(
            passing.pass_on,
            lambda w: {
                "engagement": w.requested,
                "colleague": w.second.provider,
                "words": "Hers",
            },
            _by_mentor,
        ),
        _show(engagements.withdraw, lambda w: {"engagement": w.requested}, _by_founder),
        _show(
            engagements.expire_due,
            lambda w: {"limit": 10},
            lambda w: Installation.CLOCK,
            at=AT + timedelta(days=60),
            as_well=_CLOCK,
        ),
        _show(
            reminders.remind_due,
            lambda w: {"limit": 10},
            lambda w: Installation.CLOCK,
            at=AT + timedelta(days=2),
            as_well=_CLOCK,
        ),
        _show(
            engagements.cancel,
            lambda w: {"engagement": w.accepted, "reason": "Moved away"},
            _by_founder,
        ),
        _show(engagements.complete, lambda w: {"engagement": w.accepted}, _by_mentor),
        _show(
            calendars.set_availability,
            lambda w: {"provider": w.scene.provider, "values": AvailabilityValues("UTC")},
            _by_mentor,
        ),
        _show(
            calendars.add_exception,
            lambda w: {"provider": w.scene.provider, "difference": _AWAY},
            _by_mentor,
        ),
        _show(calendars.remove_exception, lambda w: {"exception": w.exception}, _by_mentor),
        _show(calendars.renew_feed, lambda w: {"person": w.scene.founder}, _by_founder),
        _show(calendars.revoke_feed, lambda w: {"person": w.scene.founder}, _by_founder),
        _show(
            calendars.add_source,
            lambda w: {"person": w.scene.founder, "url": "https://example.org/my.ics"},
            _by_founder,
        ),
        _show(calendars.remove_source, lambda w: {"source": w.source}, _by_founder),
        _show(
            booking.book,
            lambda w: {
                "engagement": w.accepted,
                "starts_at": LATER + timedelta(days=2),
                "minutes": 60,
                "place": "Room 3",
                "link": "",
            },
            _by_founder,
        ),
        _show(
            booking.offer_times,
            lambda w: {
                "engagement": w.accepted,
                "starts": [LATER + timedelta(days=2)],
                "minutes": 60,
                "place": "Room 3",
                "link": "",
            },
            _by_mentor,
        ),
        _show(booking.withdraw_offer, lambda w: {"engagement": w.accepted}, _by_mentor),
        _show(
            booking.pick_offered,
            lambda w: {"engagement": w.accepted, "starts_at": LATER + timedelta(days=5)},
            _by_founder,
        ),
        _show(sessions.propose, lambda w: {"engagement": w.accepted, **_PLAN}, _by_founder),
        _show(sessions.confirm, lambda w: {"coaching_session": w.proposed}, _by_founder),
        _show(sessions.move, lambda w: {"coaching_session": w.proposed, **_PLAN}, _by_founder),
        _show(
            sessions.cancel,
            lambda w: {"coaching_session": w.proposed, "reason": "Ill"},
            _by_founder,
        ),
        _show(
            sessions.cancel_coming,
            lambda w: {"engagement": w.accepted, "reason": "Moved away"},
            _by_founder,
        ),
        _show(
            dual_mentoring.ask_together,
            lambda w: {"engagement": w.accepted, "partner": w.second},
            _by_founder,
        ),
        _show(dual_mentoring.agree_together, lambda w: {"pair": w.pair}, _by_mentor),
        _show(dual_mentoring.decline_together, lambda w: {"pair": w.pair}, _by_mentor),
        _show(dual_mentoring.end_together, lambda w: {"pair": w.pair}, _by_founder),
        _show(
            attendees.name_attendees,
            lambda w: {"coaching_session": w.proposed, "people": [w.scene.founder]},
            _by_founder,
        ),
        _show(sessions.record_held, lambda w: {"coaching_session": w.proposed}, _by_founder),
        _show(sessions.record_missed, lambda w: {"coaching_session": w.proposed}, _by_founder),
        _show(
            feedback.give,
            lambda w: {
                "coaching_session": w.held,
                "rating": 4,
                "preparation": None,
                "wants_to_continue": True,
                "comment": "It helped.",
                "private_note": "",
            },
            _by_founder,
        ),
        # vault
        _show(
            uploading.upload_document,
            lambda w: {
                "owner": w.scene.startup,
                "stored": store(PDF + b"\n\n"),
                "title": "",
                "kind": DocumentKind.OTHER,
                "is_declared": True,
                "quota_megabytes": 5,
            },
            _by_founder,
        ),
        _show(
            uploading.add_version,
            lambda w: {
                "document": w.document,
                "stored": store(PDF + b"\n\n"),
                "after": 1,
                "is_declared": True,
                "quota_megabytes": 5,
            },
            _by_founder,
        ),
        _show(
            uploading.edit_document,
            lambda w: {
                "document": w.document,
                "title": "Another",
                "kind": DocumentKind.OTHER,
                "row_version": w.document.row_version,
            },
            _by_founder,
        ),
        _show(
            opening.require_open,
            lambda w: {"document": w.document, "version": w.document.versions[0]},
            _by_founder,
            at=None,
            takes_session=False,
        ),
        _show(
            opening.record_opening,
            lambda w: {"document": w.document, "version": w.document.versions[0]},
            _by_founder,
        ),
        _show(
            sharing.show_document,
            lambda w: {"document": w.document, "receiver": w.scene.provider},
            _by_founder,
        ),
        _show(
            sharing.withdraw_share,
            lambda w: {"document": w.document, "share": w.share},
            _by_founder,
        ),
        _show(
            sharing.withdraw_shares_for,
            lambda w: {"documents": [w.document], "occasion": w.accepted},
            _by_founder,
        ),
        _show(
            reporting.report_document,
            lambda w: {"document": w.document, "reason": ReportReason.UNSAFE, "words": ""},
            _by_founder,
        ),
        _show(
            reporting.set_aside_reports,
            lambda w: {"document": w.reported},
            _by_operator,
            as_well=_COMMAND_LINE,
        ),
        _show(
            reporting.stop_document,
            lambda w: {"document": w.reported, "reason": "Unsafe"},
            _by_operator,
            as_well=_COMMAND_LINE,
        ),
        _show(
            reporting.resume_document,
            lambda w: {"document": w.reported},
            _by_operator,
            as_well=_COMMAND_LINE,
        ),
        _show(
            deleting.delete_document,
            lambda w: {"document": w.document},
            _by_founder,
            as_well=_COMMAND_LINE,
        ),
        # facts
        _show(
            state_fact,
            lambda w: {"subject": w.scene.startup, "stated": of_year(2025, 120)},
            _by_founder,
        ),
        _show(confirm_fact, lambda w: {"fact": w.fact}, _by_operator),
        _show(withdraw_fact, lambda w: {"fact": w.fact, "reason": "Wrong"}, _by_founder),
        # workspaces
        _show(
            messages.send_message, lambda w: {"engagement": w.accepted, "text": "Hi"}, _by_founder
        ),
        _show(agenda.add_point, lambda w: {"engagement": w.accepted, "text": "Hi"}, _by_founder),
        _show(agenda.remove_point, lambda w: {"point": w.point}, _by_founder),
        _show(
            agenda.write_minutes,
            lambda w: {"coaching_session": w.held, "text": "We met", "version": 0},
            _by_founder,
        ),
        _show(
            items.add_item,
            lambda w: {
                "engagement": w.accepted,
                "text": "Send maps",
                "owner_side": Side.STARTUP,
                "due_on": None,
            },
            _by_mentor,
        ),
        _show(items.finish_item, lambda w: {"item": w.item}, _by_founder),
        _show(items.drop_item, lambda w: {"item": w.item}, _by_founder),
        _show(items.reopen_item, lambda w: {"item": w.done}, _by_founder),
        _show(notes.write_note, lambda w: {"engagement": w.accepted, "text": "Hi"}, _by_mentor),
        _show(notes.remove_note, lambda w: {"note": w.note}, _by_founder),
        _show(guests.invite_operators, lambda w: {"engagement": w.accepted}, _by_founder),
        _show(guests.dismiss_operators, lambda w: {"engagement": w.read_along}, _by_founder),
        _show(
            workspace_files.show_file,
            lambda w: {"engagement": w.accepted, "document": w.document},
            _by_founder,
        ),
        _show(
            guests.end_invitations,
            lambda w: {"limit": 10},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            workspace_files.withdraw_file,
            lambda w: {"engagement": w.accepted, "document": w.document},
            _by_founder,
        ),
        # queues
        _show(
            queue.join_queue,
            lambda w: {"need": w.scene.need, "provider": w.full},
            _by_founder,
        ),
        _show(queue.leave_queue, lambda w: {"place": w.place}, _by_founder),
        _show(
            queue.settle_queue,
            lambda w: {"provider_id": w.full.id},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # times that were not kept
        _show(
            missed_times.appeal,
            lambda w: {"missed_time": w.missed, "words": "I was there."},
            _by_mentor,
            at=LATER + timedelta(days=12),
        ),
        _show(
            missed_times.decide,
            lambda w: {"missed_time": w.appealed, "takes_back": True, "words": "So it was."},
            _by_operator,
        ),
        # answers of calendar programs
        _show(
            calendar_replies.keep_reply,
            lambda w: {
                "reply": Reply(
                    w.proposed.public_id, w.scene.founder.email, ReplyAnswer.ACCEPTED, 0, AT
                )
            },
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # where the two sides differ about a record
        _show(
            contradictions.contradict,
            lambda w: {
                "coaching_session": w.missed.coaching_session,
                "words": "We met in room 3.",
            },
            _by_mentor,
            at=LATER + timedelta(days=12),
        ),
        _show(
            contradictions.decide,
            lambda w: {"contradiction": w.contradiction, "was_held": True, "words": "They met."},
            _by_operator,
        ),
        _show(contradictions.take_back, lambda w: {"contradiction": w.contradiction}, _by_mentor),
        _show(contradictions.concede, lambda w: {"contradiction": w.contradiction}, _by_founder),
        # evaluations
        _show(
            ending.give_end_feedback,
            lambda w: {
                "engagement": w.ended,
                "said": EndFeedback(
                    usefulness=4, goal_reached=GoalReached.YES, would_meet_again=True
                ),
                "version": 0,
            },
            _by_founder,
        ),
        _show(ending.answer_fit, lambda w: {"engagement": w.met, "fit": Fit.GOOD}, _by_founder),
        _show(
            objecting.object_to_figure,
            lambda w: {
                "provider": w.scene.provider,
                "incubator": w.scene.incubator,
                "figure": EvaluationFigure.ANSWERS,
                "words": "Not so",
            },
            _by_mentor,
        ),
        _show(
            objecting.answer_objection,
            lambda w: {"objection": w.objection, "answer": "Looked into"},
            _by_operator,
        ),
        _show(objecting.withdraw_objection, lambda w: {"objection": w.objection}, _by_mentor),
        # questions about lists
        _show(
            asking.ask_about_list,
            lambda w: {
                "need": w.scene.need,
                "run": w.run,
                "concern": EnquiryConcern.HOW_MADE,
                "words": "Why these",
                "contact": "",
            },
            _by_founder,
        ),
        _show(
            asking.ask_about_places,
            lambda w: {
                "provider": w.scene.provider,
                "incubator": w.scene.incubator,
                "concern": EnquiryConcern.NOT_SUGGESTED,
                "words": "Why not",
                "contact": "",
            },
            _by_mentor,
        ),
        _show(
            answering.answer_enquiry,
            lambda w: {
                "enquiry": w.enquiry,
                "outcome": EnquiryOutcome.EXPLAINED,
                "answer": "Looked at it",
            },
            _by_operator,
            as_well=_COMMAND_LINE,
        ),
        _show(asking.withdraw_enquiry, lambda w: {"enquiry": w.enquiry}, _by_founder),
        _show(
            answering.remind_of_enquiries,
            lambda w: {"contact": "", "limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # notices
        _show(
            home.choose_deliveries,
            lambda w: {
                "person": w.scene.founder,
                "chosen": {NoticeTopic.TIMES: NoticeDelivery.DAILY},
            },
            _by_founder,
        ),
        # funds
        _show(
            draft_mandate,
            lambda w: {"provider": w.other_fund, "values": VALUES},
            _by_fund,
        ),
        _show(
            edit_mandate,
            lambda w: {"mandate": w.mandate, "values": VALUES, "version": w.mandate.version},
            _by_fund,
        ),
        _show(discard_mandate, lambda w: {"mandate": w.mandate}, _by_fund),
        _show(
            publish_mandate,
            lambda w: {"mandate": w.mandate, "version": w.mandate.version},
            _by_fund,
        ),
        _show(withdraw_mandate, lambda w: {"mandate": w.mandate}, _by_fund),
        _show(
            dealing.set_steps,
            lambda w: {"provider": w.other_fund, "steps": ["Meeting"]},
            _by_fund,
        ),
        _show(dealing.advance_deal, lambda w: {"engagement": w.deal, "step": ""}, _by_fund),
        _show(dealing.agree_deal, lambda w: {"engagement": w.deal}, _by_fund),
        _show(dealing.complete_deal, lambda w: {"engagement": w.deal}, _by_fund),
        _show(dealing.reopen_deal, lambda w: {"engagement": w.deal}, _by_fund),
        _show(
            dealing.pass_deal,
            lambda w: {"engagement": w.deal, "reason": PassReason.TEAM, "words": ""},
            _by_fund,
        ),
        _show(dealing.assign_deal, lambda w: {"engagement": w.deal, "person": None}, _by_fund),
        _show(
            dealing.show_status,
            lambda w: {"engagement": w.deal, "status": ShownStatus.LOOKING},
            _by_fund,
        ),
        _show(dealing.withdraw_deal, lambda w: {"engagement": w.deal}, _by_founder),
        _show(
            state_ask,
            lambda w: {"need": w.scene.need, "values": AskValues()},
            _by_founder,
        ),
        # financings
        _show(
            raising.draft_financing,
            lambda w: {"need": w.scene.need, "values": FINANCING},
            _by_founder,
        ),
        _show(
            raising.edit_financing,
            lambda w: {"financing": w.financing, "values": FINANCING, "version": 1},
            _by_founder,
        ),
        *(
            _show(action, lambda w: {"financing": w.financing}, _by_founder)
            for action in (raising.discard_financing, raising.abandon_financing)
        ),
        _show(
            raising.open_financing,
            lambda w: {"financing": w.financing, "version": 1},
            _by_founder,
        ),
        _show(
            raising.extend_financing,
            lambda w: {"financing": w.financing, "closes_on": w.financing.closes_on},
            _by_founder,
        ),
        _show(
            raising.narrow_shown,
            lambda w: {"financing": w.financing, "shown": PartiesShown.SUMMARY},
            _by_founder,
        ),
        _show(
            raising.close_financing,
            lambda w: {"financing": w.financing, "taken_yuan": 0},
            _by_founder,
        ),
        _show(
            raising.end_financings,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(committing.observe, lambda w: {"engagement": w.deal}, _by_fund),
        *(
            _show(action, lambda w: {"engagement": w.deal, "amount_yuan": 100}, _by_fund)
            for action in (committing.consider, committing.commit)
        ),
        _show(committing.leave, lambda w: {"engagement": w.deal}, _by_fund),
        _show(
            committing.release_commitment,
            lambda w: {"engagement": w.deal, "words": "No"},
            _by_fund,
        ),
        _show(committing.let_go, lambda w: {"interest": w.interest, "words": "No"}, _by_founder),
        _show(
            committing.confirm_payment,
            lambda w: {"interest": w.interest, "paid_on": AT.date()},
            _by_founder,
        ),
        # arrangements
        _show(
            agreeing.draft_arrangement,
            lambda w: {"engagement": w.deal, "values": EQUITY},
            _by_fund,
        ),
        _show(
            agreeing.edit_arrangement,
            lambda w: {"arrangement": w.arrangement, "values": EQUITY, "version": 1},
            _by_fund,
        ),
        _show(agreeing.discard_arrangement, lambda w: {"arrangement": w.arrangement}, _by_fund),
        _show(
            agreeing.offer_arrangement,
            lambda w: {"arrangement": w.arrangement, "version": 1},
            _by_fund,
        ),
        _show(agreeing.take_back_offer, lambda w: {"arrangement": w.offered}, _by_fund),
        _show(
            agreeing.agree_arrangement,
            lambda w: {"arrangement": w.offered, "version": 1},
            _by_founder,
        ),
        _show(
            agreeing.decline_arrangement,
            lambda w: {"arrangement": w.offered, "words": "No"},
            _by_founder,
        ),
        _show(
            arrangement_ending.pay_tranche,
            lambda w: {"arrangement": w.offered, "number": 1, "paid_on": AT.date()},
            _by_fund,
        ),
        _show(
            arrangement_ending.propose_end,
            lambda w: {"arrangement": w.offered, "values": CONVERSION, "version": 1},
            _by_founder,
        ),
        _show(
            arrangement_ending.agree_end,
            lambda w: {"arrangement": w.offered, "version": 1},
            _by_founder,
        ),
        _show(
            arrangement_ending.refuse_end,
            lambda w: {"arrangement": w.offered, "words": "No"},
            _by_founder,
        ),
        _show(arrangement_ending.withdraw_end, lambda w: {"arrangement": w.offered}, _by_fund),
        _show(
            mind_arrangements,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            lapse_offers,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # data rooms
        _show(
            keeping.put_document,
            lambda w: {"startup": w.scene.startup, "document": w.document, "folder": ""},
            _by_founder,
        ),
        _show(keeping.take_out, lambda w: {"item": w.room_item}, _by_founder),
        _show(
            keeping.publish_agreement,
            lambda w: {"startup": w.scene.startup, "text": "Keep it secret."},
            _by_founder,
        ),
        _show(
            keeping.let_in,
            lambda w: {"engagement": w.deal, "values": GrantValues()},
            _by_founder,
        ),
        *(
            _show(action, lambda w: {"grant": w.room_grant}, _by_founder)
            for action in (keeping.revoke_access, keeping.resume_access)
        ),
        _show(
            keeping.suspend_in_conflict,
            lambda w: {"grant": w.room_grant},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            visiting.accept_agreement,
            lambda w: {"engagement": w.deal, "number": 1},
            _by_fund,
        ),
        _show(
            questioning.ask_question,
            lambda w: {"engagement": w.deal, "item": w.room_item, "page": None, "text": "Why"},
            _by_fund,
        ),
        *(
            _show(
                action, lambda w, word=word: {"question": w.room_question, word: "So"}, _by_founder
            )
            for action, word in (
                (questioning.answer_question, "answer"),
                (questioning.publish_answer, "text"),
            )
        ),
        _show(questioning.withdraw_answer, lambda w: {"question": w.room_question}, _by_founder),
        _show(
            visiting.find_version,
            lambda w: {"engagement": w.deal, "item": w.room_item, "kind": VisitKind.READ},
            _by_fund,
        ),
        # verification
        _show(
            visiting.open_item,
            lambda w: {"engagement": w.deal, "item": w.room_item, "kind": VisitKind.READ},
            _by_fund,
        ),
        # verification
        _show(
            claims.state_claim,
            lambda w: {"startup": w.scene.startup, "values": CLAIM},
            _by_founder,
        ),
        _show(
            claims.edit_claim,
            lambda w: {"claim": w.order.claim, "values": CLAIM, "version": w.order.claim.version},
            _by_founder,
        ),
        _show(claims.withdraw_claim, lambda w: {"claim": w.order.claim}, _by_founder),
        _show(
            claims.release_claim,
            lambda w: {"claim": w.order.claim, "is_released": True},
            _by_founder,
        ),
        _show(
            quoting.ask_quote,
            lambda w: {"engagement": w.order.engagement, "claim": w.order.claim},
            _by_founder,
        ),
        _show(
            quoting.offer_quote,
            lambda w: {"order": w.order, "values": QUOTE, "claim_version": w.order.claim.version},
            _by_fund,
        ),
        _show(quoting.decline_quote, lambda w: {"order": w.order, "reason": "No"}, _by_founder),
        _show(quoting.accept_quote, lambda w: {"order": w.order, "number": 1}, _by_founder),
        _show(quoting.cancel_order, lambda w: {"order": w.order, "reason": "No"}, _by_founder),
        _show(
            quoting.expire_quotes,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            quoting.lapse_requests,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            samples.send_sample, lambda w: {"order": w.order, "description": "Dies"}, _by_founder
        ),
        _show(
            samples.receive_sample,
            lambda w: {"order": w.order, "sample": w.sample, "condition": "Whole"},
            _by_fund,
        ),
        _show(
            samples.refuse_sample,
            lambda w: {"order": w.order, "sample": w.sample, "reason": "Broken"},
            _by_fund,
        ),
        _show(samples.return_sample, lambda w: {"order": w.order, "sample": w.sample}, _by_fund),
        _show(samples.destroy_sample, lambda w: {"order": w.order, "sample": w.sample}, _by_fund),
        _show(
            benches.add_instrument,
            lambda w: {
                "provider": w.order.engagement.provider,
                "values": InstrumentValues(name="Chamber"),
            },
            _by_fund,
        ),
        _show(
            benches.edit_instrument,
            lambda w: {
                "instrument": w.slot.instrument,
                "values": InstrumentValues(name="Chamber"),
                "version": 1,
            },
            _by_fund,
        ),
        _show(
            benches.add_outage,
            lambda w: {
                "instrument": w.slot.instrument,
                "span": Span(AT, LATER),
                "reason": "Repair",
            },
            _by_fund,
        ),
        _show(
            benches.remove_outage,
            lambda w: {"outage": w.slot.instrument.outages[0]},
            _by_fund,
        ),
        _show(
            slots.book_slot,
            lambda w: {
                "order": w.order,
                "instrument": w.slot.instrument,
                "span": Span(AT, LATER),
            },
            _by_founder,
        ),
        _show(slots.move_slot, lambda w: {"slot": w.slot, "span": Span(AT, LATER)}, _by_founder),
        _show(slots.cancel_slot, lambda w: {"slot": w.slot, "reason": "No"}, _by_founder),
        _show(slots.use_slot, lambda w: {"slot": w.slot}, _by_fund),
        _show(slots.miss_slot, lambda w: {"slot": w.slot, "reason": "No"}, _by_fund),
        _show(slots.waive_slot, lambda w: {"slot": w.slot, "reason": "No"}, _by_fund),
        _show(
            waiting_lists.join_line,
            lambda w: {
                "order": w.order,
                "instrument": w.slot.instrument,
                "minutes": 60,
                "within": Span(AT, LATER),
            },
            _by_founder,
        ),
        _show(
            waiting_lists.leave_line,
            lambda w: {"order": w.order, "instrument": w.slot.instrument},
            _by_founder,
        ),
        _show(
            waiting_lists.tell_due,
            lambda w: {"after": 0, "limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(samples.begin_work, lambda w: {"order": w.order}, _by_fund),
        _show(testing.submit_result, lambda w: {"order": w.order, "values": RESULT}, _by_fund),
        _show(testing.verify_result, lambda w: {"order": w.order}, _by_fund),
        _show(testing.return_result, lambda w: {"order": w.order, "reason": "No"}, _by_fund),
        _show(
            proof_reporting.publish_report,
            lambda w: {"order": w.order, "document": w.document, "valid_until": None},
            _by_fund,
        ),
        _show(
            proof_reporting.dispute_report,
            lambda w: {"order": w.order, "reason": "No"},
            _by_founder,
        ),
        _show(
            proof_reporting.uphold_report, lambda w: {"order": w.order, "reason": "No"}, _by_fund
        ),
        _show(proof_reporting.retest_order, lambda w: {"order": w.order, "reason": "No"}, _by_fund),
        _show(
            proof_reporting.invalidate_report,
            lambda w: {"order": w.order, "reason": "No"},
            _by_fund,
        ),
        _show(proof_reporting.settle_order, lambda w: {"order": w.order, "invoice": "7"}, _by_fund),
        _show(
            proof_reporting.lapse_reports,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # products
        _show(
            products.draft_product,
            lambda w: {"incubator": w.scene.incubator, "values": PRODUCT},
            _by_operator,
        ),
        _show(
            products.edit_product,
            lambda w: {
                "product": w.product_draft,
                "values": PRODUCT,
                "version": w.product_draft.version,
            },
            _by_operator,
        ),
        _show(products.discard_product, lambda w: {"product": w.product_draft}, _by_operator),
        _show(
            products.publish_product,
            lambda w: {"product": w.product_draft, "version": w.product_draft.version},
            _by_operator,
        ),
        _show(products.withdraw_product, lambda w: {"product": w.product}, _by_operator),
        *(
            _show(action, lambda w: {"limit": 9}, lambda w: Installation.CLOCK, as_well=_CLOCK)
            for action in (minding_products.lapse_products, minding_products.remind_of_products)
        ),
        # commissioners
        _show(
            appointing.offer_commissioner,
            lambda w: {
                "incubator": w.scene.incubator,
                "name": "Lu",
                "email": "lu@example.org",
                "values": APPOINTED,
            },
            _by_operator,
        ),
        # Whoever has an account may apply, to any incubator.
        _show(
            appointing.apply_as_commissioner,
            lambda w: {"incubator": w.scene.incubator, "values": APPOINTED},
            _by_founder,
            as_well=_IN_PERSON,
        ),
        _show(
            appointing.accept_commissioner,
            lambda w: {"commissioner": w.offered_post},
            lambda w: _by_commissioner(w.offered_post),
        ),
        _show(
            appointing.decline_commissioner,
            lambda w: {"commissioner": w.applied_post, "words": "No"},
            _by_operator,
        ),
        _show(
            appointing.withdraw_commissioner,
            lambda w: {"commissioner": w.offered_post},
            _by_operator,
        ),
        _show(
            appointing.end_commissioner,
            lambda w: {"commissioner": w.commissioner, "words": "Moved"},
            _by_operator,
        ),
        _show(
            appointing.take_companies,
            lambda w: {"commissioner": w.commissioner, "most_companies": 9},
            _by_carer,
        ),
        _show(
            appointing.set_quotas,
            lambda w: {"incubator": w.scene.incubator, "quotas": {CommissionerKind.BANK: 9}},
            _by_operator,
        ),
        _show(
            caring.assign_company,
            lambda w: {
                "commissioner": w.free_post,
                "startup": w.scene.startup,
                "words": "",
            },
            _by_operator,
        ),
        _show(
            caring.ask_commissioner,
            lambda w: {
                "commissioner": w.free_post,
                "startup": w.scene.startup,
                "words": "",
            },
            _by_founder,
        ),
        _show(caring.consent_to_care, lambda w: {"care": w.assigned}, _by_founder),
        _show(
            caring.accept_company,
            lambda w: {"care": w.asked},
            lambda w: _by_commissioner(w.asked.commissioner),
        ),
        _show(caring.decline_company, lambda w: {"care": w.assigned, "words": "No"}, _by_founder),
        _show(caring.withdraw_company, lambda w: {"care": w.assigned}, _by_operator),
        _show(caring.end_care, lambda w: {"care": w.in_care, "words": "Done"}, _by_founder),
        _show(
            finance_cases.open_case,
            lambda w: {"care": w.in_care, "values": FINANCE_CASE},
            _by_founder,
        ),
        _show(finance_cases.begin_case, lambda w: {"case": w.case_open}, _by_carer),
        _show(
            finance_cases.finish_case,
            lambda w: {
                "case": w.case_running,
                "kind": ProductKind.BANK_LOAN,
                "obtained_yuan": 1,
                "words": "",
            },
            _by_carer,
        ),
        _show(
            finance_cases.close_case,
            lambda w: {"case": w.case_running, "closure": CaseClosure.OTHER, "words": ""},
            _by_founder,
        ),
        _show(
            finance_cases.note_case,
            lambda w: {"case": w.case_running, "words": "Met"},
            _by_founder,
        ),
        *(
            _show(action, lambda w: {"limit": 9}, lambda w: Installation.CLOCK, as_well=_CLOCK)
            for action in (
                minding_commissioners.link_commissioners,
                minding_commissioners.lapse_commissioners,
                minding_commissioners.lapse_cares,
            )
        ),
        # vouchers
        _show(
            schemes.draft_scheme,
            lambda w: {"incubator": w.scene.incubator, "values": SCHEME},
            _by_operator,
        ),
        _show(
            schemes.edit_scheme,
            lambda w: {
                "scheme": w.scheme_draft,
                "values": SCHEME,
                "version": w.scheme_draft.version,
            },
            _by_operator,
        ),
        _show(schemes.discard_scheme, lambda w: {"scheme": w.scheme_draft}, _by_operator),
        _show(
            schemes.publish_scheme,
            lambda w: {"scheme": w.scheme_draft, "version": w.scheme_draft.version},
            _by_operator,
        ),
        _show(schemes.pause_scheme, lambda w: {"scheme": w.scheme}, _by_operator),
        _show(schemes.resume_scheme, lambda w: {"scheme": w.scheme}, _by_operator),
        _show(schemes.close_scheme, lambda w: {"scheme": w.scheme}, _by_operator),
        _show(
            reserving.reserve_voucher,
            lambda w: {"order": w.order, "scheme": w.scheme},
            _by_founder,
        ),
        _show(
            reserving.release_voucher,
            lambda w: {"voucher": w.voucher, "reason": ""},
            _by_founder,
        ),
        _show(claiming.use_voucher, lambda w: {"voucher": w.voucher, "values": USE}, _by_founder),
        _show(
            claiming.claim_voucher,
            lambda w: {"voucher": w.voucher, "documents": [w.document]},
            _by_founder,
        ),
        _show(
            reviewing.allow_voucher, lambda w: {"voucher": w.voucher, "reason": "1"}, _by_operator
        ),
        _show(
            reviewing.return_voucher, lambda w: {"voucher": w.voucher, "reason": "1"}, _by_operator
        ),
        _show(reviewing.accept_voucher, lambda w: {"voucher": w.voucher}, _by_operator),
        _show(
            reviewing.refuse_voucher, lambda w: {"voucher": w.voucher, "reason": "1"}, _by_operator
        ),
        _show(
            reviewing.pay_voucher, lambda w: {"voucher": w.voucher, "reference": "1"}, _by_operator
        ),
        _show(
            reviewing.recover_voucher, lambda w: {"voucher": w.voucher, "reason": "1"}, _by_operator
        ),
        _show(
            lapsing.lapse_vouchers,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        _show(
            lapsing.remind_of_vouchers,
            lambda w: {"limit": 9},
            lambda w: Installation.CLOCK,
            as_well=_CLOCK,
        ),
        # imports and privacy
        _show(
            imports.preview_import,
            lambda w: {
                "incubator": w.scene.incubator,
                "kind": ImportKind.MENTORS,
                "filename": "m.csv",
                "plans": w.plans,
                "unknown_columns": (),
            },
            _by_operator,
        ),
        _show(
            imports.confirm_import,
            lambda w: {"batch": w.batch, "sends_invitations": False},
            _by_operator,
        ),
        _show(
            imports.correct_row,
            lambda w: {"batch": w.batch, "correction": Correction(2, w.batch.version, ())},
            _by_operator,
        ),
        _show(
            imports.remember_layout,
            lambda w: {
                "incubator": w.scene.incubator,
                "kind": ImportKind.MENTORS,
                "shape": "0" * 64,
                "columns": {},
            },
            _by_operator,
        ),
        _show(imports.discard_import, lambda w: {"batch": w.batch}, _by_operator),
        _show(
            privacy.erase_person,
            lambda w: {"email": w.scene.founder.email, "rooms": ERASINGS},
            lambda w: Installation.COMMAND_LINE,
            as_well=_COMMAND_LINE,
        ),
    )
)
