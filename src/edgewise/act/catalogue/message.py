"""Text messages: send one, read those that came.

The simulated phone's store is the other end: a row written to `phone.messages` with direction
`out` is sent when the store has stamped its status. What others wrote is labelled MESSAGE.
"""

from edgewise.act.catalogue.contact import (
    CONTACTS,
    number_in,
    one_contact,
    spoken_name,
    with_number,
)
from edgewise.act.catalogue.rows import Row, label_for, named, rows_in, say, text_in
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk, Sink
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

MESSAGES = "phone.messages"
LONGEST_BODY = 2000


def send(call: Call, snapshot: Snapshot) -> Resolution:
    """Puts recipient, number and body verbatim into one row (rule 31 hashes it).

    Fact `new_recipient` when the number is in no contact.
    """
    body = text_in(call, "body")
    if not body or len(body) > LONGEST_BODY:
        return _asked_for_body(len(body))
    recipient = _recipient(text_in(call, "recipient"), rows_in(snapshot, CONTACTS))
    if isinstance(recipient, Missing):
        return recipient
    found, number = recipient
    name = str(found["name"]) if found else number
    row = {
        "direction": "out",
        "to": name,
        "number": number,
        "body": body,
        "app": text_in(call, "app") or "sms",
    }
    return Resolved(
        (Effect(f"{MESSAGES}.{call.id}", row),),
        data={
            "name": spoken_name(found, snapshot) if found else name,
            "number": number,
            "body": body,
        },
        facts=() if found else ("new_recipient",),
    )


def _asked_for_body(length: int) -> Missing:
    if not length:
        return Missing("body", Words("What shall the message say?", "要发什么内容？"))
    return Missing(
        "body",
        Words(f"The message has {length} characters; at most {LONGEST_BODY} can be sent."
              " What is the shorter text?",
              f"消息有{length}个字，最多{LONGEST_BODY}个，请说短一些。"),
    )  # fmt: skip


def _recipient(whom: str, contacts: list[Row]) -> tuple[Row | None, str] | Missing:
    """The contact, if it is one, and the number to send to."""
    number = number_in(whom)
    found = with_number(contacts, number) if number else one_contact(contacts, whom, "recipient")
    if isinstance(found, Missing):
        return found
    if found is None and not number:
        return Missing(
            "recipient",
            Words(f"I have no contact called “{whom}”. To whom shall it go?" if whom
                  else "To whom shall it go?",
                  f"通讯录里没有“{whom}”，要发给谁？" if whom else "要发给谁？"),
        )  # fmt: skip
    number = number or number_in(str(found.get("number", "")) if found else "")
    if not number:
        name = found["name"] if found else whom
        return Missing("recipient", Words(f"{name} has no number. Which number?",
                                          f"{name}没有号码，发到哪个号码？"))  # fmt: skip
    return found, number


