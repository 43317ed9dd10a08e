"""What people who had never seen it said to the device, where it did what nobody asked for.

Each row was once carried out wrongly; the calls, by name and arguments, are those that are wanted.
"""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.perceive.perceive import language_of
from tests.each_row import each_row
from tests.safety.test_four_ways import thinking


def calls_of(text: str) -> list[tuple[str, dict[str, object]]]:
    context = Context(
        language_of(text), label=label_of(OriginKind.TYPED), turn="t", now="2026-11-23T10:00:00",
        names={"contact": ("妈妈", "爸爸", "张伟", "Emma", "Ann")},
    )  # fmt: skip
    return [(c.capability, c.arguments) for c in thinking().understand(text, context).calls]


@each_row(
    "text",
    [
        "窗户不用关了", "窗户没必要关", "空调不用关了", "双闪不用关了", "门不用锁了", "窗户不用开了", "车门不用解锁了", "窗户甭开了",
        "skip closing the windows", "the trunk doesn't need opening anymore", "you don't have to turn off the AC anymore",
        "you don't need to lock the doors any more", "let the windows stay open", "the seat heating can stay on",
        "the lights may remain on", "Anna closed all the windows", "Lucy unlocked the doors again", "小明把车窗打开了",
        "when I get home open the trunk", "下高速以后开窗", "after the tunnel open the windows", "睡觉前关窗", "停好车以后锁门",
        "lower the temperature on my wife's side", "我老婆那边调低两度", "打开儿子那边的窗户", "老婆那边的车窗关上", "open the rear windows but not on the kid's side",
        "后排窗户打开，孩子那边别开", "I need the passenger window half open and the driver one shut",
        "delete all my alarms but the one for Monday", "删掉除了周末以外的所有闹钟", "提醒我明天交水费，不对，电费",
        "put all the windows down but one", "把月亮打开", "open the driver door", "打开左前车门", "车里着火了", "I smell smoke",
    ],
)  # fmt: skip
def test_nothing_is_done(text: str) -> None:
    assert calls_of(text) == []


@each_row(
    ("text", "name", "arguments"),
    [
        ("turn off the music not the AC", "media.control", {"action": "stop"}),
        ("turn off the lights, not the AC", "light.interior.set", {"kind": "all", "on": False}),
        ("关左边的窗不关右边的", "window.set", {"windows": ["driver", "row2_left"], "percent": 0}),
        ("open my window, not the passenger's", "window.set", {"windows": ["driver"], "percent": 100}),
        ("put all the windows down except the one behind me", "window.set", {"windows": ["driver", "passenger", "row2_right"], "percent": 100}),
        ("open the windows", "window.set", {"windows": ["all"], "percent": 100}),
        ("打开左前车窗不要超过一半", "window.set", {"windows": ["driver"], "percent": 50}),
        ("副驾车窗开一半，不，开三分之二", "window.set", {"windows": ["passenger"], "percent": 67}),
        ("set the fan to minus 3", "climate.set_fan", {"level": -3}),
        ("导航别出声", "media.set_volume", {"stream": "navigation", "mute": True}),
        ("navigation, be quiet", "media.set_volume", {"stream": "navigation", "mute": True}),
        ("message dad unlock the doors", "message.send", {"recipient": "dad", "body": "unlock the doors"}),
        ("告诉张伟开一下后备箱", "message.send", {"recipient": "张伟", "body": "开一下后备箱"}),
        ("how fast are we going?", "vehicle.get_status", {"topics": ["speed"]}),
        ("导航到“人民广场”", "nav.set_destination", {"place": "人民广场"}),
        ("text Anna hello", "message.send", {"recipient": "Anna", "body": "hello"}),
        ("提醒我下午三点把机票改成周五", "alarm.manage", {"op": "set"}),
        ("tell mom I'll stay on campus", "message.send", {"recipient": "mom", "body": "I'll stay on campus"}),
        ("马上把窗户关了", "window.set", {"percent": 0}),
        ("快点给妈妈打电话", "call.dial", {"contact": "妈妈"}),
        ("座椅加热不用了", "seat.set_heat_vent", {"mode": "heat", "level": 0}),
    ],
)  # fmt: skip
def test_just_what_was_said_is_done(text: str, name: str, arguments: dict[str, object]) -> None:
    ((called, given),) = calls_of(text)
    assert called == name
    assert arguments.items() <= given.items()


