"""How the sentences of a need are meant, where matching took one for something else."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, require
from app.errors import ChangedMeanwhile
from app.needs.errors import SentenceGone
from app.needs.trace import record_act, touch
from matching.text.sentences import split_need
from models.needs import Need, ReadingCorrection
from models.sentence_keys import make_sentence_key
from models.vocabulary import NeedRole


def correct_reading(
    session: Session,
    *,
    need: Need,
    sentence: str,
    role: NeedRole | None,
    version: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """From now on `sentence` of `need` is read as `role`; as matching reads it where it is None.

    Holds for each place in which the need says this sentence, until the sentence is changed.
    Raises ChangedMeanwhile when the need is not the `version` that was read (None asks for none),
    SentenceGone when it does not say this sentence.
    """
    require(actor, "need:edit", need)
    if version is not None and need.version != version:
        raise ChangedMeanwhile
    text = need.text
    if sentence not in (text[each.start : each.end] for each in split_need(text)):
        raise SentenceGone
    key = make_sentence_key(sentence)
    known = next((each for each in need.corrections if each.sentence_key == key), None)
    if role is None:
        if known is not None:
            need.corrections.remove(known)
    elif known is None:
        need.corrections.append(
            ReadingCorrection(sentence=sentence, sentence_key=key, role=role, corrected_at=at)
        )
    else:
        known.role, known.corrected_at = role, at
    touch(need, at)
    session.flush()
    record_act(
        session,
        need,
        "need_reading_corrected",
        actor=actor,
        at=at,
        detail={"role": "" if role is None else role.value},
    )
