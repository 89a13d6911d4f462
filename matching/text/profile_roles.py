"""What each sentence of one profile is taken for, to be shown to whoever acts for it."""

from collections.abc import Sequence

import numpy as np

from matching.records import Passage, ReadSentence
from matching.text.checklists import flag_excluded
from matching.text.passages import SENTENCE
from matching.text.roles import REFUSAL, RULED, RoleModel


def read_profile(
    text: str, passages: Sequence[Passage], model: RoleModel
) -> tuple[ReadSentence, ...]:
    """The sentences of a canonical text whose `passages` carry vectors; none of a blank one."""
    own = [each for each in passages if each.role == SENTENCE] or list(passages)
    vectors = [each.vector for each in own if each.vector is not None]
    if not vectors:
        return ()
    figures = model.read([text[each.start : each.end] for each in own], np.stack(vectors))
    excluded = flag_excluded(text, [(each.start, each.end) for each in own])
    figures[excluded] = (1 - RULED) / (len(model.roles) - 1)
    figures[excluded, model.roles.index(REFUSAL)] = RULED
    return tuple(
        ReadSentence(each.start, each.end, model.roles[int(sure.argmax())], float(sure.max()))
        for each, sure in zip(own, figures, strict=True)
    )
