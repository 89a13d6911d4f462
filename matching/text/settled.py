"""What a need says is settled, which is no wish: "融资已经谈妥", "we have solved the optics".

Only a need is read so: whoever says in a profile that he has solved a thing offers just that. And
only beside something else that is not settled, because a need wishes for something.
"""

import re

from matching.text.words import simplify

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")

# What is at an end, said of one thing; "解决了的" belongs to a thing that is spoken of further.
_SETTLED = re.compile(
    r"(?:已经?|早就|早已|都|也|均|全|总算|基本|刚刚?).{0,5}?(?:搞定|敲定|谈妥|谈好|解决|齐(?:了|备)|备齐"
    r"|到位(?!移)|落实|有着落|放弃|否决|否掉|做完|办完|办妥|办好|选定|定下来)(?!.{0,3}的)"
    r"|(?:投资|资金|供应商|代理|顾问|律师|律所|渠道|服务商|工厂|厂家)(?:我们|商|方|人)?已经?有.{1,4}了"
    r"|^(?![我咱]|团队|公司)[^，。；]{2,10}?(?:我们|咱们?|公司|团队|内部)?自己(?:做|测|来|搞定|解决|负责)(?:就行|即可|就好|就够了?)?[，。；！]?$"
    r"|(?:就|已经?)(?:足?够|够用)了|(?:归|由)[^，。；]{1,6}(?:管|负责|操心)(?!.{0,3}的)"
    r"|(?:搞定|敲定|谈妥|谈好|解决|齐|到位|落实|放弃|否决|否掉|做完|办完|办妥|办好)(?:掉|完|好)?了(?!.{0,4}[吗么?？])"
)
# Not yet, if only, half of it, or together with what follows from it.
_OPEN = re.compile(
    r"[没未尚]|难以|无法|不|才能|如何|怎[么样]|[?？]|希望|需要|想|要|请|求|如果|一旦|只要|等|之?后|前|一半|部分"
)
_NOUNS = (
    r"(?:investors?|money|funding|capital|cash|suppliers?|vendors?|agents?|lawyers?|counsel"
    r"|advis[eo]rs?|consultants?|mentors?|partners?|distributors?|foundry|manufacturer|contractor"
    r"|agency|lab|laboratory)"
)
_SETTLED_ENGLISH = re.compile(
    r"\b(?:we|i)(?:['’]ve| have)(?: already| now| since| long)? (?:solved|settled|sorted|nailed"
    r"|cracked|dropped|abandoned|given up|ruled out)\b"
    r"|\b(?:we|i) (?:already |since |finally )?(?:gave up|dropped|abandoned|ruled out|solved)\b"
    r"|\b(?:is|are|has been|have been)(?: already| now| all| both)? (?:solved|settled|sorted(?! by)"
    r"|taken care of|under control)\b|\b(?:is|are) already in place\b"
    r"|\b(?:we|i)(?:['’]re| are) (?:well |long )?past (?:the|that)\b"
    r"|\b(?:we|i)(?:['’]re| are) (?:all |well )?(?:set|covered|sorted) (?:on|for|with)\b"
    r"|\b(?:is|are|gets?) (?:handled|covered|dealt with|looked after) (?:in-?house|internally)\b"
    r"|\b(?:we|i)(?:['’]ve| have)(?: got)? (?:plenty|lots|loads|more than enough) of\b"
    rf"|\b(?:we|i)(?: already have| have got|['’]ve (?:already )?got) (?:\w+ ){{0,3}}{_NOUNS}\b",
    re.IGNORECASE,
)
_OPEN_ENGLISH = re.compile(
    r"\?|\b(?:not|never|nobody|once|until|unless|if|when|after|before|half|partly|almost|nearly)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)


def settles(clause: str) -> bool:
    """Whether a clause of a need says that something is settled and not the matter any more."""
    if _CJK.search(clause):
        plain = simplify(clause)
        return bool(_SETTLED.search(plain)) and not is_open(plain)
    return bool(_SETTLED_ENGLISH.search(clause)) and not is_open(clause)


def is_open(clause: str) -> bool:
    """Whether a clause, in Simplified characters, says that something is so only in part, not yet
    or on some condition."""
    return bool((_OPEN if _CJK.search(clause) else _OPEN_ENGLISH).search(clause))


# What somebody says he cannot do himself, which a profile says to refuse and a need to be helped.
_LACKS = re.compile(
    r"(?:不太?[懂熟会]|不擅长|不在行|没(?:有)?经验|没(?:有)?做过|没(?:有)?碰过|(?:算|看|弄|搞)不明白)[^，。；]{0,10}[，。；！]?$"
)
_LACKS_ENGLISH = re.compile(
    r"\b(?:has|have|had) no (?:idea|clue)\b"
    r"|\b(?:none of us|nobody (?:here|on (?:the|our) team|in (?:the|our) team)|we do not"
    r"|we don['’]t) (?:really )?(?:knows?|understands?)\b"
    r"|\b(?:is|are) (?:well |way |far )?beyond (?:me|us|my (?:depth|reach|competence))\b"
    r"|\bout of (?:my|our) depth\b",
    re.IGNORECASE,
)
# Of whom one says it: of oneself, not of those who are to come.
_OF_OTHERS = re.compile(r"的(?:人|团队|顾问|专家|机构|基金|老师|厂家|公司)|[请勿别找]")


def lacks(clause: str) -> bool:
    """Whether a clause of a need says what its own people do not know or cannot do."""
    if _CJK.search(clause):
        plain = simplify(clause).strip()
        return bool(_LACKS.search(plain)) and not _OF_OTHERS.search(plain)
    return bool(_LACKS_ENGLISH.search(clause))
