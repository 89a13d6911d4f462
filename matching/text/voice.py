"""Whether somebody speaks in a text, who asks or offers, or whether it only describes a matter.

A founder's need says who "we" are, what is asked for and what is not; its sentences do different
things. An abstract or a description does one thing from its first sentence to its last, and a
model of what sentences do would only find differences there that are none.
"""

import re

from matching.text.checklists import read_items
from matching.text.remaining import leaves
from matching.text.words import simplify

_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{_CJK}]")

_ASKS = re.compile(
    r"想(?:找|请|要|融|把|借|约|知道|弄|让|换|申请|问|听|招|做|先|先做|在|给|就近|搞|开|建|测)"
    r"|希望(?!于)|求(?:一|推荐|介绍|购|教|助|问|大神|老师)|寻(?:找|求)(?:一|能|有|懂|愿|合|试|专|投)"
    r"|急需|急寻|诚寻|[缺差](?:一|个|人|的是|少人|懂|能|钱)|谁(?:能|有|会|做|懂|家)|哪里|哪家|去哪|找谁"
    r"|请(?:教|问|介绍|推荐|一位|老师|给|别|勿)|找.{0,12}(?:的人|老师|专家|导师|投资|机构|基金|厂)"
    r"|打算|吗[？?]|[？?]\s*$|怎么(?!样)|需要(?:有?人|懂|找|一[位个家名]|帮)"
    r"|预算|报价|客户|甲方|卡在|现在要|急用|驻场|送样|交货|订单|投资人"
    r"|没有?人(?:懂|会|做过|干过|肯|愿意)|唯独|(?:早就|早已)(?:做完|谈妥|搞定|解决)"
    r"|不(?:找|谈|麻烦|用介绍|要(?:介绍|推荐))|别(?:给|介绍|推)|(?:无需|不必)(?:介绍|推荐)"
)
_OWN = re.compile(r"我(?!国|省|市|区|院|校|军|党)|咱|本公司|本团队|本人|我司")
_ASKS_OR_OWN_ENGLISH = re.compile(
    r"\b(?:looking for|seeking (?:an?|some|invest\w*|fund\w*|help|advice)"
    r"|(?:we|i|and|but|also|now|still)\s+(?:also |now |still |urgently |badly |only |just )?"
    r"(?:needs?|wants?|lack|wish|hope|would like|seek)\b(?! to (?:be|emphasi[sz]e))"
    r"|we(?:['’]re| are) (?:raising|looking|seeking|stuck|not|a|an|the|in|at|past|done with|out of"
    r"|short of|struggling)\b"
    r"|(?:we|i) no longer|(?:what|where) we (?:struggle|lack|miss|look for|search for)\b"
    r"|who (?:can|has|knows|else|even|would)|where (?:can|do|could)|help us"
    r"|introduc(?:e us|tions?)\b"
    r"|somebody|someone|anyone|anybody|my|i(?:['’](?:m|d|ve|ll)| am| have| want| need| can)"
    r"|please|raising|mentors?|advis[eo]rs?|us)\b"
    r"|\bour \S+(?: \S+)? (?:wants?|needs?|asks?|insists?)\b"
    r"|\b(?:budgets?|deadlines?|quot(?:ed?|es)|in week \d+|they (?:want|don['’]t|do not))\b"
    r"|\bour (?:company|team|customers?|product|founders?|first|start-?up|prospect|in-house)\b"
    r"|\?\s*$|^\W*(?:need|needed|want|wanted)\b",
    re.IGNORECASE,
)

