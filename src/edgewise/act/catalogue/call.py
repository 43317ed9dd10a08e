"""Telephone calls: dial, answer, hang up, reject.

Emergency numbers are known here by number, never by wording; they carry the fact
`call.emergency`, which the policy never blocks (rule 42). The phone's call state is the row
`phone.call.current`; each call dialled is a row of `phone.calls`.
"""

from edgewise.act.catalogue.contact import (
    CONTACTS,
    number_in,
    one_contact,
    spoken_name,
    with_number,
)
from edgewise.act.catalogue.rows import Row, impossible, rows_in, text_in
from edgewise.act.classify import EMERGENCY_NUMBERS
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk, Sink
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

CURRENT = "phone.call.current"
LOG = "phone.calls"


def dial(call: Call, snapshot: Snapshot) -> Resolution:
    """Starts a call. Fact `call.emergency` for an emergency number, which replaces any call."""
    whom = _callee(call, rows_in(snapshot, CONTACTS))
    if isinstance(whom, Missing):
        return whom
    number = str(whom["number"])
    emergency = number in EMERGENCY_NUMBERS
    if not emergency and (current := _current(snapshot)) is not None:
        name = current.get("name") or current.get("number") or ""
        return impossible(
            "call_in_progress",
            f"There is a call with {name}; hang up first.",
            f"正在和{name}通话，请先挂断。",
        )
    row = {"name": whom["name"], "number": number, "direction": "out"}
    spoken = spoken_name(whom, snapshot)
    return Resolved(
        (Effect(CURRENT, {**row, "state": "dialling"}), Effect(f"{LOG}.{call.id}", row)),
        data={"name": spoken, "number": number},
        facts=("call.emergency",) if emergency else (),
    )


def control(call: Call, snapshot: Snapshot) -> Resolution:
    """Answers or rejects a ringing call, hangs up a running one."""
    action = text_in(call, "action")
    current = _current(snapshot)
    if current is None:
        return impossible("no_call", "There is no call.", "现在没有电话。")
    ringing = current.get("state") == "ringing"
    if action == "answer" and not ringing:
        return impossible("already_answered", "You are already in the call.", "电话已经接通了。")
    if action == "reject" and not ringing:
        return impossible(
            "not_ringing", "No call is ringing; say hang up to end the call.",
            "没有来电；要结束通话请说挂断。",
        )  # fmt: skip
    value = {**current, "state": "active"} if action == "answer" else None
    return Resolved((Effect(CURRENT, value),))


def _callee(call: Call, contacts: list[Row]) -> Row | Missing:
    words = text_in(call, "contact")
    number = number_in(text_in(call, "number") or words)
    if number:
        known = with_number(contacts, number)
        return {**(known or {"name": number}), "number": number}
    if not words:
        return Missing("contact", Words("Whom shall I call?", "要打给谁？"))
    found = one_contact(contacts, words, "contact")
    if found is None:
        return Missing(
            "contact",
            Words(f"I have no contact called “{words}”. What is the name or number?",
                  f"通讯录里没有“{words}”，请说姓名或号码。"),
        )  # fmt: skip
    if isinstance(found, dict) and not number_in(str(found.get("number", ""))):
        name = found.get("name", words)
        return Missing("number", Words(f"{name} has no number. Which number?",
                                       f"{name}没有电话号码，号码是多少？"))  # fmt: skip
    if isinstance(found, Missing):
        return found
    return {**found, "number": number_in(str(found["number"]))}


def _current(snapshot: Snapshot) -> Row | None:
    rows = rows_in(snapshot, "phone.call")
    return next((row for row in rows if row.get("id") == "current"), None)


DIAL = Capability(
    "call.dial",
    Words("call somebody", "打电话"),
    Risk.IRREVERSIBLE,
    (
        Argument("contact", Kind.TEXT, Words("whom", "联系人"), private=True),
        Argument("number", Kind.TEXT, Words("number", "号码"), private=True),
    ),
    one_of=(("contact", "number"),),
    actuators=(CURRENT, f"{LOG}.*"),
    sinks=(Sink("contact", "contact"), Sink("number", "number")),
    rules=(31, 33, 42),
    private=True,
    done=Words("Calling {name}.", "正在呼叫{name}。"),
    en=(
        Example("call mom", {"contact": "mom"}),
        Example("phone Alice Chen", {"contact": "Alice Chen"}),
        Example("dial 13800001111", {"number": "13800001111"}),
        Example("give John Smith a call", {"contact": "John Smith"}),
        Example("ring my wife please", {"contact": "my wife"}),
        Example("make a call to Emma", {"contact": "Emma"}),
        Example("call 911", {"number": "911"}),
        Example("call 400 820 1234", {"number": "4008201234"}),
    ),
    zh=(
        Example("打电话给妈妈", {"contact": "妈妈"}),
        Example("呼叫张伟", {"contact": "张伟"}),
        Example("给李娜打个电话", {"contact": "李娜"}),
        Example("拨打13800001111", {"number": "13800001111"}),
        Example("帮我拨通王芳的电话", {"contact": "王芳"}),
        Example("打110", {"number": "110"}),
        Example("我想打电话给老板", {"contact": "老板"}),
        Example("拨120", {"number": "120"}),
    ),
)

CONTROL = Capability(
    "call.control",
    Words("answer, hang up or reject a call", "接听、挂断或拒接电话"),
    Risk.DISRUPTIVE,
    (
        Argument(
            "action",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("answer", Words("answered", "接听"), ("answer", "pick up", "take"),
                       ("接听", "接电话", "接一下", "接起来")),
                Choice("hang_up", Words("ended", "挂断"), ("hang up", "end the call"),
                       ("挂断", "挂电话", "挂了")),
                Choice("reject", Words("rejected", "拒接"), ("reject", "decline", "don't answer"),
                       ("拒接", "拒绝", "不接")),
            ),
        ),
    ),
    actuators=(CURRENT,),
    done=Words("The call is {action}.", "电话已{action}。"),
    en=(
        Example("answer the phone", {"action": "answer"}),
        Example("pick up the call", {"action": "answer"}),
        Example("hang up", {"action": "hang_up"}),
        Example("end the call", {"action": "hang_up"}),
        Example("decline this call", {"action": "reject"}),
        Example("reject the incoming call", {"action": "reject"}),
    ),
    zh=(
        Example("接听电话", {"action": "answer"}),
        Example("接一下电话", {"action": "answer"}),
        Example("挂断电话", {"action": "hang_up"}),
        Example("把电话挂了", {"action": "hang_up"}),
        Example("拒接来电", {"action": "reject"}),
        Example("这个电话不接", {"action": "reject"}),
    ),
)  # fmt: skip

FUNCTIONS = (
    Function(DIAL, dial, (CONTACTS, "phone.call")),
    Function(CONTROL, control, ("phone.call",)),
)
