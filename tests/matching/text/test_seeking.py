"""Who seeks a thing is told from who looks for those he serves."""

import pytest

from matching.text.seeking import seeks


@pytest.mark.parametrize(
    "sentence",
    [
        "涂料厂，正在招聘配方工程师。",
        "水泵公司，寻找铸造厂打样。",
        "课题组求购旧离心机一台。",
        "風機公司，在融A輪。",
        "我们想租一间暗室。",
        "Pump maker that is raising its first round.",
        "Lens company looking for a coating shop.",
        "Our group wants to rent a centrifuge.",
        "Seeking a foundry for brass parts.",
        "印刷厂，想买二手裁纸机。",
        "电镀厂，急购一台整流器。",
        "造纸厂，长期采购毛毯。",
        "Mill that buys felts every month.",
        "Boat builder, purchases resin from three houses.",
        "Clock maker sourcing hairsprings.",
        "Foundry that outsources its X-ray work.",
        "钟表厂，急找游丝货源。",
        "泵厂，打算备第二家铸件供应商。",
        "面具公司，想进一批硅胶。",
        "Pump maker that needs to source castings.",
        "Watch brand in the market for hairsprings.",
        "Start-up that wants to second-source its dies.",
    ],
)
def test_who_looks_for_a_thing_seeks(sentence: str) -> None:
    assert seeks(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "种子基金，长期寻找做水泵的团队。",
        "帮企业招聘配方工程师。",
        "我们在融冰装置上做了十年。",
        "顾问，为急需铸造的工厂找供应商。",
        "Fund looking for founders who make pumps.",
        "I help pump makers that are hiring.",
        "Control of target-seeking heads.",
        "Mentor seeking to work with young teams.",
        "纸厂采购总监，懂供应商怎么选。",
        "Investor that buys minority stakes in mills.",
        "Repairs pumps and buys back old ones.",
        "Founders who need to source magnets ask me.",
        "帮工厂找货源和现货。",
        "想进入欧洲市场的团队可以找我。",
    ],
)
def test_who_serves_those_he_looks_for_does_not(sentence: str) -> None:
    assert not seeks(sentence)
