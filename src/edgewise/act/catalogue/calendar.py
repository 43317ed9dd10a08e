"""The calendar: what is on, add or move an event, delete one.

Times are local without zone, as said. Invitations are written by others: what is read is
labelled CALENDAR. Inviting somebody sends something out, so it carries the fact `has_invitees`.
"""

import re
from datetime import date, datetime, time, timedelta

from edgewise.act.catalogue.rows import (
    Row,
    hour_of,
    label_for,
    local_now,
    moment_in,
    moment_of,
    named,
    rows_in,
    say,
    text_in,
)
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Note, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk, Sink
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

EVENTS = "phone.calendar"


def query(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `events` in order of time, `count` and `said`; today when no time is given."""
    now = local_now(snapshot)
    day = moment_in(call, "date", snapshot)
    words = text_in(call, "query")
    if day is not None:
        first = _start_of(day).replace(hour=0, minute=0, second=0)
        last = first + timedelta(days=1)
    else:
        given = text_in(call, "range") or ("upcoming" if words else "today")
        first, last = _range(given, now)
    rows = [row for row in rows_in(snapshot, EVENTS) if _overlaps(row, first, last)]
    if words:
        rows = named(rows, words, ("title", "place"))
    rows.sort(key=lambda row: str(row.get("start", "")))
    if text_in(call, "range") == "next":
        rows = rows[:1]
    lines = [_line(row) for row in rows]
    said = "\n".join(lines) or say(snapshot, "Nothing is planned then.", "那段时间没有安排。")
    label = label_for(OriginKind.CALENDAR, (str(row.get("organiser") or "") for row in rows))
    return Resolved(data={"events": rows, "count": len(rows), "said": said}, label=label)


def upsert(call: Call, snapshot: Snapshot) -> Resolution:
    """Adds an event, or changes the one that `event` names; notes events at the same time."""
    rows = rows_in(snapshot, EVENTS)
    before: Row = {}
    if which := text_in(call, "event"):
        found = _one(_coming(rows, local_now(snapshot)), which, "event")
        if isinstance(found, Missing):
            return found
        before = found
    title = text_in(call, "title") or str(before.get("title", ""))
    if not title:
        return Missing("title", Words("What is the event called?", "日程叫什么？"))
    start = _moved(before, text_in(call, "start"), local_now(snapshot))
    if start is None:
        return Missing("start", Words(f"When is “{title}”?", f"“{title}”在什么时候？"))
    length = call.arguments.get("duration")
    if length is None:
        length = _length_s(before) if before and not before.get("all_day") else 3600
    row = {**before, "title": title, **_times(start, float(length))}
    if place := text_in(call, "place"):
        row["place"] = place
    if invitees := text_in(call, "invitees"):
        row["invitees"] = [name.strip() for name in re.split(r"[,，、]", invitees) if name.strip()]
    others = [
        other
        for other in rows
        if other.get("id") != before.get("id") and _overlaps(other, *_span(row))
    ]
    target = f"{EVENTS}.{before.get('id', call.id)}"
    return Resolved(
        (Effect(target, row),),
        data={"title": title, "when": _said(str(row["start"]))},
        notes=tuple(_conflict(other) for other in others[:3]),
        facts=("has_invitees",) if row.get("invitees") else (),
    )


def delete(call: Call, snapshot: Snapshot) -> Resolution:
    """Deletes one coming event; fact `has_invitees` when others were invited."""
    rows = _coming(rows_in(snapshot, EVENTS), local_now(snapshot))
    day = moment_in(call, "date", snapshot)
    if day is not None:
        first = _start_of(day).replace(hour=0, minute=0, second=0)
        rows = [row for row in rows if _overlaps(row, first, first + timedelta(days=1))]
    which = text_in(call, "event")
    if not which and len(rows) != 1:
        titles = tuple(str(row.get("title", "")) for row in rows[:5])
        return Missing("event", Words("Which event shall I delete?", "要删除哪个日程？"), titles)
    found = _one(rows, which, "event") if which else rows[0]
    if isinstance(found, Missing):
        return found
    return Resolved(
        (Effect(f"{EVENTS}.{found['id']}", None),),
        data={"title": found.get("title", ""), "when": _said(str(found.get("start", "")))},
        facts=("has_invitees",) if found.get("invitees") else (),
    )


def _one(rows: list[Row], words: str, argument: str) -> Row | Missing:
    found = [row for row in rows if row.get("id") == words or _line(row) == words]
    found = found or named(rows, words, ("title",))
    if len(found) == 1:
        return found[0]
    if not found:
        titles = tuple(str(row.get("title", "")) for row in rows[:5])
        return Missing(
            argument,
            Words(f"I find no coming event called “{words}”. Which one?",
                  f"没有找到“{words}”这个日程，是哪一个？"),
            titles,
        )  # fmt: skip
    return Missing(
        argument,
        Words(f"There are {len(found)} events called “{words}”. Which one?",
              f"“{words}”有{len(found)}个日程，是哪一个？"),
        tuple(_line(row) for row in found),
    )  # fmt: skip


def _coming(rows: list[Row], now: datetime) -> list[Row]:
    coming = [row for row in rows if _span(row)[1] > now]
    return sorted(coming, key=lambda row: str(row.get("start", "")))


def _range(name: str, now: datetime) -> tuple[datetime, datetime]:
    today = datetime.combine(now.date(), time())
    monday = today - timedelta(days=today.weekday())
    day = timedelta(days=1)
    match name:
        case "tomorrow":
            return today + day, today + 2 * day
        case "day_after_tomorrow":
            return today + 2 * day, today + 3 * day
        case "this_week":
            return monday, monday + 7 * day
        case "next_week":
            return monday + 7 * day, monday + 14 * day
        case "weekend":
            return monday + 5 * day, monday + 7 * day
        case "this_month":
            return today.replace(day=1), (today.replace(day=28) + 4 * day).replace(day=1)
        case "next" | "upcoming":
            return now, now + 366 * day
        case _:
            return today, today + day


def _moved(before: Row, said: str, now: datetime) -> datetime | date | None:
    """Where an event begins: of one that there is, the half that was not said stays as it was."""
    start, was = moment_of(said, now), moment_of(str(before.get("start", "")), now)
    if start is None or was is None:
        return start or was
    if (hour := hour_of(said)) is not None:
        return datetime.combine(_start_of(was).date(), hour)
    if isinstance(start, datetime) or not isinstance(was, datetime):
        return start
    return datetime.combine(start, was.time())


def _start_of(moment: datetime | date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _times(start: datetime | date, length_s: float) -> Row:
    """`start` and `end`; a date alone is a whole day."""
    if not isinstance(start, datetime):
        return {"start": start.isoformat(), "end": start.isoformat(), "all_day": True}
    end = start + timedelta(seconds=length_s)
    return {
        "start": start.isoformat(timespec="minutes"),
        "end": end.isoformat(timespec="minutes"),
        "all_day": False,
    }


def _span(row: Row) -> tuple[datetime, datetime]:
    """First moment and the one after the last; an event that cannot be read lies far back."""
    epoch = datetime(1970, 1, 1)
    start = moment_of(str(row.get("start", "")), epoch)
    end = moment_of(str(row.get("end", "")), epoch) or start
    if start is None or end is None:
        return epoch, epoch
    last = _start_of(end)
    return _start_of(start), last if isinstance(end, datetime) else last + timedelta(days=1)


def _length_s(row: Row) -> float:
    first, last = _span(row)
    return (last - first).total_seconds() or 3600.0


def _overlaps(row: Row, first: datetime, last: datetime) -> bool:
    start, end = _span(row)
    return start < last and (end > first or start == end == first)


def _conflict(other: Row) -> Note:
    line = _line(other)
    return Note(Words(f"It overlaps with {line}.", f"与“{line}”时间冲突。"))


def _line(row: Row) -> str:
    place = f" @ {row['place']}" if row.get("place") else ""
    return f"{_said(str(row.get('start', '')))} {row.get('title', '')}{place}"


def _said(moment: str) -> str:
    return moment.replace("T", " ")


_EVENT = Argument("event", Kind.TEXT, Words("which event", "哪个日程"), private=True)

QUERY = Capability(
    "calendar.query",
    Words("look at the calendar", "查日程"),
    Risk.READ,
    (
        Argument(
            "range",
            Kind.CHOICE,
            Words("when", "时间范围"),
            choices=(
                Choice("today", Words("today", "今天"), ("today",), ("今天", "今日")),
                Choice("tomorrow", Words("tomorrow", "明天"), ("tomorrow",), ("明天", "明日")),
                Choice("day_after_tomorrow", Words("the day after tomorrow", "后天"),
                       ("day after tomorrow",), ("后天",)),
                Choice("this_week", Words("this week", "这周"), ("this week",),
                       ("这周", "本周", "这个星期")),
                Choice("next_week", Words("next week", "下周"), ("next week",),
                       ("下周", "下个星期")),
                Choice("weekend", Words("the weekend", "周末"), ("weekend",), ("周末",)),
                Choice("this_month", Words("this month", "这个月"), ("this month",),
                       ("这个月", "本月")),
                Choice("next", Words("next", "下一个"), ("next",), ("下一个", "接下来")),
                Choice("upcoming", Words("coming", "以后"), ("upcoming", "coming up"), ("最近",)),
            ),
        ),
        Argument("date", Kind.MOMENT, Words("day", "日期")),
        Argument("query", Kind.TEXT, Words("words in it", "关键词"), private=True),
    ),
    rules=(16, 17, 34, 43),
    private=True,
    content=OriginKind.CALENDAR,
    tells=Words("{said}", "{said}"),
    en=(
        Example("what's on my calendar today", {"range": "today"}),
        Example("what are my appointments tomorrow", {"range": "tomorrow"}),
        Example("do I have any meetings this week", {"range": "this_week"}),
        Example("what is my next meeting", {"range": "next"}),
        Example("when is my dentist appointment", {"query": "dentist"}),
        Example("am I free on December 1st", {"date": "2026-12-01"}),
        Example("what do I have planned for the weekend", {"range": "weekend"}),
    ),
    zh=(
        Example("今天有什么日程", {"range": "today"}),
        Example("我明天有什么安排", {"range": "tomorrow"}),
        Example("这周有会议吗", {"range": "this_week"}),
        Example("我的下一个会议是什么时候", {"range": "next"}),
        Example("周末有安排吗", {"range": "weekend"}),
        Example("后天有空吗", {"range": "day_after_tomorrow"}),
        Example("12月1日我有安排吗", {"date": "2026-12-01"}),
    ),
)  # fmt: skip

UPSERT = Capability(
    "calendar.upsert",
    Words("add or change an event", "新建或修改日程"),
    Risk.REVERSIBLE,
    (
        Argument("title", Kind.TEXT, Words("title", "标题"), private=True),
        Argument("start", Kind.MOMENT, Words("start", "开始时间")),
        Argument("duration", Kind.DURATION, Words("length", "时长"), minimum=60,
                 maximum=14 * 86400, unit="s"),
        Argument("place", Kind.TEXT, Words("place", "地点"), private=True),
        Argument("invitees", Kind.TEXT, Words("who is invited", "参与人"), private=True),
        _EVENT,
    ),
    actuators=(f"{EVENTS}.*",),
    sinks=(Sink("title", "invitees"),),
    undoable=True,
    rules=(31, 33),
    private=True,
    done=Words("“{title}” is in your calendar for {when}.", "已把“{title}”记入日程：{when}。"),
    en=(
        Example("add a meeting with Alice tomorrow at 3 pm",
                {"title": "meeting with Alice", "start": "2026-11-24T15:00"}),
        Example("schedule a dentist appointment on Friday at 9 am",
                {"title": "dentist appointment", "start": "2026-11-27T09:00"}),
        Example("put lunch with mom on my calendar for Sunday at noon",
                {"title": "lunch with mom", "start": "2026-11-29T12:00"}),
        Example("create an event called team review tomorrow at 10 am for two hours",
                {"title": "team review", "start": "2026-11-24T10:00", "duration": 7200}),
        Example("move the dentist appointment to 4 pm tomorrow",
                {"event": "dentist appointment", "start": "2026-11-24T16:00"}),
        Example("invite John Smith to lunch tomorrow at noon",
                {"title": "lunch", "invitees": "John Smith", "start": "2026-11-24T12:00"}),
    ),
    zh=(
        Example("明天下午三点加一个会议", {"title": "会议", "start": "2026-11-24T15:00"}),
        Example("周五上午九点安排看牙医", {"title": "看牙医", "start": "2026-11-27T09:00"}),
        Example("把周日中午和妈妈吃饭加到日历",
                {"title": "和妈妈吃饭", "start": "2026-11-29T12:00"}),
        Example("明天上午十点新建日程项目评审两个小时",
                {"title": "项目评审", "start": "2026-11-24T10:00", "duration": 7200}),
        Example("把看牙医改到明天下午四点", {"event": "看牙医", "start": "2026-11-24T16:00"}),
        Example("明天中午十二点邀请张伟吃午饭",
                {"title": "吃午饭", "invitees": "张伟", "start": "2026-11-24T12:00"}),
    ),
)  # fmt: skip

DELETE = Capability(
    "calendar.delete",
    Words("delete an event", "删除日程"),
    Risk.IRREVERSIBLE,
    (_EVENT, Argument("date", Kind.MOMENT, Words("day", "日期"))),
    actuators=(f"{EVENTS}.*",),
    rules=(33,),
    private=True,
    done=Words("Deleted “{title}” ({when}) from your calendar.", "已删除日程“{title}”（{when}）。"),
    en=(
        Example("cancel my dentist appointment", {"event": "dentist appointment"}),
        Example("delete the team review from my calendar", {"event": "team review"}),
        Example("remove lunch with mom from my calendar", {"event": "lunch with mom"}),
        Example("cancel tomorrow's meeting", {"event": "meeting", "date": "2026-11-24"}),
        Example("delete the event birthday party", {"event": "birthday party"}),
        Example("cancel the budget meeting on Friday",
                {"event": "budget meeting", "date": "2026-11-27"}),
    ),
    zh=(
        Example("取消看牙医的日程", {"event": "看牙医"}),
        Example("把项目评审从日历里删掉", {"event": "项目评审"}),
        Example("删除日程和妈妈吃饭", {"event": "和妈妈吃饭"}),
        Example("取消明天的会议", {"event": "会议", "date": "2026-11-24"}),
        Example("删掉生日聚会这个日程", {"event": "生日聚会"}),
        Example("取消周五的预算会", {"event": "预算会", "date": "2026-11-27"}),
    ),
)  # fmt: skip

FUNCTIONS = (
    Function(QUERY, query, (EVENTS,)),
    Function(UPSERT, upsert, (EVENTS,)),
    Function(DELETE, delete, (EVENTS,)),
)
