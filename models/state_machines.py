"""How a table of states and actions works, whatever it is of."""

from collections.abc import Iterable
from dataclasses import dataclass


class ActionNotAllowed(Exception):
    """The action does not follow from the present state."""

    def __init__(self, lifecycle: str, action: str, state: str) -> None:
        super().__init__(f"{lifecycle}: cannot {action} what is {state}")
        self.lifecycle = lifecycle
        self.action = action
        self.state = state


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of `sources`, `action` leads to `target`."""

    action: str
    sources: tuple[str, ...]
    target: str


class Lifecycle:
    """The states of one kind of record and the actions that lead between them.

    Raises ValueError when made from a table in which a state cannot be reached from a start,
    or in which an action leads to two states from the same one.
    """

    def __init__(
        self, name: str, *, starts: Iterable[str], transitions: Iterable[Transition]
    ) -> None:
        self.name = name
        self.starts = tuple(starts)
        self.transitions = tuple(transitions)
        self._targets: dict[tuple[str, str], str] = {}
        for transition in self.transitions:
            for source in transition.sources:
                if (transition.action, source) in self._targets:
                    raise ValueError(f"{name}: {transition.action} from {source} is ambiguous")
                self._targets[transition.action, source] = transition.target
        sources = [s for t in self.transitions for s in t.sources]
        targets = [t.target for t in self.transitions]
        self.states = tuple(dict.fromkeys([*self.starts, *targets, *sources]))
        if unreachable := set(self.states) - self._reachable():
            raise ValueError(f"{name}: nothing leads to {', '.join(sorted(unreachable))}")

    def _reachable(self) -> set[str]:
        reached = set(self.starts)
        while new := {t for (_, s), t in self._targets.items() if s in reached} - reached:
            reached |= new
        return reached

    def is_allowed(self, action: str, state: str) -> bool:
        """Whether `action` may be taken in `state`."""
        return (action, state) in self._targets

    def follow(self, action: str, state: str) -> str:
        """The state that `action` leads to. Raises ActionNotAllowed."""
        try:
            return self._targets[action, state]
        except KeyError:
            raise ActionNotAllowed(self.name, action, state) from None

    def list_actions(self, state: str) -> tuple[str, ...]:
        """The actions that may be taken in `state`, in the order of the table."""
        return tuple(t.action for t in self.transitions if state in t.sources)

    def is_final(self, state: str) -> bool:
        """Whether nothing leads out of `state`."""
        return not self.list_actions(state)

    def draw(self) -> str:
        """The lifecycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {start}" for start in self.starts)]
        lines += [
            f"    {source} --> {t.target}: {t.action}"
            for t in self.transitions
            for source in t.sources
        ]
        return "\n".join(lines)
