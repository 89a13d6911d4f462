"""What a need asks for, and of whom, where it asks for more than one thing.

"We look for somebody who has cured epoxy under vacuum. We are also raising two million": a mentor
answers one of them and a fund the other, and neither is worse for not answering both. So a need is
parted into its wishes, by rules, where it goes on to another thing ("also", "另外") or to another
kind of provider. What stands before the first wish belongs to all of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matching.text.words import simplify

MENTOR, INVESTOR, CENTRE = "mentor", "investor", "centre"

_KINDS = {
    MENTOR: re.compile(
        r"导师|顾问|专家|老师|前辈|师傅|行家|教练|请教|指点|把把?关|带一?带|聊一?聊"
        r"|[懂会做干搞带].{0,24}的(?:人|朋友|工程师|高人)|有.{0,12}经验的(?!.{0,4}(?:基金|机构|投资))"
        r"|\b(?:mentors?|advis[eo]rs?|advice|experts?|consultants?|coach|veterans?|sparring partner"
        r"|(?:some(?:one|body)|any(?:one|body)|person|people|engineer) (?:who|that|with)"
        r"|who has (?:done|built|run|taken|seen|shipped|scaled))\b",
        re.IGNORECASE,
    ),
    INVESTOR: re.compile(
        r"融资|融.{0,10}(?:万|亿|钱|轮|资)|投资(?:人|方|机构|基金)|种子基金|基金|天使(?:轮|人|资金|投)"
        r"|领投|跟投|资金方|募资|募集|出资方|找钱|投我们|参与(?:本|这)?轮|种子轮|[A-D]\+?轮"
        r"|\b(?:rais(?:e|ing)|investors?|investment|seed (?:round|money|funding|fund)|angels?"
        r"|pre-seed|series [abc]|vcs?|venture|lead (?:the|our) round|cheques?|term sheet|funding"
        r"|(?:eur|usd|rmb|cny|[€$£¥]) ?\d[\d.,–-]* ?(?:m|k|million|mn)\b)",
        re.IGNORECASE,
    ),
    CENTRE: re.compile(
        r"检测|测试(?:机构|中心|平台|服务|台|报告|场)|实验室|认证|第三方|中试|验证(?:中心|平台|机构|服务)"
        r"|概念验证|送[检测样]|试验(?:场|台|平台|机构|线|舱|池)|试产线|产线|流片|报告|CNAS|CMA|代工"
        r"|能(?:做|测|跑).{0,20}的(?:平台|机构|单位|地方|中心|实验)|平台|检验|校准"
        r"|场地"
        r"|\b(?:test(?:ing)? (?:lab\w*|house|cent(?:re|er)|facility|facilities|bench|campaign|slot"
        r"|rig|reports?|site)|lab|labs|laborator(?:y|ies)|certif\w+|accredited|pilot (?:line|plant)"
        r"|proof[- ]of[- ]concept|facility|facilities|chambers?|verification|foundry|wind tunnel"
        r"|test reports?)\b",
        re.IGNORECASE,
    ),
}
_ASKS = re.compile(
    r"想(?!象|法|到)|希望(?!于)|需要|急需|急寻|寻[找求]?|求|找|请|缺(?!陷|点|口)|打算|还差|谁能|谁有|哪里"
    r"|哪家|准备(?:融|找|请|做)|计划(?:融|找)|融.{0,8}[万亿]|开.{1,6}轮|要.{0,6}[万亿]|最好有|[吗?？]\s*$"
    r"|\b(?:look(?:ing)? for|seek(?:ing)?|needs?|want(?:ed)?|would like|hop(?:e|ing)|rais(?:e|ing)"
    r"|introduc\w+|who (?:can|has|knows)|where (?:can|do)|help us|lacks?|would help)\b|\?\s*$",
    re.IGNORECASE,
)
# On to another matter, whatever follows; and to another wish, where one is asked for.
_GOES_ON = re.compile(
    r"另外|此外|除此之外|另一(?:方面|件|个事|头)|还有(?:一|个|件).{0,4}[事题]|二是|其二|[②⑵]|顺便"
    r"|[(（](?:b|2|二)[)）]|(?<![\d.])2[)）、](?!\d)"
    r"|\b(?:in addition|additionally|separately|secondly|on top of (?:that|this)"
    r"|apart from (?:that|this)|beyond that|at the same time"
    r"|the other (?:thing|issue|question|matter|problem|is))\b",
    re.IGNORECASE,
)
_ASKS_TOO = re.compile(
    r"(?:同时|还|也)(?:还|也)?(?:想|要找|需要|缺|希望|请|求|打算|得找|在找)|再(?:找|请)一"
    r"|\b(?:we|i)(?:['’]re| are|['’]d| would)? also (?:need|want|look|seek|like|rais|search)"
    r"|\balso (?:looking|seeking|raising|need|want)|\b(?:need|looking for|want)\b.*\bas well\b",
    re.IGNORECASE,
)
# Says beforehand that it is more than one thing; then the next wish is the other one.
_ANNOUNCES = re.compile(
    r"[两兩二][点點件个個方面]{1,2}(?:事|问题|难题|需求|诉求|方面|东西|忙)?(?:[:：,，]|$)"
    r"|\btwo (?:\w+ )?(?:things|questions|issues|problems|topics|needs|requests|worries)\b",
    re.IGNORECASE,
)
# Where a sentence goes on to another thing within itself; what stands before is as it was.
_TURNS = re.compile(
    r"(?<=[，；：,;:、])\s*(?=另外|此外|另一方面|同时(?:还|也)|二是|其二|顺便|还(?:想|要找|需要|希望|请))"
    r"|\s(?=[(（](?:b|2|二)[)）])|(?<=[；;])\s*(?=[(（]?(?:b|2|二)[)）、])"
    r"|(?<=[,;])\s+(?=and (?:also|separately)\b|also\b|separately\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，；。,;]")


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a need asks for: the numbers of its sentences, and who may give it.

    `kinds` is empty where the words do not say.
    """

    sentences: tuple[int, ...]
    kinds: frozenset[str]


