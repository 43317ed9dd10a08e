"""What was not read in a text is told from what was."""

from edgewise.think.grounding import is_grounded, missing

TEXT = "The caretaker is Tobias Lindner, extension 417. The rent is 1,840 euros. 押金为两个月租金。"


def test_what_stands_there_in_other_order_is_grounded():
    assert is_grounded("The rent is 1,840 euros.", TEXT)
    assert is_grounded("Tobias Lindner is the caretaker", TEXT)


def test_another_number_or_other_words_are_not():
    assert not is_grounded("The rent is 1,850 euros.", TEXT)
    assert not is_grounded("Tobias Lindner owned rentals in Germany for decades", TEXT)
    assert not is_grounded("", TEXT)


def test_numbers_and_quotes_that_stand_nowhere_are_named():
    said = (
        "It says “the rent is 1,840  euros.” and “押金为三个月租金”, so 22,080 a year for 2 people."
    )
    assert missing(said, TEXT) == ("22,080", "押金为三个月租金")
    assert missing(said, TEXT, "押金为三个月租金 22,080") == ()
