"""What people say to a device turn by turn: corrections, ellipsis, answers, other languages."""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

import pytest

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.call import Call
from edgewise.core.capability import Risk
from edgewise.core.label import OriginKind, label_of
from edgewise.core.message import Speaker
from edgewise.core.thought import Context, Exchange, MessageKind
from edgewise.core.words import Language
from edgewise.core.zone import Zone
from edgewise.think.understand import Understander, load_understander
from tests.each_row import each_row

LABEL = label_of(OriginKind.VOICE, "driver")
NOW = "2026-11-23T09:00"
READS = {c.name for c in builtin_catalogue().capabilities if c.risk is Risk.READ}
Calls = list[tuple[str, dict[str, object]]]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return load_understander(builtin_catalogue().capabilities)


def context_with(*exchanges: Exchange, awaiting: Call | None = None) -> Context:
    return Context(
        Language.ENGLISH, label=LABEL, turn="t", now=NOW, exchanges=exchanges, awaiting=awaiting
    )


def said(understander: Understander, *texts: str) -> Calls:
    """The calls of the last of `texts`, said one after another."""
    exchanges: list[Exchange] = []
    calls: tuple[Call, ...] = ()
    for text in texts:
        calls = understander.understand(text, context_with(*exchanges)).calls
        exchanges.append(Exchange(text, calls, "Done.", LABEL))
    return [(call.capability, call.arguments) for call in calls]


@each_row(
    ("texts", "wanted"),
    [
        (("set the driver side to 22", "and the back to 20"), ("climate.set_temperature", {"value": 20, "zone": "rear"})),
        (("set the driver side to 22", "and 21 for the front"), ("climate.set_temperature", {"value": 21, "zone": "front"})),
        (("set the driver side to 22", "a bit warmer in the back"), ("climate.set_temperature", {"zone": "rear", "delta": 1})),
        (("turn on the seat heating", "the passenger's too"), ("seat.set_heat_vent", {"seat": "passenger", "mode": "heat"})),
        (("把温度调低一点", "再低一点"), ("climate.set_temperature", {"delta": -1})),
        (("turn on the reading lights", "no wait, turn them off"), ("light.interior.set", {"kind": "reading", "on": False})),
        (("打开阅读灯", "不对，关掉"), ("light.interior.set", {"kind": "reading", "on": False})),
        (("dim the ambient light", "and make it blue"), ("light.interior.set", {"kind": "ambient", "color": "blue"})),
        (("把氛围灯调暗一点", "换成蓝色"), ("light.interior.set", {"kind": "ambient", "color": "blue"})),
        (("close every window", "lock up"), ("door.lock", {"locked": True})),
    ],
)  # fmt: skip
def test_a_turn_that_leans_means_the_thing_of_the_turn_before(
    understander: Understander, texts: tuple[str, ...], wanted: tuple[str, dict[str, object]]
):
    assert said(understander, *texts) == [wanted]


@each_row(
    ("text", "wanted"),
    [
        ("turn off the lights, no, just the reading lights", [("light.interior.set", {"kind": "reading", "on": False})]),
        ("open the driver window, no wait, the passenger's", [("window.set", {"windows": ["passenger"], "percent": 100})]),
        ("打开主驾车窗，不对，是副驾的", [("window.set", {"windows": ["passenger"], "percent": 100})]),
        ("set it to 22 degrees, sorry, 24", [("climate.set_temperature", {"value": 24})]),
        ("turn on the ac and open the trunk, no wait, close the trunk",
         [("climate.set_power", {"on": True}), ("trunk.set", {"which": "rear", "open": False})]),
        ("open the trunk, no wait, don't", []),
        ("打开后备箱，等等，不要开", []),
    ],
)  # fmt: skip
def test_a_correction_takes_the_place_of_what_was_said_before_it(
    understander: Understander, text: str, wanted: Calls
):
    assert said(understander, text) == wanted


