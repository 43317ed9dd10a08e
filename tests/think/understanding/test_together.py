from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.together import singular
from tests.each_row import each_row


@each_row(
    ("text", "one", "two"),
    [
        ("close them both", "close it", True),
        ("turn both of them off", "turn it off", True),
        ("把它们都关上", "把它关上", False),
        ("两个都打开", "它打开", True),
    ],
)
def test_several_are_said_as_one(text: str, one: str, two: bool):
    said = singular(normalise(text))
    assert said is not None
    assert (said[0].plain, said[1]) == (one, two)


@each_row("text", ["close both windows", "全部关上", "close it", "turn both lights on"])
def test_what_names_its_things_is_not_said_of_others(text: str):
    assert singular(normalise(text)) is None
