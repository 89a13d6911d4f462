"""Readers of Chinese and of English get the same site."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.rules.chinese_blanks import list_misplaced
from tests.rules.translations import extract_texts, list_problems, read_catalogue


def test_the_catalogue_is_complete() -> None:
    assert list_problems(extract_texts(), read_catalogue()) == []


# What an engagement plans is a session 辅导 with a mentor, a talk 会谈 with an investor and an
# appointment 预约 at a centre, and a time 次 where it is any of them. A call has a link, a fund may
# have a step of its own, and somebody can be met.
MEETINGS = {
    "Link to the meeting",
    "Meetings can be online",
    "One a line, in their order: screening, meeting, due diligence, committee.",
    "The two sides met.",
    "Where you meet",
    "Who is met",
}


def test_one_thing_has_one_word() -> None:
    odd = [
        message.id
        for message in read_catalogue()
        if message.id
        and re.search(r"\bmeetings?\b|会面", f"{message.id}{message.string}", re.IGNORECASE)
        and message.id not in MEETINGS
    ]
    assert odd == []


def test_texts_are_found_in_code_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "app/templates/needs").mkdir(parents=True)
    (tmp_path / "app/needs").mkdir(parents=True)
    (tmp_path / "app/needs/forms.py").write_text('label = _l("State a need")\n')
    (tmp_path / "app/templates/needs/list.html").write_text(
        '{{ ngettext("%(num)d need", "%(num)d needs", n) }}'
        '{% trans name="x" %}Hello {{ name }}{% endtrans %}'
    )
    found = {message.id for message in extract_texts(tmp_path) if message.id}
    assert found == {"State a need", ("%(num)d need", "%(num)d needs"), "Hello %(name)s"}


@pytest.mark.parametrize(
    ("sentence", "misplaced"),
    [
        ("由%(name)s提出，还剩 %(num)d 个名额", []),
        ("由 %(name)s提出", ["由 %(name)s"]),
        ("%(need)s 已关闭", ["%(need)s 已"]),
        ("须在 %(due)s之前", ["在 %(due)s"]),
        ("共%(num)d 个，第 %(row)s行", ["共%(num)d", "%(row)s行"]),
        ("至少 %(amount)s，已付 %(paid)s。", []),
        ("已付%(paid)s，共 %(amount)s 可用", ["付%(paid)s", "%(amount)s 可"]),
        ("%(amount)s 元", []),
        ("30 天内用 SQLite，2099年起 5%% 以上", []),
        ("30天内用SQLite 读 取", ["0天", "用S", "读 "]),
        ("%(provider)s · %(kind)s", []),
    ],
)
def test_blanks_of_chinese_sentences_stand_beside_figures_alone(
    sentence: str, misplaced: list[str]
) -> None:
    assert list_misplaced(sentence) == misplaced


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Free: %(hours)s"\nmsgstr "空闲：%(hours)s"\n', None),
        ("", "missing"),
        ('msgid "Free: %(hours)s"\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "Free: %(hours)s"\nmsgstr "空闲：%(hours)s"\n', "fuzzy"),
        ('msgid "Free: %(hours)s"\nmsgstr "空闲：%(hour)s"\n', "other placeholders"),
        ('msgid "Free: %(hours)s"\nmsgstr "你空闲：%(hours)s"\n', "你 in place of 您"),
        ('msgid "Free: %(hours)s"\nmsgstr "空闲%(hours)s"\n', "blanks (闲%(hours)s)"),
        ('msgid "Free: %(hours)s"\nmsgstr "你们空闲：%(hours)s"\n', None),
        (
            'msgid "Free: %(hours)s"\nmsgstr "空闲：%(hours)s"\n\n#~ msgid "Old"\n#~ msgstr "旧"\n',
            "obsolete",
        ),
        (
            'msgid "Free: %(hours)s"\nmsgstr "空闲：%(hours)s"\n\nmsgid "Old"\nmsgstr "旧"\n',
            "no longer in the sources",
        ),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_said(entry: str, problem: str | None) -> None:
    sources = Catalog()
    sources.add("Free: %(hours)s", locations=[("app/needs/forms.py", 1)])
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    catalogue = read_po(io.BytesIO((header + entry).encode()), locale="zh_Hans_CN")
    found = list_problems(sources, catalogue)
    assert [line.split(":")[0] for line in found] == ([] if problem is None else [problem])
