"""Where a turn's words were sought and why, told from its record: the lines of `explain.py`."""

from collections.abc import Iterator
from datetime import datetime

from edgewise.agent.fates import Fate
from edgewise.agent.reach import ENDED
from edgewise.core.event import Came, Checked, Compared, Delegated, Kept, Leaving, Left, Weighed
from edgewise.core.place import Routing, Stage
from edgewise.core.words import Language, Words

_HEAD = Words("words     ", "词句  ")


WordEvent = Weighed | Checked | Came | Kept | Delegated | Compared


def word_lines(event: WordEvent, language: Language) -> Iterator[str]:
    """The lines of one of the events about words."""
    head = _HEAD.said_in(language)
    match event:
        case Weighed():
            yield f"{head}{_way(event.routing, language)}  {event.took_ms:.1f} ms"
            if (said := _said(event)) is not None:
                yield f"  {said.said_in(language)}"
            for stage in event.routing.stages:
                yield from _stage_lines(stage, language)
            policy = _POLICY.said_in(language)
            yield f"    {policy.format(policy=event.routing.policy, rules=_rules(event.routing))}"
            if event.repeats:
                yield f"    {_REPEATS.said_in(language).format(turn=event.repeats)}"
        case Checked():
            yield f"{head}{_way(event.routing, language)}  {event.took_ms:.1f} ms"
            yield from _stage_lines(event.routing.stages[-1], language)
        case Kept():
            until = datetime.fromtimestamp(event.until).strftime("%Y-%m-%d %H:%M")
            yield f"{head}{_KEPT.said_in(language).format(event=event, until=until)}"
            yield f"  {event.digest[:12]}"
        case Came():
            yield f"{head}{_came(event, language)}  {event.took_ms:.1f} ms"
            for attempt in event.attempts:
                took = f"+{attempt.at_s:.2f} s, {attempt.took_s:.2f} s"
                yield f"  {attempt.endpoint} {took}: {attempt.failed or 'ok'}"
        case Delegated():
            told = _DELEGATED.said_in(language).format(
                event=event, share=f"{event.left_bytes / max(1, event.document_bytes):.1%}",
                allowed=f"{event.allowed:.0%}", failed=f" ({event.failed})" if event.failed else "",
            )  # fmt: skip
            yield f"{head}{told}  {event.took_ms:.1f} ms"
        case Compared():
            yield f"{head}{_COMPARED.said_in(language).format(event=event)}"


def left_lines(event: Left, fate: Fate, language: Language) -> Iterator[str]:
    """The lines of what was to leave, and of what became of it."""
    replaced = ", ".join(f"{kind} {count}" for kind, count in event.replaced.items())
    head = _HEAD.said_in(language)
    told = _LEFT if fate is Fate.LEFT else _WAS_TO_LEAVE
    yield f"{head}{told.said_in(language).format(event=event, replaced=replaced or '-')}"
    if fate in FATES:
        yield f"  {FATES[fate].said_in(language)}"
    yield f"  {event.digest[:12]}"


def _said(event: Weighed) -> Words | None:
    """What the person had said to sending it, where they were asked."""
    if event.question.get("declined"):
        return _SAID_NO
    name = event.question.get("agreed_to")
    return _SAID_YES.filled(name=name) if name else None


