"""Where a turn's words were sought and why, told from its record: the lines of `explain.py`."""

from collections.abc import Iterator

from edgewise.core.event import Came, Checked, Left, Weighed
from edgewise.core.place import Routing, Stage
from edgewise.core.words import Language, Words

_HEAD = Words("words     ", "词句  ")


def word_lines(event: Weighed | Checked | Left | Came, language: Language) -> Iterator[str]:
    """The lines of one of the events about words."""
    head = _HEAD.said_in(language)
    match event:
        case Weighed():
            yield f"{head}{_way(event.routing, language)}  {event.took_ms:.1f} ms"
            for stage in event.routing.stages:
                yield from _stage_lines(stage, language)
            policy = _POLICY.said_in(language)
            yield f"    {policy.format(policy=event.routing.policy, rules=_rules(event.routing))}"
        case Checked():
            yield f"{head}{_way(event.routing, language)}  {event.took_ms:.1f} ms"
            yield from _stage_lines(event.routing.stages[-1], language)
        case Left():
            replaced = ", ".join(f"{kind} {count}" for kind, count in event.replaced.items())
            told = _LEFT.said_in(language).format(event=event, replaced=replaced or "-")
            yield f"{head}{told}"
            yield f"  {event.digest[:12]}"
        case Came():
            yield f"{head}{_came(event, language)}  {event.took_ms:.1f} ms"
            for attempt in event.attempts:
                took = f"+{attempt.at_s:.2f} s, {attempt.took_s:.2f} s"
                yield f"  {attempt.endpoint} {took}: {attempt.failed or 'ok'}"


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
    if event.failed:
        told = _SEAM if event.seam else _NOTHING
        return told.said_in(language).format(event=event)
    return _CAME.said_in(language).format(event=event)


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
_CAME = Words(
    "came from {event.endpoint}: {event.input_tokens} + {event.output_tokens} tokens, cost"
    " {event.cost:.6f}",
    "{event.endpoint} 答复：{event.input_tokens} + {event.output_tokens} 词元，"
    "费用 {event.cost:.6f}",
)
_NOTHING = Words(
    "nothing from {event.endpoint} ({event.failed})", "{event.endpoint} 无答复（{event.failed}）"
)
_SEAM = Words(
    "{event.endpoint} broke off ({event.failed}); the device went on",
    "{event.endpoint} 中断（{event.failed}），由本机继续",
)
