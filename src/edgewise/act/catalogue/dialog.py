"""The dialogue itself: yes, no, cancel, stop, repeat, undo.

The agent acts on confirm, deny and cancel before a call is resolved; what reaches this file without
anything pending is told so. Stop also holds whatever is moving where it is by then; no place is
written, so an old reading cannot turn a motor round. Undo puts back what the last change
of the session changed, in reverse order, and is decided like any other change.

Stop, cancel and no end no telephone call: heard wrongly, or said to somebody else, they would cut
off help (rule 42). They say that the call goes on, and "hang up" ends it.
"""

from typing import Any, cast

from edgewise.act.catalogue.rows import impossible, say
from edgewise.act.catalogue.words import example as e
from edgewise.act.classify import HOLDS
from edgewise.act.exposure import hold_classes
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Note, Resolution, Resolved, hold
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.emergency import EMERGENCY_NUMBERS
from edgewise.core.signal import Reading, Snapshot, as_list, as_object
from edgewise.core.words import Words

ACTIONS = (
    Choice(
        "confirm", Words("confirm", "确认"), ("yes", "confirm", "go ahead"), ("好", "确认", "是的")
    ),
    Choice("deny", Words("no", "不要"), ("no", "don't"), ("不", "不要", "别")),
    Choice("cancel", Words("cancel", "取消"), ("cancel", "never mind"), ("取消", "算了")),
    Choice("stop", Words("stop", "停止"), ("stop", "quiet"), ("停", "停止", "闭嘴")),
    Choice("repeat", Words("repeat", "重复"), ("repeat", "say again"), ("重复", "再说一遍")),
    Choice("undo", Words("undo", "撤销"), ("undo", "put it back"), ("撤销", "还原", "恢复")),
    Choice("acknowledge", Words("that is all right", "知道了"), (), ()),
)
_LEFT = ("All right, I leave it.", "好的，不做了。")
ACKNOWLEDGE = "acknowledge"
"""What praise, thanks and the like ask for: a word back, and nothing done."""


def control(call: Call, snapshot: Snapshot) -> Resolution:
    """Undo, repeat, or hold what moves; a yes without a question has nothing to act on."""
    action = str(call.arguments.get("action", ACKNOWLEDGE))
    match action:
        case "undo":
            return _undo(snapshot)
        case "repeat":
            answer = snapshot.get("session.last_answer")
            if not answer:
                return impossible(
                    "nothing_said", "I have not said anything yet.", "我还没有说过什么。"
                )
            reading = snapshot.readings.get("session.last_answer")
            label = None if reading is None else reading.label
            return Resolved(data={"action": action, "said": answer}, label=label)
        case "confirm":
            return impossible(
                "nothing_pending", "There is nothing to confirm.", "现在没有需要确认的事。"
            )
        case "deny" if not _calling(snapshot):
            return impossible("nothing_pending", *_LEFT)
        case _:
            effects, notes = _hold(snapshot) if action == "stop" else ((), ())
            said = (
                say(snapshot, "Stopped.", "停住了。")
                if effects
                else say(snapshot, *(_LEFT if action == "cancel" else ("Okay.", "好的。")))
            )
            notes += _calling(snapshot)
            return Resolved(effects, data={"action": action, "said": said}, notes=notes)


def _calling(snapshot: Snapshot) -> tuple[Note, ...]:
    """That a call which was just started, or any emergency call, goes on, and how to end it."""
    call = as_object(next(iter(as_list(snapshot.get("phone.call"))), None))
    number = str(call.get("number", ""))
    if number in EMERGENCY_NUMBERS:
        en, zh = f"The emergency call to {number} goes on", f"{number}的紧急呼叫仍在继续"
    elif call.get("state") == "dialling":
        en, zh = "The call goes on", "电话仍在呼叫"
    else:
        return ()
    return (Note(Words(f"{en}; say “hang up” to end it.", f"{zh}，要结束请说“挂断”。"), rule=42),)


def _hold(snapshot: Snapshot) -> tuple[tuple[Effect, ...], tuple[Note, ...]]:
    """Whatever is on its way stops where it is. The note says that something has no motor that
    could be held."""
    moving = {
        position: None
        for target, reading in snapshot.readings.items()
        if target.startswith("Vehicle.") and (position := _position_moving(target, reading))
    }
    held = [position for position in moving if hold_classes(position) == (HOLDS,)]
    return tuple(hold(position) for position in held), () if len(held) == len(moving) else (
        _NOT_HELD,
    )


def _position_moving(target: str, reading: Reading) -> str:
    """The position of the motor that is on its way, by its aim or its switch; else empty."""
    if target.endswith(".Switch"):
        idle = reading.value in (None, "INACTIVE")
        return "" if idle else target.removesuffix("Switch") + "Position"
    if reading.target is None or reading.target == reading.value:
        return ""
    return target.removesuffix("IsOpen") + "Position" if target.endswith(".IsOpen") else target


def _undo(snapshot: Snapshot) -> Resolution:
    undo = snapshot.get("session.undo")
    held = cast(dict[str, Any], undo).get("before") if isinstance(undo, dict) else None
    before = cast(dict[str, Any], held) if isinstance(held, dict) else {}
    if not before:
        return impossible("nothing_to_undo", "There is nothing to undo.", "没有可以撤销的操作。")
    effects = tuple(Effect(target, value) for target, value in reversed(before.items()))
    return Resolved(effects, data={"action": "undo", "said": say(snapshot, "Undone.", "已撤销。")})


_NOT_HELD = Note(
    Words(
        "I could not stop everything: something that moves is not mine to hold. Please use its "
        "switch.",
        "有的正在动的部件我停不了，请用它的开关。",
    )
)

CONTROL_EN = (
    e("yes", action="confirm"),
    e("go ahead", action="confirm"),
    e("no", action="deny"),
    e("no, don't do that", action="deny"),
    e("cancel", action="cancel"),
    e("never mind", action="cancel"),
    e("stop", action="stop"),
    e("be quiet", action="stop"),
    e("say that again", action="repeat"),
    e("undo that", action="undo"),
    e("put it back how it was", action="undo"),
)
CONTROL_ZH = (
    e("好的", action="confirm"),
    e("确认", action="confirm"),
    e("不要", action="deny"),
    e("别这样做", action="deny"),
    e("取消", action="cancel"),
    e("算了", action="cancel"),
    e("停", action="stop"),
    e("别说了", action="stop"),
    e("再说一遍", action="repeat"),
    e("撤销", action="undo"),
    e("恢复刚才的样子", action="undo"),
)

FUNCTIONS: tuple[Function, ...] = (
    Function(
        Capability(
            "dialog.control",
            Words("confirm, cancel, repeat or undo", "确认、取消、重复或撤销"),
            Risk.REVERSIBLE,
            arguments=(
                Argument(
                    "action",
                    Kind.CHOICE,
                    Words("action", "操作"),
                    choices=ACTIONS,
                    default=ACKNOWLEDGE,
                ),
            ),
            # What can be undone was allowed to change before; each target is decided again.
            actuators=(
                "Vehicle.*",
                "phone.*",
                "nav.*",
                "memory.*",
                "scene.*",
                "home.*",
                "desktop.media.*",
                "desktop.notifications.*",
            ),
            time_to_live_s=10.0,  # "undo" waits for the motor that it sends back
            readback_s=10.0,
            rules=(32,),
            en=CONTROL_EN,
            zh=CONTROL_ZH,
            done=Words("{data.said}", "{data.said}"),
            tells=Words("{data.said}", "{data.said}"),
        ),
        control,
        ("phone.call",),
    ),
)
