import pytest

from edgewise.core.thought import MessageKind
from edgewise.think.understanding.home_names import cut
from edgewise.think.understanding.home_sayings import delays, read_saying, read_weather
from edgewise.think.understanding.normalise import normalise
from tests.think.understanding.at_home import HOME


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("announce that supper is on the table", "home.control",
         {"action": "announce", "message": "supper is on the table"}),
        ("广播晚饭好了", "home.control", {"action": "announce", "message": "晚饭好了"}),
        ("forget it", "dialog.control", {"action": "cancel"}),
        ("冇事", "dialog.control", {"action": "cancel"}),
        ("tell me the time", "info.compute", {"kind": "datetime", "part": "time"}),
        ("what's today's date", "info.compute", {"kind": "datetime", "part": "date"}),
    ],
)  # fmt: skip
def test_a_saying_is_one_call(text: str, name: str, arguments: dict[str, str]):
    ((_, capability, found),) = read_saying(normalise(text), HOME, asked=False) or [None] * 3
    assert (capability, found) == (name, arguments)


def test_a_question_announces_nothing():
    assert read_saying(normalise("announce that supper is ready"), HOME, asked=True) is None


def test_the_weather_is_asked_for_where_the_home_knows_the_place():
    def place(text: str) -> object:
        found = read_weather(cut(normalise(text).plain, HOME), HOME)
        assert found is None or found[0] is MessageKind.QUESTION
        return None if found is None else dict(found[2])

    assert place("what's the Berlin weather like") == {"place": "Berlin"}
    assert place("而家天氣點樣") == {}
    assert place("what's the weather like on the moon") is None


def test_an_order_for_later_is_known_as_one():
    assert delays(normalise("in five minutes, unlock the porch door"), HOME)
    assert delays(normalise("十分钟后打开后门"), HOME)
    assert not delays(normalise("unlock the porch door"), HOME)
