"""What owners corrected of how their profiles are read, as the matching engine takes it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.records import Passage, ReadSentence
from models.providers import ProfileCorrection


def read_corrections(session: Session, ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
    """What the sentences of each provider do, by the words of whoever acts for it."""
    rows = session.execute(
        select(
            ProfileCorrection.provider_id, ProfileCorrection.sentence, ProfileCorrection.role
        ).where(ProfileCorrection.provider_id.in_(ids))
    )
    found: dict[int, dict[str, str]] = {}
    for provider_id, sentence, role in rows:
        found.setdefault(provider_id, {})[sentence] = role.value
    return found


def locate_corrections(
    text: str, passages: Sequence[Passage], roles: Mapping[str, str]
) -> tuple[ReadSentence, ...]:
    """Where a text says the sentences whose `roles` were corrected."""
    if not roles:
        return ()
    return tuple(
        ReadSentence(each.start, each.end, roles[said])
        for each in passages
        if (said := text[each.start : each.end]) in roles
    )
