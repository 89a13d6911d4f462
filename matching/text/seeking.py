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
    r"|(?:想|希望|打算|需要|拟|计划|急|到处|四处|正|要)(?:请(?!教|注)|找(?!到|准|平|正)|招(?!标)|申请|租|借(?!助|鉴)|进(?!入|到|步|一步|军|驻|修|厂|行|展|化|阶)|采[购买]|购买|买|购|订购|融资|聘)"
    r"|(?:找|寻|求|缺)[^，。；]{0,16}(?:货源|现货|供应商|供货商?|供方|来源|的货)"
    r"|(?:备|开发|导入|引入|培养)[^，。；]{0,8}第二(?:[家个]|供)[^，。；]{0,8}供?应?"
)
# Who serves others, said before what he looks for; and whom they serve, said behind it.
_SERVES = re.compile(r"基金|资本|投资|导师|顾问|孵化|加速器|平台|帮|为|给")
_SERVED = re.compile(r"^.{0,16}(?:团队|项目|初创|创业|企业|创始人|成果|标的|学员)")
_SEEKS_ENGLISH = re.compile(
    r"\b(?:is|are|am|['’]re|['’]m)(?: currently| now| still| also)? (?:raising|hiring|in need of)\b"
    r"|(?<!-)\b(?:looking (?:for|to (?:buy|hire|rent|source|procure|purchase|acquire|order"
    r"|second-source))|seeks|seeking|searching for|in search of|in need of|in the market for"
    r"|on the lookout for|(?:shopping|hunting|scouting) for)\b"
    r"|(?:\b(?:that|which|and)|,) (?:\w+ly )?"
    r"(?:buys|purchases|procures|outsources)\b(?! (?:\w+ )?(?:stakes?|shares?|back|time|into?)\b)"
    r"|\b(?:company|maker|manufacturer|builder|start-?up|team|group|plant|lab|firm"
    r"|brand|shop|studio|clinic|hospital|university|institute|yard|farm|integrator)"
    r" (?:\w+ly )?(?:that |which )?(?:buying|purchasing|procuring|sourcing|buys|procures|sources)\b"
    r"|\b(?:wants?|wish(?:es)?|would like|hopes?|needs?|tries|trying|has|have|plans?|about) to"
    r" (?:buy|rent|hire|license|find|raise|sell|(?:second-|dual-)?source|procure|purchase|order"
    r"|acquire|get hold of|lay hands on|get (?:its|their|our) hands on)\b",
    re.IGNORECASE,
)
_SERVES_ENGLISH = re.compile(
    r"\b(?:funds?|investors?|vcs?|ventures?|mentors?|advis[eo]rs?|accelerator|incubator|helps?|for"
    r"|(?:founders|teams|start-?ups|companies|makers|those|people|anyone) (?:who|that))\b",
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
