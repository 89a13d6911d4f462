"""What a profile says that somebody seeks himself: "正在招聘…", "that is raising its round".

Whoever looks for a thing does not offer it. Whom an investor, an adviser or a lab looks for, those
he serves: "we look for young teams", "欢迎做激光的团队联系" seek nobody's help.
"""

import re

from matching.text.words import simplify

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_SEEKS = re.compile(
    r"(?:正?在|现|拟|欲|诚|长期|计划)(?:寻找|寻求|招聘|招募|征集?|找|招|融(?=[资A-D天种])|采购|收购|租用|引进)"
    r"|(?:^|[，；：、\s])(?:寻找|寻求|招聘|诚聘|诚征|急招|急聘|采购(?!总监|经理|平台|流程|代理|服务|经验|渠道)|收购|订购|外购|求租|外发)"
    r"|求购|急需|急购|(?:长期|常年|每[年月周]|大量|批量|集中)(?:采购|收购|订购|购买|外发|外购)(?!平台|服务|代理)"
    r"|(?:想|希望|打算|需要|拟|计划)(?:请|找|招|申请|租|借|采购|购买|买|购|订购|融资|聘)"
)
# Who serves others, said before what he looks for; and whom they serve, said behind it.
_SERVES = re.compile(r"基金|资本|投资|导师|顾问|孵化|加速器|平台|帮|为|给")
_SERVED = re.compile(r"^.{0,16}(?:团队|项目|初创|创业|企业|创始人|成果|标的|学员)")
_SEEKS_ENGLISH = re.compile(
    r"\b(?:is|are|am|['’]re|['’]m)(?: currently| now| still| also)? (?:raising|hiring|in need of)\b"
    r"|(?<!-)\b(?:looking (?:for|to (?:buy|hire|rent))|seeks|seeking|searching for|in search of)\b"
    r"|(?:\b(?:that|which|and)|,) (?:\w+ly )?"
    r"(?:buys|purchases|procures|outsources)\b(?! (?:\w+ )?(?:stakes?|shares?|back|time|into?)\b)"
    r"|\b(?:company|maker|manufacturer|builder|start-?up|team|group|plant|lab|firm)"
    r" (?:\w+ly )?(?:that |which )?(?:buying|purchasing|procuring|sourcing|buys|procures|sources)\b"
    r"|\b(?:wants?|wish(?:es)?|would like|hopes?) to (?:buy|rent|hire|license|find|raise|sell)\b",
    re.IGNORECASE,
)
_SERVES_ENGLISH = re.compile(
    r"\b(?:funds?|investors?|vcs?|ventures?|mentors?|advis[eo]rs?|accelerator|incubator|helps?|for)\b",
    re.IGNORECASE,
)
_SERVED_ENGLISH = re.compile(
    r"^(?:\W*\w+){0,6}?\W+(?:teams?|founders?|projects?|start-?ups?|companies|ventures"
    r"|entrepreneurs?)\b",
    re.IGNORECASE,
)


def seeks(sentence: str) -> bool:
    """Whether a sentence of a profile surely says what its owner seeks for himself."""
    text, marks = sentence, (_SEEKS_ENGLISH, _SERVES_ENGLISH, _SERVED_ENGLISH)
    if _CJK.search(sentence):
        text, marks = simplify(sentence), (_SEEKS, _SERVES, _SERVED)
    looks_for, serves, served = marks
    found = looks_for.search(text)
    return (
        found is not None
        and not serves.search(text, 0, found.start())
        and not served.search(text[found.end() :])
    )
