"""Why a turn went as it did, told from its record alone, as the five steps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from edgewise.agent.explain_words import leaving_line, left_lines, word_lines
from edgewise.agent.fates import fates_of
from edgewise.core.call import Allow, Ask, Deny, Impossible, Missing, Resolved, Status
from edgewise.core.event import (
    NOTHING,
    OTHER,
    Answered,
    CallDecided,
    CallFinished,
    CallResolved,
    CallStarted,
    Came,
    Checked,
    Compared,
    Corrected,
    Delegated,
    Event,
    Judged,
    Kept,
    Left,
    NeedsApproval,
    Perceived,
    Routed,
    Stopped,
    TurnStarted,
    Understood,
    Weighed,
)
from edgewise.core.words import Language, Words

_Act = CallResolved | CallDecided | CallStarted | CallFinished


def explain(events: Iterable[Event], language: Language = Language.ENGLISH) -> Iterator[str]:
    """One line a fact, in the order it happened but each call's together; indented lines belong to
    the one above."""
    told = list(events)
    fates = fates_of(told)
    for event in _by_call(told):
        if isinstance(event, Left):
            yield from left_lines(event, fates[event.seq], language)
        else:
            yield from _lines(event, language)


def explain_correction(correction: Corrected, language: Language = Language.ENGLISH) -> str:
    """What the person said afterwards that the turn's words meant, as one line."""
    told = _MEANT.get(correction.meant)
    meant = told.said_in(language) if told is not None else correction.meant
    return f"{_step('meant', language)}{meant}"


def explain_judgement(judged: Judged, language: Language = Language.ENGLISH) -> str:
    """What the person said afterwards that the turn's answer was worth, as one line."""
    told = (
        Words("a good answer", "回答得好") if judged.good else Words("a bad answer", "回答得不好")
    )
    return f"{_step('judged', language)}{told.said_in(language)}"


def summarize(events: Sequence[Event], language: Language = Language.ENGLISH) -> tuple[str, str]:
    """What a turn was about, as the names of its capabilities, and how it ended."""
    calls = [e.call.capability for e in events if isinstance(e, CallResolved)]
    for event in events:
        if isinstance(event, Understood) and not calls:
            calls = [call.capability for call in event.thought.calls]
            calls = calls or [event.thought.fixed or str(event.thought.kind)]
    return ", ".join(dict.fromkeys(calls)), _ended(events, language)


def _ended(events: Sequence[Event], language: Language) -> str:
    statuses = [str(e.result.status) for e in events if isinstance(e, CallFinished)]
    match events[-1] if events else None:
        case Answered():
            told = [_STATUS[status] for status in dict.fromkeys(statuses)] or [_ANSWERED]
        case NeedsApproval():
            done = [s for s in dict.fromkeys(statuses) if s != Status.ASKED]
            told = [*(_STATUS[status] for status in done), _STATUS[Status.ASKED]]
        case Stopped(code=code):
            return f"{_STOPPED.said_in(language)} ({code})"
        case _:
            return _NO_END.said_in(language)
    return ", ".join(words.said_in(language) for words in told)


def _by_call(events: Iterable[Event]) -> Iterator[Event]:
    """`events` with all that befell a call directly behind where it first appears."""
    told: dict[str, list[Event]] = {}
    for event in events:
        key = _call_of(event) if isinstance(event, _Act) else f"event {event.seq}"
        told.setdefault(key, []).append(event)
    for group in told.values():
        yield from group


def _call_of(event: _Act) -> str:
    match event:
        case CallResolved():
            return event.call.id
        case CallFinished():
            return event.result.call
        case _:
            return event.call


def _lines(event: Event, language: Language) -> Iterator[str]:
    match event:
        case TurnStarted() | Perceived() | Routed() | Understood():
            yield from _start_lines(event, language)
        case Weighed() | Checked() | Came() | Kept() | Delegated() | Compared():
            yield from word_lines(event, language)
        case CallResolved() | CallDecided() | CallStarted() | CallFinished():
            yield from _act_lines(event, language)
        case Answered():
            all_ms = Words("in all", "合计").said_in(language)
            head = _step("answer", language)
            yield f"{head}{event.text!r} ({event.manner})  {event.took_ms:.1f} ms {all_ms}"
        case NeedsApproval():
            asks = Words("needs a yes", "需要确认").said_in(language)
            asker = Words("whoever asked", "提问者").said_in(language)
            payload, whose = Words("payload", "内容摘要"), Words("from", "来自")
            yield f"{_step('answer', language)}{asks}: {event.text!r}"
            if event.leaving is not None:
                yield leaving_line(event.leaving, language)
            yield (
                f"  {payload.said_in(language)} {event.payload_hash[:12]},"
                f" {whose.said_in(language)} {event.zone or asker}"
            )
        case Stopped():
            yield f"{_step('stopped', language)}{event.code}: {event.words.said_in(language)}"
        case _:
            return


