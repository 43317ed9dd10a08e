"""Names that the device knows are found as whole words, longest first."""

from edgewise.route.recognise.known import Known, Names
from tests.each_row import each_row
from tests.route.recognise.reading import read

NAMES = Names(
    Known(
        people=("Anna Schmidt", "王小明", "小明", "O'Neil"),
        places=("外婆家", "Blue Café"),
        addresses=("Elm St 5",),
    )
)


@each_row(
    "text, findings",
    [
        ("call anna schmidt", [("PERSON", "anna schmidt")]),
        ("call Anna now", [("PERSON", "Anna")]),
        ("is Anna Miller at home", [("PERSON", "Anna Miller")]),
        ("did Frank Schmidt call", [("PERSON", "Frank Schmidt")]),
        ("Ask Schmidt Monday", [("PERSON", "Schmidt")]),
        ("Frank Schmidt's car", [("PERSON", "Frank Schmidt")]),
        ("annabel and Hannah", []),
        ("给王小明打电话", [("PERSON", "王小明")]),
        ("小明在外婆家", [("PERSON", "小明"), ("PLACE", "外婆家")]),
        ("to ELM ST 5, not Elm St 57", [("ADDRESS", "ELM ST 5")]),
        ("at Blue Café with O'Neil", [("PLACE", "Blue Café"), ("PERSON", "O'Neil")]),
    ],
)
def test_a_known_name_is_found_as_a_whole_word(text: str, findings: list[tuple[str, str]]):
    assert read(NAMES.find, text) == findings


def test_a_name_of_one_character_and_no_names_find_nothing():
    assert read(Names(Known(people=("王", "A"))).find, "王 A") == []
    assert read(Names(Known()).find, "Anna") == []


COMMON = Names(
    Known(people=("Grass", "Will", "Anna", "Grace Kelly", "老板", "老师", "王老板", "小明"))
)


@each_row(
    "text, findings",
    [
        ("Why is grass green?", []),
        ("will it rain, by the grace of luck", []),
        ("call Grass", ["Grass"]),
        ("ask Will and Grace", ["Will", "Grace"]),
        ("call grace kelly", ["grace kelly"]),
        ("tell anna i am late", ["anna"]),
        ("I must tell anna", ["anna"]),
        ("跟老板说我晚到", []),
        ("我的老师是谁", []),
        ("跟王老板说，告诉小明", ["王老板", "小明"]),
    ],
)
def test_a_name_that_is_a_common_word_counts_only_as_a_name(text: str, findings: list[str]):
    assert read(COMMON.find, text) == [("PERSON", found) for found in findings]
