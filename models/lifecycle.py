"""State machines as tables: what may follow what, for everything that has a state.

The same table checks an action, draws the diagram of the documentation, and decides
which buttons a page shows. Who may act is decided in `app/access/`. How a table works is said in
`models/state_machines.py`.
"""

from models.arrangement_states import ARRANGEMENT, TRANCHE
from models.commissioner_states import COMMISSIONER, COMPANY_CARE, FINANCE_CASE
from models.session_states import COACHING_SESSION as COACHING_SESSION
from models.session_states import CONTRADICTION as CONTRADICTION
from models.session_states import MISSED_TIME as MISSED_TIME
from models.state_machines import ActionNotAllowed as ActionNotAllowed
from models.state_machines import Lifecycle as Lifecycle
from models.state_machines import Transition

PROFILE = Lifecycle(
    "profile",
    starts=["draft"],
    transitions=[
        Transition("publish", ("draft", "paused"), "published"),
        Transition("pause", ("published",), "paused"),
    ],
)

POOL_ENTRY = Lifecycle(
    "pool entry",
    starts=["invited", "applied", "admitted"],
    transitions=[
        Transition("accept_invitation", ("invited",), "admitted"),
        Transition("admit", ("applied",), "admitted"),
        Transition("decline", ("invited", "applied"), "declined"),
        Transition("invite", ("declined", "retired"), "invited"),
        Transition("apply", ("declined", "retired"), "applied"),
        Transition("pause", ("admitted",), "paused"),
        Transition("resume", ("paused",), "admitted"),
        Transition("retire", ("admitted", "paused"), "retired"),
    ],
)

NEED = Lifecycle(
    "need",
    starts=["draft"],
    transitions=[
        Transition("open", ("draft", "closed"), "open"),
        Transition("close", ("draft", "open"), "closed"),
    ],
)

ENGAGEMENT = Lifecycle(
    "engagement",
    starts=["requested"],
    transitions=[
        Transition("accept", ("requested",), "accepted"),
        Transition("decline", ("requested",), "declined"),
        Transition("withdraw", ("requested",), "withdrawn"),
        Transition("expire", ("requested",), "expired"),
        # A colleague has it from here on, as a request of its own.
        Transition("pass_on", ("requested",), "passed_on"),
        Transition("begin", ("accepted",), "active"),
        # What is carried out without meeting once, such as a test, is completed all the same.
        Transition("complete", ("accepted",), "completed"),
        Transition("complete", ("active",), "completed"),
        Transition("cancel", ("accepted", "active"), "cancelled"),
    ],
)

# An engagement in one of these takes one of its provider's places.
ENGAGEMENT_TAKES_PLACE = ("accepted", "active")

# An engagement in one of these is not over: a second request for the same need must wait.
ENGAGEMENT_OPEN = ("requested", *ENGAGEMENT_TAKES_PLACE)

QUEUE_PLACE = Lifecycle(
    "queue place",
    starts=["waiting"],
    transitions=[
        Transition("offer", ("waiting",), "offered"),
        # The provider took somebody else meanwhile, or is paused.
        Transition("put_back", ("offered",), "waiting"),
        Transition("lapse", ("offered",), "lapsed"),
        # Also from "waiting": whoever finds a place free may ask at once.
        Transition("take", ("waiting", "offered"), "taken"),
        Transition("leave", ("waiting", "offered"), "left"),
        Transition("close", ("waiting", "offered"), "closed"),
    ],
)

# A place in one of these is still waited for: the same need waits once for the same provider.
QUEUE_PLACE_OPEN = ("waiting", "offered")

DUAL_MENTORING = Lifecycle(
    "dual mentoring",
    starts=["asked"],
    transitions=[
        # Once both mentors have said yes.
        Transition("agree", ("asked",), "agreed"),
        Transition("decline", ("asked",), "declined"),
        Transition("end", ("asked", "agreed"), "ended"),
    ],
)

# An engagement takes part in one of these at most.
DUAL_MENTORING_OPEN = ("asked", "agreed")

QUESTION = Lifecycle(
    "question",
    starts=["asked"],
    transitions=[
        Transition("reply", ("asked",), "replied"),
        Transition("lapse", ("asked",), "lapsed"),
    ],
)

# A session in one of these may still take place.
SESSION_OPEN = ("proposed", "confirmed")

ACTION_ITEM = Lifecycle(
    "action",
    starts=["open"],
    transitions=[
        Transition("finish", ("open",), "done"),
        Transition("drop", ("open",), "dropped"),
        Transition("reopen", ("done", "dropped"), "open"),
    ],
)

OBJECTION = Lifecycle(
    "objection",
    starts=["open"],
    transitions=[
        Transition("answer", ("open",), "answered"),
        Transition("withdraw", ("open",), "withdrawn"),
    ],
)

LIST_ENQUIRY = Lifecycle(
    "enquiry",
    starts=["open"],
    transitions=[
        Transition("answer", ("open",), "answered"),
        Transition("withdraw", ("open",), "withdrawn"),
    ],
)