def _start_lines(
    event: TurnStarted | Perceived | Routed | Understood, language: Language
) -> Iterator[str]:
    match event:
        case TurnStarted():
            unknown = Words("unknown zone", "座位未知").said_in(language)
            speaker = f"{event.speaker.zone or unknown}, {event.speaker.channel}"
            yield _TURN.said_in(language).format(event=event, speaker=speaker)
            yield _PINNED.said_in(language).format(
                policy=event.policy_hash[:12], catalogue=event.catalogue_hash[:12]
            )
            if event.own_car:
                yield _OWN_CAR.said_in(language)
            if event.resumes:
                yield _RESUMES.said_in(language).format(turn=event.resumes)
        case Perceived():
            text, tongue = event.message.text, event.message.language
            yield f"{_step('perceive', language)}{tongue}: {text!r}  {event.took_ms:.1f} ms"
        case Routed():
            place = event.place
            yield f"{_step('route', language)}{place.site}: {place.name}  {event.took_ms:.1f} ms"
            for line in place.why:
                yield f"  {line if isinstance(line, str) else line.said_in(language)}"
        case Understood():
            thought = event.thought
            fixed = Words("fixed word", "固定词").said_in(language)
            how = f"{fixed} {thought.fixed!r}" if thought.fixed else thought.kind
            told = _THOUGHT.said_in(language).format(
                how=how, count=len(thought.calls), sure=f"{thought.confidence:.2f}"
            )
            yield f"{_step('think', language)}{told}  {event.took_ms:.1f} ms"
            also = Words("also considered", "也考虑过").said_in(language)
            for other in thought.alternatives:
                yield f"  {also} {other.capability} ({other.confidence:.2f})"


def _act_lines(event: _Act, language: Language) -> Iterator[str]:
    match event:
        case CallResolved():
            head = _step("act", language)
            yield f"{head}{event.call.capability}({_short(event.call.arguments)})"
            yield from _resolved_lines(event, language)
        case CallDecided():
            yield from _decided_lines(event, language)
        case CallStarted():
            return
        case CallFinished():
            result = event.result
            code = f" ({result.code})" if result.code else ""
            status = _STATUS[str(result.status)].said_in(language)
            yield f"  {status}{code}  {event.took_ms:.1f} ms"
            read = Words("read back", "回读").said_in(language)
            for target, value in result.changed.items():
                yield f"    {read} {target} = {_short(value)}"


def _resolved_lines(event: CallResolved, language: Language) -> Iterator[str]:
    match event.resolution:
        case Resolved(effects=effects, notes=notes):
            for effect in effects:
                added = _ADDED.said_in(language).format(rule=effect.because)
                before, after = _short(event.state.get(effect.target)), _short(effect.value)
                yield f"  {effect.target}: {before} -> {after}{added if effect.because else ''}"
            note = Words("note", "说明").said_in(language)
            yield from (f"  {note}: {one.words.said_in(language)}" for one in notes)
        case Missing(argument=argument):
            yield f"  {Words('lacks', '缺少').said_in(language)} {argument}"
        case Impossible(code=code, words=words):
            yield f"  {_STATUS['impossible'].said_in(language)} ({code}): {words.said_in(language)}"


def _decided_lines(event: CallDecided, language: Language) -> Iterator[str]:
    confirmed = _CONFIRMED.said_in(language) if event.confirmed else ""
    match event.decision:
        case Allow():
            allowed = Words("allowed", "允许").said_in(language)
            yield f"  {allowed}{confirmed}  {event.took_ms:.1f} ms"
        case Ask(rules) | Deny(rules):
            asks = isinstance(event.decision, Ask)
            name = (Words("asks", "询问") if asks else _STATUS["denied"]).said_in(language)
            yield f"  {name}{confirmed}  {event.took_ms:.1f} ms"
            for rule in rules:
                yield f"    {rule.id}: {rule.words.said_in(language)}"
    facts = ", ".join(f"{name}={_short(event.facts.get(name))}" for name in _TELLING)
    yield f"    {Words('facts', '事实').said_in(language)}: {facts}"


def _step(name: str, language: Language) -> str:
    return _STEPS[name].said_in(language).ljust(10 if language is Language.ENGLISH else 4)


_TELLING = ("driving", "effects", "speaker_zone", "channel", "action")
_STEPS = {
    "perceive": Words("perceive", "感知"),
    "route": Words("route", "路由"),
    "think": Words("think", "思考"),
    "act": Words("act", "执行"),
    "answer": Words("answer", "回答"),
    "stopped": Words("stopped", "停止"),
    "meant": Words("meant", "本意"),
    "judged": Words("judged", "评价"),
}
_MEANT = {
    OTHER: Words("something else", "其他意思"),
    NOTHING: Words("nothing should happen", "不该有任何操作"),
}
_STATUS = {
    "done": Words("done", "完成"),
    "denied": Words("denied", "已拒绝"),
    "asked": Words("asked", "等待确认"),
    "failed": Words("failed", "失败"),
    "expired": Words("expired", "已过期"),
    "missing": Words("missing", "缺少信息"),
    "impossible": Words("impossible", "做不到"),
}
_ANSWERED = Words("answered", "已回答")
_STOPPED = Words("stopped", "已停止")
_NO_END = Words("did not end", "没有结束")
_TURN = Words(
    "turn {event.turn} in session {event.session} ({speaker})",
    "回合 {event.turn}，会话 {event.session}（{speaker}）",
)
_PINNED = Words("  policy {policy}, catalogue {catalogue}", "  策略 {policy}，能力表 {catalogue}")
_OWN_CAR = Words(
    "  on a simulated car of its own, not that of the device",
    "  使用单独的模拟车辆，并非设备所在的车",
)
_RESUMES = Words("  answers the question of turn {turn}", "  答复回合 {turn} 的提问")
_THOUGHT = Words("{how}, {count} call(s), confidence {sure}", "{how}，{count} 个调用，把握 {sure}")
_ADDED = Words("  (added by rule {rule})", "  （由规则 {rule} 添加）")
_CONFIRMED = Words(" with the person's yes", "，本人已同意")


def _short(value: Any, limit: int = 60) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= limit else text[: limit - 1] + "…"
