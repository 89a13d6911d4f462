"""The permissions, to be read from top to bottom."""

from collections.abc import Mapping
from types import MappingProxyType

from app.access.commissioner_table import OF_FINANCE
from app.access.enquiry_predicates import answers_enquiry, is_asked_to_look, is_asker
from app.access.installation import Installation, PeopleAnd
from app.access.money_predicates import (
    is_arranging_founder,
    is_arranging_fund,
    is_founder_side_in_person,
    is_fund_in_person,
    is_investing_fund,
    is_own_fund_in_person,
    is_raising_founder,
)
from app.access.predicates import (
    Rule,
    acts_for,
    all_of,
    anyone,
    can_apply_to,
    can_delete_document,
    can_open_document,
    can_view_document,
    can_view_engagement,
    can_view_mandate,
    can_view_provider,
    either,
    in_person,
    is_any_founder,
    is_any_operator,
    is_any_provider,
    is_author,
    is_batch_operator,
    is_either_side,
    is_entry_mentor,
    is_entry_operator,
    is_founder,
    is_fund_side,
    is_host,
    is_inviter,
    is_mentor_side,
    is_oneself,
    is_oneself_here,
    is_operator,
    is_own_fund,
    is_own_mentor,
    is_own_source,
    is_own_token,
    is_provider,
    is_provider_side,
    is_startup_side,
    keeps,
    looks_after,
    of_delivery,
    of_exception,
    of_fact,
    of_mandate,
    of_match,
    of_need,
    of_owner,
    of_queue_place,
    of_run,
    of_session,
    of_webhook,
    oversees,
    speaks_for_fund,
    stands_in_for,
)
from app.access.proof_predicates import (
    is_centre_side,
    is_own_centre,
    of_claim,
    of_instrument,
    of_order,
    of_slot,
)
from app.access.subsidy_predicates import (
    can_view_scheme,
    can_view_voucher,
    is_officer,
    of_own_voucher,
    of_scheme,
)
from app.access.together import (
    can_read_workspace,
    concedes_contradiction,
    decides_contradiction,
    decides_missed_time,
    is_across_record,
    is_asked_by_objection,
    is_missing_side,
    is_side_in_person,
    of_contradiction,
    of_missed_time,
    of_objection,
    of_pair,
    of_workspace,
    takes_contradiction_back,
)
from models.arrangements import Arrangement
from models.commissioners import Commissioner, CompanyCare, FinanceCase
from models.contradictions import Contradiction
from models.documents import Document
from models.dual_mentoring import DualMentoring
from models.engagements import CoachingSession, Engagement
from models.enquiries import ListEnquiry
from models.evaluation import EvaluationObjection
from models.facts import Fact
from models.financings import Financing, Interest
from models.funds import Mandate
from models.imports import ImportBatch
from models.instruments import Instrument, Slot
from models.matches import Match, MatchRun
from models.missed_times import MissedTime
from models.needs import Need
from models.organisations import Incubator, Startup
from models.pools import PoolEntry
from models.products import FinanceProduct
from models.providers import Provider
from models.queues import QueuePlace
from models.verification import Claim, VerificationOrder
from models.vouchers import Voucher, VoucherScheme
from models.webhooks import Webhook, WebhookDelivery

