"""Needs that offer a thing and look for who takes it: "we sell sensors and look for users".

Whoever offers the same is a rival there, and whoever buys, rents, tests, licenses or hosts it is
the answer; so the direction of such a need, and what profiles say they take, are told by rules.
"""

import re

from matching.text.words import simplify

_CJK = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
# Nobody writes a sentence of more characters.
_LONGEST = 2000

_TAKERS = (
    r"(?:客户|用户|买家|买主|买方|采购方|经销商|代理商|分销商|租户|租客|承租|受让|被许可|应用方|甲方|学员|学徒"
    r"|试点|试用|首批|首家|首单|首台套?|落地场景|应用场景|示范(?:点|项目|工程)|标杆)"
)
_LOOKS = r"(?:找|寻|(?<![要需追请])求|缺|征集|认识|对接|联系|拓展|开拓)"
_OFFERS = re.compile(
    rf"{_LOOKS}[^，。；]{{0,14}}{_TAKERS}|{_LOOKS}(?:[一几两三四五0-9]?[个家位批些])?[^，。；的]{{0,3}}"
    r"(?:愿意?|肯|敢|能够?)[^，。；]{0,8}(?:试|租|用|买|验证|采购|接受|引进|上线|合作)"
    r"|(?:把|将|想|愿意?|打算|准备|希望|可以?)[^，。；]{0,20}(?:卖|转让|许可|出租|供应|供货|推广"
    r"|转租)(?:给|到|进|去)"
    r"|^[，\s]*(?:我们?|我司|本公司|手里|现)[^，。；]{0,4}(?:对外)?(?:出租|转让|出售|转租)[^，。；]{1,20}[，,]"
    rf"[^。；]{{0,4}}{_LOOKS}"
    r"|(?:出租|转让|许可|出售|销售)给|(?:进|进入|打进|挤进)[^，。；]{0,14}(?:供应商名录|供应链|供应体系|采购目录)"
    r"|(?:愿意?|可以?|能)(?:对外)?(?:承接|承揽|接单)"
    r"|(?:富余|闲置|空着的?|空闲)[^。；]{0,24}(?:承接|出租|转让|租给|找)"
    r"|(?:找|认识|对接)[^，。；]{0,4}(?:有|缺)[^，。；]{1,12}(?:要[切做加测跑外]|外发"
    r"|的[^，。；]{1,8}(?:厂|队|公司|团队)$)"
    r"|(?:找|求|跟|与|和)[^，。；]{0,6}(?:医院|农场|矿山|养殖场|工厂|厂)[^，。；]{0,3}"
    r"(?:做|合作|帮着)[^，。；]{0,6}(?:合作|试|跑|数据|验证)"
    r"|(?:跟|与|和)[^，。；]{0,4}缺[^，。；]{1,14}(?:谈|合作)"
)
_ASK = (
    r"\b(?:look(?:ing|s)?|search(?:ing)?|seek(?:ing|s)?|needs?|wants?|find"
    r"|hop(?:e|ing)|(?:would|['’]d) (?:like|love)"
    r"|wish)\b"
)
_OFFERS_ENGLISH = re.compile(
    rf"{_ASK}[^.;!?]{{0,50}}\b(?:customers?|users?|buyers?|purchasers?|distributors?|resellers?"
    r"|licensees?|tenants?|trainees|pilot (?:sites?|partners?)|(?:beta|pilot|first) (?:users?"
    r"|testers?"
    r"|customers?|sites?|partners?)|adopters?|launch (?:customers?|partners?))\b(?! (?:\w+ )?"
    r"(?:support|acquisition|service|interviews?|discovery))"
    rf"|{_ASK}[^.;!?]{{0,50}}\b(?:willing|ready|happy|prepared) to"
    r" (?:test|try|pilot|host|buy|use|adopt)\b"
    rf"|{_ASK}[^.;!?]{{3,50}}\b(?:that|who|which) (?:would |will |could |can |may |might "
    rf"|want to )?"
    r"(?:use|pilot|test|try|buy|install|adopt|host|rent|licen[sc]e|send us|order)\b(?! to\b)"
    rf"|{_ASK}(?: \w+)? to (?:sell|rent out|lease out|licen[sc]e"
    rf"|supply)\b[^.;!?]{{0,50}}\b(?:to|out)\b"
    r"|\bwe(?:['’]d| would) (?:sell|rent out|license)\b"
    r"|\b(?:customer|user|buyer|distributor|licensee)s?\b[^.;!?]{0,50}\bis what we"
    r" (?:look|search|need)"
    r"|\bwanted\b[^.;!?]{0,50}\bto (?:use|test|try|host|pilot|buy)\b"
    r"|\bthat we would like to (?:sell|rent out|lease|license)\b"
    r"|\bwe (?:are a fund|are an? (?:\w+ )?(?:fund|investor))\b.*\b(?:look|search|seek)"
    rf"|\bwe (?:offer|have spare|have free)\b.*{_ASK}[^.;!?]{{0,40}}\b(?:companies|firms|teams"
    rf"|groups"
    r"|plants|makers)\b"
    rf"|{_ASK} (?:for )?(?:warehouses|hospitals|farms|fabs|clinics|rehab clinics|mines|ferry lines"
    r"|shipyards|breweries|utilities)\b",
    re.IGNORECASE,
)
# Who helps to find takers is asked like anybody else.
_HELPERS = re.compile(
    r"(?:懂|帮|会|做过|有.{0,8}(?:资源|人脉|经验|渠道|背景|门路))[^，。；]{0,16}的?"
    r"(?:人|专家|顾问|老师|导师|合伙人|销售总?监?)"
    r"|\b(?:mentors?|advis[eo]rs?|experts?|consultants?|someone|somebody|anyone|coach|person)\b",
    re.IGNORECASE,
)