# Nobody asks, and no "we" is said, but somebody tells of his own trouble as people talk: of prizes
# and staff, of suppliers that were changed, of what does not work, of whom one need not send.
_TELLS = re.compile(
    r"创业|员工|全员|天使轮|种子轮|[A-D]\+?轮|融[^，。]{0,8}[万亿]|出让|专精特新|荣获|获奖|[一二三]等奖"
    r"|要[^，。]{0,3}[百千]?万|(?:换|试|加|改)(?:过|了)(?:[俩仨两三四几]|好几|[^，。]{0,6}[个家批版种](?:$|[，。]))"
    r"|(?:供应商|厂家|[^，。]{1,3}厂|[^，。]{1,3}站|院)(?:都|那边)?说|供应商|老是|老有|总有(?!机)|总是?(?:不|掉|断|漏|报|超)|[仨俩]"
    r"|一塌糊涂|没(?:啥|辙|戏|改善|好转)|趴窝|要命|跑路|答不上来|绕道|勿扰"
    r"|(?:不用|不必|无需|请勿|别)(?:再)?(?:推|介绍|推荐|联系|来)|请联系|联系我|恳请|诚邀|寻(?:懂|有经验)"
    r"|[差远]老远|怎么都|还是老样|说不清|不晓得|弄不|搞不|退货|退了|没人[懂会管]|明白人|赔"
    r"|手[头里]|想(?:卖|许可|出租|转让|租给)|求懂|寻求[^，。]{0,14}(?:专家|老师|高手|合作方|投资)|呛|国产首台",
)
_TELLS_ENGLISH = re.compile(
    r"^\W*(?:hi|hello|dear|good (?:morning|day))\b|\bhelp!|\bno luck\b|\bnothing helps?\b"
    r"|\b(?:two|three|four|several|both) (?:vendors|suppliers|prizes|pumps|hackathons)\b"
    r"|\bprizes?\b|\b(?:vendors?|suppliers?|makers) (?:say|says|blame|told|gave)\b"
    r"|\b(?:pre-)?seed (?:round|for)|\bpre-seed\b|\bspin-?off\b.{0,80}\b(?:sold|people|prize)"
    r"|\bwe (?:tried|changed|replaced|suspect|checked|won)\b"
    r"|\bwe(?:['’]ve| have) (?:closed|tried)\b"
    r"|\bno \w+ (?:needed|wanted|please)\b|\bstay away\b|\brather not\b"
    r"|\b(?:it['’]s|it is) maddening\b|\binvestors? (?:is|are) (?:in|on board)\b"
    r"|\b(?:customer|retailer|buyer|client|neighbour)s? (?:asks?|calls?|complains?|wants?)\b"
    r"|\?\s+(?:our|we)\b|\band (?:look|search)(?:ing)? for\b|\bwe run (?:\w+ )?people\b"
    r"|^\W*\w+ people (?:in|from)\b|\bof us\b",
    re.IGNORECASE,
)
# Who takes nothing but one thing, or says what need not be offered, asks for the one.
_INSISTS = re.compile(
    r"才(?:要|行|考虑|谈|看|收|可以?)(?=[，。；！,;!]|$)|免谈|非[^，。；]{1,10}不(?:可|要)(?=[，。；]|$)"
    r"|(?:不看|不谈|不要|不收|不考虑|别来|莫来|绕行|不碰|没兴趣)了?(?=[，。；！,;!]|$)"
    r"|^只(?:要|认|收|考虑|接受)(?![^，。；]*就)",
)
_INSISTS_ENGLISH = re.compile(
    r"\bonly if (?:it|they|he|she)\b|\bnothing but\b|\bnothing else\b|\bno thanks\b"
    r"|\b(?:ones|please) only\b|^\W*(?:only|nothing but|anything (?:but|except))\b"
    r"|^\W*(?:(?:it|they|he|she|this) )?(?:(?:has|have|needs?) to|must) be\b"
    r"|\bno use to us\b|\bof no interest\b|\bnot for us\b|\bis out\b(?=[.;,]|$)",
    re.IGNORECASE,
)


def speaks(text: str) -> bool:
    """Whether who wrote `text` asks for something, or says something of himself."""
    if _HAS_CJK.search(text):
        plain = simplify(text)
        if _ASKS.search(plain) or _OWN.search(plain):
            return True
        if (_TELLS.search(plain) or _INSISTS.search(plain)) and not reports(plain):
            return True
    if _ASKS_OR_OWN_ENGLISH.search(text):
        return True
    tells = _TELLS_ENGLISH.search(text) or _INSISTS_ENGLISH.search(text)
    return (tells is not None or leaves(text) or bool(read_items(text))) and not reports(text)


_REPORTS = re.compile(
    r"本文|文中|文章|该文|本研究|提出了?一种"
    r"|(?:研究|结果|实验|试验|分析|数据|仿真)(?:结果)?(?:表明|显示|证明|发现|说明)"
    r"|目的(?:为|是|在于|研究|探讨|观察|分析)?[:：]|探讨|综述|[研探]究了|分析了|介绍了|讨论了"
    r"|采用.{1,30}(?:方法|法|技术).{0,30}进行|结论[:：]"
    r"|\b(?:in this (?:paper|work|study|article|letter)"
    r"|this (?:paper|work|study|article|review|thesis)"
    r"|we (?:also |further |then |first )?(?:propose|present|introduce|demonstrate|show|find|study"
    r"|investigate|report|develop|derive|explore|analy[sz]e|prove|examine|consider|discuss|describe"
    r"|evaluate|observe|conduct|construct|address|extend|establish|apply|compare|provide|argue"
    r"|formulate|revisit|aim)\b"
    r"|(?:results?|experiments?|simulations?|findings?|analys[ei]s) (?:show|demonstrate|indicate"
    r"|reveal|suggest|confirm)s?"
    r"|(?:is|are) (?:proposed|presented|studied|investigated|introduced))",
    re.IGNORECASE,
)


def reports(text: str) -> bool:
    """Whether `text` reports on a piece of research, as abstracts do."""
    return bool(_REPORTS.search(simplify(text)))
