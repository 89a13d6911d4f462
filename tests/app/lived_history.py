"""Histories of matches whose founders go by weights that the test knows, stored as the site would.

The outcomes are those of `tests.matching.made_outcomes`; here they become runs, matches,
engagements, sessions and feedback.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from matching.background import prepare_background
from matching.encoders.hashing import HashingEncoder
from matching.learning.fitting import score_shown
from matching.learning.preferences import Grade, Shown
from matching.ranking.weights import SHIPPED
from models.engagements import Engagement
from models.matches import Match, MatchRun
from models.needs import Need
from models.organisations import Startup
from models.vocabulary import Strength
from tests.factories import AT, make_mentor, make_need, make_startup
from tests.matching.made_outcomes import CALIBRATION, OTHERS, PLACES, make_shown

ENCODER = HashingEncoder().fingerprint
BACKGROUND = prepare_background(HashingEncoder()).version


def make_run(session: Session, need: Need, **values: object) -> MatchRun:
    """A run of `need` without matches, made by the present encoder and the shipped weights."""
    given = {
        "run_at": AT,
        "need_version": 1,
        "encoder_fingerprint": ENCODER,
        "background_version": BACKGROUND,
        "weights_version": SHIPPED.version,
        "index_revision": 1,
    } | values
    run = MatchRun(need=need, **given)
    session.add(run)
    session.flush()
    return run


def make_features(shown: Shown, number: int) -> dict[str, float]:
    """The features of one match of `shown`, without its relevance."""
    names = ("whole", "late", "back", "words", "one_language")
    return {name: float(getattr(shown, name)[number]) for name in names}


def live_through(session: Session, startups: int, *, seed: int = 1) -> Shown:
    """`startups` find lists of ten and ask whom they prefer by `OTHERS`. Flushes."""
    shown = make_shown(startups, truth=OTHERS, seed=seed)
    mentors = [make_mentor(session, capacity=500) for _ in range(PLACES)]
    scores = score_shown(shown, SHIPPED, CALIBRATION)
    founded: dict[int, Startup] = {}
    for start in range(0, len(shown.lists), PLACES):
        asker = int(shown.askers[start])
        if asker not in founded:
            founded[asker] = make_startup(session)
        need = make_need(session, founded[asker])
        run = make_run(session, need, run_at=AT + timedelta(days=asker))
        for number in range(start, start + PLACES):
            relevance = float(scores[number] - shown.rest[number])
            place = int(shown.places[number])
            match = Match(
                provider=mentors[place - 1],
                kind=mentors[place - 1].kind,
                rank=place,
                score=min(max(float(scores[number]), 0.0), 1.0),
                strength=Strength.POSSIBLE,
                features=make_features(shown, number)
                | {"relevance": relevance, "score": relevance + float(shown.rest[number])},
            )
            run.matches.append(match)
            if shown.least[number] == shown.most[number]:
                asked = shown.least[number] == Grade.ACCEPTED
                session.add(
                    Engagement(
                        need=need,
                        startup=need.startup,
                        provider=match.provider,
                        match=match,
                        state="cancelled" if asked else "declined",
                        requested_at=run.run_at,
                        answer_due_at=run.run_at + timedelta(days=7),
                    )
                )
    session.flush()
    return shown