def test_a_correction_that_is_not_understood_drops_what_it_corrects(understander: Understander):
    thought = understander.understand("open the trunk, no wait, the florp", context_with())
    assert thought.calls == ()
    assert thought.question is not None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("open my window all the way", [("window.set", {"windows": ["driver"], "percent": 100})]),
        ("open the window all the way", [("window.set", {"percent": 100})]),
        ("open all the windows", [("window.set", {"windows": ["all"], "percent": 100})]),
        ("set the driver side to 22 and the back to 20",
         [("climate.set_temperature", {"zone": "driver", "value": 22}), ("climate.set_temperature", {"zone": "rear", "value": 20})]),
        ("dim the ambient light and make it blue",
         [("light.interior.set", {"kind": "ambient", "delta": -20}), ("light.interior.set", {"kind": "ambient", "color": "blue"})]),
        ("close every window and lock up", [("window.set", {"windows": ["all"], "percent": 0}), ("door.lock", {"locked": True})]),
        ("switch the headlights from auto to off", [("light.exterior.set", {"kind": "low_beam", "state": "off"})]),
        ("大灯从自动改成关闭", [("light.exterior.set", {"kind": "low_beam", "state": "off"})]),
        ("switch the wipers from fast to slow", [("wiper.set", {"which": "front", "mode": "slow"})]),
        ("turn the temperature from 20 to 23", [("climate.set_temperature", {"value": 23})]),
        ("navigate from the airport to the office", [("nav.set_destination", {"place": "the office"})]),
        ("dim the screen", [("device.set_setting", {"key": "brightness", "delta": -10})]),
        ("调暗屏幕", [("device.set_setting", {"key": "brightness", "delta": -10})]),
        ("屏幕太亮了", [("device.set_setting", {"key": "brightness", "delta": -10})]),
        ("turn the fan off", [("climate.set_fan", {"level": 0})]),
        ("打开风扇", [("climate.set_fan", {"level": 3})]),
        ("turn on the fan", [("climate.set_fan", {"level": 3})]),
        ("the kids in the back are hot", [("climate.set_temperature", {"zone": "rear", "delta": -1})]),
        ("开点窗", [("window.set", {"percent": 10})]),
        ("unlock the child lock and open the rear left window",
         [("window.set_child_lock", {"on": False}), ("window.set", {"windows": ["row2_left"], "percent": 100})]),
        ("turn the wipers off, it's raining hard", [("wiper.set", {"which": "front", "mode": "off"})]),
        ("undo that lock", [("dialog.control", {"action": "undo"})]),
        ("turn the volume to half", [("media.set_volume", {"level": 50})]),
        ("音量一半", [("media.set_volume", {"level": 50})]),
        ("把微信打开", [("app.open", {"name": "微信"})]),
    ],
)  # fmt: skip
def test_what_is_said_is_what_is_meant(understander: Understander, text: str, wanted: Calls):
    assert said(understander, text) == wanted


@each_row("text", ["turn the HUD off", "关闭抬头显示", "打开行车记录仪", "turn on the dashcam"])  # fmt: skip
def test_what_this_device_does_not_have_is_nothing_else(understander: Understander, text: str):
    assert said(understander, text) == []


@each_row(
    "text",
    ["ouvre la fenêtre", "allume la climatisation s'il te plaît", "appelle maman", "baisse le volume", "éteins les phares",
     "mach das Fenster auf", "schalte die Klimaanlage ein", "ruf meine Mutter an", "spiel Musik", "öffne den Kofferraum",
     "enciende el aire acondicionado", "abre la ventana", "llama a mi madre", "apaga las luces", "sube el volumen",
     "apri il finestrino", "accendi l'aria condizionata", "abra a janela por favor", "zet de radio aan",
     "窓を開けて", "エアコンをつけて", "電話をかけてください", "창문 열어 줘", "에어컨 켜줘", "открой окно", "افتح النافذة",
     "mets le volume plus fort", "navigation nach Berlin", "stop la musique maintenant", "quelle heure est-il"],
)  # fmt: skip
def test_another_language_moves_nothing_and_is_told_so(understander: Understander, text: str):
    thought = understander.understand(text, context_with())
    assert (thought.kind, thought.calls) == (MessageKind.UNKNOWN, ())
    assert thought.question is not None
    assert "Chinese and English" in thought.question.en


