"""One address in all its ways of writing, and which addresses mail can be sent to."""

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.words.email_addresses import EmailUnusable, read_email
from models.email_addresses import canonical_email


@pytest.mark.parametrize(
    "address",
    [
        " Fang@Example.org ",
        "ｆａｎｇ@example.org",
        "fang＠example.org",
        "fang@example。org",
        "fang@example．org",
        "fang\u200b@example.org",
        "fang@example.org.",
        "fang @ example.org",
        "Ｆang\u00a0@EXAMPLE．ORG",
        "fang@\u200eexample.org",
        "fang﹫example.org",
    ],
)
def test_all_ways_of_writing_an_address_are_one(address: str) -> None:
    assert canonical_email(address) == "fang@example.org"
    assert read_email(address) == "fang@example.org"


@pytest.mark.parametrize("domain", ["测试.中国", "bücher.example.org", "straße.de", "例え.jp"])
def test_a_domain_is_encoded_as_the_standard_says(domain: str) -> None:
    encoded = idna.encode(domain, uts46=True).decode()
    assert canonical_email(f"fang@{domain}") == f"fang@{encoded}"
    assert canonical_email(f"fang@{encoded}") == f"fang@{encoded}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "fang", "方@example.org", "fang@", "@example.org", "fang@-.org", "a" * 400 + "@b.cn"),
        *("fang@localhost", "fang@b..cn", ".fang@b.cn", "fang.@b.cn", "a@b@example.org"),
        *("fang@b_c.cn", "fang@[127.0.0.1]", '"f g"@example.org', "fang@example.invalid"),
        "fäng@example.org",
    ],
)
def test_what_cannot_be_reached_is_refused(text: str) -> None:
    with pytest.raises(EmailUnusable):
        read_email(text)


@given(st.text(max_size=60))
def test_an_address_is_canonical_once(text: str) -> None:
    assert canonical_email(canonical_email(text)) == canonical_email(text)
