"""Alarms, timers and reminders: set, cancel, stop, snooze, pause, ask.

Rows of `phone.alarms`: `kind`, `state` (`set`, `paused`, `ringing`, `rung`), and either `time`
(local, without zone) or `duration_s`. `repeat` is `once` or how often it rings; with `days` on the
named `days`. A timer's row holds no clock: the store stamps
`started_at`, `device/phone/ringer.py` lets it ring.
"""

from datetime import date, datetime, time, timedelta

import msgspec

from edgewise.act.catalogue.rows import (
    Row,
    impossible,
    local_now,
    moment_in,
    moment_of,
    named,
    rows_in,
    say,
    text_in,
)
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

ALARMS = "phone.alarms"
SNOOZE_S = 600
_NAMES = {
    "alarm": Words("alarm", "闹钟"),
    "timer": Words("timer", "计时器"),
    "reminder": Words("reminder", "提醒"),
}


def manage(call: Call, snapshot: Snapshot) -> Resolution:
    """Sets, ends or tells alarms; `said` is the answer in the session's language."""
    match text_in(call, "op"):
        case "set":
            return _set(call, snapshot)
        case "query":
            return _query(call, snapshot)
        case "cancel" | "stop" as op:
            return _end(call, snapshot, op)
        case "change":
            return _change(call, snapshot)
        case "snooze":
            return _snooze(call, snapshot)
        case "extend" | "shorten" as op:
            return _lengthen(call, snapshot, longer=op == "extend")
        case op:
            return _pause(call, snapshot, to="paused" if op == "pause" else "set")


def remaining_s(row: Row, wall: float, now: datetime) -> float | None:
    """Seconds until a row rings, or None when it will not."""
    if row.get("state") != "set":
        return None
    if row.get("duration_s") is not None:
        started = row.get("started_at")
        return None if started is None else float(started) + float(row["duration_s"]) - wall
    at = moment_of(str(row.get("time", "")), now)
    if at is None:
        return None
    moment = at if isinstance(at, datetime) else datetime.combine(at, time(9))
    return (moment - now).total_seconds()


def _set(call: Call, snapshot: Snapshot) -> Resolution:
    length = call.arguments.get("duration")
    at = moment_in(call, "time", snapshot)
    kind = text_in(call, "kind") or ("timer" if length is not None else "alarm")
    label = text_in(call, "label")
    if kind == "reminder" and not label:
        return Missing("label", Words("What shall I remind you of?", "提醒你什么？"))
    row: Row = {"kind": kind, "state": "set", "label": label}
    if area := text_in(call, "area"):
        row["area"] = area
    if at is not None:
        row |= {"repeat": text_in(call, "repeat") or "once"}
        if row["repeat"] == "days":
            row["days"] = list(call.arguments.get("days", ()))
        ring = _ring(row, at, snapshot)
        if isinstance(ring, Missing):
            return ring
        row |= {"time": ring.isoformat(timespec="minutes")}
    elif length is not None:
        row["duration_s"] = float(length)
    elif kind == "timer":
        return Missing("duration", Words("For how long?", "计时多久？"))
    else:
        return Missing("time", Words("For what time?", "设到什么时候？"))
    said = say(snapshot, f"Set: {_line(row, snapshot)}.", f"已设置{_line(row, snapshot)}。")
    return Resolved((Effect(f"{ALARMS}.{call.id}", row),), data={"said": said})


def _ring(row: Row, at: datetime | date, snapshot: Snapshot) -> datetime | Missing:
    """When a row rings first that shall ring at `at`; a question when that has passed."""
    now = local_now(snapshot)
    moment = at if isinstance(at, datetime) else datetime.combine(at, time(9))
    moment = first_ring(row, moment, now)
    if moment > now:
        return moment
    past = moment.isoformat(" ", "minutes")
    return Missing("time", Words(f"{past} has passed. For when shall I set it?",
                                 f"{past}已经过去了，要设到什么时候？"))  # fmt: skip


def _query(call: Call, snapshot: Snapshot) -> Resolution:
    rows = _chosen(call, snapshot, ("set", "paused", "ringing"))
    lines = [_line(row, snapshot, remaining=True) for row in rows]
    said = say(snapshot, "; ".join(lines), "；".join(lines)) or say(
        snapshot, "None is set.", "没有设置。"
    )
    return Resolved(data={"alarms": rows, "count": len(rows), "said": said})