@each_row(
    ("text", "capability"),
    [("play La Vie en Rose", "media.play"), ("play Für Elise", "media.play"), ("play Despacito", "media.play"),
     ("navigate to Café de Flore", "nav.set_destination"), ("take me to the Champs-Élysées", "nav.set_destination"),
     ("text Jürgen I'm running late", "message.send"), ("call José", "call.dial"), ("call Müller", "call.dial"),
     ("播放歌曲《さくら》", "media.play"), ("播放 La Vie en Rose", "media.play"), ("给 José 打电话", "call.dial"),
     ("播放さくら", "media.play"), ("导航去 Champs-Élysées", "nav.set_destination"),
     ("how do you say où est la gare in English", "info.compute"), ("翻译ありがとう", "info.compute"),
     ("play El Condor Pasa", "media.play"), ("drive to La Défense", "nav.set_destination")],
)  # fmt: skip
def test_names_in_other_languages_stay_within_a_command(
    understander: Understander, text: str, capability: str
):
    assert [name for name, _ in said(understander, text)] == [capability]


@each_row(
    ("capability", "arguments", "text", "wanted"),
    [
        ("message.send", {"body": "hello"}, "turn on the fan", "climate.set_fan"),
        ("message.send", {"body": "hello"}, "打开车窗", "window.set"),
        ("message.send", {"body": "hello"}, "next song", "media.control"),
        ("message.send", {"recipient": "mom"}, "turn up the music", "media.set_volume"),
        ("message.send", {"recipient": "mom"}, "open the window", "window.set"),
        ("message.send", {"recipient": "mom"}, "what's the battery level", "vehicle.get_status"),
        ("message.send", {"recipient": "妈妈"}, "导航去公司", "nav.set_destination"),
        ("nav.set_destination", {}, "it's too loud", "media.set_volume"),
        ("nav.set_destination", {}, "打开空调", "climate.set_power"),
        ("nav.set_destination", {}, "how much battery is left", "vehicle.get_status"),
        ("call.dial", {}, "play some jazz", "media.play"),
        ("call.dial", {}, "锁车门", "door.lock"),
    ],
)  # fmt: skip
def test_a_question_for_words_does_not_swallow_the_next_command(
    understander: Understander,
    capability: str,
    arguments: dict[str, object],
    text: str,
    wanted: str,
):
    awaiting = Call("t0.1", capability, dict(arguments), LABEL)
    calls = understander.understand(text, context_with(awaiting=awaiting)).calls
    assert [call.capability for call in calls] == [wanted]


@each_row(
    ("capability", "arguments", "asked", "text", "wanted"),
    [
        ("alarm.manage", {"op": "set", "kind": "alarm"}, "time", "我有哪些闹钟", ("alarm.manage", {"op": "query", "kind": "alarm"})),
        ("alarm.manage", {"op": "set", "kind": "alarm"}, "time", "delete all alarms", ("alarm.manage", {"op": "cancel", "kind": "alarm", "all": True})),
        ("alarm.manage", {"op": "cancel", "kind": "alarm"}, "label", "倒计时八分钟", ("alarm.manage", {"op": "set", "kind": "timer", "duration": 480})),
        ("alarm.manage", {"op": "set", "kind": "reminder"}, "label", "删除所有闹钟", ("alarm.manage", {"op": "cancel", "kind": "alarm", "all": True})),
        ("app.open", {}, "name", "充电充到百分之八十", ("vehicle.set_charging", {"op": "limit", "limit": 80})),
        ("calendar.upsert", {"start": "2026-12-02T14:00"}, "title", "那天还有别的安排吗", ("calendar.query", {})),
        ("call.dial", {"contact": "Zorbo"}, "number", "no, call Alice instead", ("call.dial", {"contact": "Alice"})),
        ("call.dial", {"contact": "Zorbo"}, "number", "记住我的储物柜密码是4821", ("memory.save", {"fact": "我的储物柜密码是4821"})),
    ],
)  # fmt: skip
def test_an_open_question_swallows_no_complete_command(
    understander: Understander,
    capability: str,
    arguments: dict[str, object],
    asked: str,
    text: str,
    wanted: tuple[str, dict[str, object]],
):
    awaiting = Call("t0.1", capability, dict(arguments), LABEL, asked=(asked,))
    calls = understander.understand(text, context_with(awaiting=awaiting)).calls
    assert [(call.capability, call.arguments) for call in calls] == [wanted]


