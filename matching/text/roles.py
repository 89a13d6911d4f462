"""What a sentence does in a need or a profile: a small model that anybody can look into.

In a need a sentence says what is wished for or what the trouble is ("wish"), what the startup makes
("product"), who it is ("background"), what has to be kept ("condition") or what is not wanted
("refusal"). In a profile it says what somebody does ("does") or has done ("done"), on which terms
("condition"), tells a story ("anecdote"), is looking for something itself ("seeks"), or says what
somebody does not do ("refusal").

The model is a multinomial logistic regression on the vector of the sentence and on a few features
that can be read off it. It is fitted to sentences of our own (`background/roles.tsv`), for each
encoder anew, and always in the same steps, so that equal sentences give equal roles. Where language
is regular a rule decides: see `clauses`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.text.clauses import refuses
from matching.text.insisting import insists
from matching.text.seeking import seeks
from matching.text.words import CHINESE, detect_language, simplify

Figures = NDArray[np.float64]

WISH, PRODUCT, BACKGROUND, CONDITION, REFUSAL = (
    "wish",
    "product",
    "background",
    "condition",
    "refusal",
)
DOES, DONE, ANECDOTE, SEEKS = "does", "done", "anecdote", "seeks"
NEED_ROLES = (WISH, PRODUCT, BACKGROUND, CONDITION, REFUSAL)
PROFILE_ROLES = (DOES, DONE, CONDITION, ANECDOTE, SEEKS, REFUSAL)

# What a sentence of a role counts: docs/matching.md has what was measured.
_NEED_WORTHS = {WISH: 1.0, PRODUCT: 0.5, BACKGROUND: 0.1, CONDITION: 0.2, REFUSAL: 0.0}
_PROFILE_WORTHS = {
    DOES: 1.0,
    DONE: 0.9,
    CONDITION: 0.4,
    ANECDOTE: 0.5,
    SEEKS: 0.0,
    REFUSAL: 0.0,
}
_LEAST_WORTH = 0.004

# How sure one may be of what a rule says.
RULED = 0.9
# A figure below it does not tell two machines apart.
_DECIMALS = 3
# Vectors are of unit length: their single numbers are small beside the other features.
_VECTOR_SCALE = 8.0
_CUE_SCALE = 3.0
_STEPS = 400
_LONG = 120

_CUES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # what is wished for
        r"想(?:找|请|要|融|把|借|约|知道|弄|让|建|做|换|申请|问)|希望|求|寻找|需要|急需|缺(?!陷)|谁能"
        r"|哪里|哪家|怎么|如何|为什么|吗[？?]|请(?:教|问|介绍|推荐|一位|老师)|找.{0,12}的?人|打算|盼",
        r"\b(?:look(?:ing)? for|seek(?:ing)?|need|want|would like|wish|hope|introduce|help us"
        r"|who can|where can|how (?:do|can|should|to)|why|wanted|rais(?:e|ing)|what we lack)\b|\?",
        # what is the trouble
        r"问题|卡(?:在|住|就)|头疼|困难|瓶颈|超标|偏(?:高|低|大|小)|太(?:高|低|慢|大|小|短|长|贵|脆)"
        r"|上不去|下不来|降不|压不|不(?:稳|住|出|到|上|下|一致|均匀|收敛|准)|漏|裂|断|翘|漂|堵|失效"
        r"|失败|衰减|下滑|投诉|抱怨|退货|返工|报错|异响|抖|变形|脱落|不知道|说不清|没有?人|怀疑",
        r"\b(?:fail(?:s|ed|ure)?|problem|trouble|issue|struggle|crack|leak|drift|peel|noise|swing"
        r"|wrong|no idea|complain|los(?:e|es|t)|drop|too (?:high|low|slow|long|big|small)|stuck"
        r"|unstable|headache|nobody|blame|worse|halves|spoils?|unable|lack)\b",
        # who somebody is
        r"成立|创立|位于|总部|注册(?:在|资本)|团队|成员|核心|创始人|合伙人|毕业|博士|硕士|教授|出身"
        r"|曾|获(?:得|评)|称号|奖|入选|专利.{0,8}(?:件|项)|高新技术企业|专精特新|天使轮|[A-D]轮"
        r"|营收|营业收入|员工|股东|致力于|愿景|理念",
        r"\b(?:founded|founder|team|our (?:ceo|cto|mission|office|company)|won|prize|award|patents?"
        r"|published|phd|employees|staff|revenue|investors?|seed|based in|headquarter|graduate"
        r"|university|dear|hello|thank)\b",
        # what is made
        r"我们(?:是|做|开发|研发)|产品|项目|自研|主营|一种|一款|用.{1,12}做",
        r"\b(?:we (?:make|build|develop|are developing|turn|work on)|our (?:product|device|chip"
        r"|machines?)|start-?up)\b",
        # what has to be kept
        r"预算|万元?以内|费用|价格|每周|每月|周期|之前|月底|年底|地点|远程|到场|现场|样品|报告|资质"
        r"|CNAS|CMA|单笔|估值|出让|占股|期限|天内|周内|最好|保密|收费",
        r"\b(?:budget|deadline|by the end|weeks?|months?|remote|samples?|at most|at least|within"
        r"|day rate|tickets?|pre-money|nda|fees?|price|usd|rmb|eur|yuan|dollars|euros|must"
        r"|required?|ideally)\b",
    )
)


@dataclass(frozen=True, slots=True)
class RoleModel:
    """The roles of one side's sentences; `weights` is (features, roles)."""

    roles: tuple[str, ...]
    has_cues: bool
    weights: Figures

    @classmethod
    def fit(
        cls,
        roles: tuple[str, ...],
        texts: Sequence[str],
        labels: Sequence[str],
        vectors: NDArray[np.float32],
        *,
        has_cues: bool,
        counts: Figures | None = None,
    ) -> "RoleModel":
        """Fit to n texts with their roles and (n, d) unit vectors; always the same steps.

        Each counts once, or as often as `counts`, (n,), says. Nesterov's accelerated gradient on
        the penalised likelihood, which has one optimum.
        """
        features = _measure(texts, vectors, has_cues=has_cues)
        wanted = np.eye(len(roles))[[roles.index(label) for label in labels]]
        times = np.ones((len(texts), 1)) if counts is None else counts[:, np.newaxis]
        penalty = np.ones((features.shape[1], 1))
        penalty[-1] = 0.01
        steepest = 0.5 * float(np.linalg.norm(np.sqrt(times) * features, 2)) ** 2 + 1.0
        weights = ahead = np.zeros((features.shape[1], len(roles)))
        for step in range(1, _STEPS + 1):
            slope = features.T @ (times * (_soften(features @ ahead) - wanted)) + penalty * ahead
            moved = ahead - slope / steepest
            ahead = moved + (step - 1) / (step + 2) * (moved - weights)
            weights = moved
        return cls(roles, has_cues, weights)

    def read(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> Figures:
        """(n,) sentences with their (n, d) vectors → (n, roles) probabilities.

        What a rule takes for a refusal is one, as surely as rules are; and in a profile what a rule
        takes for a search.
        """
        if not len(texts):
            return np.zeros((0, len(self.roles)))
        figures = _soften(_measure(texts, vectors, has_cues=self.has_cues) @ self.weights)
        refusal = self.roles.index(REFUSAL)
        for at, text in enumerate(texts):
            if refuses(text):
                _raise_role(figures[at], refusal)
            elif insists(text):
                figures[at, refusal] = 0.0
                figures[at] /= figures[at].sum()
            elif SEEKS in self.roles and seeks(text):
                _raise_role(figures[at], self.roles.index(SEEKS))
        rounded: Figures = figures.round(_DECIMALS)
        return rounded


def _raise_role(figures: Figures, role: int) -> None:
    """The (roles,) probabilities of one sentence, of which a rule says what its role is."""
    if figures[role] < RULED:
        figures *= (1 - RULED) / max(1 - figures[role], 1e-9)
        figures[role] = RULED


def weigh_sentences(
    model: RoleModel, texts: Sequence[str], vectors: NDArray[np.float32]
) -> tuple[Figures, Figures, Figures]:
    """(n,) sentences of profiles → (n,) what each counts, how surely it is a refusal, and how
    surely it says what somebody is looking for himself; in [0, 1]."""
    figures = model.read(texts, vectors)
    return *weigh_roles(model.roles, figures), figures[:, model.roles.index(SEEKS)]


def weigh_roles(roles: Sequence[str], figures: Figures) -> tuple[Figures, Figures]:
    """(n, roles) probabilities → (n,) what each sentence counts, (n,) how surely it refuses."""
    worths_of = _NEED_WORTHS if WISH in roles else _PROFILE_WORTHS
    worths: Figures = figures @ np.array([worths_of[role] for role in roles])
    refusals: Figures = figures[:, roles.index(REFUSAL)]
    return np.maximum(worths, _LEAST_WORTH), refusals


def _measure(texts: Sequence[str], vectors: NDArray[np.float32], *, has_cues: bool) -> Figures:
    """(n, features): the vector, what a sentence says of itself, and a one."""
    said = np.array([_list_signs(text, has_cues=has_cues) for text in texts])
    ones = np.ones((len(texts), 1))
    scaled = _VECTOR_SCALE * vectors.astype(np.float64)
    return np.hstack([scaled, _CUE_SCALE * said, ones])


def _list_signs(text: str, *, has_cues: bool) -> tuple[float, ...]:
    signs = [
        float(refuses(text)),
        min(len(text), _LONG) / _LONG,
        float(any(character.isdigit() for character in text)),
        float(detect_language(text) == CHINESE),
    ]
    if has_cues:
        plain = simplify(text)
        signs += [min(len(cue.findall(plain)), 2) / 2 for cue in _CUES]
    return tuple(signs)


def _soften(logits: Figures) -> Figures:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    softened: Figures = powers / powers.sum(axis=1, keepdims=True)
    return softened
