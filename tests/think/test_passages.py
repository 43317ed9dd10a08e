"""A question finds the sentence that answers it, and nothing where nothing does."""

import pytest

from edgewise.think.passages import Passages

TEXT = """4. Rent
The tenant pays a rent of 1,840 euros by the third working day of each month.
The deposit of three months' rent is paid in two instalments.
The landlord may raise the rent once in 24 months. Notice of a raise is given ninety days before.
7. House
The caretaker is Tobias Lindner, extension 417, on weekdays from 8 to 16. Bicycles go to the cellar.
第三条 费用
每月租金为人民币4200元，于每月五日前支付。押金为两个月租金。
维修电话为 021-5550，由物业负责。
"""


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("who is the caretaker", "Tobias"),
        ("how many days before a raise must notice be given?", "ninety"),
        ("in how many instalments is the deposit paid", "two instalments"),
        ("where do bicycles go", "cellar"),
        ("每月租金多少", "4200"),
        ("维修电话是多少", "021-5550"),
    ],
)
def test_the_sentence_that_answers_is_found_first(question: str, held: str):
    passages = Passages(TEXT)
    best = passages.find(question, 3)[0]
    assert held in passages.sentences[best.number].text
    assert best.worth >= 0.4


@pytest.mark.parametrize("question", ["what is the wifi password", "谁是船长", "", "the of"])
def test_what_is_not_there_is_worth_little(question: str):
    assert not Passages(TEXT).choose(question, 2, 0.25)


def test_a_near_word_counts_and_the_heading_does():
    passages = Passages("1. Skipper\nOur man is Lee.\n2. Cook\nOur man is Ray.\n")
    (best,) = passages.find("name of the captain", 1)
    assert passages.sentences[best.number].text == "Our man is Lee."


def test_a_second_sentence_is_chosen_only_for_what_the_first_lacks():
    passages = Passages(TEXT)
    both = passages.choose("deposit instalments and caretaker extension", 2, 0.2)
    said = " ".join(passages.sentences[one.number].text for one in both)
    assert "instalments" in said
    assert "417" in said
    assert len(passages.choose("who is the caretaker", 2, 0.2)) == 1
    assert passages.coverage("caretaker", both) == pytest.approx(1.0)