def _end(call: Call, snapshot: Snapshot, op: str) -> Resolution:
    """Stops what rings, else a running timer; cancels what is set."""
    ringing = _chosen(call, snapshot, ("ringing",))
    if op == "stop" and ringing:
        effects = tuple(Effect(f"{ALARMS}.{row['id']}", _rung(row)) for row in ringing)
        return Resolved(effects, data={"said": say(snapshot, "Stopped.", "已停止。")})
    rows = _chosen(call, snapshot, ("set", "paused", "ringing"))
    if op == "stop":
        rows = [row for row in rows if row.get("duration_s") is not None]
        if not rows:
            return impossible("nothing_rings", "Nothing is ringing.", "现在没有响铃。")
    every = bool(call.arguments.get("all"))
    chosen = rows if every else _single(rows, call, snapshot)
    if not isinstance(chosen, list):
        return chosen
    if not chosen:
        return impossible("nothing_set", "None is set.", "没有设置，不用取消。")
    lines = "; ".join(_line(row, snapshot) for row in chosen)
    return Resolved(
        tuple(Effect(f"{ALARMS}.{row['id']}", None) for row in chosen),
        data={"said": say(snapshot, f"Cancelled: {lines}.", f"已取消{lines}。")},
    )


def _change(call: Call, snapshot: Snapshot) -> Resolution:
    """Another time for one that is set; `time` says which, where several are."""
    timed = call.arguments.get("duration") is not None
    rows = [row for row in _chosen(call, snapshot, ("set", "paused", "ringing"))
            if (row.get("duration_s") is not None) == timed]  # fmt: skip
    chosen = _single(rows, call, snapshot)
    if not isinstance(chosen, list):
        return chosen
    if not chosen:
        return impossible("nothing_set", "None is set that could be changed.", "没有可以改的。")
    row = {key: value for key, value in chosen[0].items() if key != "started_at"}
    new = moment_in(call, "new_time", snapshot)
    if timed:
        row |= {"state": "set", "duration_s": float(call.arguments["duration"])}
    elif new is None:
        return Missing("new_time", Words("To what time?", "改到什么时候？"))
    else:
        ring = _ring(row, new, snapshot)
        if isinstance(ring, Missing):
            return msgspec.structs.replace(ring, argument="new_time")
        row |= {"state": "set", "time": ring.isoformat(timespec="minutes")}
    line = _line(row, snapshot)
    said = say(snapshot, f"Changed: {line}.", f"已改为{line}。")
    return Resolved((Effect(f"{ALARMS}.{row['id']}", row),), data={"said": said})


def _lengthen(call: Call, snapshot: Snapshot, *, longer: bool) -> Resolution:
    """A running timer rings later or sooner by `duration`; one that would be over is refused."""
    if (change := call.arguments.get("duration")) is None:
        return Missing("duration", Words("By how much?", "改多少？"))
    rows = [row for row in _chosen(call, snapshot, ("set", "paused"))
            if row.get("duration_s") is not None]  # fmt: skip
    chosen = _single(rows, call, snapshot)
    if not isinstance(chosen, list):
        return chosen
    if not chosen:
        return impossible("no_timer", "There is no such timer.", "没有这样的计时器。")
    row = dict(chosen[0])
    step_s = float(change) if longer else -float(change)
    left_s = remaining_s(row, snapshot.wall, local_now(snapshot))
    if (row["duration_s"] if left_s is None else left_s) + step_s < 1:
        return impossible("too_short", "The timer has less time left than that.",
                          "计时器剩下的时间没有那么多。")  # fmt: skip
    row.setdefault("length_s", row["duration_s"])
    row["duration_s"] = float(row["duration_s"]) + step_s
    line = _line(row, snapshot)
    said = say(snapshot, f"Changed: {line}.", f"已改为{line}。")
    return Resolved((Effect(f"{ALARMS}.{row['id']}", row),), data={"said": said})


def _snooze(call: Call, snapshot: Snapshot) -> Resolution:
    rows = _chosen(call, snapshot, ("ringing",))
    if not rows:
        return impossible("nothing_rings", "Nothing is ringing.", "现在没有响铃。")
    length_s = float(call.arguments.get("duration") or SNOOZE_S)
    ringing = rows[0]
    kept = {key: ringing[key] for key in ("kind", "label") if key in ringing}
    later = {**kept, "state": "set", "duration_s": length_s}
    text = _length(length_s, snapshot)
    return Resolved(
        (
            Effect(f"{ALARMS}.{ringing['id']}", _rung(ringing)),
            Effect(f"{ALARMS}.{call.id}", later),
        ),
        data={"said": say(snapshot, f"It rings again in {text}.", f"{text}后再响。")},
    )