# The subject of each permission is named by what stands before the colon, except where said; lists,
# new things and the pages of one's own have none.
PERMISSIONS: Mapping[str, Rule | Installation | PeopleAnd] = MappingProxyType(
    {
        "account:edit": in_person,
        "account:view": anyone,
        "person:edit": is_oneself,
        "person:represent": is_oneself,  # whoever makes an organisation acts for it themselves
        "second_factor:remove": PeopleAnd(is_oneself, Installation.COMMAND_LINE),  # the person
        "token:create": is_oneself,  # subject: the person for whom it acts
        "token:revoke": is_own_token,
        "person:export": is_oneself,
        "person:erase": PeopleAnd(is_oneself_here, Installation.COMMAND_LINE),
        "acting:begin": is_any_operator,  # the person is checked by the action
        "acting:end": anyone,
        "person:leave": stands_in_for,  # what of acting for somebody is recorded at its end
        "invitation:revoke": is_inviter,
        "home:view": anyone,
        "notice:view": anyone,
        "audit:list": is_any_operator,  # of the incubators that they operate
        "startup:create": in_person,
        "startup:view": either(is_founder, is_host),
        "startup:edit": either(is_founder, is_host),
        "startup:publish": either(is_founder, is_host),
        "startup:invite": either(is_founder, is_host),
        "provider:create": in_person,
        "provider:bring_in": is_any_operator,  # of an import: nobody acts for it yet
        "provider:keep": either(is_provider, keeps),  # what an import may change, too
        "provider:ask_owner": either(all_of(in_person, is_provider), keeps),
        "provider:view": can_view_provider,
        "provider:list": anyone,
        "provider:edit": is_provider,
        "provider:publish": is_provider,
        # Nobody agrees for another. Subject: the mentor.
        "consent:decide": all_of(in_person, is_own_mentor),
        "history:choose": all_of(in_person, acts_for),  # subject: the startup or the provider
        "consent:lapse": Installation.CLOCK,
        "privacy_notice:tell": Installation.CLOCK,
        # Whoever joins acts in all pools: an operator who stands in has only their own to lend.
        "provider:invite": all_of(in_person, is_provider),
        "fact:list": either(acts_for, looks_after),  # subject: whom facts are about
        "fact:state": acts_for,  # subject: whom facts are about
        "fact:view": of_fact(either(acts_for, looks_after)),
        "fact:confirm": of_fact(looks_after),
        "fact:withdraw": of_fact(either(acts_for, looks_after)),
        "mandate:draft": speaks_for_fund,  # subject: the investor
        "mandate:view": can_view_mandate,
        "mandate:edit": of_mandate(speaks_for_fund),
        "mandate:publish": of_mandate(speaks_for_fund),
        "fund:list": either(is_any_founder, is_any_operator),  # which funds are open for needs
        "fund:compare": either(of_need(is_founder), of_need(is_host)),  # subject: the need
        "fund:ask": of_need(is_founder),  # subject: the need
        "fund:board": is_own_fund,  # subject: the investor
        "fund:count_gates": is_any_operator,
        "deal:list": is_own_fund,  # subject: the investor
        "deal:set_steps": is_own_fund,  # subject: the investor
        "deal:work": is_fund_side,  # subject: the engagement
        "deal:withdraw": is_startup_side,  # subject: the engagement
        # Who raises money of whom is theirs: nobody who stands in for them reads or steers it.
        "financing:list": all_of(in_person, is_any_founder),  # of all startups for which they act
        "financing:draft": all_of(in_person, of_need(is_founder)),  # subject: the need
        "financing:view": is_raising_founder,
        "financing:edit": is_raising_founder,
        # It binds to money.
        "financing:close": is_raising_founder,
        "financing:end": Installation.CLOCK,
        "commitment:list": is_own_fund_in_person,  # subject: the investor
        "commitment:view": is_fund_in_person,  # subject: the engagement
        "commitment:work": is_fund_in_person,  # subject: the engagement
        # It binds to money as well.
        "commitment:bind": is_fund_in_person,  # subject: the engagement
        "commitment:release": is_fund_in_person,  # subject: the engagement
        "interest:view": either(is_raising_founder, is_investing_fund),
        "interest:release": is_raising_founder,
        "interest:confirm": is_raising_founder,
        # How the money of one fund comes is between the two sides.
        "arrangement:list": all_of(in_person, either(is_any_founder, is_any_provider)),  # own
        "arrangement:look": either(is_fund_in_person, is_founder_side_in_person),  # engagement
        "arrangement:draft": is_fund_in_person,  # subject: the engagement
        "arrangement:view": either(is_arranging_fund, is_arranging_founder),
        "arrangement:edit": is_arranging_fund,
        "arrangement:decline": is_arranging_founder,
        "arrangement:pay": is_arranging_fund,
        "arrangement:refuse_end": either(is_arranging_fund, is_arranging_founder),
        # These bind to money.
        "arrangement:offer": is_arranging_fund,
        "arrangement:agree": is_arranging_founder,
        "arrangement:propose_end": either(is_arranging_fund, is_arranging_founder),
        "arrangement:agree_end": either(is_arranging_fund, is_arranging_founder),
        "arrangement:mind": Installation.CLOCK,
        # What a startup lets investors read, and who read it, is between the two of them.
        "room:keep": all_of(in_person, is_founder),  # subject: the startup
        "room:visit": is_fund_in_person,  # subject: the engagement
        "room:agree": is_fund_in_person,  # subject: the engagement; nobody agrees for another
        "room:suspend": Installation.CLOCK,
        # Claims and what was refuted are the startup's own: no operator reads or steers them.
        "claim:list": all_of(in_person, is_any_founder),  # of all startups for which they act
        "claim:state": all_of(in_person, is_founder),  # subject: the startup
        "claim:view": all_of(in_person, of_claim(is_founder)),
        "claim:edit": all_of(in_person, of_claim(is_founder)),
        "claim:release": all_of(in_person, of_claim(is_founder)),
        "claim:view_released": is_fund_side,  # subject: the engagement
        "order:list": all_of(in_person, either(is_any_founder, is_any_provider)),  # each side apart
        "order:queue": is_own_centre,  # subject: the centre
        "order:ask": all_of(in_person, is_startup_side),  # subject: the engagement
        "order:view": all_of(in_person, of_order(is_either_side)),
        "order:quote": all_of(in_person, of_order(is_centre_side)),
        "order:decline_quote": all_of(in_person, of_order(is_startup_side)),
        # It binds to money: whoever stands in has no such word to give.
        "order:accept_quote": all_of(in_person, of_order(is_startup_side)),
        "order:cancel": all_of(in_person, of_order(is_either_side)),
        "order:send_sample": all_of(in_person, of_order(is_startup_side)),
        # Of two people who vouch, neither can be somebody who stands in for both.
        "order:work": all_of(in_person, of_order(is_centre_side)),
        "order:report": all_of(in_person, of_order(is_centre_side)),
        "order:dispute": all_of(in_person, of_order(is_startup_side)),
        "order:expire": Installation.CLOCK,
        "scheme:list": is_operator,  # subject: the incubator
        "scheme:draft": is_operator,  # subject: the incubator
        "scheme:view": can_view_scheme,
        "scheme:edit": of_scheme(is_operator),
        "scheme:publish": of_scheme(is_operator),
        **OF_FINANCE,
        "voucher:list": either(
            all_of(in_person, is_any_founder), is_any_operator
        ),  # each side apart
        "voucher:purse": all_of(in_person, is_founder),  # subject: the startup
        "voucher:choose": all_of(in_person, of_order(is_startup_side)),  # subject: the order
        "voucher:view": can_view_voucher,
        # It binds to money: whoever stands in has no such word to give.
        "voucher:use": all_of(in_person, of_own_voucher(is_founder)),
        "voucher:release": all_of(in_person, of_own_voucher(is_founder)),
        "voucher:desk": is_operator,  # subject: the incubator
        "voucher:review": is_officer,  # never of a startup or a centre for which they act
        "voucher:pay": is_officer,
        "voucher:lapse": Installation.CLOCK,
        # It reads quotes and purses: the startup's own. Subject: the need.
        "proof:plan": all_of(in_person, of_need(is_founder)),
        "instrument:list": all_of(in_person, is_own_centre),  # subject: the centre
        "instrument:add": all_of(in_person, is_own_centre),  # subject: the centre
        "instrument:view": all_of(in_person, of_instrument(is_own_centre)),
        "instrument:edit": all_of(in_person, of_instrument(is_own_centre)),
        "slot:book": all_of(in_person, of_order(is_startup_side)),  # subject: the order
        "slot:wait": all_of(in_person, of_order(is_startup_side)),  # subject: the order
        "slot:view": all_of(in_person, of_slot(is_either_side)),
        "slot:change": all_of(in_person, of_slot(is_either_side)),
        "slot:judge": all_of(in_person, of_slot(is_centre_side)),
        "slot:tell_next": Installation.CLOCK,
        "document:list_own": either(is_any_founder, is_any_provider, is_any_operator),
        "document:list": either(acts_for, looks_after),  # subject: the organisation
        "document:upload": acts_for,  # subject: the organisation
        "document:view": can_view_document,
        "document:open": can_open_document,
        "document:edit": of_owner(acts_for),
        "document:share": of_owner(acts_for),
        "document:report": can_view_document,
        "document:decide": PeopleAnd(of_owner(looks_after), Installation.COMMAND_LINE),
        "document:delete": PeopleAnd(can_delete_document, Installation.COMMAND_LINE),
        "incubator:view": anyone,
        "incubator:edit": is_operator,
        "incubator:found": Installation.COMMAND_LINE,
        "incubator:host": is_operator,
        "incubator:invite": is_operator,
        "incubator:apply": can_apply_to,
        "incubator:list_own": is_any_operator,
        "pool:invite": is_operator,  # subject: the incubator
        "pool:admit": is_operator,  # subject: the incubator
        "pool:apply": is_any_provider,
        "pool_entry:view": either(is_entry_operator, is_entry_mentor),
        "pool_entry:decide": is_entry_operator,
        "pool_entry:answer": is_entry_mentor,
        "pool_entry:decline": either(is_entry_operator, is_entry_mentor),
        "import:create": is_operator,  # subject: the incubator
        "import:view": is_batch_operator,
        "import:apply": is_batch_operator,
        "webhook:list": is_operator,  # subject: the incubator
        "webhook:create": is_operator,  # subject: the incubator
        "webhook:view": of_webhook(is_operator),
        "webhook:edit": of_webhook(is_operator),
        "webhook_delivery:view": of_delivery(is_operator),
        "webhook_delivery:replay": of_delivery(is_operator),
        "need:create": is_founder,  # subject: the startup
        "need:state": is_any_founder,
        "need:list": either(is_any_founder, is_any_operator),
        "need:view": either(of_need(is_founder), of_need(is_host)),
        "need:edit": of_need(is_founder),
        "need:match": either(of_need(is_founder), of_need(is_host)),
        "match:view": either(of_match(is_founder), of_match(is_host)),
        "match:dismiss": of_match(is_founder),
        "match:preview": either(is_founder, is_host),  # subject: the startup
        "match_run:view": either(of_run(is_founder), of_run(is_host)),
        "match_run:dismiss": of_run(is_founder),
        # A human looks at a list, for whoever asks in their own name.
        "enquiry:ask_of_need": all_of(in_person, of_need(is_founder)),  # subject: the need
        "enquiry:ask_of_provider": all_of(in_person, is_provider),  # subject: the provider
        "enquiry:list_of_provider": is_provider,  # subject: the provider
        "enquiry:list_all": is_operator,  # subject: the incubator
        "enquiry:list_unanswered": Installation.COMMAND_LINE,
        "enquiry:view": either(is_asker, is_asked_to_look),
        "enquiry:answer": PeopleAnd(answers_enquiry, Installation.COMMAND_LINE),
        "enquiry:withdraw": all_of(in_person, is_asker),
        "enquiry:remind": Installation.CLOCK,
        "engagement:list": anyone,
        "engagement:list_both": all_of(is_any_founder, is_any_provider),  # each side apart
        "engagement:request": of_need(is_founder),  # subject: the need
        "queue_place:list": is_any_founder,  # of all startups for which they act
        "queue_place:view": of_queue_place(either(is_founder, is_host)),
        "queue_place:leave": of_queue_place(is_founder),
        "queue:settle": Installation.CLOCK,
        "engagement:view": can_view_engagement,
        "engagement:view_startup": either(is_startup_side, oversees),  # before it is accepted
        "engagement:accept": is_provider_side,
        "engagement:decline": is_provider_side,
        "engagement:ask_back": is_provider_side,
        "engagement:pass_on": is_mentor_side,
        "engagement:reply": is_startup_side,
        "engagement:withdraw": is_startup_side,
        "engagement:cancel": is_either_side,
        "engagement:complete": is_either_side,
        "engagement:expire": Installation.CLOCK,
        "engagement:remind": Installation.CLOCK,
        "session:list": anyone,
        "session:view": of_session(can_view_engagement),
        "availability:view": is_provider,  # subject: the provider
        "availability:edit": is_provider,  # subject: the provider
        "availability:remove_exception": of_exception(is_provider),  # subject: the exception
        "calendar:connect": is_oneself,  # subject: the person
        "calendar:remove_source": is_own_source,  # subject: the calendar elsewhere
        "session:propose": is_either_side,  # subject: the engagement
        "session:book": is_startup_side,  # subject: the engagement
        "session:offer": is_provider_side,  # subject: the engagement
        "session:pick": is_startup_side,  # subject: the engagement
        "session:confirm": of_session(is_either_side),
        "session:move": of_session(is_either_side),
        "session:cancel": of_session(is_either_side),
        "session:attend": of_session(is_startup_side),
        "session:record": of_session(is_either_side),
        "session:contradict": is_across_record,
        "session:keep_reply": Installation.CLOCK,
        "dual_mentoring:ask": is_startup_side,  # subject: each of the two engagements
        "dual_mentoring:view": of_pair(can_view_engagement),
        "dual_mentoring:answer": all_of(in_person, of_pair(is_provider_side)),
        "dual_mentoring:end": of_pair(is_either_side),
        "missed_time:list": anyone,  # of the sides for which they act
        "missed_time:list_all": is_operator,  # subject: the incubator
        "missed_time:view": either(is_missing_side, of_missed_time(oversees)),
        "missed_time:appeal": all_of(in_person, is_missing_side),
        "missed_time:decide": decides_missed_time,
        "contradiction:list_all": is_operator,  # subject: the incubator
        "contradiction:view": of_contradiction(can_view_engagement),
        "contradiction:decide": decides_contradiction,
        "contradiction:take_back": takes_contradiction_back,
        "contradiction:concede": concedes_contradiction,
        "workspace:view": can_view_engagement,  # that something is there and when, not what
        "workspace:read": can_read_workspace,  # subject: the engagement, as of those below
        "workspace:write": is_side_in_person,
        "workspace:invite": is_side_in_person,  # the operators of its incubator
        "workspace:end_invitations": Installation.CLOCK,
        "workspace:note": is_side_in_person,  # notes of the pair, which no operator reads
        "session:minute": of_session(is_side_in_person),
        "agenda_point:remove": of_workspace(is_side_in_person),
        "action_item:settle": of_workspace(is_side_in_person),
        "pair_note:remove": of_workspace(is_side_in_person),
        "feedback:give": of_session(is_either_side),  # subject: the session
        "engagement_feedback:give": is_either_side,  # subject: the engagement
        "engagement_feedback:read_comments": oversees,  # subject: the engagement
        "engagement:tell_fit": is_either_side,
        "evaluation:view": either(is_provider, looks_after),  # subject: the provider
        "evaluation:object": is_provider,  # subject: the provider
        "objection:view": either(of_objection(is_provider), is_asked_by_objection),
        "objection:answer": is_asked_by_objection,
        "objection:withdraw": of_objection(is_provider),
        "pool:evaluate": is_operator,  # subject: the incubator
        "feedback:view_note": is_author,
        "feedback:note": all_of(in_person, of_session(is_either_side)),  # subject: the session
    }
)