def read(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `messages` newest first, `count` and `said`; each sender is an origin of the label."""
    sent = text_in(call, "direction") == "out"
    other = "to" if sent else "from"
    rows = [row for row in rows_in(snapshot, MESSAGES) if (row.get("direction") == "out") == sent]
    if sender := text_in(call, "sender"):
        rows = _with(rows, sender, rows_in(snapshot, CONTACTS), other)
    if call.arguments.get("unread"):
        rows = [row for row in rows if not row.get("read")]
    rows.sort(key=lambda row: float(row.get("at") or 0), reverse=True)
    count = len(rows)
    shown = rows[: int(call.arguments.get("count") or 5)]
    names = [str(row.get(other) or row.get("number") or "") for row in shown]
    lines = [f"{name}: {row.get('body', '')}" for name, row in zip(names, shown, strict=True)]
    said = "\n".join(lines) or say(snapshot, "There are no such messages.", "没有这样的消息。")
    label = label_for(OriginKind.MESSAGE, names)
    return Resolved(data={"messages": shown, "count": count, "said": said}, label=label)


def _with(rows: list[Row], person: str, contacts: list[Row], key: str) -> list[Row]:
    known = named(contacts, person, ("name", "other_names", "relation"))
    names = {row.get("name") for row in known}
    numbers = {number_in(str(row.get("number", ""))) for row in known} | {number_in(person)}
    numbers.discard("")
    return [
        row
        for row in rows
        if row.get(key) in names or number_in(str(row.get("number", ""))) in numbers
    ] or named(rows, person, (key,))


SEND = Capability(
    "message.send",
    Words("send a message", "发消息"),
    Risk.IRREVERSIBLE,
    (
        Argument("recipient", Kind.TEXT, Words("to whom", "收件人"), True, private=True),
        Argument("body", Kind.TEXT, Words("text", "内容"), True, private=True),
        Argument(
            "app", Kind.CHOICE, Words("app", "应用"), default="sms",
            choices=(
                Choice("sms", Words("text message", "短信"), ("text", "sms"), ("短信",)),
                Choice("wechat", Words("WeChat", "微信"), ("wechat",), ("微信",)),
            ),
        ),
    ),
    actuators=(f"{MESSAGES}.*",),
    sinks=(Sink("body", "recipient"),),
    rules=(31, 33, 35),
    private=True,
    done=Words("Sent to {name}: {body}", "已发给{name}：{body}"),
    en=(
        Example("text mom I'm on my way", {"recipient": "mom", "body": "I'm on my way"}),
        Example("send a message to Alice Chen saying see you at six",
                {"recipient": "Alice Chen", "body": "see you at six"}),
        Example("tell John Smith that I will be late",
                {"recipient": "John Smith", "body": "I will be late"}),
        Example("message Emma happy birthday", {"recipient": "Emma", "body": "happy birthday"}),
        Example("send a wechat to Alice Chen saying thanks",
                {"recipient": "Alice Chen", "body": "thanks", "app": "wechat"}),
        Example("text 13800001111 the package has arrived",
                {"recipient": "13800001111", "body": "the package has arrived"}),
        Example("send David a text saying call me back",
                {"recipient": "David", "body": "call me back"}),
    ),
    zh=(
        Example("给妈妈发短信说我快到家了",
                {"recipient": "妈妈", "body": "我快到家了", "app": "sms"}),
        Example("发消息给张伟说会议改到三点", {"recipient": "张伟", "body": "会议改到三点"}),
        Example("告诉李娜我晚点到", {"recipient": "李娜", "body": "我晚点到"}),
        Example("发微信给王芳说生日快乐",
                {"recipient": "王芳", "body": "生日快乐", "app": "wechat"}),
        Example("给刘洋发条消息内容是明天见", {"recipient": "刘洋", "body": "明天见"}),
        Example("发短信给13800001111说快递到了",
                {"recipient": "13800001111", "body": "快递到了", "app": "sms"}),
        Example("跟老板说我堵车了", {"recipient": "老板", "body": "我堵车了"}),
    ),
)  # fmt: skip

READ = Capability(
    "message.read",
    Words("read messages", "读消息"),
    Risk.READ,
    (
        Argument("sender", Kind.TEXT, Words("from or to whom", "对方"), private=True),
        Argument("unread", Kind.BOOLEAN, Words("unread only", "只看未读")),
        Argument("count", Kind.INTEGER, Words("how many", "几条"), minimum=1, maximum=20,
                 default=5),
        Argument(
            "direction", Kind.CHOICE, Words("received or sent", "收到或发出"), default="in",
            choices=(
                Choice("in", Words("received", "收到的"), ("received",), ("收到",)),
                Choice("out", Words("sent", "发出的"), ("sent", "I sent"),
                       ("发出", "发过", "我发")),
            ),
        ),
    ),
    rules=(16, 17, 34, 43),
    private=True,
    content=OriginKind.MESSAGE,
    tells=Words("{said}", "{said}"),
    en=(
        Example("read my messages", {}),
        Example("read my unread messages", {"unread": True}),
        Example("what did Alice Chen write", {"sender": "Alice Chen"}),
        Example("read the last message from mom", {"sender": "mom", "count": 1}),
        Example("do I have any new messages", {"unread": True}),
        Example("show the messages I sent", {"direction": "out"}),
    ),
    zh=(
        Example("读一下我的消息", {}),
        Example("有没有未读消息", {"unread": True}),
        Example("念一下张伟发来的短信", {"sender": "张伟"}),
        Example("读妈妈最后一条消息", {"sender": "妈妈", "count": 1}),
        Example("我有新消息吗", {"unread": True}),
        Example("看看我发出的消息", {"direction": "out"}),
    ),
)  # fmt: skip

FUNCTIONS = (
    Function(SEND, send, (CONTACTS,)),
    Function(READ, read, (MESSAGES, CONTACTS)),
)
