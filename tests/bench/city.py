"""A made-up city: what its mentors can do, what its startups ask, and how they say it.

Who can help whom is decided first, by topics, and the texts are written from them afterwards, by
clauses of the shipped background texts. So the labels owe nothing to what matching thinks of the
texts. Demand is skewed towards a few topics and supply follows it only half-way; some mentors
describe themselves well and some hardly; one of seven writes in English.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.background import NEED, PROFILE, read_texts

# The topics of the background that a mentor of one of them can say something to.
FAMILIES: tuple[tuple[str, ...], ...] = (
    ("sic-epitaxy", "analog-chip", "eda-tools", "advanced-packaging", "photoresist"),
    ("automotive-chip", "mems-sensor", "optical-module", "display", "vacuum-equipment"),
    ("antibody-drug", "small-molecule", "cell-therapy", "gene-editing", "synthetic-biology"),
    ("vascular-device", "orthopaedic-implant", "surgical-robot", "medical-imaging", "ivd"),
    ("digital-therapeutics", "brain-interface", "wearable", "traditional-medicine"),
    ("llm-agents", "machine-vision", "autonomous-driving", "medical-imaging", "drone"),
    ("humanoid", "robot-arm", "bearing", "cnc-machine", "laser-processing", "ultrasonic-ndt"),
    ("battery-cell", "solid-state-battery", "battery-recycling", "grid-storage", "ev-motor"),
    ("hydrogen", "perovskite-solar", "wind-power", "fusion", "carbon-capture"),
    ("water-treatment", "building-energy", "bio-plastics", "smart-agriculture", "food-tech"),
    ("carbon-fibre", "superalloy", "aerogel", "rare-earth-magnet", "sports-fashion"),
    ("rocket-engine", "satellite-payload", "quantum", "drone"),
    ("industrial-iot", "blockchain-data", "cybersecurity", "metaverse-ar"),
    ("angel-round", "seed-money", "venture-loan", "equity-law", "patent-strategy"),
    ("team-building", "export-market", "equity-law", "patent-strategy"),
)
# How much a label is worth: the mentor's own topic, one beside it, one of the same family.
OWN, BESIDE, NEAR = 3, 2, 1
# How unequally topics are asked for: the exponent of Zipf's law.
_SKEW = 0.7
_VAGUE_SHARE = 0.25
_ENGLISH_SHARE = 0.15
_CLAUSE_MARKS = re.compile(r"[，。；、,;.]\s*")
_LEAST_CLAUSE = 5
_FILLERS = {
    "zh": (
        "愿意用自己的经历陪创业团队走一段路。",
        "在行业里工作多年，走过不少弯路。",
        "可以先聊一次，再决定要不要继续。",
        "每个月抽得出半天时间，线上线下都可以。",
        "见过许多团队的起落，说话比较直接。",
    ),
    "en": (
        "Happy to walk part of the way with a young team.",
        "Many years in industry, with detours worth hearing about.",
        "Let us talk once and then decide whether to go on.",
        "Can spare half a day a month, in person or online.",
        "Has seen many teams rise and fall, and speaks plainly.",
    ),
}


@dataclass(frozen=True, slots=True)
class Expertise:
    """What somebody can do, or needs: a topic of their own and others beside it."""

    own: str
    beside: tuple[str, ...]
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class City:
    """Mentors, the different needs, and how often each need is asked, adding up to 1."""

    mentors: tuple[Expertise, ...]
    needs: tuple[Expertise, ...]
    demand: tuple[float, ...]


def grade(need: Expertise, mentor: Expertise) -> int:
    """The label of `mentor` for `need`, 0 to 3, from topics alone."""
    if need.own == mentor.own:
        return OWN
    if need.own in mentor.beside or mentor.own in need.beside:
        return BESIDE
    return NEAR if any({need.own, mentor.own} <= set(family) for family in FAMILIES) else 0


def found_city(*, mentors: int, needs: int, seed: int) -> City:
    """A city with so many mentors and different needs; the same for the same seed."""
    generator = np.random.default_rng(seed)
    writer = _Writer(generator)
    topics = sorted({text.topic for text in read_texts()})
    generator.shuffle(topics)
    asked = 1 / np.arange(1, len(topics) + 1) ** _SKEW
    asked /= asked.sum()
    offered = np.sqrt(asked) / np.sqrt(asked).sum()
    made_mentors = [
        writer.introduce(str(topic)) for topic in generator.choice(topics, mentors, p=offered)
    ]
    # Every topic is asked for, and the popular ones in more wordings.
    asked_for = [*topics, *generator.choice(topics, needs - len(topics), p=asked)]
    made_needs = [writer.ask(str(topic)) for topic in asked_for]
    share = dict(zip(topics, asked.tolist(), strict=True))
    wordings = {topic: sum(need.own == topic for need in made_needs) for topic in topics}
    return City(
        tuple(made_mentors),
        tuple(made_needs),
        tuple(share[need.own] / wordings[need.own] for need in made_needs),
    )


class _Writer:
    """Writes profiles and needs from clauses of the background."""

    def __init__(self, generator: np.random.Generator) -> None:
        self._generator = generator
        self._clauses: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for text in read_texts():
            self._clauses[text.topic, text.role, text.language] += [
                clause for clause in _CLAUSE_MARKS.split(text.text) if len(clause) >= _LEAST_CLAUSE
            ]

    def introduce(self, topic: str) -> Expertise:
        """A mentor of `topic` and of one or two others, mostly of the same family."""
        beside = self._choose_beside(topic, int(self._generator.integers(1, 3)))
        language = self._choose_language()
        if self._generator.random() < _VAGUE_SHARE:
            sentences = [self._say(topic, PROFILE, language, 1)]
            sentences += self._choose(_FILLERS[language], 3)
        else:
            clauses = int(self._generator.integers(2, 5))
            sentences = [self._say(topic, PROFILE, language, clauses)]
            sentences += [self._say(each, PROFILE, language, 2) for each in beside]
            sentences += self._choose(_FILLERS[language], int(self._generator.integers(0, 3)))
        return Expertise(topic, beside, language, _join(sentences, language))

    def ask(self, topic: str) -> Expertise:
        """A need of `topic`, and sometimes of another one."""
        beside = self._choose_beside(topic, int(self._generator.integers(0, 2)))
        language = self._choose_language()
        sentences = [self._say(topic, NEED, language, int(self._generator.integers(2, 5)))]
        sentences += [self._say(each, NEED, language, 1) for each in beside]
        return Expertise(topic, beside, language, _join(sentences, language))

    def _choose_beside(self, topic: str, count: int) -> tuple[str, ...]:
        near = sorted({t for family in FAMILIES if topic in family for t in family} - {topic})
        everything = sorted({t for family in FAMILIES for t in family} - {topic})
        among = near if near and self._generator.random() < 0.8 else everything
        return tuple(self._choose(among, count))

    def _choose_language(self) -> str:
        return "en" if self._generator.random() < _ENGLISH_SHARE else "zh"

    def _choose(self, among: Sequence[str], count: int) -> list[str]:
        chosen = self._generator.choice(len(among), min(count, len(among)), replace=False)
        return [among[at] for at in sorted(chosen)]

    def _say(self, topic: str, role: str, language: str, count: int) -> str:
        clauses = self._choose(self._clauses[topic, role, language], count)
        return "，".join(clauses) + "。" if language == "zh" else ", ".join(clauses) + "."


def _join(sentences: Sequence[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(sentences)
