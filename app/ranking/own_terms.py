"""The terms of incubators, as matching takes them, and which words can be one."""

import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from matching.background import count_common_words
from matching.records import OwnTerm, TermSet
from matching.text.words import list_words
from models.incubator_terms import IncubatorTerm
from models.organisations import Incubator

# So many of the shipped texts may have all words of a form: one thousandth and more say everyday
# words, by which everybody would be found.
_COMMON_FROM: Final = 5
# Words of everybody's trade that the shipped texts, which are about technology, say less often.
_EVERYDAY: Final = frozenset(
    [
        "公司",
        "企业",
        "团队",
        "项目",
        "产品",
        "客户",
        "市场",
        "技术",
        "研发",
        "开发",
        "问题",
        "需求",
        "服务",
        "合作",
        "管理",
        "平台",
        "系统",
        "方案",
        "行业",
        "创业",
        "company",
        "enterprise",
        "startup",
        "team",
        "project",
        "product",
        "customer",
        "client",
        "market",
        "technology",
        "development",
        "problem",
        "need",
        "service",
        "cooperation",
        "management",
        "platform",
        "system",
        "solution",
        "industry",
        "business",
    ]
)
_LETTER: Final = re.compile(r"[^\W\d_]")


def read_term_set(incubator: Incubator | None) -> TermSet:
    """The terms that count for the needs of an incubator's startups, and their version."""
    if incubator is None or not incubator.terms:
        return TermSet()
    return TermSet(
        name_version(incubator, get_version(incubator.terms)),
        tuple(_make_term(each) for each in incubator.terms if each.taken_back_version is None),
    )


def read_terms_for(session: Session, viewer: Actor) -> TermSet:
    """The terms of the incubators that host `viewer` or that they operate: for lists."""
    rows = session.scalars(
        select(IncubatorTerm)
        .where(
            IncubatorTerm.incubator_id.in_(viewer.hosted_by | viewer.operates),
            IncubatorTerm.taken_back_version.is_(None),
        )
        .order_by(IncubatorTerm.id)
    )
    return TermSet("", tuple(map(_make_term, rows)))


def get_version(terms: Iterable[IncubatorTerm]) -> int:
    """The version of an incubator's terms, which are all that it ever had: 0 for none."""
    return max((each.taken_back_version or each.added_version for each in terms), default=0)


def name_version(incubator: Incubator, version: int) -> str:
    """What a run of matching names the terms by."""
    return f"{incubator.public_id}.{version}"


def is_too_common(form: str) -> bool:
    """Whether half of what people write says this: a number, a letter, or everyday words alone."""
    words = list_words(form)
    if _EVERYDAY.issuperset(form.casefold().split()) or form.casefold().rstrip("s") in _EVERYDAY:
        return True
    if not words or len(form.strip()) < 2 or not _LETTER.search(form):
        return True
    counts = count_common_words()
    return all(counts.get(word, 0) >= _COMMON_FROM for word in words)


def _make_term(term: IncubatorTerm) -> OwnTerm:
    return OwnTerm(tuple(term.chinese), tuple(term.english), tuple(term.abbreviations))
