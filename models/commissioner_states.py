"""States of finance commissioners, of the companies in their care, and of cases."""

from typing import Final

from models.state_machines import Lifecycle, Transition

COMMISSIONER = Lifecycle(
    "commissioner",
    starts=["offered", "applied"],
    transitions=[
        # Of what the incubator offers the person decides, of an application the incubator.
        Transition("accept", ("offered", "applied"), "active"),
        Transition("decline", ("offered", "applied"), "declined"),
        Transition("withdraw", ("offered", "applied"), "withdrawn"),
        Transition("end", ("active",), "ended"),
        # The clock: the last day of the term is over, or that for an answer.
        Transition("lapse", ("active", "offered", "applied"), "over"),
    ],
)

COMPANY_CARE = Lifecycle(
    "company care",
    starts=["assigned", "asked"],
    transitions=[
        # The startup lets the commissioner know of it: only then can the commissioner accept.
        Transition("consent", ("assigned",), "asked"),
        Transition("accept", ("asked",), "active"),
        Transition("decline", ("assigned", "asked"), "declined"),
        Transition("withdraw", ("assigned", "asked"), "withdrawn"),
        Transition("end", ("active",), "ended"),
        # The clock: the last day for an answer is over.
        Transition("lapse", ("assigned", "asked"), "over"),
    ],
)

FINANCE_CASE = Lifecycle(
    "finance case",
    starts=["open"],
    transitions=[
        Transition("begin", ("open",), "in_progress"),
        Transition("finish", ("in_progress",), "done"),
        Transition("close", ("open", "in_progress"), "closed"),
    ],
)

# Of each of these an incubator has one a person, and a commissioner one a company.
COMMISSIONER_STANDS: Final = ("offered", "applied", "active")
CARE_STANDS: Final = ("assigned", "asked", "active")
CASE_RUNS: Final = ("open", "in_progress")
