"""How arrangements and their tranches go from state to state; among all others in `lifecycle`."""

from models.state_machines import Lifecycle, Transition

ARRANGEMENT = Lifecycle(
    "arrangement",
    starts=["draft"],
    transitions=[
        # Both sides consent in person: the fund by the offer, the startup by agreeing to it.
        Transition("offer", ("draft",), "offered"),
        Transition("take_back", ("offered",), "draft"),
        # The clock: the last day for an answer is over.
        Transition("lapse", ("offered",), "draft"),
        Transition("agree", ("offered",), "running"),
        Transition("decline", ("offered",), "declined"),
        # A financing has closed with enough, or the last day is over and that is enough.
        Transition("trigger", ("running", "pending", "due"), "convertible"),
        # A commitment in that financing was released, and it comes to less than was agreed on.
        Transition("untrigger", ("convertible",), "running"),
        # The last day is over while a financing is open: what comes of that decides.
        Transition("wait", ("running",), "pending"),
        Transition("run_out", ("running", "pending"), "due"),
        Transition("end", ("running", "pending", "convertible", "due"), "ended"),
    ],
)

# In these it binds both sides.
ARRANGEMENT_BINDS = ("running", "pending", "convertible", "due")

# An engagement has one arrangement at most in these.
ARRANGEMENT_STANDS = ("draft", "offered", *ARRANGEMENT_BINDS)

TRANCHE = Lifecycle(
    "tranche",
    starts=["waiting"],
    transitions=[
        Transition("release", ("waiting",), "released"),
        # What it rested on was withdrawn before anything was paid.
        Transition("hold", ("released",), "waiting"),
        Transition("pay", ("released",), "paid"),
    ],
)
