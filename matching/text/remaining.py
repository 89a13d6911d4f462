"""What a need says is all that is left: "只剩标定", "everything except the gearbox is done".

Then the one thing is what is asked for, and what is told of the others is settled, in whatever
words: "sensor and strap are fine". So is what is not taken where one insists on another thing, of
which the need says the harm: "干磨才行，湿磨会开裂". None of these clauses says so by itself, so
they are read in their order.
"""

import re

from matching.text.settled import is_open, settles
from matching.text.words import simplify

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# Nobody writes a clause of more characters.
_LONGEST = 300

_DONE = (
    r"(?:解决|搞定|做完|完成|做好|办[妥好]|齐[了备全]?|到位|落实|敲定|谈妥|定[了型]|就绪|验收|没有?问题|[通过有好]了"
    r"|有(?:眉目|着落)|OK|ok)"
)
_LEAVES = re.compile(
    r"[只就仅独](?:剩下?|[差缺欠余])(?![距别异很多太得远陷口点小少])(?!.{0,8}(?:倍|百分|%))(?![^，。；]{0,3}(?:成(?![品本型像熟膜核])|半(?!导)))"
    r"|还[剩缺欠差](?![距别异很多太得远陷口点不])|(?:只|就|仅)卡在|万事俱备"
    r"|(?:唯一|唯独|剩下)[^，。；]{0,6}(?:[没未]|不[行会懂]|悬|缺|差|难|问题|短板|卡)"
    rf"|除(?:了[^，。；]{{1,20}}|[^，。；]{{1,20}}外[，,]?)(?:其[他它余]|别的|剩下|全部?|都|均|已)[^，。；]{{0,10}}{_DONE}"
    r"|唯独(?![我咱本他你])[^，。；]{2,}"
)
# The other things of one's own: what other people have is another matter.
_OTHERS = (
    r"(?:其[他它余]|别的|剩下的|余下的)"
    r"(?!公司|厂|供应商|客户|团队|人|同[行类]|竞品|投资|用户|[几两]?家)"
)
_OTHERS_ENGLISH = (
    r"(?:the rest|the others|all (?:of )?(?:the )?(?:others?|remaining))\b"
    r"(?! (?:\w+ )?(?:suppliers|customers|companies|vendors|teams?|people|investors|competitors"
    r"|users)\b)"
)
# All others are done: that names nothing that is left, and says that something is.
_OTHERS_DONE = re.compile(
    rf"{_OTHERS}[^，。；]{{0,10}}?(?:都|均|全部?|也|已经?|基本){{1,2}}[^，。；]{{0,8}}"
    rf"(?:{_DONE}|通过|达标|合格|[跑打做]通|正常|稳定|顺利)"
    rf"|{_OTHERS}[^，。；]{{0,8}}(?:我们|咱们?|自己|内部)[^，。；]{{0,6}}"
    r"(?<!不)(?:能|会|可以|来|有人)(?:做|搞定|解决|处理|办|弄|负责|管)"
)
# The thing that is left, with which a comma parts it from the others.
_EXCEPTED = re.compile(
    r"^\s*(?:除(?:了[^，。；]{1,20}|[^，。；]{1,20}外)|(?!此|除此)[^，。；]{1,20}[之以]外)[，,]$"
)
_BUT = r"(?:except|but|apart from|aside from|other than|besides|save|bar)"
_DONE_ENGLISH = (
    r"(?:done|finished|solved|settled|sorted|ready|completed?|works?|working|runs?|running"
    r"|in place|in hand|fine|ok(?:ay)?|nailed|covered|good|there)"
)
_THING = "thing|piece|part|issue|problem|step|point|gap|bit|question"
_LEAVES_ENGLISH = re.compile(
    rf"\b(?:everything|all|the rest)\b[^.;:!?]{{0,30}}?\b{_BUT}\b[^.;:!?]{{1,60}}"
    rf"\b{_DONE_ENGLISH}\b"
    r"|\b(?:solved|settled|sorted|nailed|finished|done|cracked|fixed|have|got|built)\b"
    rf"[^.;:!?]{{0,12}}\b(?:everything|all)\b[^.;:!?]{{0,20}}\b{_BUT}\b"
    r"|\bonly\b[^.;:!?,]{1,50}\b(?:(?:is|are) (?:still )?(?:left|missing|open|unsolved|outstanding)"
    r"|remains?)\b"
    r"|\ball(?: that| we)?(?:['’]s| is|['’]re| are)? (?:still )?(?:left|missing|lack|remains)\b"
    r"|\bwhat(?: (?:still )?remains|(?:['’]s| is)(?: still)? (?:left|missing|open)) (?:is|are)\b"
    r"|\bthe (?:only|last|one|single|sole) (?:open |missing |unsolved |outstanding |remaining )?"
    rf"(?:{_THING})\b[^.;!?]{{0,40}}\b(?:is|are)\b"
    rf"|\b(?:is|are|remains?) the (?:only|last|one|single|sole) (?:\w+ )?(?:{_THING})"
    r"(?: (?:that|which))?(?: (?:we|still|is|left|missing|open|not|to)\b|\W*$)"
    r"|\b(?:is|are|remains?) (?:the|our) (?:sticking point|hold-?up|show-?stopper"
    r"|missing (?:piece|link)|odd one out)\b",
    re.IGNORECASE,
)
_OTHERS_DONE_ENGLISH = re.compile(
    r"\b(?:everything|all) else\b[^.;:!?]{0,30}"
    rf"\b(?:{_DONE_ENGLISH}|passe[ds]|holds?|behaves?|stable|validated|under control)\b"
    rf"|\b{_OTHERS_ENGLISH}[^.;:!?]{{0,40}}"
    r"\b(?:is|are|was|were|has|have|all|already|both)\b[^.;:!?]{0,12}"
    rf"\b(?:{_DONE_ENGLISH}|passed|validated|stable|behaved|under control)\b",
    re.IGNORECASE,
)
# Then those that are done may follow.
_LISTS = re.compile(rf"(?:{_DONE}|\b{_DONE_ENGLISH})\s*[:：]\s*", re.IGNORECASE)

