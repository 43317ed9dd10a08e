"""More of what people said who had never seen the device: states behind things, times, titles."""
# ruff: noqa: E501  (a table of sentences is read by rows; broken rows cannot be compared)

from edgewise.core.label import OriginKind, label_of
from edgewise.core.thought import Context
from edgewise.perceive.perceive import language_of
from edgewise.think.fixed import fixed
from tests.each_row import each_row
from tests.think.test_newcomers import calls_of


@each_row(
    ("text", "calls"),
    [
        ("空调关窗户开", [("climate.set_power", {"on": False}), ("window.set", {"percent": 100})]),
        ("窗户关空调开", [("window.set", {"percent": 0}), ("climate.set_power", {"on": True})]),
        ("大灯关雾灯开", [("light.exterior.set", {"kind": "low_beam", "state": "off"}),
                    ("light.exterior.set", {"kind": "fog", "state": "on"})]),
        ("蓝牙关wifi开", [("device.set_setting", {"key": "bluetooth", "on": False}),
                      ("device.set_setting", {"key": "wifi", "on": True})]),
        ("turn off the radio open the sunroof",
         [("media.control", {"action": "stop"}), ("roof.set", {"target": "roof", "percent": 100})]),
        ("声音大点下一首", [("media.set_volume", {"delta": 10}), ("media.control", {"action": "next"})]),
        ("the ac is too strong", [("climate.set_fan", {"delta": -1})]),
        ("the heat is too strong", [("climate.set_temperature", {"delta": -1})]),
        ("后门解锁", [("door.lock", {"doors": ["rear"], "locked": False})]),
        ("关闹钟", [("alarm.manage", {"op": "cancel", "kind": "alarm"})]),
        ("不去那儿了去医院", [("nav.set_destination", {"place": "医院"})]),
        ("find gas", [("nav.search_place", {"query": "gas"})]),
        ("put on Raise the Roof", [("media.play", {"query": "Raise the Roof"})]),
        ("play Please Don't Stop the Music", [("media.play", {"query": "Please Don't Stop the Music"})]),
        ("播放停不了的爱", [("media.play", {"query": "停不了的爱"})]),
        ("navigate to Thistledown Lane 47 in Haverbrook",
         [("nav.set_destination", {"place": "Thistledown Lane 47 in Haverbrook"})]),
        ("温度二十五啊不二十三", [("climate.set_temperature", {"value": 23})]),
        ("打开主驾和左后的座椅通风", [("seat.set_heat_vent", {"seat": "driver", "mode": "vent"}),
                           ("seat.set_heat_vent", {"seat": "row2_left", "mode": "vent"})]),
        ("text Emma that I opened the window and then closed it",
         [("message.send", {"recipient": "Emma", "body": "I opened the window and then closed it", "app": "sms"})]),
        ("车窗开到一半左右", [("window.set", {"percent": 50})]),
        ("空调调到24度左右", [("climate.set_temperature", {"value": 24})]),
        ("空调开到二十三度", [("climate.set_temperature", {"value": 23})]),
        ("主驾空调开到23度", [("climate.set_temperature", {"zone": "driver", "value": 23})]),
        ("turn on the AC at 20 degrees", [("climate.set_temperature", {"value": 20})]),
        ("AC to 20", [("climate.set_temperature", {"value": 20})]),
        ("空调开二十分钟", [("climate.set_power", {"on": True})]),
        ("shuffle and open the window", [("media.control", {"action": "shuffle_on"}), ("window.set", {"percent": 100})]),
        ("play taylor swift, temperature 20",
         [("media.play", {"query": "taylor swift"}), ("climate.set_temperature", {"value": 20})]),
        ("schedule a shift change from 3 pm to 4 pm tomorrow",
         [("calendar.upsert", {"title": "shift change", "start": "2026-11-24T15:00"})]),
        ("明天早上七点、晚上八点叫我",
         [("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-24T07:00"}),
          ("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-24T20:00"})]),
        ("turn off the ac the radio and the lights",
         [("climate.set_power", {"on": False}), ("media.control", {"action": "stop"}),
          ("light.interior.set", {"kind": "all", "on": False})]),
        ("turn off the music and the dome light and the seat massage",
         [("media.control", {"action": "stop"}), ("light.interior.set", {"kind": "dome", "on": False}),
          ("seat.set_massage", {"level": 0})]),
        ("make the back a bit warmer and mute the music",
         [("climate.set_temperature", {"zone": "rear", "delta": 1}), ("media.set_volume", {"mute": True})]),
        ("make the front cooler", [("climate.set_temperature", {"zone": "front", "delta": -1})]),
        ("前后窗户都打开", [("window.set", {"windows": ["all"], "percent": 100})]),
        ("窗户开着空调关了", [("climate.set_power", {"on": False})]),
        ("天窗开着窗户关了", [("window.set", {"percent": 0})]),
        ("门锁着后备箱打开", [("trunk.set", {"which": "rear", "open": True})]),
        ("空调别关窗户关上", [("window.set", {"percent": 0})]),
        ("开主驾的门锁", [("door.lock", {"doors": ["driver"], "locked": False})]),
        ("child lock off on the left", [("window.set_child_lock", {"on": False})]),
        ("forget the ac open the windows instead", [("window.set", {"windows": ["all"], "percent": 100})]),
        ("lower the windows in front and raise the ones in back",
         [("window.set", {"windows": ["front"], "percent": 100}), ("window.set", {"windows": ["rear"], "percent": 0})]),
        ("open all the windows but not the one in the back left",
         [("window.set", {"windows": ["driver", "passenger", "row2_right"], "percent": 100})]),
        ("unlock the doors sorry i mean lock them", [("door.lock", {"locked": True})]),
        ("天窗打开算了关上吧", [("roof.set", {"target": "roof", "percent": 0})]),
        ("set the temperature to seventy no seventy two", [("climate.set_temperature", {"value": 72})]),
        ("声音二十不三十", [("media.set_volume", {"level": 30})]),
        ("shut the trunk and head home",
         [("trunk.set", {"which": "rear", "open": False}), ("nav.set_destination", {"place": "home"})]),
        ("打开双闪给道路救援打电话",
         [("light.exterior.set", {"kind": "hazard", "state": "on"}), ("call.dial", {"contact": "道路救援"})]),
        ("提醒我停车拿快递", [("alarm.manage", {"op": "set", "kind": "reminder", "label": "停车拿快递"})]),
        ("分别打开空调和车窗", [("climate.set_power", {"on": True}), ("window.set", {"percent": 100})]),
        ("关掉空调不用了", [("climate.set_power", {"on": False})]),
        ("hey make sure the doors are locked", [("door.lock", {"locked": True})]),
        ("set an alarm for 6 and another for 7",
         [("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-23T18:00"}),
          ("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-23T19:00"})]),
        ("今晚十点和凌晨两点叫我",
         [("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-23T22:00"}),
          ("alarm.manage", {"op": "set", "kind": "alarm", "time": "2026-11-24T02:00"})]),
        ("Put on Sport Mode", [("drive.set_mode", {"mode": "sport"})]),
        ("Play Jazz And Close The Sunroof",
         [("media.play", {"query": "Jazz", "kind": "genre"}), ("roof.set", {"target": "roof", "percent": 0})]),
        ("close the trunk stop it", [("dialog.control", {"action": "stop"})]),
        ("could you drive me home", [("nav.set_destination", {"place": "home"})]),
        ("what is the speed", [("vehicle.get_status", {"topics": ["speed"]})]),
        ("take lunch meeting off my calendar", [("calendar.delete", {"event": "lunch meeting"})]),
    ],
)  # fmt: skip
def test_it_is_done_as_it_was_said(text: str, calls: list[tuple[str, dict[str, object]]]) -> None:
    assert calls_of(text) == calls


