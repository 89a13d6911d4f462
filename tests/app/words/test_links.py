"""The address of the web that somebody means, in what they paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words.links import find_web_address, is_web_address

INVITATION = """王某邀请您参加腾讯会议
会议主题：中试线评审
点击链接入会：
https://meeting.tencent.com/dm/Ab3

#腾讯会议：123-456-789
复制该信息，打开手机腾讯会议即可参与"""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://fang.example.org/a?b=c", "https://fang.example.org/a?b=c"),
        ("fang.example.org", "https://fang.example.org"),
        ("https://https://fang.example.org/x", "https://fang.example.org/x"),
        ("fang.example.org/a", "https://fang.example.org/a"),
        ("入会meeting.tencent.com/dm/Ab3点击入会", "https://meeting.tencent.com/dm/Ab3"),
        ("https://zoom.us/j/123密码456", "https://zoom.us/j/123"),
        ("Meeting link: zoom.us/j/123.", "https://zoom.us/j/123"),
        ("meeting.tencent.com/dm/Ab3", "https://meeting.tencent.com/dm/Ab3"),
        ("https：//meeting.tencent.com/dm/Ab3", "https://meeting.tencent.com/dm/Ab3"),
        ("ｈｔｔｐｓ：／／fang.example.org", "https://fang.example.org"),
        ("HTTPS://fang.example.org/Ab", "https://fang.example.org/Ab"),
        ("会议：https://fang.example.org/x。", "https://fang.example.org/x"),
        ("（https://fang.example.org/x）", "https://fang.example.org/x"),
        (INVITATION, "https://meeting.tencent.com/dm/Ab3"),
        # What stands behind the address in the same sentence is none of it.
        (
            "链接：https://meeting.tencent.com/dm/Ab3，会议号 123",
            "https://meeting.tencent.com/dm/Ab3",
        ),
        ("meeting.tencent.com/dm/Ab3（密码：123）", "https://meeting.tencent.com/dm/Ab3"),
        ("会议链接meeting.tencent.com/dm/Ab3 密码1234", "https://meeting.tencent.com/dm/Ab3"),
        ("飞书：vc.feishu.cn/j/12", "https://vc.feishu.cn/j/12"),
        ("https://fang.example.org/a（备用）", "https://fang.example.org/a"),
        ("https://fang.example.org/a_(b)", "https://fang.example.org/a_(b)"),
        ("[入会](https://fang.example.org/a)", "https://fang.example.org/a"),
        ("meeting。tencent。com/dm/Ab3", "https://meeting.tencent.com/dm/Ab3"),
        ("ｍｅｅｔｉｎｇ．ｔｅｎｃｅｎｔ．ｃｏｍ／ｄｍ／Ab3", "https://meeting.tencent.com/dm/Ab3"),
        ("https:/fang.example.org/a", "https://fang.example.org/a"),
        ("https//fang.example.org", "https://fang.example.org"),
        ("fang.example.org。", "https://fang.example.org"),
        ("https://fang.example.org/j？pwd=1", "https://fang.example.org/j?pwd=1"),
        ("https://fang.example.org/j，好吗？", "https://fang.example.org/j"),
        ("https://fang.example.org https://fang.example.org/", "https://fang.example.org/"),
        (
            "Join: https://us02web.zoom.us/j/1?pwd=A Find your number: https://fang.example.org/u",
            "https://us02web.zoom.us/j/1?pwd=A",
        ),
    ],
)
def test_the_address_is_taken(text: str, address: str) -> None:
    assert find_web_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "明天见",
        "a b.c",
        "javascript:alert(1)",
        "ftp://fang.example.org",
        "fang@example.org",
        "https://",
        "https://a.example.org 或 https://b.example.org",
        "v1.2",
        "#腾讯会议：123-456-789",
        "wemeet://page/inmeeting?code=1",
        "请写信给 fang@example.org/x",
        "192.168.1.1/a",
        "file:///c:/x",
    ],
)
def test_without_one_address_nothing_is_guessed(text: str) -> None:
    assert find_web_address(text) is None


@pytest.mark.fuzz
@given(st.text(max_size=200))
def test_what_is_found_is_an_address(text: str) -> None:
    found = find_web_address(text)
    assert found is None or is_web_address(found)