# That something is as it should be, which is told of a product too, and settles nothing there.
_FINE = re.compile(
    r"(?:[都均全也]|已经?|早就?|基本|总算)[^，。；]{0,8}(?:[通过有定好齐成稳行够]|达标|没有?问题|自[产研]|量产|就绪|在手|验收|交付|上线|做好|跑顺)了?[，。；！]?$"
    r"|(?:没有?问题|跑通了?|达标了?|就绪|定型了?|量产了?|自[产研]|[好有通过]了|通过)[，。；！]?$"
)
_NO_TROUBLE = re.compile("没有?问题")
_FINE_ENGLISH = re.compile(
    r"\b(?:is|are|was|were|has been|have been|looks?)(?: (?:all|both|already|now))?"
    rf" {_DONE_ENGLISH}\b"
    r"|\b(?:works?|runs?|holds?|passed|performs?)(?: (?:well|fine|smoothly|already))?\W*$",
    re.IGNORECASE,
)

# Who takes one thing only; and what another one would do, of which nothing is his own.
_INSISTS = re.compile(
    r"才(?:要|行|可|能|考虑|谈|看|收)|必须|(?:得|一定要)[是在用]|只(?:要|认|收|考虑|接受)"
    r"|\b(?:has|have|needs?) to be\b|\bmust\b|\bnothing but\b|\bonly\b",
    re.IGNORECASE,
)
_SPOILS = re.compile(
    r"^[\s因为毕竟]*(?!现在|目前|原[来先]|眼下|我|咱|不然|否则|要不|[它这]|产品|样[机品])[^，。；]{1,12}?(?:"
    r"(?:会|太|总|老|容易)[^，。；的]{0,14}(?:[坏裂死伤断挡碰污粘黏堵腐蚀掉失漏卡漂烧溶贵慢重误毁崩糊脆刮划泡皱]"
    r"|[低高]估|吸潮|变[形质色]|干扰|打火|短路|不[匀均稳])|[看测进做压焊装够穿照打洗过接](?:不[见到了进去着动透出清准住上]))"
    r"(?!.{0,8}更?好)"
)
_SPOILS_ENGLISH = re.compile(
    r"^\W*(?!(?:we|our|it|this|they|because|so|otherwise|else|and|which|that)\b)"
    r"(?:[\w-]+ ){1,4}?(?:(?:would|will|always|keep|just|tend to) )?"
    r"(?:bleach|burn|damage|break|crack|contaminat|scratch|ruin|destroy|melt|kill|swell|dissolv"
    r"|attack|clog|distort|warp|stain|corrod|overheat|poison)(?:e?s|e|ing)?\b",
    re.IGNORECASE,
)


def leaves(text: str) -> bool:
    """Whether a clause, or one of a text, says that one thing is left and all else is done."""
    return _names_left(text) or _tells_of_others(text)


def _names_left(text: str) -> bool:
    """Whether a clause names what alone is left, or says that it does."""
    if _CJK.search(text) and _LEAVES.search(simplify(text)):
        return True
    return bool(_LEAVES_ENGLISH.search(text))


def _tells_of_others(text: str) -> bool:
    """Whether a clause says that all others are done, whichever is not."""
    if _CJK.search(text):
        return bool(_OTHERS_DONE.search(simplify(text)))
    return bool(_OTHERS_DONE_ENGLISH.search(text))


class Settling:
    """Tells of the clauses of one need, which are put to it in their order, what is settled."""

    def __init__(self, text: str) -> None:
        self._leaves = leaves(text)
        self._lists = self._insists = False

    def __call__(self, clause: str) -> bool:
        """Whether a clause says what is not the matter any more, or never was."""
        if len(clause) > _LONGEST:
            return settles(clause)
        plain = simplify(clause).strip()
        insisted, self._insists = self._insists, bool(_INSISTS.search(plain))
        if self._leaves and self.is_left(clause):
            listing = _LISTS.search(plain)
            self._lists = listing is not None and listing.end() == len(plain)
            return False
        listed = self._lists
        self._lists = listed and not plain.endswith((".", "。", ";", "；", "!", "！"))
        if settles(clause) or (self._leaves and (_tells_of_others(clause) or _is_fine(plain))):
            return True
        return listed or (insisted and not self._insists and _spoils(plain))

    def find_list(self, sentence: str) -> int | None:
        """Where in a sentence the list begins of what is done beside the one thing, if one does."""
        if not self._leaves:
            return None
        listing = _LISTS.search(sentence)
        if listing is None or not leaves(sentence[: listing.end()]):
            return None
        return listing.end()

    def is_left(self, clause: str) -> bool:
        """Whether a clause names what alone is left."""
        if not self._leaves:
            return False
        return _names_left(clause) or bool(_EXCEPTED.match(simplify(clause)))


def _is_fine(plain: str) -> bool:
    if _CJK.search(plain):
        return bool(_FINE.search(plain)) and not is_open(_NO_TROUBLE.sub("", plain))
    return bool(_FINE_ENGLISH.search(plain)) and not is_open(plain)


def _spoils(plain: str) -> bool:
    return bool((_SPOILS if _CJK.search(plain) else _SPOILS_ENGLISH).search(plain))