# Which permission tells whether a thing may be known of, by what the subject is.
VIEW_PERMISSION: Mapping[type, str] = MappingProxyType(
    {
        Startup: "startup:view",
        Provider: "provider:view",
        Incubator: "incubator:view",
        Fact: "fact:view",
        Mandate: "mandate:view",
        Financing: "financing:view",
        Interest: "interest:view",
        Arrangement: "arrangement:view",
        Claim: "claim:view",
        VerificationOrder: "order:view",
        VoucherScheme: "scheme:view",
        FinanceProduct: "product:view",
        Commissioner: "commissioner:view",
        CompanyCare: "care:view",
        FinanceCase: "case:view",
        Voucher: "voucher:view",
        Instrument: "instrument:view",
        Slot: "slot:view",
        Document: "document:view",
        PoolEntry: "pool_entry:view",
        ImportBatch: "import:view",
        Webhook: "webhook:view",
        WebhookDelivery: "webhook_delivery:view",
        Need: "need:view",
        Match: "match:view",
        MatchRun: "match_run:view",
        Engagement: "engagement:view",
        QueuePlace: "queue_place:view",
        CoachingSession: "session:view",
        EvaluationObjection: "objection:view",
        ListEnquiry: "enquiry:view",
        MissedTime: "missed_time:view",
        Contradiction: "contradiction:view",
        DualMentoring: "dual_mentoring:view",
    }
)