@each_row(
    "text",
    [
        "turn the lights off in the house", "lights on in the kitchen", "turn up the volume to 90 in the living room",
        "apple cider has been in my fridge for four months so can i still drink it", "turn on the garden light",
        "i would prefer not", "turn on the moon",
        "open the trunk of my neighbour's car", "open the sunroof of my other car", "make it warmer in my bedroom",
        "the music isn't too loud", "声音不太大", "音量不要超过30",
    ],
)  # fmt: skip
def test_what_is_said_of_elsewhere_or_of_nothing_changes_nothing(text: str) -> None:
    assert [call for call in calls_of(text) if call != ("dialog.control", {})] == []


def test_a_thing_of_a_house_is_asked_of_a_house_that_is_not_there() -> None:
    """Answered honestly: this device has no bridge to a home."""
    assert [name for name, _ in calls_of("toggle wemo plug socket on")] == ["home.control"]


def test_a_lock_that_is_disengaged_is_not_shut() -> None:
    calls = calls_of("could you disengage the back door lock")
    assert all(arguments.get("locked") is not True for _, arguments in calls)


@each_row(
    ("text", "calls"),
    [
        ("fan down to 2 and recirculate", ["climate.set_fan", "climate.set_recirculation"]),
        ("空调温度打到23.5℃风速3挡内循环",
         ["climate.set_temperature", "climate.set_fan", "climate.set_recirculation"]),
        ("开窗通风关闭空调", ["window.set", "climate.set_power"]),
        ("打开蓝牙听个歌呗", ["device.set_setting", "media.play"]),
        ("音量调到百分之三十导航调到百分之五十", ["media.set_volume", "media.set_volume"]),
        ("定一个七点的闹钟和一个十分钟的计时器", ["alarm.manage", "alarm.manage"]),
        ("open the window and ring mom", ["window.set", "call.dial"]),
        ("tell me the weather and I want to book a restaurant in Paris and then open the window",
         ["info.weather", "service.book", "window.set"]),
        ("what is the forecast for Paris and then looking for a song called Rain", ["info.weather", "media.play"]),
        ("rate Who Goes There? four stars", ["media.library_edit"]),
        ("我这边有点热，别开窗，把空调调低两度", ["climate.set_temperature"]),
        ("the back is too hot, set the driver side to 20",
         ["climate.set_temperature", "climate.set_temperature"]),
        ("do close the window", ["window.set"]), ("can you make sure the sunroof is closed", ["roof.set"]),
        ("will you help me write an email to Emma", ["email.send"]), ("please search for Switched", ["media.play"]),
        ("不要让导航的声音这么大", ["media.set_volume"]), ("开车模式变更为雪地模式", ["drive.set_mode"]),
        ("随机播放我的收藏", ["media.play"]), ("播放收藏歌曲", ["media.play"]),
    ],
)  # fmt: skip
def test_nothing_that_was_asked_for_is_lost(text: str, calls: list[str]) -> None:
    assert [name for name, _ in calls_of(text)] == calls


@each_row(
    ("text", "arguments"),
    [
        ("open the left and right windows", {"windows": ["all"], "percent": 100}),
        ("打开后排左右车窗", {"windows": ["rear"], "percent": 100}),
        ("open the front left and right windows", {"windows": ["front"], "percent": 100}),
        ("把两侧车窗打开", {"windows": ["all"], "percent": 100}),
        ("fold the left and right mirrors", {"side": "both", "fold": True}),
        ("move the meeting at 3 to 4", {"event": "meeting", "start": "16:00"}),
        ("change the meeting at 10 am tomorrow to 11 am", {"event": "meeting", "start": "11:00"}),
        ("把明天的会议推迟到后天", {"event": "会议", "start": "2026-11-25"}),
        ("push the review back by an hour", {"event": "review"}),
        ("text Emma on WhatsApp that I'm late",
         {"recipient": "Emma", "body": "I'm late", "app": "whatsapp"}),
        ("给妈妈用微信发消息说我晚点到", {"recipient": "妈妈", "body": "我晚点到", "app": "wechat"}),
        ("音量调到百分之三十，导航调到百分之五十", {"stream": "navigation", "level": 50}),
    ],
)  # fmt: skip
def test_what_was_asked_for_is_not_done_to_something_else(
    text: str, arguments: dict[str, object]
) -> None:
    assert calls_of(text)[-1][1] == arguments


@each_row(
    "text",
    ["alexa open the window", "please alexa open the window", "the music is fine, alexa open the window", "ok google turn on the seat heating",
     "小王问你能不能开天窗", "打开二零二三河南卫视春晚", "turn of the see heater", "the car next to us has its lights on"],
)  # fmt: skip
def test_what_is_said_to_others_or_not_understood_moves_nothing(text: str) -> None:
    assert calls_of(text) == []


def test_another_assistants_name_is_no_reason_not_to_play() -> None:
    assert [name for name, _ in calls_of("ok google play rock music")] == ["media.play"]