INVITATION = Lifecycle(
    "invitation",
    starts=["sent"],
    transitions=[
        Transition("accept", ("sent",), "accepted"),
        Transition("revoke", ("sent",), "revoked"),
    ],
)

IMPORT_BATCH = Lifecycle(
    "import",
    starts=["previewed"],
    transitions=[
        Transition("apply", ("previewed", "applying"), "applying"),
        Transition("finish", ("applying",), "applied"),
        Transition("discard", ("previewed",), "discarded"),
    ],
)

DOCUMENT = Lifecycle(
    "document",
    starts=["available"],
    transitions=[
        Transition("report", ("available", "reported"), "reported"),
        Transition("set_aside", ("reported",), "available"),
        Transition("stop", ("available", "reported"), "stopped"),
        Transition("resume", ("stopped",), "available"),
        Transition("delete", ("available", "stopped"), "deleted"),
    ],
)

FACT = Lifecycle(
    "fact",
    starts=["stated"],
    transitions=[
        Transition("confirm", ("stated",), "confirmed"),
        Transition("supersede", ("stated", "confirmed"), "superseded"),
        Transition("withdraw", ("stated", "confirmed"), "withdrawn"),
    ],
)

MANDATE = Lifecycle(
    "mandate",
    starts=["draft"],
    transitions=[
        Transition("publish", ("draft",), "published"),
        Transition("replace", ("published",), "replaced"),
        Transition("withdraw", ("published",), "withdrawn"),
    ],
)

DEAL = Lifecycle(
    "deal",
    starts=["inbox"],
    transitions=[
        Transition("advance", ("inbox", "review"), "review"),
        Transition("decide_yes", ("review",), "agreed"),
        Transition("pass", ("inbox", "review"), "passed"),
        Transition("reopen", ("passed",), "review"),
        # Whatever the fund has decided, so that nothing of that can be told from it.
        Transition("withdraw", ("inbox", "review", "agreed", "passed"), "withdrawn"),
        Transition("complete", ("agreed",), "done"),
    ],
)

FINANCING = Lifecycle(
    "financing",
    starts=["draft"],
    transitions=[
        Transition("open", ("draft",), "open"),
        # Later, or with less of it shown to funds; its terms are fixed.
        Transition("extend", ("open",), "open"),
        Transition("narrow", ("open",), "open"),
        Transition("close", ("open",), "closed"),
        Transition("abandon", ("open",), "abandoned"),
        Transition("lapse", ("open",), "lapsed"),
    ],
)

# A need has one financing at most in these.
FINANCING_RUNS = ("draft", "open")

INTEREST = Lifecycle(
    "interest",
    starts=["observing"],
    transitions=[
        Transition("observe", ("left",), "observing"),
        Transition("consider", ("observing", "considering"), "considering"),
        Transition("commit", ("considering",), "committed"),
        Transition("leave", ("observing", "considering"), "left"),
        # Once released, it is over in this financing.
        Transition("release", ("committed",), "released"),
        Transition("pay", ("committed",), "invested"),
        Transition("lapse", ("observing", "considering", "committed"), "lapsed"),
    ],
)

# In these it counts towards the target.
INTEREST_COUNTS = ("committed", "invested")

ROOM_GRANT = Lifecycle(
    "room grant",
    starts=["open"],
    transitions=[
        # With other rights than before, or again.
        Transition("let_in", ("open", "closed"), "open"),
        Transition("suspend", ("open",), "suspended"),
        Transition("resume", ("suspended",), "open"),
        Transition("revoke", ("open", "suspended"), "closed"),
    ],
)

ROOM_QUESTION = Lifecycle(
    "room question",
    starts=["asked"],
    # What was answered can be answered better.
    transitions=[Transition("answer", ("asked", "answered"), "answered")],
)

CLAIM = Lifecycle(
    "claim",
    starts=["stated"],
    transitions=[Transition("withdraw", ("stated",), "withdrawn")],
)

VERIFICATION_ORDER = Lifecycle(
    "order",
    starts=["asked"],
    transitions=[
        Transition("quote", ("asked", "quoted", "expired"), "quoted"),
        Transition("decline_quote", ("quoted",), "asked"),
        Transition("let_expire", ("quoted",), "expired"),
        # The clock: whoever was asked has not quoted in time.
        Transition("lapse", ("asked", "expired"), "cancelled"),
        Transition("accept_quote", ("quoted",), "ordered"),
        Transition("begin", ("ordered",), "in_lab"),
        Transition("submit_result", ("in_lab",), "to_verify"),
        Transition("return_result", ("to_verify",), "in_lab"),
        Transition("verify", ("to_verify",), "verified"),
        # From "reported": the same result in a corrected report.
        Transition("publish", ("verified", "reported"), "reported"),
        Transition("retest", ("reported", "settled"), "in_lab"),
        Transition("settle", ("reported",), "settled"),
        # From "to_verify": by a centre in which nobody else is there to verify.
        Transition(
            "cancel",
            ("asked", "quoted", "expired", "ordered", "in_lab", "to_verify"),
            "cancelled",
        ),
    ],
)

