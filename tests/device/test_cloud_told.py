"""What is told of clouds has exactly the shape that the page reads."""

import msgspec

from edgewise.core.place import Mode
from edgewise.core.words import Words
from edgewise.device.cloud_told import CloudRow, Clouds, LeftOfTurn, LeftRow, Today
from edgewise.route.payload import Sent


def test_the_clouds_are_told_with_todays_cost_and_what_each_lacks():
    row = CloudRow("s", "CN", "m", "https://x/v1", "away", Words("why", "因"), [], ["c1"])
    told = Clouds(Mode.ASK, True, 2, Today(0.5, 1.0, 10, 20, 1), [row])
    assert msgspec.json.decode(msgspec.json.encode(told)) == {
        "mode": "ask",
        "online": True,
        "waiting": 2,
        "today": {"money": 0.5, "money_limit": 1.0, "bytes": 10, "bytes_limit": 20, "turns": 1},
        "clouds": [
            {
                "name": "s",
                "region": "CN",
                "model": "m",
                "address": "https://x/v1",
                "state": "away",
                "why": {"en": "why", "zh": "因"},
                "lacking": [],
                "consents": ["c1"],
            }
        ],
    }


def test_what_left_is_told_with_its_words_or_with_none():
    row = LeftRow("s", "CN", "assist", "d", 3, {"phone": 1}, [Sent("user", "hi")])
    told = msgspec.json.decode(msgspec.json.encode(LeftOfTurn("t", [row], 0.25)))
    assert told["left"][0]["payload"] == [{"role": "user", "text": "hi"}]
    assert (told["turn"], told["cost"], told["asks"]) == ("t", 0.25, None)