def test_an_open_question_takes_no_question_for_a_name(understander: Understander):
    awaiting = Call("t0.1", "app.open", {}, LABEL, asked=("name",))
    calls = understander.understand("明天有雨吗", context_with(awaiting=awaiting)).calls
    assert "app.open" not in [call.capability for call in calls]


@each_row(
    ("arguments", "text", "wanted"),
    [
        ({"op": "set", "kind": "alarm"}, "八点", {"time": "2026-11-23T20:00"}),
        ({"op": "set", "kind": "alarm"}, "at 6:30 tomorrow", {"time": "2026-11-24T06:30"}),
        ({"op": "set", "kind": "alarm"}, "in ten minutes", {"duration": 600}),
        ({"op": "set", "kind": "reminder", "label": "milk"}, "下午五点", {"time": "2026-11-23T17:00"}),
    ],
)  # fmt: skip
def test_the_time_that_was_asked_for_is_taken_as_one(
    understander: Understander, arguments: dict[str, object], text: str, wanted: dict[str, object]
):
    awaiting = Call("t0.1", "alarm.manage", dict(arguments), LABEL, asked=("time",))
    (call,) = understander.understand(text, context_with(awaiting=awaiting)).calls
    assert call.arguments == arguments | wanted


@each_row(
    ("capability", "arguments", "asked", "text", "name"),
    [
        ("alarm.manage", {"op": "set", "kind": "reminder"}, "label", "call the bank", "label"),
        ("alarm.manage", {"op": "set", "kind": "reminder"}, "label", "给妈妈打电话", "label"),
        ("calendar.upsert", {"start": "2026-12-02T14:00"}, "title", "Team lunch", "title"),
        ("app.open", {"name": "wexin"}, "name", "wechat", "name"),
        ("list.manage", {"op": "add"}, "item", "oat milk", "item"),
        ("call.dial", {"contact": "Zorbo"}, "number", "老板", "contact"),
    ],
)  # fmt: skip
def test_an_answer_stays_an_answer(
    understander: Understander,
    capability: str,
    arguments: dict[str, object],
    asked: str,
    text: str,
    name: str,
):
    awaiting = Call("t0.1", capability, dict(arguments), LABEL, asked=(asked,))
    (call,) = understander.understand(text, context_with(awaiting=awaiting)).calls
    assert (call.capability, call.arguments[name]) == (capability, text)