def find_turns(text: str) -> tuple[int, ...]:
    """Where a sentence goes on to another wish, as offsets into it, ascending."""
    return tuple(turn.end() for turn in _TURNS.finditer(simplify(text)) if turn.end() > 0)


def read_kinds(text: str) -> frozenset[str]:
    """The kinds of provider that a sentence asks for: those that a clause names which asks."""
    asking = [clause for clause in _CLAUSE.split(simplify(text)) if _ASKS.search(clause)]
    return frozenset(
        kind for kind, named in _KINDS.items() if any(named.search(clause) for clause in asking)
    )


def part_wishes(pieces: Sequence[str], is_wish: Sequence[bool]) -> tuple[Wish, ...]:
    """The wishes of a need of n sentences, in order; none where it has only one.

    `is_wish` (n,) says which sentences were taken for a wish.
    """
    wishes: list[tuple[list[int], set[str]]] = []
    has_asked = is_announced = False
    for at, (piece, flag) in enumerate(zip(pieces, is_wish, strict=True)):
        plain = simplify(piece)
        kinds = read_kinds(piece) if flag else frozenset[str]()
        known = wishes[-1][1] if wishes else set[str]()
        is_other = (
            bool(_GOES_ON.search(plain))
            or (has_asked and bool(_ASKS_TOO.search(plain)))
            or bool(kinds and known and not kinds & known)
            or (flag and is_announced)
        )
        is_announced = flag and bool(_ANNOUNCES.search(plain))
        has_asked = has_asked or (flag and bool(_ASKS.search(plain)))
        if flag and (not wishes or is_other):
            wishes.append(([at], set(kinds)))
        elif wishes:
            own, known = wishes[-1]
            own.append(at)
            known |= kinds
    if len(wishes) < 2:
        return ()
    return tuple(Wish(tuple(own), frozenset(kinds)) for own, kinds in wishes)
