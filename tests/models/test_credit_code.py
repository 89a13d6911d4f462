"""The unified social credit code: folded, checked, told what is wrong, stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from models.credit_code import (
    CreditCode,
    CreditCodeInvalid,
    CreditCodeProblem,
    complete_credit_code,
    find_credit_code,
    split_credit_code,
)
from models.organisations import Startup
from tests.factories import make_startup

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# Two large companies publish these on their own pages; they end in a digit and in a letter.
PUBLISHED = ("914403001922038216", "91330100799655058B")
INVENTED = "91310115MA7X0K3L"

bodies = st.tuples(
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=8, max_size=8),
).map("".join)


@pytest.mark.parametrize("text", PUBLISHED)
def test_published_codes_are_valid(text: str) -> None:
    assert CreditCode(text) == text


def test_a_code_tells_its_parts() -> None:
    code = CreditCode("91330100799655058B")
    assert (code.department, code.category, code.division, code.organisation) == (
        "9",
        "1",
        "330100",
        "799655058",
    )
    assert code.grouped == "91 330100 799655058 B"


@pytest.mark.parametrize(
    "typed",
    [
        "91330100799655058b",
        " 9133 0100 7996 5505 8B ",
        "91-330100-799655058-B",
        "91\u2011330100\u2013799655058\u2014B",
        "９１３３０１００７９９６５５０５８Ｂ",
        "９１３３０１００７９９６５５０５８ｂ",
        "91330100\u3000799655058\u200bB\ufeff",
        "91 330100 799655058\tB\r\n",
        "统一社会信用代码：91330100799655058B",
        "（税号：91330100799655058B）。",
        "'91330100799655058B",
    ],
)
def test_however_it_is_typed_it_is_one_code(typed: str) -> None:
    assert CreditCode(typed) == "91330100799655058B"


@pytest.mark.parametrize(
    ("typed", "problem", "place", "character"),
    [
        ("", CreditCodeProblem.LENGTH, 0, ""),
        ("9133010079965505", CreditCodeProblem.LENGTH, 0, ""),
        ("91330100799655058BB", CreditCodeProblem.LENGTH, 0, ""),
        ("9133O100799655058B", CreditCodeProblem.CHARACTER, 5, "O"),
        ("91330100799655058Z", CreditCodeProblem.CHARACTER, 18, "Z"),
        ("91330100示99655058B", CreditCodeProblem.CHARACTER, 9, "示"),
        ("9133A100799655058B", CreditCodeProblem.DIVISION, 5, "A"),
        ("91330100799655059B", CreditCodeProblem.ORGANISATION, 0, ""),
        ("91330100799655058A", CreditCodeProblem.CHECK, 0, ""),
    ],
)
def test_what_is_wrong_is_told_by_name_and_place(
    typed: str, problem: CreditCodeProblem, place: int, character: str
) -> None:
    with pytest.raises(CreditCodeInvalid) as raised:
        CreditCode(typed)
    error = raised.value
    assert (error.problem, error.place, error.character) == (problem, place, character)


@given(bodies)
def test_what_is_completed_is_valid_and_stays_what_it_is(body: str) -> None:
    code = complete_credit_code(body)
    assert code.startswith(body)
    assert CreditCode(code) is code
    assert CreditCode(code.grouped) == code
    assert find_credit_code(str(code)) == code


@given(bodies, st.data())
def test_no_wrong_character_passes(body: str, data: st.DataObject) -> None:
    code = complete_credit_code(body)
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    assert find_credit_code(code[:place] + other + code[place + 1 :]) is None


@given(bodies, st.integers(0, 15))
def test_no_swap_of_neighbours_passes(body: str, place: int) -> None:
    code = complete_credit_code(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or find_credit_code(swapped) is None


@given(st.text(max_size=40))
def test_no_text_makes_it_stumble(text: str) -> None:
    code = find_credit_code(text)
    assert code is None or (len(code) == 18 and CreditCode(text) == code)


@pytest.mark.parametrize(
    "typed",
    [
        "示例芯片有限公司 {code}",
        "示例芯片有限公司（{code}）",
        "示例芯片有限公司({code})",
        "示例芯片有限公司，统一社会信用代码：{code}",
        "示例芯片有限公司 税号 {lower}",
        "示例芯片有限公司【{code}】",
    ],
)
def test_a_code_behind_a_name_is_taken_from_it(typed: str) -> None:
    code = complete_credit_code(INVENTED)
    assert split_credit_code(typed.format(code=code, lower=code.lower())) == (
        "示例芯片有限公司",
        code,
    )


def test_what_is_no_code_stays_in_the_name() -> None:
    assert split_credit_code("Bridge 123456789012345678") == ("Bridge 123456789012345678", None)
    assert split_credit_code("Bridge Devices") == ("Bridge Devices", None)
    code = complete_credit_code(INVENTED)
    assert split_credit_code(code) == (code, code)
    assert split_credit_code(f"Bridge {code}5") == (f"Bridge {code}5", None)
    assert split_credit_code(f"BridgeX{code}") == (f"BridgeX{code}", None)


def test_stored_codes_come_back_as_codes_and_are_found_however_they_are_asked_for(
    session: Session,
) -> None:
    code = complete_credit_code(INVENTED)
    startup = make_startup(session, credit_code=f" {code.lower()} ")
    assert startup.credit_code == code
    session.expire_all()
    found = session.scalar(select(Startup).where(Startup.credit_code == code.grouped))
    assert found is startup
    assert isinstance(startup.credit_code, CreditCode)
    assert startup.credit_code == code


def test_nothing_else_is_stored_or_looked_for(session: Session) -> None:
    with pytest.raises(CreditCodeInvalid):
        make_startup(session, credit_code="91330100")
    with pytest.raises(StatementError, match="no credit code: length"):
        session.scalar(select(Startup).where(Startup.credit_code == "91330100"))
