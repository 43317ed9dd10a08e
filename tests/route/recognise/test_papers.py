"""Numbers of papers where a text names them."""

from edgewise.route.recognise.papers import find_papers
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "before, number, kind",
    [
        ("Here's my ", "460-89-9847", "SSN"),
        ("SSN: ", "460899847", "SSN"),
        ("my passport number is ", "E12345678", "PASSPORT"),
        ("护照号码：", "EA1234567", "PASSPORT"),
        ("My driver's license number is ", "F162823540116", "LICENCE"),
        ("身份证号是", "110105194912310021", "RESIDENT_ID"),
        ("card number ", "4111 1111 1111 1112", "CARD"),
        ("CVV是", "123", "CARD"),
    ],
)
def test_a_number_is_what_the_text_says_it_is(before: str, number: str, kind: str):
    assert (kind, number) in read(find_papers, before + number)


@each_row("text", ["passport control at 10", "000-12-3456", "the card is 12 cm", "666-12-3456"])
def test_another_number_is_left(text: str):
    assert read(find_papers, text) == []