# What the startup has accepted and the centre has not finished: the claim is being tested.
ORDER_UNDER_WAY = ("ordered", "in_lab", "to_verify", "verified")

SAMPLE = Lifecycle(
    "sample",
    starts=["sent"],
    transitions=[
        Transition("receive", ("sent",), "received"),
        Transition("refuse", ("sent",), "refused"),
        Transition("return", ("received", "refused"), "returned"),
        Transition("destroy", ("received", "refused"), "destroyed"),
    ],
)

SLOT = Lifecycle(
    "slot",
    starts=["booked"],
    transitions=[
        Transition("cancel", ("booked",), "cancelled"),
        # Later than the centre's rule lets a startup cancel for nothing.
        Transition("cancel_late", ("booked",), "cancelled_late"),
        Transition("move", ("booked",), "moved"),
        Transition("use", ("booked",), "used"),
        Transition("miss", ("booked",), "missed"),
        Transition("waive", ("missed", "cancelled_late"), "waived"),
    ],
)

# What counts against a startup by the rules of an instrument.
SLOT_COUNTED = ("missed", "cancelled_late")

VERIFICATION_RESULT = Lifecycle(
    "result",
    starts=["submitted"],
    transitions=[
        Transition("verify", ("submitted",), "verified"),
        Transition("return", ("submitted",), "returned"),
    ],
)

VERIFICATION_REPORT = Lifecycle(
    "report",
    starts=["published"],
    transitions=[
        Transition("dispute", ("published",), "disputed"),
        # Once decided, it is not disputed again.
        Transition("uphold", ("disputed",), "upheld"),
        Transition("supersede", ("published", "disputed", "upheld"), "superseded"),
        Transition("lapse", ("published", "disputed", "upheld"), "lapsed"),
        Transition("invalidate", ("published", "disputed", "upheld"), "invalidated"),
    ],
)

# A report in one of these says something: facts may rest on it.
REPORT_STANDS = ("published", "disputed", "upheld")

VOUCHER_SCHEME = Lifecycle(
    "voucher scheme",
    starts=["draft"],
    transitions=[
        Transition("publish", ("draft",), "current"),
        Transition("pause", ("current",), "waiting"),
        Transition("resume", ("waiting",), "current"),
        Transition("replace", ("current", "waiting"), "replaced"),
        Transition("close", ("current", "waiting"), "closed"),
    ],
)

FINANCE_PRODUCT = Lifecycle(
    "finance product",
    starts=["draft"],
    transitions=[
        Transition("publish", ("draft",), "current"),
        Transition("replace", ("current",), "replaced"),
        Transition("withdraw", ("current",), "withdrawn"),
        # The clock: its last day is over.
        Transition("lapse", ("current",), "over"),
    ],
)

VOUCHER = Lifecycle(
    "voucher",
    starts=["reserved"],
    transitions=[
        # Also once more, where what was claimed came back for its invoice.
        Transition("use", ("reserved", "returned"), "used"),
        Transition("claim", ("used", "returned"), "claimed"),
        # Startup and centre turned out to be connected: the officer decides, with words.
        Transition("hold", ("used", "returned"), "held"),
        Transition("allow", ("held",), "claimed"),
        Transition("return", ("claimed",), "returned"),
        Transition("accept", ("claimed",), "accepted"),
        Transition("refuse", ("claimed", "held", "accepted"), "refused"),
        Transition("pay", ("accepted",), "paid"),
        Transition("recover", ("paid",), "recovered"),
        Transition("release", ("reserved", "used", "returned"), "released"),
        Transition("lapse", ("reserved", "used", "returned"), "lapsed"),
        # By an erasure: nobody is left who could claim it, or to whom it could be paid.
        Transition(
            "drop",
            ("reserved", "used", "claimed", "held", "returned", "accepted"),
            "released",
        ),
    ],
)

# What a voucher in one of these is worth is taken from its cap and its budget.
VOUCHER_COUNTS = ("reserved", "used", "claimed", "held", "returned", "accepted", "paid")

LIFECYCLES = (
    PROFILE,
    POOL_ENTRY,
    NEED,
    ENGAGEMENT,
    QUEUE_PLACE,
    DUAL_MENTORING,
    QUESTION,
    COACHING_SESSION,
    MISSED_TIME,
    CONTRADICTION,
    ACTION_ITEM,
    OBJECTION,
    LIST_ENQUIRY,
    INVITATION,
    IMPORT_BATCH,
    DOCUMENT,
    FACT,
    MANDATE,
    DEAL,
    FINANCING,
    INTEREST,
    ARRANGEMENT,
    TRANCHE,
    ROOM_GRANT,
    ROOM_QUESTION,
    CLAIM,
    VERIFICATION_ORDER,
    SAMPLE,
    SLOT,
    VERIFICATION_RESULT,
    VERIFICATION_REPORT,
    VOUCHER_SCHEME,
    FINANCE_PRODUCT,
    VOUCHER,
    COMMISSIONER,
    COMPANY_CARE,
    FINANCE_CASE,
)
