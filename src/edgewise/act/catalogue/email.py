"""E-mail: search what came; sending needs a mail account, which this device does not have yet."""

from edgewise.act.catalogue.rows import label_for, named, rows_in, say, text_in, unavailable
from edgewise.act.function import Function
from edgewise.core.call import Call, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk, Sink
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

EMAILS = "phone.emails"


def search(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `emails` newest first, `count` and `said` (sender and subject of each)."""
    rows = rows_in(snapshot, EMAILS)
    if query := text_in(call, "query"):
        rows = named(rows, query, ("subject", "from", "body"))
    if sender := text_in(call, "sender"):
        rows = named(rows, sender, ("from",))
    if call.arguments.get("unread"):
        rows = [row for row in rows if not row.get("read")]
    rows = sorted(rows, key=lambda row: float(row.get("at") or 0), reverse=True)
    shown = rows[:5]
    lines = [f"{row.get('from', '')}: {row.get('subject', '')}" for row in shown]
    said = "\n".join(lines) or say(snapshot, "There are no such e-mails.", "没有这样的邮件。")
    label = label_for(OriginKind.MESSAGE, (str(row.get("from", "")) for row in shown))
    return Resolved(data={"emails": shown, "count": len(rows), "said": said}, label=label)


SEND = Capability(
    "email.send",
    Words("send an e-mail", "发邮件"),
    Risk.IRREVERSIBLE,
    (
        Argument("to", Kind.TEXT, Words("to whom", "收件人"), True, private=True),
        Argument("subject", Kind.TEXT, Words("subject", "主题"), private=True),
        Argument("body", Kind.TEXT, Words("text", "内容"), True, private=True),
    ),
    sinks=(Sink("body", "to"), Sink("subject", "to")),
    rules=(31, 33, 35),
    private=True,
    available=False,
    unavailable=Words(
        "No mail account is set up on this device, so I cannot send e-mail. I can send a message.",
        "这台设备还没有设置邮箱账户，不能发邮件，可以发消息。",
    ),
    done=Words("E-mail sent to {to}.", "已给{to}发送邮件。"),
    en=(
        Example("email Alice Chen that the report is ready",
                {"to": "Alice Chen", "body": "the report is ready"}),
        Example("send an email to David saying I agree", {"to": "David", "body": "I agree"}),
        Example("write an email to bob@example.com saying see you Monday",
                {"to": "bob@example.com", "body": "see you Monday"}),
        Example("mail John Smith with subject invoice saying please pay by Friday",
                {"to": "John Smith", "subject": "invoice", "body": "please pay by Friday"}),
        Example("send Emma an email saying thank you", {"to": "Emma", "body": "thank you"}),
        Example("email my boss that I am sick today",
                {"to": "my boss", "body": "I am sick today"}),
    ),
    zh=(
        Example("给张伟发邮件说报告写好了", {"to": "张伟", "body": "报告写好了"}),
        Example("发一封邮件给李娜说我同意", {"to": "李娜", "body": "我同意"}),
        Example("给bob@example.com写邮件说周一见",
                {"to": "bob@example.com", "body": "周一见"}),
        Example("发邮件给王芳主题是发票内容是请周五前付款",
                {"to": "王芳", "subject": "发票", "body": "请周五前付款"}),
        Example("发邮件给刘洋说谢谢", {"to": "刘洋", "body": "谢谢"}),
        Example("给老板发邮件说我今天请病假", {"to": "老板", "body": "我今天请病假"}),
    ),
)  # fmt: skip

SEARCH = Capability(
    "email.search",
    Words("search e-mail", "查邮件"),
    Risk.READ,
    (
        Argument("query", Kind.TEXT, Words("words in it", "关键词"), private=True),
        Argument("sender", Kind.TEXT, Words("from whom", "发件人"), private=True),
        Argument("unread", Kind.BOOLEAN, Words("unread only", "只看未读")),
    ),
    rules=(16, 17, 34, 43),
    private=True,
    content=OriginKind.MESSAGE,
    tells=Words("{said}", "{said}"),
    en=(
        Example("do I have new email", {"unread": True}),
        Example("check my email", {}),
        Example("find emails about the invoice", {"query": "invoice"}),
        Example("any emails from Alice Chen", {"sender": "Alice Chen"}),
        Example("search my mail for hotel booking", {"query": "hotel booking"}),
        Example("show unread emails from David", {"sender": "David", "unread": True}),
    ),
    zh=(
        Example("我有新邮件吗", {"unread": True}),
        Example("查一下我的邮箱", {}),
        Example("找一下关于发票的邮件", {"query": "发票"}),
        Example("张伟给我发邮件了吗", {"sender": "张伟"}),
        Example("搜索邮件里的酒店预订", {"query": "酒店预订"}),
        Example("看看李娜的未读邮件", {"sender": "李娜", "unread": True}),
    ),
)

FUNCTIONS = (
    unavailable(SEND),
    Function(SEARCH, search, (EMAILS,)),
)
