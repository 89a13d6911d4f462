"""Clauses that sound like refusals and ask for the thing all the more: "not without a pilot line".

Who denies twice affirms, and who takes nothing else wants just that. A refusal is looked for in
what is left.
"""

import re

from matching.text.words import simplify

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# Nobody writes a sentence of more characters.
_LONGEST = 2000

# Everything but one thing is refused: that one is wanted.
_ALL_BUT = (
    r"(?:免谈|不谈|不看|不考虑|不行|不可以?|不收|不要|不接受|不碰|没兴趣|勿扰|绕行"
    r"|别来|莫来|别[谈提推]|不用[谈看推])"
)
_DENIES_TWICE = re.compile(
    r"^(?:否则|不然|要不然)"
    rf"|^(?:其[他它余]|别)的?[^，。；]{{0,4}}{_ALL_BUT}"
    rf"|[^，。；]{{1,20}}(?:[以之]外|除外|之余)的?[^，。；]{{0,8}}{_ALL_BUT}"
    rf"|除了?[^，。；]{{1,20}}?(?:[以之]?外)?(?:[，,]?(?:其[他它余]|别)的?[^，。；]{{0,6}}|都|一律|一概){_ALL_BUT}"
    r"|(?:没有?|不|非|未|无)(?!兴趣|需要)[^，。；]{1,18}?(?:的话?|者|就|则|一律|都|也)*[请就也都]*"
    r"(?:免谈|不谈|不看|不考虑|不行|不可|不成|不收|勿扰|勿入|勿投递?|别投|别来|莫来|不用来|不要来|绕行|绕道)"
    r"|(?:不是|并?非|不能说?|不可|不会)[^，。；]{0,6}(?:不|没(?!收)|无[^关须需锡铅]|少得?了)"
    r"|不得不|不无|[离少缺]不[了开得]|[离缺少]了[^，。；]{1,12}不[行成可]"
)
_DENIES_TWICE_ENGLISH = re.compile(
    r"\b(?:nothing|none|no ?one|nobody|not any(?:thing|one|body)?) (?:but|except|other than)\b"
    r"|\b(?:any(?:thing|one|body)|everything|all) (?:but|except|other than)\b.*\b(?:is|are)"
    r" (?:out|excluded|ruled out|declined|of no (?:interest|use)|no good|not for us)\b"
    r"|(?:\bnot|n['’]t|\bcannot|\bnever)(?: (?:do|work|live|go|manage|start|move|continue|ship))?"
    r" without\b"
    r"|(?:\bnot|n['’]t|\bnever|\bcannot|\bno)\b[^,;]{0,40}"
    r"(?:\b(?:less than|fewer than|anything (?:but|other than|except)|un(?:interested|willing))\b"
    r"|\b(?:who|that)\b[^,;]{0,20}(?:n['’]t|\bnot|\bnever|\bwithout)\b)"
    r"|\b(?:nobody|no ?one|whoever|anyone|anybody|those|people|firms|teams|companies)"
    r"(?: \w+)?(?: (?:who|that))?(?: \w+)?"
    r"(?:n['’]t| not(?! apply)| never| without| lacking| lacks?)\b"
    r"|\bit(?: is|['’]s) not that\b|\bit isn['’]t that\b|\b(?:can(?:no|['’])t) not\b"
    r"|\bnot un(?:interested|willing|happy)\b",
    re.IGNORECASE,
)
_INSISTS = re.compile(
    r"才(?:要|行|可|考虑|谈|看|收|算|来)|非[^，。；]{1,16}不(?:可|行|要|用|谈|选)|除非|必须(?!不)"
    r"|只(?:要|认|收|看|接受|考虑|用)|[就光]认|唯有|一定(?:得|要)是|不(?:仅|只|光|单)是?"
    r"|\b(?:only (?:if|when|those|people|who)|nothing but|must (?:be|have)|has to be|insist"
    r"|not (?:only|just|merely))\b",
    re.IGNORECASE,
)


def denies_twice(clause: str) -> bool:
    """Whether a clause denies what it denies, and so affirms it."""
    if len(clause) > _LONGEST:
        return False
    if _CJK.search(clause) and _DENIES_TWICE.search(simplify(clause).strip()):
        return True
    return bool(_DENIES_TWICE_ENGLISH.search(clause))


def insists(clause: str) -> bool:
    """Whether a clause takes nothing but what it names, or denies twice."""
    return denies_twice(clause) or bool(_INSISTS.search(simplify(clause)))
