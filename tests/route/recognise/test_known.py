"""Names that the device knows are found as whole words, longest first."""

from edgewise.route.recognise import recognise
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


OWN = Known(places=("home", "work", "公司", "我家"))


@each_row(
    "text, places",
    [
        ("how long from my home to my work?", ["home", "work"]),
        ("is my work's address right", ["work"]),
        ("从我家到公司要多久", ["我家", "公司"]),
        ("我家附近有什么好吃的", ["我家"]),
        ("how does a mortgage work?", []),
        ("how is work defined in physics?", []),
        ("what is a home page?", []),
        ("why do people work from home", []),
        ("公司是怎么上市的？", []),
        ("我国公司法是什么", []),
        ("我家务做得少正常吗", []),
    ],
)
def test_a_place_that_bears_a_common_word_counts_where_it_is_the_person_s(
    text: str, places: list[str]
):
    assert [text[one.start : one.end] for one in recognise(text, OWN)] == places


def test_ages_of_children_in_general_are_left():
    assert recognise("What do 7 year olds learn in maths?", OWN) == ()
    assert len(recognise("what do my 7 year olds learn", OWN)) == 1
