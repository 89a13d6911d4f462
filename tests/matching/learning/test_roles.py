"""What owners say of their sentences is learned where it holds for others, too."""

import numpy as np
import pytest

from matching.background import ENCODER_ROLES, NEED, list_role_texts, prepare_background
from matching.encoders.hashing import HashingEncoder
from matching.learning.roles import Sentences, TooFewCorrections, learn_roles
from matching.text.roles import RoleModel

ENCODER = HashingEncoder()
ACTIVE = prepare_background(ENCODER).readers[NEED]
MATTERS = (
    "ceramic ball bearings", "titanium castings", "flow batteries", "night vision lenses",
    "soil probes", "wheel hub motors", "gas turbines blades", "optical fibres", "paper sensors",
    "hydraulic pumps", "rubber seals", "wind tunnels", "tide gauges", "cold plasma jets",
)  # fmt: skip


def take_in(texts: list[str], roles: list[str], owners: list[int]) -> Sentences:
    vectors = ENCODER.encode(texts, role=ENCODER_ROLES[NEED])
    return Sentences(texts, roles, vectors, np.array(owners, dtype=np.int64))


def ship() -> Sentences:
    own = list_role_texts(NEED)
    return take_in([each.text for each in own], [each.role for each in own], [0] * len(own))


def correct(*, role: str = "wish", owners: int = 14, of_one: int = 3) -> Sentences:
    """Sentences of a manner that the shipped ones do not know, all of which do the same."""
    texts = [
        f"Our university team won a prize; next on the bench: {MATTERS[owner]}, part {number}."
        for owner in range(owners)
        for number in range(of_one)
    ]
    return take_in(texts, [role] * len(texts), [n for n in range(owners) for _ in range(of_one)])


def read_one(model: RoleModel, text: str) -> str:
    figures = model.read([text], ENCODER.encode([text], role=ENCODER_ROLES[NEED]))
    return model.roles[int(figures.argmax())]


def test_what_owners_say_alike_is_read_so_for_others() -> None:
    corrected = correct()
    shipped = ship()
    learned = learn_roles(NEED, shipped, corrected, ACTIVE)
    found = learned.quality
    assert (found.owners, found.sentences) == (14, 42)
    assert found.active < 0.2 < 0.8 < found.learned
    assert found.difference == pytest.approx(found.learned - found.active, abs=1e-3)
    assert 0 < found.low <= found.difference <= found.high
    # What is shipped is still read as before, but for a few.
    assert found.shipped_learned > found.shipped_active - 0.03
    other = take_in(
        ["Our university team won a prize; next on the bench: mine pumps."], ["wish"], [99]
    )
    assert learned.model.read(other.texts, other.vectors).argmax() == ACTIVE.roles.index("wish")
    again = learn_roles(NEED, shipped, corrected, ACTIVE)
    assert np.array_equal(again.model.weights, learned.model.weights)


def test_where_owners_say_what_is_read_already_nothing_is_gained() -> None:
    texts = [
        f"Who helps us with {matter}? We need it, version {n}."
        for matter in MATTERS
        for n in range(3)
    ]
    roles = [read_one(ACTIVE, text) for text in texts]
    said = take_in(texts, roles, [at // 3 for at in range(len(texts))])
    found = learn_roles(NEED, ship(), said, ACTIVE).quality
    assert found.active == 1.0
    assert found.difference <= 0 >= found.high


def test_one_owner_with_very_many_sentences_does_not_decide_for_all() -> None:
    corrected = correct()
    many = [f"We need help with {matter}, kind {n}." for matter in MATTERS for n in range(30)]
    loud = take_in(
        [*corrected.texts, *many],
        [*corrected.roles, *["refusal"] * len(many)],
        [*corrected.owners.tolist(), *[77] * len(many)],
    )
    learned = learn_roles(NEED, ship(), loud, ACTIVE)
    assert (
        read_one(learned.model, "Can you help us to find somebody who tests membranes?") == "wish"
    )
    assert learned.quality.shipped_learned > learned.quality.shipped_active - 0.03


@pytest.mark.parametrize("few", [{"owners": 9, "of_one": 5}, {"owners": 14, "of_one": 2}])
def test_of_few_nothing_is_learned(few: dict[str, int]) -> None:
    with pytest.raises(TooFewCorrections, match="too few"):
        learn_roles(NEED, ship(), correct(**few), ACTIVE)


def test_a_sentence_that_counts_twice_is_one_that_stands_there_twice() -> None:
    shipped = ship()
    first = slice(0, 60)
    texts, roles, vectors = shipped.texts[first], shipped.roles[first], shipped.vectors[first]
    twice = RoleModel.fit(
        ACTIVE.roles, [*texts, texts[0]], [*roles, roles[0]],
        np.concatenate([vectors, vectors[:1]]), has_cues=True,
    )  # fmt: skip
    counts = np.ones(60)
    counts[0] = 2
    weighed = RoleModel.fit(ACTIVE.roles, texts, roles, vectors, has_cues=True, counts=counts)
    assert weighed.weights == pytest.approx(twice.weights, abs=1e-6)