def leaving_line(leaving: Leaving, language: Language) -> str:
    """What would leave by the yes that a turn ends in."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in leaving.replaced.items())
    why = _NO_CONSENT if leaving.lacks_consent else _EACH_TIME
    told = _WOULD.said_in(language).format(
        leaving=leaving, replaced=kinds or "-", why=why.said_in(language)
    )
    return f"  {told}\n  {leaving.digest[:12]}"


def _stage_lines(stage: Stage, language: Language) -> Iterator[str]:
    yield f"  {stage.words.said_in(language)}"
    values = ", ".join(f"{name}={value}" for name, value in stage.values.items() if value != "")
    at = "" if stage.threshold is None else f"  ({_AT.said_in(language)} {stage.threshold:g})"
    if values or at:
        yield f"    {values}{at}"
    if stage.otherwise is not None:
        yield f"    {stage.otherwise.said_in(language)}"


def _way(routing: Routing, language: Language) -> str:
    where = _WAYS[routing.way].said_in(language)
    name = routing.endpoint or routing.model
    other = f"; {_ELSE.said_in(language)} {routing.runner_up}" if routing.runner_up else ""
    margin = f" ({routing.margin:g})" if routing.margin is not None and other else ""
    return f"{where}{': ' if name else ''}{name}{other}{margin}"


def _came(event: Came, language: Language) -> str:
    told = _CAME
    if event.failed:
        told = _SEAM if event.seam else _LATE if event.failed == ENDED else _NOTHING
    beside = _BESIDE.said_in(language) if event.hedged else ""
    return told.said_in(language).format(event=event) + beside


def _rules(routing: Routing) -> str:
    return " ".join(routing.rules) or "-"


_WAYS = {
    "device": Words("device", "本机"),
    "cloud": Words("cloud", "云端"),
    "delegate": Words("cloud plans, device reads", "云端规划，本机阅读"),
    "agent": Words("cloud agent", "云端智能体"),
    "queue": Words("kept for later", "留待以后"),
    "ask": Words("asks first", "先征求同意"),
    "refuse": Words("nobody", "无法回答"),
}
_ELSE = Words("else", "其次")
_AT = Words("threshold", "阈值")
_POLICY = Words(
    "policy {policy}, rules that forbade: {rules}", "策略 {policy}，起作用的规则：{rules}"
)
_LEFT = Words(
    "left for {event.endpoint} ({event.region}, {event.purpose}): {event.size_bytes} bytes,"
    " replaced: {replaced}",
    "发给 {event.endpoint}（{event.region}，{event.purpose}）：{event.size_bytes} 字节，"
    "已替换：{replaced}",
)
_WAS_TO_LEAVE = Words(
    "to leave for {event.endpoint} ({event.region}, {event.purpose}): {event.size_bytes} bytes,"
    " replaced: {replaced}",
    "要发给 {event.endpoint}（{event.region}，{event.purpose}）：{event.size_bytes} 字节，"
    "已替换：{replaced}",
)
FATES = {
    Fate.NOTHING: Words("nothing left: no connection came about", "没有内容离开：连接没有建立"),
    Fate.UNKNOWN: Words(
        "it was sent, and the connection broke: nobody here knows whether it arrived",
        "已发出，但连接中断：无法确定是否送达",
    ),
    Fate.GOING: Words("its end is not recorded", "尚无结果记录"),
}
"""What is said of what did not simply leave."""
_WOULD = Words(
    "would leave for {leaving.endpoint} ({leaving.region}, {leaving.purpose}):"
    " {leaving.size_bytes} bytes, replaced: {replaced}; {why}",
    "若同意，将发给 {leaving.endpoint}（{leaving.region}，{leaving.purpose}）："
    "{leaving.size_bytes} 字节，已替换：{replaced}；{why}",
)
_SAID_YES = Words("you said yes to sending just this to {name}", "您同意把这些内容发给 {name}")
_SAID_NO = Words("you said no to sending it", "您没有同意发送")
_NO_CONSENT = Words("there is no consent for it", "尚无相应的同意")
_EACH_TIME = Words("the mode asks each time", "当前模式每次都询问")
_KEPT = Words(
    "waits for {event.endpoint} ({event.region}, {event.purpose}): {event.size_bytes} bytes, until"
    " {until}",
    "等待发给 {event.endpoint}（{event.region}，{event.purpose}）：{event.size_bytes} 字节，"
    "最晚 {until}",
)
_CAME = Words(
    "came from {event.endpoint}: {event.input_tokens} + {event.output_tokens} tokens, cost"
    " {event.cost:.6f}",
    "{event.endpoint} 答复：{event.input_tokens} + {event.output_tokens} 词元，"
    "费用 {event.cost:.6f}",
)
_DELEGATED = Words(
    "{event.endpoint} planned, the device read: {event.rounds} rounds, {event.jobs} jobs,"
    " {event.pieces} pieces; {event.left_bytes} of {event.document_bytes} bytes of the document"
    " left ({share}, at most {allowed}){failed}",
    "{event.endpoint} 规划、本机阅读：{event.rounds} 轮，{event.jobs} 个任务，{event.pieces} 段；"
    "文档 {event.document_bytes} 字节中发出 {event.left_bytes} 字节（{share}，上限 {allowed}）"
    "{failed}",
)
_COMPARED = Words(
    "the device's own answer, unheard, agrees with it by {event.agreement:.2f}",
    "本机自己的回答（未播报）与其一致程度 {event.agreement:.2f}",
)
_REPEATS = Words("asks turn {turn} again", "重复了回合 {turn} 的提问")
_NOTHING = Words(
    "nothing from {event.endpoint} ({event.failed})", "{event.endpoint} 无答复（{event.failed}）"
)
_LATE = Words(
    "{event.endpoint} had not begun in time and was ended; the device's own answer came first, cost"
    " {event.cost:.6f}",
    "{event.endpoint} 没有按时开始，已停止；采用先到的本机回答，费用 {event.cost:.6f}",
)
_BESIDE = Words("; the device had begun beside it (hedge)", "；本机已同时开始作答（对冲）")
_SEAM = Words(
    "{event.endpoint} broke off ({event.failed}); the device went on",
    "{event.endpoint} 中断（{event.failed}），由本机继续",
)
