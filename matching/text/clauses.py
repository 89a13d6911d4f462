"""Where a sentence turns from what is meant to what is not: "we make X, not Y".

An embedding hardly knows "not": a sentence that refuses a thing lies beside those that ask for it.
So the clauses that refuse ("不找投资", "we do not do clinical trials", "please, no agencies") are
set apart from those that do not, by rules, because here both languages are regular. They say
nothing of mere negation ("the signal does not settle"), which is most often the problem itself.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from matching.text.insisting import denies_twice
from matching.text.remaining import leaves
from matching.text.words import simplify

# Narrower turns are not set apart (widths as in `passages`): they are too little to be understood.
LEAST_WIDTH = 7
# Nobody writes a sentence of more characters; such a text has no ends of sentences, nor turns.
_LONGEST = 2000

_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{_CJK}]")

_MARK = re.compile(
    rf"[，；：,;:](?=\s|[{_CJK}]|$)|[，；：]|(?<=[{_CJK}])[,;:]|[。.!！?？]+(?=\s|$|[{_CJK}])"
    r"|\s+[–—-]+\s+"
    r"|(?=\brather than\b|\binstead of\b|\bbut not\b"
    r"|\b(?:any|every)(?:thing|one|body) (?:but|except)\b)"
    rf"|(?<=[{_CJK}])(?=但不|但是不|而不是|而非)"
    r"|(?<=的)(?=不要[^，。；了]{2})",
    re.IGNORECASE,
)

# What is refused at the front of a clause ends where the wish begins, or what is welcome.
_FRONTED = re.compile(
    r"\W*(?:rather than|instead of)\b[^,;:.]{6,80}?\s"
    r"(?=(?:we|i)(?:['’]d|['’]re| would| are| really| now)?"
    r" (?:need|want|like|prefer|look|seek)\w*\b)"
    r"|除了?[^，。；]{1,20}?[以之]外"
    r"(?=[，,]?\s*(?:的[^，。；]{0,12})?(?:都|其[他它]|别的|什么|均|一概|一律)"
    # Where the others are done, that one is left.
    r"(?![^，。；]{0,12}(?:解决|搞定|完|成|好了|[齐定通有过]了|到位|落实|没有?问题)))",
    re.IGNORECASE,
)

# Chinese: what may stand before the word that refuses, and the verbs that it refuses.
_BEFORE = (
    r"^(?:[\s“\"(（]*(?:但是?|不过|而且|而|也|并且?|又|我们?|我司|公司|团队|目前|现在|眼下|暂时|暂|已经?|"
    r"本次|这次|这里?|所以|因此|另外|其实|只是|千万|就|都|同时|短期内?|先|项目|产品|它|他们|本人|"
    r"本?中心|本?平台|基金|原则上|一般|通常|自己))*"
)
_REFUSED_VERBS = (
    r"(?:再|要|想|需要|需|做|找|是|考虑|打算|准备|愿意?|谈|看|碰|承?接(?!受不)|投|推荐|介绍|麻烦|"
    r"收(?!敛)|懂|熟|涉及|负责|代|参与|出具|承诺|支持|受理|管|讲|融资|用(?!.{0,8}就)|必|缺|教|卖|"
    r"提供|包括|在我|在行|评价|擅长|辅导|对外(?:承接|提供|开放|服务|接)|差(?!.{0,2}[的异距])|愁|急(?:着|于|需))"
)
_REFUSES_FIRST = re.compile(
    _BEFORE + rf"(?:恕?不{_REFUSED_VERBS}|别(?!人|的|处|家)|勿|无需|无须|毋|没有?兴趣|拒绝|谢绝"
    r"|排除|不欢迎|免谈|用不[着上到]|顾不上|与其再?[找等请要融]|婉[拒谢]|犯不着|无意(?![间中义外识])"
    r"|(?:没有?|并?无)(?:打算|计划|必要|意向)|并?非(?:[要想来]|为了|需要|打算)|除了?.{1,20}[以之]外$"
    r"|已经?有.{0,8}(?:投资|资金|供应商|代理|顾问|律师|导师|渠道|服务商|合作方|工厂|厂家|方案|团队).{0,2}了)"
)
_REFUSES_LAST = re.compile(
    r"没有?(?:任何)?关系|没有?(?:什么|啥|任何|太大|多大)?兴趣|[也都并均更倒]不(?:缺|愁|需|急)(?!陷|少|.{0,3}的)"
    r"|(?:问题|瓶颈|难点|症结|关键)(?:并|也)?不[在是]|用不[着上](?!.{0,3}的)"
    r"|(?:光|只|仅)[^，。；]{1,16}的(?:人|团队|厂家?)?(?:不够|没用|不合适|不顶用)"
    r"|除外|(?:谢绝|恕不)(?:联系|推荐|来电|打扰|接待)?[，。；！]?$|不在此列|无关|勿扰|勿入|绕行|绕开$|请绕道|免谈|就算了|就不用"
    r"|(?:往|靠)后(?:[推排]|放(?![松大电量出]))|以后再[说谈看]|(?:先|暂时)(?:放一?放|缓一?缓|搁一?搁|不急)"
    r"|不是(?:我|我们|咱|咱们)的?菜|不对(?:我|我们)的?胃口|不归(?:我|我们)管"
    r"|敬谢不敏|请止步|另请高明|就免了|不劳.{0,8}(?:费心|操心)"
    r"|[的者商介](?:请|就)?(?:不要来?|别来|莫来|不用来|免了?)了?[，。；！]?$"
    r"|(?:没有|暂无|并无|没)(?:任何|什么)?(?:融资|投资|招聘|采购|外包)[^，]{0,4}(?:需求|打算|计划|意愿|意向)"
    r"|别(?:再)?(?:联系|推荐|推销|介绍|打电话)|(?:钱|资金|融资|投资|预算)不是问题"
    r"|并?非(?:我|本)(?:们|人|司)?的?(?:强项|专长|专业|方向|领域)"
    r"|超出了?(?:我|本|服务|业务|受理).{0,8}范围"
    r"|(?:先|就|也|都|一律|暂|暂时|已经?)不[^，。；好得]{0,6}(?:了|投|看|收|碰|接|做|谈|考虑|管|推|麻烦|介绍)"
    r"|不是我们?的?(?:方向|专长|专业|领域)|非我所长|帮不上|做不了|不在.{0,10}范围"
    r"|没有.{0,10}(?:资质|能力)|不用(?:再|找|介绍|推|管|谈|讲)|不必|不要(?:给|再|把)|不投|不看"
    r"|(?<!停)不(?:收(?!敛)|做|碰|接(?!受|触)|懂|熟|受理|考虑|需要|打算)|不想要|不是一回事|不敢拿"
    r"|.{2,}请(?:另)?找|请去|另请|另找"
)

# What says "not" and refuses nothing: questions, what cannot be done without something, what is
# doubly denied, a lack of one's own, and what the thing that is wished for or made is like.
_REFUSES_NOTHING = re.compile(
    r"[?？]\s*$|[吗呢]$|怎么|如何|怎样"
    r"|不(?:是|会|能|得|可能|该)不|没有?理由不|并?非不|不仅|不只|不光"
    r"|(?:不|没有?).{1,14}就(?:无法|不能|没法|没办法|不行|难|做不)"
    # What others will do if the trouble goes on.
    r"|(?:再|要是|如果|否则|若)[^，]{0,10}就不|没[啥什]么?[用效]|没(?:效果|改善|好转|用)$"
    r"|(?:我们|我司|公司|团队|自己)(?:[^，]{0,4})(?:不[懂熟]|做不了|没有?.{1,10}(?:能力|资质))"
    # What others refuse is the trouble of who says so.
    r"|嫌(?!.{0,8}(?:请|勿|绕))"
    r"|(?:厂家|代工厂?|供应商|对方|人家|别家|别的厂|[几两三四五六各]家)(?:[^，我咱]{0,8})不(?:接|做|收|卖|供|愿|肯)"
    r"|(?<![不别无没])(?:想|寻|希望|需要|求|要|找|做|研发|开发|研制|生产)[^，不别无]{0,10}"
    r"(?:不|没有|无需|无须)[^，]{1,12}的[^，]{2,}"
)

# English, by clauses too. To deny an intention or a service refuses it; to deny anything else says
# what the trouble is ("does not start", "cannot get", "have not found").
_MEANT = (
    r"(?:(?:at all|really|currently|yet|ever|usually|normally|also|even)\s+)?"
    r"(?:want|wanted|need|needed|require|look|looking|seek|seeking|search|consider|accept|offer|provide"
    r"|do|make|raise|raising|invest|fund|sell|take|advise|coach|interested|hire|hiring|plan|planning"
    r"|intend|pitch|serve|treat|mentor|deal|teach|act|join|lead|work (?:with|on|for|in)"
    r"|help (?:with|on)|touch|review|handle|cover|write|care|talk|respond|reply)\b"
)
_BEYOND = (
    r"(?:able|sure|yet|enough|only|just|merely|simply|until|because|stable|clear|possible|always)\b"
)
_LEADS = (
    r"^\W*(?:(?:but|and|so|also|please|however|at present|currently|we|i|this|it|that|our)\W+)*"
)
_NOT_FIRST = re.compile(
    _LEADS + rf"(?:(?:(?:do|does|did|will|would|can|could|should)\s+not|(?:do|does|did|wo|ca|would"
    rf"|should)n?['’]t|cannot|never)\s+{_MEANT}"
    rf"|(?:(?:is|are|am)\s+not|(?:is|are)n['’]t|['’](?:m|re)\s+not)(?!\s+{_BEYOND})"
    r"|(?:do not|don['’]t) (?:send|suggest|propose|recommend|introduce|call|contact|forward)\b"
    rf"|not(?!\s+{_BEYOND})"
    # A few words that are not wanted; with figures, or more of them, it is what one has found out.
    r"|no(?!-|\s+(?:\w+\s+)?(?:could|can|can['’]t|has|have|had|is|was|knows?|did|does|would)\b)"
    r"(?!\s+(?:idea|one|matter|longer|clue|way|luck|success|avail|effect|improvement|difference"
    r"|change|answer|trace|result)s?\b)(?=\W+(?:[^\W\d]+\W*){1,4}$)"
    r"|no need (?:for|of|to)\b|(?:do not|don['’]t) bother\b|(?:skip|forget(?: about)?|never mind)"
    r" (?:the|any|all)\b|save your (?:breath|time)"
    r"|(?:will not|won['’]t) be (?:talking|speaking|meeting|raising|seeking|looking|hiring)"
    r"|nor|rather than|instead of|stay away|please avoid|(?:nobody|no one) from"
    r"|(?:anything|anyone|anybody|everything|all) (?:but|except|other than)"
    r"|keep (?:them |those |these |such )?(?:away|out))(?!\w)",
    re.IGNORECASE,
)
_NOT_INSIDE = re.compile(
    r"\bnot (?:interested|looking|needed|wanted|raising|our|my|in scope|a fit)\b"
    r"|(?:\bnot|n['’]t) (?:the|our) (?:issue|problem|bottleneck|trouble|concern|matter)\b"
    r"|(?:problem|trouble|issue|bottleneck|difficulty) (?:is not|isn['’]t)"
    r"(?! (?:yet |fully |really |at all )?(?:solved|fixed|clear|understood|known|new|easy|small))"
    r"|^\W*neither(?:\W+\w+){1,3}\W+nor(?:\W+\w+){1,3}\W*$"
    r"|\bnot what (?:we|i)(?:['’]re| are|['’]m| am)? ?(?:after|looking|need|want|seek)"
    r"|\b(?:have|has) no (?:plans?|intention|wish|desire|appetite) (?:to|of|for)\b"
    r"|nothing to do with|\bno (?:agencies|recruiters|thanks)\b"
    r"|need not apply|(?:is|are) (?:already )?(?:covered|taken care)|outside (?:our|my|what)\b"
    r"|\belsewhere\b|(?:somebody|someone) else['’]s|declined\b|out of scope|\baway from us\b"
    r"|isn['’]t (?:our|my)\b"
    rf"|\b(?:we|i) (?:do not|don['’]t|won['’]t|will not|can['’]t|cannot|never)\s+{_MEANT}"
    rf"|\b(?:we|i)(?:['’]re| are|['’]m| am) not\b(?!\s+{_BEYOND})"
    r"|different (?:trade|world)|\bno interest\b|\b(?:have|has) no use for\b|\brather not\b"
    r"|\bsteer clear\b|\bno-go\b|\bspare us\b|\bcount (?:me|us) out\b|\bnot (?:our|my) cup of tea\b"
    r"|\bleast of (?:our|my) (?:worries|problems|concerns)\b"
    r"|(?:\bnot|n['’]t) (?:something|anything) (?:i|we) (?:cover|do|offer|take|handle|work)\b"
    r"|\b(?:we|i)(?:['’]re| are|['’]m| am)? no longer (?:do|take|accept|offer|work|advise|invest"
    r"|cover|need|want|look|looking|seek|seeking|require|consider|interested|in need)\b"
    r"|\b(?:we|i)(?: have|['’]ve)? stopped (?:doing|offering|advising)\b",
    re.IGNORECASE,
)
# Not only this, and what stands before the wish of the same clause.
_WISHES = re.compile(
    r"[?？]\s*$|\bnot (?:only|just|merely)\b"
    r"|^\W*(?:rather than|instead of)\b.*\b(?:we|i)\b.*\b(?:want|need|look|seek)",
    re.IGNORECASE,
)
# What refuses at its end refuses all that it lists: "cables and vessels are outside our scope".
_REFUSES_A_LIST = re.compile(
    r"\b(?:are|is) (?:all )?(?:declined|excluded|out of scope|outside|not (?:accepted|in scope|our"
    r"|my|for us)|of no interest)|\bgo(?:es)? elsewhere|else['’]s",
    re.IGNORECASE,
)
# A clause with a subject of its own does not go on with what the one before it refuses.
_OWN_SUBJECT = re.compile(
    r"^\W*(?:but|however|and (?:we|i|it|they|if|that)|we|i|it|they|you|he|she|our|my|the|this|these"
    r"|a|an|if|so|that|which|who|because|since|though|although|usually|first|then|yet|please|just"
    r"|only|instead|there|what|where|how|one|looking|need)\b",
    re.IGNORECASE,
)
# Nor does one that says something of its own ("distribution partners would help").
_OWN_VERB = re.compile(
    r"\b(?:would|will|could|should|must|is|are|was|were|helps?|needs?|works?)\b", re.IGNORECASE
)
_SUBJECT = re.compile(r"\b(?:we|i|you|they|it|our|my)\b", re.IGNORECASE)


# What is refused stands in the sentence before: "such funds need not be introduced".
_POINTS_BACK = re.compile(
    _BEFORE + r"(?:这类|这种|这些|这样的|此类|那类|那些|他们)[^，。；]{0,4}"
    r"(?:就|都|也|先|暂|请|不|别|免|无需|没有?兴趣)"
)
_POINTS_BACK_ENGLISH = re.compile(r"\b(?:them|those|these|such)\b", re.IGNORECASE)
_FEW_WORDS = 7


class Turn(NamedTuple):
    """`text[start:end]` refuses something, or does not."""

    start: int
    end: int
    is_refusal: bool


def refuses(clause: str) -> bool:
    """Whether a clause says what is not wanted, not done or not the matter.

    A clause in which the languages are mixed refuses where it does in either.
    """
    if _WISHES.search(clause) or denies_twice(clause):
        return False
    if _HAS_CJK.search(clause):
        plain = simplify(clause).strip()
        if _REFUSES_NOTHING.search(plain):
            return False
        if _REFUSES_FIRST.search(plain) or _REFUSES_LAST.search(plain):
            return not leaves(plain)
    found = _NOT_FIRST.search(clause) or _NOT_INSIDE.search(clause)
    # "Everything but the gearbox is done" names what is left.
    return found is not None and not leaves(clause)


def refuses_what_stands_before(clause: str) -> bool:
    """Whether a clause refuses what it only points back to ("please keep them away")."""
    if not refuses(clause):
        return False
    if _HAS_CJK.search(clause):
        return bool(_POINTS_BACK.search(simplify(clause).strip()))
    return len(clause.split()) <= _FEW_WORDS and bool(_POINTS_BACK_ENGLISH.search(clause))


def find_turns(
    text: str, start: int, end: int, says: Callable[[str], bool] = refuses
) -> list[Turn]:
    """The sentence `text[start:end]` as turns, which cover it, each without blanks at its ends.

    It turns where a clause `says` so, and where one no longer does.
    """
    if end - start > _LONGEST:
        return [Turn(start, end, False)]
    turns = _join(text, list(_read_clauses(text, start, end, says)))
    if not _HAS_CJK.search(text, start, end):
        turns = _reach_back(text, turns)
    return [stripped for turn in turns if (stripped := _strip(text, turn)) is not None]


def _read_clauses(text: str, start: int, end: int, says: Callable[[str], bool]) -> Iterator[Turn]:
    at, before = start, False
    bounds = [mark.end() for mark in _MARK.finditer(text, start, end)]
    if fronted := _FRONTED.match(text, start, end):
        bounds = sorted((*bounds, fronted.end()))
    for bound in (*bounds, end):
        if bound <= at:
            continue
        clause = text[at:bound]
        is_refusal = says(clause)
        if before and not is_refusal and not _HAS_CJK.search(clause):
            is_refusal = not (_OWN_SUBJECT.search(clause) or _OWN_VERB.search(clause))
        yield Turn(at, bound, is_refusal)
        at, before = bound, is_refusal


def _join(text: str, turns: list[Turn]) -> list[Turn]:
    """Neighbours of one kind as one; what is too narrow goes with the one before or after it."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last is not None and (
            last.is_refusal == turn.is_refusal or _is_narrow(text, turn) or _is_narrow(text, last)
        ):
            kind = turn.is_refusal if _is_narrow(text, last) else last.is_refusal
            joined[-1] = Turn(last.start, turn.end, kind)
        else:
            joined.append(turn)
    return joined


def _reach_back(text: str, turns: list[Turn]) -> list[Turn]:
    """The list before a clause that refuses at its end belongs to it."""
    for at, turn in enumerate(turns):
        if at and turn.is_refusal and _REFUSES_A_LIST.search(text, turn.start, turn.end):
            before = turns[at - 1]
            if not _SUBJECT.search(text, before.start, before.end):
                whole = Turn(before.start, turn.end, True)
                return [*turns[: at - 1], whole, *turns[at + 1 :]]
    return turns


def _is_narrow(text: str, turn: Turn) -> bool:
    piece = text[turn.start : turn.end].strip()
    return len(piece) + len(_HAS_CJK.findall(piece)) < LEAST_WIDTH


def _strip(text: str, turn: Turn) -> Turn | None:
    start, end, is_refusal = turn
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Turn(start, end, is_refusal) if start < end else None