@each_row(
    ("capability", "arguments", "text", "name"),
    [
        ("message.send", {"recipient": "mom"}, "I'll be home in ten minutes", "body"),
        ("message.send", {"recipient": "mom"}, "where are you", "body"),
        ("message.send", {"recipient": "mom"}, "can you pick up the kids", "body"),
        ("message.send", {"recipient": "妈妈"}, "我晚点到家你先吃吧", "body"),
        ("message.send", {"recipient": "Jürgen"}, "ich komme gleich", "body"),
        ("message.send", {"body": "hello"}, "Alice Chen", "recipient"),
        ("message.send", {"body": "你好"}, "张伟", "recipient"),
        ("nav.set_destination", {}, "the airport", "place"),
        ("nav.set_destination", {}, "虹桥火车站", "place"),
        ("call.dial", {}, "my wife", "contact"),
        ("call.dial", {}, "老板", "contact"),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_taken_as_the_answer(
    understander: Understander, capability: str, arguments: dict[str, object], text: str, name: str
):
    awaiting = Call("t0.1", capability, dict(arguments), LABEL)
    (call,) = understander.understand(text, context_with(awaiting=awaiting)).calls
    assert call.capability == capability
    assert str(call.arguments[name]).strip(".") == text


@each_row(
    ("text", "capability"),
    [("后备箱是不是开着", "vehicle.get_status"), ("how warm is it outside", "vehicle.get_status"), ("谁发明了电灯", None), ("who invented the light bulb", None), ("who wrote the last message", "message.read"),
     ("你今天心情怎么样", None), ("what is a window made of", None)],
)  # fmt: skip
def test_questions_read_what_they_ask_about(
    understander: Understander, text: str, capability: str | None
):
    thought = understander.understand(text, context_with())
    assert [call.capability for call in thought.calls] == ([capability] if capability else [])


def test_the_passenger_means_the_passenger_by_my_window(understander: Understander):
    context = Context(Language.ENGLISH, Speaker(Zone.PASSENGER), LABEL, turn="t", now=NOW)
    (call,) = understander.understand("open my window all the way", context).calls
    assert call.arguments == {"windows": ["passenger"], "percent": 100}


@each_row(
    ("texts", "wanted"),
    [
        (("turn the music up", "too loud"), ("media.set_volume", {"delta": -10})),
        (("音量大一点", "太大了"), ("media.set_volume", {"delta": -10})),
        (("把温度调到26度", "太热了"), ("climate.set_temperature", {"delta": -1})),
        (("set the temperature to 22 in the back", "still too cold"), ("climate.set_temperature", {"zone": "rear", "delta": 1})),
    ],
)  # fmt: skip
def test_too_much_of_it_asks_for_less_of_it(
    understander: Understander, texts: tuple[str, ...], wanted: tuple[str, dict[str, object]]
):
    assert said(understander, *texts) == [wanted]


@each_row(
    ("texts", "wanted"),
    [
        (("two degrees cooler", "no, I meant three"), {"delta": -1}),
        (("two degrees cooler", "no, I meant 1"), {"delta": 1}),
        (("把温度调高两度", "不对，我是说三度"), {"delta": 1}),
        (("two degrees cooler", "no, I meant to 18"), {"value": 18}),
        (("two degrees cooler", "no, I meant 18"), {"value": 18}),
        (("set the temperature to 22", "no, I meant 23"), {"value": 23}),
        (("make it half a degree cooler",), {"delta": -0.5}),
    ],
)  # fmt: skip
def test_another_number_corrects_the_change_that_was_asked_for(
    understander: Understander, texts: tuple[str, ...], wanted: dict[str, object]
):
    assert said(understander, *texts) == [("climate.set_temperature", wanted)]


@each_row(
    ("text", "repeat"),
    [
        ("wake me every Monday and Thursday at 6:10", {"repeat": "days", "days": ["monday", "thursday"]}),
        ("每个周末早上九点叫我", {"repeat": "weekends"}),
        ("工作日早上七点叫我起床", {"repeat": "weekdays"}),
        ("wake me at quarter to seven on weekdays", {"repeat": "weekdays"}),
        ("set an alarm for 7 am tomorrow", {}),
    ],
)  # fmt: skip
def test_a_repeating_alarm_rings_on_the_days_that_were_named(
    understander: Understander, text: str, repeat: dict[str, object]
):
    ((name, arguments),) = said(understander, text)
    assert name == "alarm.manage"
    assert {n: v for n, v in arguments.items() if n in ("repeat", "days", "all")} == repeat


@each_row(
    ("text", "told"),
    [("双闪开三秒", True), ("warm the steering wheel for ten minutes", True), ("打开座椅加热十分钟", True),
     ("turn on the hazards", False), ("set a timer for ten minutes", False), ("fast forward 30 seconds", False)],
)  # fmt: skip
def test_who_says_for_how_long_is_told_that_nothing_ends_it(
    understander: Understander, text: str, told: bool
):
    thought = understander.understand(text, context_with())
    assert thought.calls
    assert ("end it" in thought.question.en if thought.question else False) is told


@pytest.mark.parametrize(
    "text", ["speed up to 120", "开到一百二", "pull over", "slow down", "靠边停车"]
)
def test_driving_is_declined_and_moves_nothing_else(understander: Understander, text: str):
    thought = understander.understand(text, context_with())
    assert thought.calls == ()
    assert thought.question is not None
    assert "cannot drive" in thought.question.en


def test_lights_to_automatic_are_the_ones_outside(understander: Understander):
    ((name, arguments),) = said(understander, "switch the lights to auto")
    assert (name, arguments["state"]) == ("light.exterior.set", "auto")


def test_too_hot_is_never_said_of_the_music(understander: Understander):
    assert said(understander, "turn the music up", "太热了") == [
        ("climate.set_temperature", {"delta": -1})
    ]


@each_row(
    "text",
    ["can I open the sunroof at this speed?", "can I close the windows now", "would it be bad to turn off the headlights now",
     "could we open the sunroof while driving", "现在能开天窗吗", "要不要开雾灯", "should I lock the doors", "is it safe to unlock the doors"],
)  # fmt: skip
def test_asking_whether_one_may_does_nothing(understander: Understander, text: str):
    for call in understander.understand(text, context_with()).calls:
        assert call.capability in READS, text


@pytest.mark.parametrize(
    "text", ["can we open the windows please", "could you open the windows", "可以把车窗打开吗"]
)
def test_asking_politely_is_still_an_order(understander: Understander, text: str):
    assert [name for name, _ in said(understander, text)] == ["window.set"]


@each_row(
    "text",
    ["my daughter closed the window", "somebody opened the trunk", "the kids turned the lights on", "the sunroof is open, isn't it",
     "you should open the window sometimes", "he wants the radio on", "我老婆把车门锁了", "孩子刚把灯打开了", "我刚把空调关了",
     "keep the sunroof closed", "leave the windows open", "让窗户开着吧", "unlock the car, no wait", "打开后备箱，等等"],
)  # fmt: skip
def test_what_is_told_left_or_broken_off_changes_nothing(understander: Understander, text: str):
    assert said(understander, text) == []


@each_row(
    ("text", "wanted"),
    [
        ("open the shade but keep the sunroof closed", [("roof.set", {"target": "shade", "percent": 100})]),
        ("副驾太冷了，调高两度", [("climate.set_temperature", {"zone": "passenger", "delta": 2})]),
        ("the back is too hot, set the driver side to 20 degrees",
         [("climate.set_temperature", {"zone": "rear", "delta": -1}), ("climate.set_temperature", {"zone": "driver", "value": 20})]),
        ("后面有点热", [("climate.set_temperature", {"zone": "rear", "delta": -1})]),
        ("where's the nearest gas station", [("nav.search_place", {"query": "gas station"})]),
        ("find me a charging station nearby", [("nav.search_place", {"query": "charging station"})]),
        ("播放 Yesterday Once More", [("media.play", {"query": "Yesterday Once More"})]),
        ("play Thriller, actually play Bad", [("media.play", {"query": "Bad"})]),
    ],
)  # fmt: skip
def test_reasons_places_and_titles_are_told_apart(
    understander: Understander, text: str, wanted: Calls
):
    assert said(understander, text) == wanted


@each_row(
    ("texts", "wanted"),
    [
        (("open the driver's window halfway", "and the passenger's too", "a bit more", "close them both"), ("window.set", {"windows": ["driver", "passenger"], "percent": 0})),
        (("打开主驾车窗", "打开副驾车窗", "把它们都关上"), ("window.set", {"percent": 0, "windows": ["driver", "passenger"]})),
        (("打开左后车窗", "副驾的也打开", "两个都关上"), ("window.set", {"windows": ["passenger", "row2_left"], "percent": 0})),
        (("open the driver's window and the passenger's window", "close both"), ("window.set", {"windows": ["driver", "passenger"], "percent": 0})),
        (("turn on the driver's seat heating", "turn on the passenger's seat heating", "turn them both off"), ("seat.set_heat_vent", {"seat": "front", "mode": "heat", "level": 0})),
    ],
)  # fmt: skip
def test_both_are_the_things_of_the_last_calls(
    understander: Understander, texts: tuple[str, ...], wanted: tuple[str, dict[str, object]]
):
    assert said(understander, *texts) == [wanted]


@pytest.mark.parametrize(
    "texts",
    [
        ("open the sunroof", "open the driver's window", "close them both"),
        ("open the driver's window", "close them both"),
        ("打开主驾车窗", "它们都关上"),
    ],
)
def test_both_of_what_are_no_two_of_a_kind_is_asked(
    understander: Understander, texts: tuple[str, ...]
):
    assert said(understander, *texts) == []


@each_row(
    ("before", "asked"),
    [("open the window", "is the window open?"), ("lock the car", "are the doors locked"),
     ("open the trunk", "isn't it open"), ("close the sunroof", "is it closed")],
)  # fmt: skip
def test_a_question_after_an_order_asks_and_orders_nothing(
    understander: Understander, before: str, asked: str
):
    assert {name for name, _ in said(understander, before, asked)} <= READS


def test_numbers_beside_seats_are_no_opening_of_the_windows_that_were_opened_before(
    understander: Understander,
):
    calls = said(understander, "open the windows", "driver 21 passenger 23")
    assert [name for name, _ in calls if name == "window.set"] == []
    assert said(understander, "open the windows", "driver 21 percent") != []