def _pause(call: Call, snapshot: Snapshot, *, to: str) -> Resolution:
    rows = _chosen(call, snapshot, ("set",) if to == "paused" else ("paused",))
    rows = [row for row in rows if row.get("duration_s") is not None]
    chosen = _single(rows, call, snapshot)
    if not isinstance(chosen, list):
        return chosen
    if not chosen:
        return impossible("no_timer", "There is no such timer.", "没有这样的计时器。")
    row = dict(chosen[0])
    if to == "paused":
        left = remaining_s(row, snapshot.wall, local_now(snapshot)) or 0.0
        # Whole seconds, so that resolving again a moment later gives the same effect.
        row.setdefault("length_s", row["duration_s"])
        row |= {"duration_s": float(max(1, round(left)))}
    row.pop("started_at", None)
    row["state"] = to
    said = (
        say(snapshot, "The timer is paused.", "计时器已暂停。")
        if to == "paused"
        else say(snapshot, "The timer goes on.", "计时器继续。")
    )
    return Resolved((Effect(f"{ALARMS}.{row['id']}", row),), data={"said": said})


def _rung(row: Row) -> Row:
    return {**row, "state": "rung"}


def _chosen(call: Call, snapshot: Snapshot, states: tuple[str, ...]) -> list[Row]:
    rows = [row for row in rows_in(snapshot, ALARMS) if row.get("state") in states]
    if kind := text_in(call, "kind"):
        rows = [row for row in rows if row.get("kind") == kind]
    if label := text_in(call, "label"):
        rows = named(rows, label, ("label",)) or [
            row for row in rows if _line(row, snapshot) == label
        ]
    if area := text_in(call, "area"):
        rows = named(rows, area, ("area",))
    if (length := call.arguments.get("length")) is not None:
        rows = [row for row in rows if row.get("length_s", row.get("duration_s")) == float(length)]
    at = moment_in(call, "time", snapshot)
    if at is not None and text_in(call, "op") != "query":
        rows = [row for row in rows if _rings_at(row, at)]
    return sorted(rows, key=lambda row: str(row.get("time", "")))


def _rings_at(row: Row, at: datetime | date) -> bool:
    own = moment_of(str(row.get("time", "")), datetime(1970, 1, 1))
    if not isinstance(own, datetime):
        return False
    if not isinstance(at, datetime):
        return own.date() == at
    return own == at or (row.get("repeat", "once") != "once" and own.time() == at.time())


def _single(rows: list[Row], call: Call, snapshot: Snapshot) -> list[Row] | Missing:
    if len(rows) <= 1:
        return rows
    return Missing(
        "label",
        Words(f"There are {len(rows)}. Which one?", f"有{len(rows)}个，是哪一个？"),
        tuple(_line(row, snapshot) for row in rows),
    )


def _line(row: Row, snapshot: Snapshot, *, remaining: bool = False) -> str:
    kind = _NAMES.get(str(row.get("kind")), _NAMES["alarm"])
    name = say(snapshot, kind.en, kind.zh)
    label = f" “{row['label']}”" if row.get("label") else ""
    if row.get("duration_s") is not None:
        text = _length(float(row["duration_s"]), snapshot)
        left = remaining_s(row, snapshot.wall, local_now(snapshot)) if remaining else None
        if left is not None:
            more = _length(max(0.0, left), snapshot)
            text += say(snapshot, f", {more} left", f"，还剩{more}")
        return f"{name}{label} {text}"
    at = str(row.get("time", "")).replace("T", " ")
    repeat = _days_of(row) or _REPEAT.get(str(row.get("repeat", "once")))
    return f"{name}{label} {at}" + (f" ({say(snapshot, repeat.en, repeat.zh)})" if repeat else "")


