"""Forms of one term are found as one concept, whole and in whatever script, case or number."""

import pytest

from matching.text.term_table import TermsInvalid, TermTable, get_terms, read_table

TERMS = get_terms()
OWN = TermTable(
    read_table(
        "# 示例\n碳化硅\t碳化矽\tsilicon carbide\tSiC\n"
        "控制器局域网\t\tcontroller area network\tCAN\n"
        "功率器件\t\tpower device\t\n碳化硅功率器件\t\tsilicon carbide power device\t\n"
        "集成电路\t積體電路\tintegrated circuit\tIC\n"
        "生成对抗网络\t\tgenerative adversarial network\tGAN\n氮化镓\t\tgallium nitride\tGaN\n"
    )
)


@pytest.mark.parametrize(
    "forms",
    [
        ("碳化硅", "碳化矽", "SiC", "silicon carbide", "Silicon-Carbide"),
        ("合同研究组织", "CRO", "contract research organization"),
        ("微机电系统", "MEMS", "微機電系統"),
        ("绝缘栅双极型晶体管", "IGBT", "insulated-gate bipolar transistor"),
        ("电子设计自动化", "EDA", "electronic design automation"),
        ("磁场定向控制", "FOC", "field-oriented control"),
    ],
)
def test_all_forms_of_a_term_are_one_concept(forms: tuple[str, ...]) -> None:
    found = [TERMS.list_concepts(form) for form in forms]

    assert frozenset.intersection(*found)


def test_the_table_is_as_large_as_promised_and_says_nothing_twice() -> None:
    assert len(TERMS.concepts) >= 3000
    said = [form for concept in TERMS.concepts for form in (*concept.chinese, *concept.english)]
    assert len(said) == len(set(said))
    assert all(concept.chinese and concept.english for concept in TERMS.concepts)


@pytest.mark.parametrize("text", ["the clinic opens", "you can do it", "a quick spin", "sicher"])
def test_pieces_of_words_and_ordinary_words_are_no_terms(text: str) -> None:
    assert OWN.find_mentions(text) == []


def test_an_abbreviation_that_is_a_word_counts_as_it_is_written() -> None:
    assert [text for text in ("CAN bus", "can bus") if OWN.find_mentions(text)] == ["CAN bus"]


def test_letters_tell_abbreviations_apart_where_two_fold_to_one() -> None:
    def name(text: str) -> list[str]:
        return [OWN.concepts[n].english[0] for n in OWN.find_mentions(text)[0].concepts]

    assert name("GaN") == ["gallium nitride"]
    assert name("GAN") == ["generative adversarial network"]
    assert sorted(name("gan")) == ["gallium nitride", "generative adversarial network"]


def test_the_longest_form_wins_and_what_is_inside_can_be_asked_for() -> None:
    text = "做碳化硅功率器件的"
    longest = OWN.find_mentions(text)

    assert [text[m.start : m.end] for m in longest] == ["碳化硅功率器件"]
    inside = OWN.find_mentions(text, inside=True)
    assert sorted(text[m.start : m.end] for m in inside) == ["功率器件", "碳化硅", "碳化硅功率器件"]


@pytest.mark.parametrize(
    "text", ["我們做碳化矽晶圓。SiC!", "ﬁne 𠮷 SiC wafers", "SILICON  carbide"]
)
def test_spans_are_of_the_text_as_it_is(text: str) -> None:
    for mention in OWN.find_mentions(text):
        piece = text[mention.start : mention.end]
        assert OWN.find_mentions(piece)[0].concepts == mention.concepts


@pytest.mark.parametrize("line", ["碳化硅\tsilicon carbide", "\t\t\tSiC", "a\tb\tc\td\te"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(TermsInvalid, match="line 2"):
        list(read_table("# head\n" + line))