@each_row(
    ("text", "time"),
    [
        ("alarm at five to eight", "19:55"), ("wake me up at ten to six", "05:50"),
        ("alarm at ten past seven", "19:10"), ("alarm for twenty to seven", "18:40"),
        ("set an alarm for twenty five past three pm", "15:25"), ("wake me at half past six", "06:30"),
    ],
)  # fmt: skip
def test_minutes_before_and_after_an_hour_are_a_time(text: str, time: str) -> None:
    ((_, arguments),) = calls_of(text)
    assert str(arguments["time"]).endswith(time)


@each_row(
    "text",
    [
        "进小区别开远光灯", "后备箱那个别打开", "停车区别锁车", "someone should make sure the doors are unlocked",
        "妈妈让我听话把窗户打开", "can you drive with the lights off", "can i leave the car with the windows open",
        "你把窗户关上干嘛", "你关灯干嘛", "打开车窗不用了", "打开座椅加热不用了", "打开空调算了别开了",
        "turn off the lights at home", "open the sunroof but not all the way", "删除所有短信", "delete my contact Bob",
        "别把音乐大声点开窗", "don't turn up next song", "i'm writing that you should unlock the doors",
        "i'm hearing them open the window", "八点三十分别开空调", "窗户都关上留主驾的", "灯都关了只留阅读灯",
        "副驾那边高两度我这边不动", "我的关掉她的打开", "open the fuel door", "alexa cancel all alarms", "could you alexa unlock the doors", "进小区别锁车",
    ],
)  # fmt: skip
def test_nothing_is_moved(text: str) -> None:
    assert [name for name, _ in calls_of(text) if name != "vehicle.get_status"] == []


def test_stopping_is_never_refused_for_a_name() -> None:
    assert calls_of("hey google stop closing the sunroof") == [
        ("dialog.control", {"action": "stop"})
    ]


@each_row(
    ("text", "number"),
    [
        ("call 911 my husband is having a heart attack", "911"), ("我老公晕倒了快打120", "120"),
        ("打110我被跟踪了", "110"), ("call me an ambulance", "112"), ("着火了快打119", "119"), ("call 112 there was an accident", "112"),
        ("打120多少钱", ""), ("告诉妈妈我晕倒了快打120", ""), ("打120算了", ""), ("打120个鸡蛋", ""),
        ("call 112 she's fine never mind", ""), ("call 911 my son is kidding he is not hurt", ""),
        ("我不需要你帮我打120", ""), ("已经有人受伤帮我打120", ""), ("医生说他受伤了快打120", ""),
        ("如果着火了快打119", ""), ("播放快打110", ""), ("明天下午三点帮我打120", ""), ("打112路公交", ""),
    ],
)  # fmt: skip
def test_an_emergency_number_is_dialled_with_its_reason(text: str, number: str) -> None:
    context = Context(language_of(text), label=label_of(OriginKind.VOICE, "driver"), turn="t")
    thought = fixed(text, context)
    dialled = [call.arguments.get("number") for call in thought.calls] if thought else []
    assert dialled == ([number] if number else [])