def _length(seconds: float, snapshot: Snapshot) -> str:
    whole = timedelta(seconds=round(seconds))
    hours, rest = divmod(int(whole.total_seconds()), 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h", "小时"), (minutes, "min", "分钟"), (left, "s", "秒")]
    given = [(n, en, zh) for n, en, zh in parts if n] or [(0, "s", "秒")]
    return say(
        snapshot,
        " ".join(f"{n} {en}" for n, en, _ in given),
        "".join(f"{n}{zh}" for n, _, zh in given),
    )


_REPEAT = {
    "daily": Words("every day", "每天"),
    "weekdays": Words("on weekdays", "工作日"),
    "weekends": Words("at weekends", "周末"),
    "weekly": Words("every week", "每周"),
}
_DAYS = {
    "monday": Words("Monday", "一"),
    "tuesday": Words("Tuesday", "二"),
    "wednesday": Words("Wednesday", "三"),
    "thursday": Words("Thursday", "四"),
    "friday": Words("Friday", "五"),
    "saturday": Words("Saturday", "六"),
    "sunday": Words("Sunday", "日"),
}
_ON: dict[object, tuple[int, ...]] = {"weekdays": (0, 1, 2, 3, 4), "weekends": (5, 6)}


def next_ring(row: Row, after: datetime) -> str | None:
    """The next `time` of a repeating row after `after`, or None when it rings once."""
    first = moment_of(str(row.get("time", "")), after)
    if row.get("repeat", "once") not in (*_REPEAT, "days") or not isinstance(first, datetime):
        return None
    step = timedelta(days=7 if row["repeat"] == "weekly" else 1)
    behind = max(timedelta(0), after - first) // step
    return _on_its_day(row, first + (behind + 1) * step).isoformat(timespec="minutes")


def first_ring(row: Row, at: datetime, now: datetime) -> datetime:
    """When a row rings first that shall ring at `at` and then as its `repeat` says.

    Days that are named ("every Monday and Thursday") begin with the first of them that comes.
    """
    if row.get("repeat", "once") == "once":
        return at
    if row["repeat"] in ("days", "weekends"):
        at = datetime.combine(now.date(), at.time())
    while at <= now:
        at += timedelta(days=7 if row["repeat"] == "weekly" else 1)
    return _on_its_day(row, at)


def _on_its_day(row: Row, at: datetime) -> datetime:
    """`at`, or the same time of the first day after it on which the row rings."""
    days = _ON.get(row.get("repeat"), tuple(list(_DAYS).index(d) for d in row.get("days", ())))
    while days and at.weekday() not in days:
        at += timedelta(days=1)
    return at


def _days_of(row: Row) -> Words | None:
    """The weekdays of a row that rings on some: "every Monday and Thursday"."""
    names = [_DAYS[day] for day in row.get("days", ()) if day in _DAYS]
    if not names or row.get("repeat") != "days":
        return None
    en = ", ".join(name.en for name in names[:-1])
    en = f"{en} and {names[-1].en}" if en else names[-1].en
    return Words(f"every {en}", "每周" + "、".join(name.zh for name in names))


MANAGE = Capability(
    "alarm.manage",
    Words("manage alarms, timers and reminders", "闹钟、计时和提醒"),
    Risk.REVERSIBLE,
    (
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("set", Words("set", "设置"), ("set", "start", "create", "wake me", "remind"),
                       ("设", "定", "提醒", "叫我", "倒计时")),
                Choice("cancel", Words("cancel", "取消"), ("cancel", "delete", "remove"),
                       ("取消", "删除", "删掉", "关掉")),
                Choice("change", Words("change", "更改"), ("change", "move", "reschedule"),
                       ("改到", "改成", "推迟到", "提前到")),
                Choice("query", Words("tell", "查询"), ("what", "which", "how much", "list"),
                       ("有什么", "几个", "还剩", "查看")),
                Choice("stop", Words("stop", "停止"), ("stop", "turn off", "silence"),
                       ("停止", "别响")),
                Choice("snooze", Words("snooze", "稍后再响"), ("snooze", "ring again"),
                       ("再睡", "稍后", "等会再")),
                Choice("pause", Words("pause", "暂停"), ("pause",), ("暂停",)),
                Choice("resume", Words("go on", "继续"), ("resume", "continue"), ("继续",)),
                Choice("extend", Words("extend", "延长")),
                Choice("shorten", Words("shorten", "缩短")),
            ),
        ),
        Argument(
            "kind",
            Kind.CHOICE,
            Words("kind", "类型"),
            choices=(
                Choice("alarm", _NAMES["alarm"], ("alarm", "wake me"), ("闹钟", "闹铃", "叫我")),
                Choice("timer", _NAMES["timer"], ("timer", "countdown"),
                       ("计时", "倒计时", "定时")),
                Choice("reminder", _NAMES["reminder"], ("remind", "reminder"), ("提醒",)),
            ),
        ),
        Argument("time", Kind.MOMENT, Words("time", "时间")),
        Argument("new_time", Kind.MOMENT, Words("new time", "新的时间")),
        Argument("duration", Kind.DURATION, Words("length", "时长"), minimum=1,
                 maximum=7 * 86400, unit="s"),
        Argument("length", Kind.INTEGER, Words("length it was set for", "原定时长"), minimum=1,
                 maximum=7 * 86400, unit="s"),
        Argument("label", Kind.TEXT, Words("what for", "内容"), private=True),
        Argument("area", Kind.TEXT, Words("room", "房间"), maximum=100),
        Argument(
            "repeat",
            Kind.CHOICE,
            Words("how often", "重复"),
            choices=(
                Choice("once", Words("once", "一次"), ("once",), ("一次",)),
                Choice("daily", _REPEAT["daily"], ("every day", "daily"), ("每天",)),
                Choice("weekdays", _REPEAT["weekdays"], ("weekdays", "every workday"),
                       ("工作日", "周一到周五")),
                Choice("weekends", _REPEAT["weekends"], ("weekends", "every weekend"),
                       ("每个周末",)),
                Choice("weekly", _REPEAT["weekly"], ("every week", "weekly"), ("每周",)),
                Choice("days", Words("on the named days", "指定的日子")),
            ),
        ),
        Argument("days", Kind.CHOICES, Words("days of the week", "星期几"),
                 choices=tuple(Choice(day, name) for day, name in _DAYS.items())),
        Argument("all", Kind.BOOLEAN, Words("all of them", "全部")),
    ),
    actuators=(f"{ALARMS}.*",),
    undoable=True,
    done=Words("{said}", "{said}"),
    tells=Words("{said}", "{said}"),
    en=(
        Example("set an alarm for 7 am tomorrow",
                {"op": "set", "kind": "alarm", "time": "2026-11-24T07:00"}),
        Example("wake me up at 6:30 tomorrow",
                {"op": "set", "kind": "alarm", "time": "2026-11-24T06:30"}),
        Example("set a timer for ten minutes", {"op": "set", "kind": "timer", "duration": 600}),
        Example("start a 90 second countdown", {"op": "set", "kind": "timer", "duration": 90}),
        Example("remind me to buy milk at 6 pm",
                {"op": "set", "kind": "reminder", "label": "buy milk",
                 "time": "2026-11-23T18:00"}),
        Example("remind me in half an hour to call mom",
                {"op": "set", "kind": "reminder", "label": "call mom", "duration": 1800}),
        Example("cancel all alarms", {"op": "cancel", "kind": "alarm", "all": True}),
        Example("change my alarm to 6:45 tomorrow",
                {"op": "change", "kind": "alarm", "new_time": "2026-11-24T06:45"}),
        Example("how much time is left on the timer", {"op": "query", "kind": "timer"}),
        Example("what alarms are set", {"op": "query", "kind": "alarm"}),
        Example("snooze for five minutes", {"op": "snooze", "duration": 300}),
        Example("stop the alarm", {"op": "stop", "kind": "alarm"}),
        Example("pause the timer", {"op": "pause", "kind": "timer"}),
    ),
    zh=(
        Example("定一个明天早上七点的闹钟",
                {"op": "set", "kind": "alarm", "time": "2026-11-24T07:00"}),
        Example("明天六点半叫我起床",
                {"op": "set", "kind": "alarm", "time": "2026-11-24T06:30"}),
        Example("倒计时十分钟", {"op": "set", "kind": "timer", "duration": 600}),
        Example("设一个九十秒的计时器", {"op": "set", "kind": "timer", "duration": 90}),
        Example("下午六点提醒我买牛奶",
                {"op": "set", "kind": "reminder", "label": "买牛奶",
                 "time": "2026-11-23T18:00"}),
        Example("半小时后提醒我给妈妈打电话",
                {"op": "set", "kind": "reminder", "label": "给妈妈打电话", "duration": 1800}),
        Example("取消所有闹钟", {"op": "cancel", "kind": "alarm", "all": True}),
        Example("把明天的闹钟改到六点四十五",
                {"op": "change", "kind": "alarm", "time": "2026-11-24",
                 "new_time": "2026-11-24T06:45"}),
        Example("计时器还剩多久", {"op": "query", "kind": "timer"}),
        Example("我设了哪些闹钟", {"op": "query", "kind": "alarm"}),
        Example("再睡五分钟", {"op": "snooze", "duration": 300}),
        Example("停止闹钟", {"op": "stop", "kind": "alarm"}),
        Example("暂停计时器", {"op": "pause", "kind": "timer"}),
    ),
)  # fmt: skip

FUNCTIONS = (Function(MANAGE, manage, (ALARMS,)),)
