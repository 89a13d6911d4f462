"""How the sentences of a need were read: by a stored run, or now, and what is proposed from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.clock import today
from app.matches.queries.asking import locate_corrections, make_query
from app.needs.errors import SentenceGone
from app.needs.recognising import recognise_conditions
from app.needs.words import word_values
from app.profiles.looking import RoleView
from matching.engine import Engine
from matching.records import ReadSentence
from matching.text.sentences import split_need
from matching.text.voice import speaks
from models.matches import MatchRun
from models.needs import Need
from models.sentence_keys import make_sentence_key
from models.vocabulary import FIRST_KIND, ConditionAttribute, NeedRole


@dataclass(frozen=True, slots=True)
class SentenceView(RoleView):
    """Of a need. `wish` numbers from 1 the one of several wishes that it belongs to, 0 none.

    `is_corrected` says that its founder said what it does.
    """

    role: NeedRole
    wish: int
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class WishView:
    """One of several wishes of a need, in its own sentences."""

    number: int
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedReading:
    """A need as it was read. In a description nobody asks, so that all sentences count alike."""

    sentences: tuple[SentenceView, ...]
    is_description: bool

    @property
    def wishes(self) -> tuple[WishView, ...]:
        """The wishes in order; none where the need has only one."""
        return tuple(
            WishView(number, tuple(s.text for s in self.sentences if s.wish == number))
            for number in sorted({s.wish for s in self.sentences if s.wish})
        )


def write_reading(
    text: str, read: Sequence[ReadSentence], corrected: Sequence[ReadSentence]
) -> list[dict[str, Any]]:
    """What was read in `text`, as a run stores it."""
    places = {(each.start, each.end) for each in corrected}
    return [
        {
            "text": text[each.start : each.end],
            "role": each.role,
            "sureness": each.sureness,
            "wish": each.wish,
            "corrected": (each.start, each.end) in places,
        }
        for each in read
    ]


def read_stored(run: MatchRun) -> NeedReading | None:
    """How the need was read in `run`; None for a run from before this was stored."""
    return _show(run.sentences) if run.sentences else None


def read_now(engine: Engine, need: Need) -> NeedReading:
    """How the need is read as it stands, drafts too. Raises EncoderMissing."""
    read = engine.read(make_query(need, FIRST_KIND[need.kind]))
    return _show(write_reading(need.text, read, locate_corrections(need)))


def find_reading(need: Need, run: MatchRun | None) -> NeedReading | None:
    """The reading of `run` where it is that of the need as it stands; else None."""
    return read_stored(run) if run is not None and run.need_version == need.version else None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A condition that `sentence` seems to state, with its values in words."""

    attribute: ConditionAttribute
    values: tuple[str, ...]
    words: str
    sentence: str


def list_proposals(need: Need, reading: NeedReading, *, at: datetime) -> tuple[ProposalView, ...]:
    """The conditions that the need's words state, that it does not have and nobody dismissed.

    None for a closed need.
    """
    if need.state == "closed":
        return ()
    stated = {each.attribute for each in need.conditions}
    dismissed = {each.attribute: tuple(each.values) for each in need.dismissed_proposals}
    found = recognise_conditions(
        [(each.text, each.role) for each in reading.sentences],
        need.kind,
        on=today(at),
    )
    return tuple(
        ProposalView(
            each.attribute, each.values, word_values(each.attribute, each.values), each.sentence
        )
        for each in found
        if each.attribute not in stated and dismissed.get(each.attribute) != each.values
    )


def find_sentence(need: Need, key: str) -> str:
    """The sentence of the need that `key` names. Raises SentenceGone where it says none such."""
    for each in split_need(need.text):
        said = need.text[each.start : each.end]
        if make_sentence_key(said) == key:
            return said
    raise SentenceGone


def _show(stored: Sequence[Mapping[str, Any]]) -> NeedReading:
    return NeedReading(
        tuple(
            SentenceView(
                text=each["text"],
                role=NeedRole(each["role"]),
                sureness=each["sureness"],
                wish=each["wish"],
                is_corrected=each["corrected"],
            )
            for each in stored
        ),
        is_description=not any(each["corrected"] for each in stored)
        and not speaks("\n".join(each["text"] for each in stored)),
    )
