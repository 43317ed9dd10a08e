# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)


from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.things import apart, find_things
from tests.each_row import each_row


@each_row(
    ("text", "wanted"),
    [
        ("打开左后车窗和空调", ["打开左后车窗", "打开空调"]),
        ("turn on the seat heating and the fan", ["turn on the seat heating", "turn on the fan"]),
        ("turn the music up and the fan down", ["turn the music up", "turn the fan down"]),
        ("把车窗和天窗都关上", ["把车窗关上", "天窗关上"]),
        ("打开空调、音乐和座椅加热", ["打开空调", "打开音乐", "打开座椅加热"]),
        ("turn the seat heating and the fan off", ["turn the seat heating off", "turn the fan off"]),
        ("open the window 30 percent and the sunroof", ["open the window 30 percent", "open the sunroof"]),
        ("set driver temp to 21 and passenger to 24", ["set driver temp to 21", "passenger to 24"]),
        ("主驾二十一度副驾二十四度", ["主驾二十一度", "副驾二十四度"]),
    ],
)  # fmt: skip
def test_each_thing_and_each_value_gets_its_own_clause(text: str, wanted: list[str]):
    assert [clause.plain for clause in apart(normalise(text))] == wanted


@each_row(
    "text",
    ["打开主驾和右后的车窗", "open the driver and rear right windows", "the window and the door",
     "open the window", "播放周杰伦和林俊杰的歌", "navigate to lock and dock"],
)  # fmt: skip
def test_one_thing_in_several_places_stays_one_clause(text: str):
    normal = normalise(text)
    assert apart(normal) == [normal]


def test_things_are_found_whole():
    assert [t.name for t in find_things("turn on the reading light")] == ["reading"]
    assert find_things("a windowless boat") == ()
