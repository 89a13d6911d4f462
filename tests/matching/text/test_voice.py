"""Whether somebody asks or offers in a text, or whether it describes or reports."""

import pytest

from matching.text.voice import reports, speaks


@pytest.mark.parametrize(
    "text",
    [
        "我们的隔膜一受潮就起皱，想找懂涂布的老师看看。",
        "本团队做水下焊接机器人，缺一个人把电源这块补上。",
        "不找投资人，只想弄清楚这台炉子为什么总超温。",
        "我們做齒輪箱，希望有人教我們怎麼看振動頻譜。",
        "氢气压缩机的膜片总裂，哪里能做疲劳试验？",
        "The diaphragm cracks after a week. We need somebody who knows fatigue.",
        "Two engineers, one furnace, no customers yet. Who can look at our thermal model?",
        "Raising a small round for a bearing that needs no oil; introductions welcome, please.",
        "唯独没人会调这台炉子，别的早就搞定。",
        "We no longer need a designer. The point that is open is the mould.",
        "灯丝换过两家厂，还是一亮就断。广告公司请绕道。",
        "创业第二年，员工九个，烘箱一到三百度就报错。",
        "Two prizes, twelve of us, and a furnace that dies every Monday.",
        "Pre-seed for a bearing that needs no oil; we won a hackathon.",
        "My co-founder left, and the controller has been silent ever since.",
        "非陶瓷的才要，陶瓷轴承不考虑。",
        "水性以外的油漆免谈。",
        "Only if it is dry: wet benches are no use to us.",
    ],
)
def test_hears_who_asks_or_speaks_of_himself(text: str) -> None:
    assert speaks(text)


@pytest.mark.parametrize(
    "text",
    [
        "针对齿轮箱早期故障难以识别的问题，提出一种基于小波包的特征提取方法。结果表明识别率有所提高。",
        "我国沿海滩涂的盐生植物具有较高的生态价值，其分布受潮位影响。",
        "The bearing is lubricated by a film of water. Its stiffness is computed from the film.",
        "不考虑摩擦时，只有转速才能决定油膜厚度。",
        "A marketplace for used spectrometers. Buyers see calibration records before they bid.",
    ],
)
def test_hears_nobody_in_a_description(text: str) -> None:
    assert not speaks(text)


def test_tells_reports_from_offers() -> None:
    assert reports("本文研究了轴承钢的接触疲劳，结果表明夹杂物尺寸是主要原因。")
    assert reports("In this work we investigate contact fatigue of bearing steel.")
    assert reports("We propose a wear model. Experiments show that it holds in water.")
    assert not reports("做了二十年轴承，可以帮团队看疲劳失效，不做密封。")
    assert not reports("I help teams find out why bearings fail, and do not design seals.")
    assert not reports("The laboratory tests bearings up to 300 mm and issues reports in a week.")
