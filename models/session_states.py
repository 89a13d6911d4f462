"""How sessions, times that were not kept, and contradicted records go from state to state."""

from models.state_machines import Lifecycle, Transition

COACHING_SESSION = Lifecycle(
    "session",
    # A free time that is booked needs no other word: the hours are the provider's.
    starts=["proposed", "confirmed"],
    transitions=[
        Transition("confirm", ("proposed",), "confirmed"),
        Transition("move", ("proposed", "confirmed"), "proposed"),
        Transition("cancel", ("proposed", "confirmed"), "cancelled"),
        Transition("record_held", ("confirmed",), "held"),
        Transition("record_missed", ("confirmed",), "missed"),
        # The other side says otherwise: it counts as neither until that is settled.
        Transition("contradict", ("held", "missed"), "contested"),
        Transition("settle_held", ("contested",), "held"),
        Transition("settle_missed", ("contested",), "missed"),
    ],
)

MISSED_TIME = Lifecycle(
    "missed time",
    starts=["counted"],
    transitions=[
        Transition("appeal", ("counted",), "appealed"),
        Transition("uphold", ("appealed",), "upheld"),
        Transition("take_back", ("appealed",), "taken_back"),
        # By the decision on who is right about the session.
        Transition("settle", ("counted", "appealed"), "upheld"),
        Transition("annul", ("counted", "appealed", "upheld"), "taken_back"),
    ],
)

CONTRADICTION = Lifecycle(
    "contradiction",
    starts=["open"],
    transitions=[
        Transition("uphold", ("open",), "upheld"),
        Transition("overturn", ("open",), "overturned"),
        # By the two sides themselves: who contradicts gives way, or who recorded it does.
        Transition("take_back", ("open",), "taken_back"),
        Transition("concede", ("open",), "conceded"),
    ],
)