_TAKES = re.compile(
    r"(?<![为帮替])(?:采购|收购|求购|订购|急购|租用|承租|引进|引入)(?!平台|代理|服务|顾问)"
    r"|(?:代理|经销)[^，。；]{0,10}(?:品牌|产品|设备)"
    r"|经销商|代理商|(?:欢迎|愿意?|接受|开放|可供|乐于|允许)[^，。；]{0,18}"
    r"(?:试点|试用|试验|验证|上线|上机|临床合作|合作|示范|供应商|跑数据|现场|中试)"
    r"|(?:外发|外包)(?:给|加工|切割|出去)?|参与[^，。；]{0,8}(?:首批|试用|试点|内测)|缺(?!陷|口)[^，。；]{1,8}"
    r"|招(?:人|工|募)|常年招|需要[^，。；]{0,16}(?:服务|供应|配送|设备|材料|服务商)|送[^，。；]{0,8}培训|想(?:买|租|收购|采购|租用)"
)
_TAKES_ENGLISH = re.compile(
    r"\b(?:buys?|buying|purchas(?:es?|ing)|procures?|hosts?|rents?(?! out)|leases?(?! out)|books"
    r"|licen[sc]es? in|takes? (?:licen[sc]es|part in|in foreign"
    r"|on (?:foreign|new) (?:brands|suppliers))"
    r"|takes on (?:\w+ )?brands|adopts?|installs|joins?|outsources?|acquires?|sources)\b"
    r"|\binterested in (?:licen[sc]ing(?! out)|buying|renting|leasing|testing|piloting|adopting)\b"
    r"|\bopen to (?:\w+ )?(?:pilots?|trials?|tests?|new suppliers)"
    r"|\bwelcomes? (?:\w+ )?(?:pilots?|trials?|tests?)|\bsends? (?:its|their|our) (?:\w+ ){0,3}to\b"
    r"|\b(?:needs|wants) to (?:rent|buy|hire|lease)|\b(?:is|are)? ?raising\b|\bdistributor of\b",
    re.IGNORECASE,
)
# Whoever helps others to take things takes none himself.
_HELPS = re.compile(
    r"帮|协助|辅导|顾问|导师|专家|\b(?:helps?|advis\w+|consultant|mentor)\b", re.IGNORECASE
)
# What somebody sells, also under a name that takes.
_SELLS = re.compile(
    r"出售|销售|出租|转让|承接|供应(?!商)|提供|\b(?:sells?|rents? out|licen[sc]es? out|vendor"
    r"|for (?:rent|sale)|dealer)\b",
    re.IGNORECASE,
)


def offers(clause: str) -> bool:
    """Whether a clause of a need offers a thing and looks for who takes it."""
    if len(clause) > _LONGEST:
        return False
    if _CJK.search(clause):
        plain = simplify(clause)
        found = bool(_OFFERS.search(plain) or _OFFERS_ENGLISH.search(plain))
        return found and not _HELPERS.search(plain)
    return bool(_OFFERS_ENGLISH.search(clause)) and not _HELPERS.search(clause)


def takes(sentence: str) -> bool:
    """Whether a sentence of a profile says that its owner buys, uses, tests or hosts things."""
    if len(sentence) > _LONGEST:
        return False
    text, marks = sentence, _TAKES_ENGLISH
    if _CJK.search(sentence):
        text, marks = simplify(sentence), _TAKES
    found = bool(marks.search(text))
    return found and not _SELLS.search(text) and not _HELPS.search(text)


def sells(sentence: str) -> bool:
    """Whether a sentence of a profile says that its owner hands a thing to others."""
    return bool(_SELLS.search(simplify(sentence)))
