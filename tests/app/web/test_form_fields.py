"""What each kind of field makes of what is typed, and what it says when that cannot be used."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField

from app.web.day_fields import DayField
from app.web.form_fields import (
    CanonicalAreaField,
    CanonicalTextField,
    CodeField,
    CodesField,
    GroupedCodesField,
    PlaceField,
    PublicIdField,
    Required,
    RowsField,
    TopicsField,
    VersionField,
)
from app.web.number_fields import DAYS, MoneyField, PercentField, WholeNumberField
from app.web.picked_field import PickedField
from app.words.limits import MONEY_LIMIT_YUAN
from models.vocabulary import FIELD_GROUPS, Field, Gate, Language

pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


class RowForm(Form):  # type: ignore[misc]
    name = CanonicalTextField("Name")


class EveryField(Form):  # type: ignore[misc]
    line = CanonicalTextField("Line", [Required("Give a line.")], limit=10)
    area = CanonicalAreaField("Area", limit=20)
    code = CodeField("Code", Gate)
    perhaps = CodeField("Perhaps", Gate, blank="None")
    codes = CodesField("Codes", Language)
    needed_codes = CodesField("Needed", Language, required="Choose one.")
    grouped = GroupedCodesField("Grouped", Field, groups=FIELD_GROUPS)
    place = PlaceField("Place")
    topics = TopicsField("Topics", limit=3, length_limit=5)
    number = WholeNumberField("Number", low=1, high=200)
    money = MoneyField("Money")
    price = MoneyField("Price", unit_yuan=1)
    version = VersionField()
    key = PublicIdField()
    rows = RowsField(FormField(RowForm), "Rows", min_entries=1, max_entries=3)


@pytest.fixture(autouse=True)
def reader(app: Flask) -> Iterator[None]:
    with app.test_request_context(), force_locale("en"):
        yield


VALID = {"line": "a line", "code": "lab", "needed_codes": "zh"}


def send(**typed: Any) -> EveryField:
    return EveryField(MultiDict(VALID | typed))


def find_error(form: EveryField, name: str) -> str:
    """The one message of the one field that is wrong."""
    assert not form.validate()
    assert list(form.errors) == [name]
    (message,) = form[name].errors
    return str(message)


def test_what_is_valid_comes_out_in_the_types_of_the_models() -> None:
    form = send(
        perhaps="",
        codes=["en", "zh"],
        grouped=["metaverse"],
        place="310115",
        topics="SiC, ALD、SiC；外延\n ",
        number="１２",
        money="50.5",
        price="1,200",
        version="7",
    )
    assert form.validate(), form.errors
    assert form.code.data is Gate.LAB
    assert form.perhaps.data is None
    assert form.codes.data == [Language.ENGLISH, Language.CHINESE]
    assert form.grouped.data == [Field.METAVERSE]
    assert form.place.data == "310115"
    assert form.topics.data == ["SiC", "ALD", "外延"]
    assert form.number.data == 12
    assert form.money.data == 505_000
    assert form.price.data == 1200
    assert form.version.data == 7


def test_text_is_canonical_at_input() -> None:
    form = send(line=" a\x00 \x07 b\r\n", area="one\r\ntwo\u202e\x00\n\n\n\nthree ")
    assert form.validate(), form.errors
    assert form.line.data == "a b"
    assert form.area.data == "one\ntwo\n\nthree"


def test_nothing_sent_is_empty_text_and_no_number() -> None:
    form = EveryField(MultiDict({"code": "lab", "needed_codes": "zh"}))
    assert find_error(form, "line") == "Give a line."
    assert (form.area.data, form.number.data, form.money.data) == ("", None, None)
    assert (list(form.topics.data), form.place.data) == ([], None)


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("line", "x" * 11, "At most 10 characters; there are 11 now."),
        ("line", "\x00\x01\u200b", "Give a line."),
        ("area", "界" * 1_000_000, "At most 20 characters; there are 1000000 now."),
        ("code", "laboratory", "Choose from the list."),
        ("code", "", "Choose from the list."),
        ("perhaps", "laboratory", "Choose from the list."),
        ("codes", ["zh", "xx"], "Choose from the list."),
        ("needed_codes", [], "Choose one."),
        ("needed_codes", ["xx"], "Choose from the list."),
        ("grouped", ["METAVERSE"], "Choose from the list."),
        ("place", "310199", "Choose from the list."),
        ("topics", "a,b,c,d", "At most 3 entries; there are 4 now."),
        ("topics", "longer than five", "Each entry has at most 5 characters."),
        ("number", "0", "Give a whole number from 1 to 200."),
        ("number", "-1", "Give a whole number from 1 to 200."),
        ("number", "201", "Give a whole number from 1 to 200."),
        ("number", "1.5", "Give a whole number from 1 to 200."),
        ("number", "٣", "Give a whole number from 1 to 200."),
        ("number", "9" * 5000, "Give a whole number from 1 to 200."),
        ("number", "ten", "Give a whole number from 1 to 200."),
        ("money", "-1", "Give an amount from 0 to 100000000."),
        ("money", "1e999999", "Give an amount as a number."),
        ("money", "NaN", "Give an amount as a number."),
        ("money", "Infinity", "Give an amount as a number."),
        ("money", str(MONEY_LIMIT_YUAN), "Give an amount from 0 to 100000000."),
        ("money", "0.00001", "The smallest amount is one yuan."),
        ("money", "much", "Give an amount as a number."),
        ("price", "0.5", "The smallest amount is one yuan."),
        ("version", "x", "This page is out of date. Load it again."),
        ("version", "9" * 40, "This page is out of date. Load it again."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(name: str, typed: Any, message: str) -> None:
    form = send(**{name: typed})
    if not typed:
        form = EveryField(MultiDict({k: v for k, v in VALID.items() if k != name} | {name: typed}))
    assert find_error(form, name) == message


def test_messages_are_in_the_readers_language() -> None:
    with force_locale("zh_Hans_CN"):
        assert find_error(send(number="0"), "number") == "请填写 1 到 200 之间的整数。"


def test_what_was_typed_is_shown_again() -> None:
    form = send(number="ten <b>", money="much", line="x" * 11, topics="a,b,c,d")
    form.validate()
    assert 'value="ten &lt;b&gt;"' in form.number()
    assert 'value="much"' in form.money()
    assert f'value="{"x" * 11}"' in form.line()
    assert ">\r\na, b, c, d</textarea>" in form.topics()
    with force_locale("zh_Hans_CN"):
        assert ">\r\na、b、c、d</textarea>" in form.topics()


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (0, "0"),
        (5_000, "0.5"),
        (10_000, "1"),
        (3_000_000, "300"),
        (1_234_567, "123.4567"),
        (9_999_990_000, "999999"),
        (10_000_000_000, "1000000万"),
    ],
)
def test_money_is_shown_in_its_unit_and_read_back(yuan: int, shown: str) -> None:
    form = EveryField(data={"money": yuan})
    assert f'value="{shown}"' in form.money()
    assert send(money=shown).money.data == yuan


@pytest.mark.parametrize("typed", ["3000000", "3,000,000", "1000000", "50000000.5"])
def test_so_many_units_without_a_unit_are_asked_about(typed: str) -> None:
    form = send(money=typed)
    assert not form.validate()
    assert "Write the unit behind the number." in form.money.errors[0]
    assert f'value="{typed}"' in form.money()


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("3000000元", 3_000_000),
        ("1000000万元", 10**10),
        ("999999", 9_999_990_000),
        ("50亿", 5 * 10**9),
    ],
)
def test_what_says_its_unit_is_not(typed: str, yuan: int) -> None:
    assert send(money=typed).money.data == yuan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(yuan=st.integers(0, MONEY_LIMIT_YUAN), typed=st.text(max_size=30))
def test_any_amount_survives_the_form_and_any_text_is_answered(yuan: int, typed: str) -> None:
    assert send(money=EveryField(data={"money": yuan}).money._value()).money.data == yuan
    form = send(money=typed, number=typed, topics=typed, line=typed, area=typed, place=typed)
    form.validate()
    assert form.money.data is None or 0 <= form.money.data <= MONEY_LIMIT_YUAN
    assert form.number.data is None or 1 <= form.number.data <= 200
    for field in form:
        field()


class PickForm(Form):  # type: ignore[misc]
    thing = PickedField("Thing")


@pytest.mark.parametrize(
    ("things", "is_single_sure", "sent", "picked"),
    [
        ("ab", True, "b", "b"),
        ("ab", True, "", None),
        ("ab", True, "c", None),
        ("a", True, "a", "a"),
        ("a", False, "", None),
    ],
)
def test_of_several_things_none_is_picked_beforehand(
    things: str, is_single_sure: bool, sent: str, picked: str | None
) -> None:
    def make(typed: MultiDict[str, str] | None = None) -> PickForm:
        form = PickForm(typed)
        form.thing.offer(zip(things, things, strict=True), is_single_sure=is_single_sure)
        return form

    assert ('value=""' in str(make().thing())) == (len(things) > 1 or not is_single_sure)
    form = make(MultiDict({"thing": sent}))
    assert form.validate() == (picked is not None)
    assert picked is None or form.thing.data == picked
    assert picked is not None or form.errors == {"thing": ["Choose from the list."]}


class CountsForm(Form):  # type: ignore[misc]
    days = WholeNumberField("Days", low=1, high=90, units=DAYS)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("14天", 14),
        ("十四 个工作日", 14),
        ("14 days", 14),
        ("14小时", None),
        ("2周", None),
        ("14-20天", None),
    ],
)
def test_a_number_may_have_what_its_field_counts_beside_it(typed: str, value: int | None) -> None:
    form = CountsForm(MultiDict({"days": typed}))
    assert (form.validate(), form.days.data) == (value is not None, value)


class TermsForm(Form):  # type: ignore[misc]
    share = PercentField("Share")
    day = DayField("Day")


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("day", "2027-02-28", "2027-02-28"),
        ("day", "2027-2-8", "2027-02-08"),
        ("day", " 2027年2月28日 ", "2027-02-28"),
        ("day", "2027 年 2 月 8 号", "2027-02-08"),
        ("day", "2027/2/28", "2027-02-28"),
        ("day", "２０２７．２．２８", "2027-02-28"),
        ("day", "28 February 2027", "2027-02-28"),
        ("day", "Feb. 8th, 2027", "2027-02-08"),
        ("day", "sept 30 2027", "2027-09-30"),
        ("share", "12.5％", "1250"),
        ("share", "百分之十二点五", "1250"),
        ("share", "１００ %", "10000"),
        ("share", "0.01", "1"),
    ],
)
def test_days_and_shares_are_read_as_people_type_them(name: str, typed: str, value: str) -> None:
    form = TermsForm(MultiDict({name: typed}))
    assert form.validate()
    assert str(form[name].data) == value
    # Beside the fault of another field, an input for days shows it.
    if name == "day":
        assert f'type="date" value="{value}"' in str(form.day())


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        *(
            ("day", typed, "There is no such day in the calendar.")
            for typed in ("2027年2月30日", "2027-02-30", "2027/13/1", "0000-00-00")
        ),
        *(
            ("day", typed, "Give a day as year-month-day, such as 2026-11-24.")
            for typed in (
                "28.02.2027",
                "20270228",
                "2027-2/8",
                "明天",
                "2027²-2-8",
                "2027-02-28T9",
                "8 Febr 2027",
            )
        ),
        *(
            ("share", typed, "Give a percentage above 0 and up to 100, such as 12.5.")
            # Signs that folding would turn into other digits are no numbers.
            for typed in ("100.5 %", "0", "-5", "5²", "①", "1/3", "5‰", "5%%", "1e1", "５０²％")
        ),
    ],
)
def test_what_is_no_day_and_no_share_is_said_and_kept(name: str, typed: str, message: str) -> None:
    form = TermsForm(MultiDict({name: typed}))
    assert not form.validate()
    assert (form[name].data, form.errors) == (None, {name: [message]})
    shown = str(form[name]())
    assert f'value="{typed}"' in shown.replace("&amp;", "&")
    assert 'type="date"' not in shown


def test_boxes_are_not_required_one_by_one() -> None:
    form = EveryField()
    assert form.needed_codes.flags.required
    assert all("required" not in option() for option in form.needed_codes)


def test_groups_cover_every_code_once() -> None:
    groups = list(EveryField().grouped.list_groups())
    assert groups[0][0] == "Leading industries"
    values = [option.choice.value for _, options in groups for option in options]
    assert sorted(values) == sorted(field.value for field in Field)


def test_places_are_offered_in_groups_with_the_chosen_one_marked() -> None:
    html = EveryField(data={"place": "310115"}).place()
    assert '<optgroup label="Shanghai">' in html
    assert '<option selected value="310115">Pudong, Shanghai</option>' in html
    assert html.count("selected") == 1


@pytest.mark.fuzz
@pytest.mark.parametrize("sent", ["", "x" * 16, "0123456789ABCDEF", "0" * 17, "../../etc/passwd"])
def test_a_forged_public_id_counts_as_none(sent: str) -> None:
    assert send(key=sent).key.data is None


def test_a_public_id_stays_the_one_that_the_form_was_shown_with() -> None:
    shown = EveryField().key.data
    assert len(shown) == 16
    assert send(key=shown).key.data == shown
    assert EveryField().key.data != shown


@pytest.mark.fuzz
def test_rows_are_read_in_order_and_forged_numbers_are_none() -> None:
    form = send(
        **{
            "rows-2-name": "c",
            "rows-0-name": "a",
            "rows-²-name": "x",
            f"rows-{'9' * 5000}-name": "y",
            "rows--1-name": "z",
            "rowsx-1-name": "w",
        }
    )
    assert [row.form.name.data for row in form.rows] == ["a", "c"]
    many = send(**{f"rows-{n}-name": str(n) for n in range(9)})
    assert [row.form.name.data for row in many.rows] == ["0", "1", "2"]
