"""The computer beside the device: notifications, and the media players that run on it.

Not part of the built-in catalogue: `device/runtime.py` adds these where the desktop is on. They act
through `device/desktop/dbus.py`. What players tell (titles, artists, even their own names) was
written by others and carries the label of media. It does not know what a browser's player shows:
only a file that ends like a film's counts as video (rule 14).
"""

from edgewise.act.catalogue.cabin import ALREADY
from edgewise.act.catalogue.rows import Row, impossible, label_for, named, rows_in, say, text_in
from edgewise.act.catalogue.words import example as e
from edgewise.act.catalogue.words import level_argument
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Note, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

NOTIFICATIONS = "desktop.notifications"
PLAYERS = "desktop.media.players"
SKIP = "desktop.media.skip"

ACTIONS = (
    Choice("play", Words("play", "播放"), ("play", "resume", "go on"), ("播放", "继续")),
    Choice("pause", Words("pause", "暂停"), ("pause", "hold"), ("暂停",)),
    Choice("next", Words("next", "下一首"), ("next", "skip"), ("下一首", "下一个", "切歌")),
    Choice("previous", Words("previous", "上一首"), ("previous", "back"), ("上一首", "上一个")),
    Choice("stop", Words("stop", "停止"), ("stop",), ("停止", "停掉")),
)
URGENCIES = (
    Choice("low", Words("low", "不急"), ("low",), ("不急",)),
    Choice("normal", Words("normal", "普通"), ("normal",), ("普通",)),
    Choice("critical", Words("urgent", "紧急"), ("urgent", "critical"), ("紧急",)),
)
WHAT = (Choice("media", Words("what plays", "播放内容"), ("playing", "media"), ("播放", "放")),)
_STATUS = {"play": "playing", "pause": "paused", "stop": "stopped"}
_SAID = {
    "playing": Words("playing", "正在播放"),
    "paused": Words("paused", "已暂停"),
    "stopped": Words("stopped", "已停止"),
}


def notify(call: Call, snapshot: Snapshot) -> Resolution:
    """Show a notification; its row's name is the call's id, by which undo closes it."""
    del snapshot
    row = {
        "title": text_in(call, "title"),
        "body": text_in(call, "body"),
        "urgency": call.arguments["urgency"],
    }
    return Resolved((Effect(f"{NOTIFICATIONS}.{call.id}", row),))


def media(call: Call, snapshot: Snapshot) -> Resolution:
    """Steer one player: start, pause, stop, skip, or its volume in percent."""
    wanted = str(call.arguments.get("action", "volume"))
    chosen = _player(call, snapshot, wanted)
    if not isinstance(chosen, dict):
        return chosen
    name = str(chosen["id"])
    if wanted in chosen.get("cannot", []):
        return impossible(
            "player_can_not",
            f"{name} says that it cannot do that now.",
            f"{name} 表示现在不能这样做。",
        )
    label = label_for(OriginKind.MEDIA, [name], private=False)
    if wanted in ("next", "previous"):
        said = say(snapshot, f"I told {name} to skip", f"已让 {name} 跳转")
        return Resolved((Effect(f"{SKIP}.{name}", wanted),), data={"said": said}, label=label)
    if wanted == "volume":
        field, value = "volume", call.arguments["volume"]
        said = say(snapshot, f"{name}: volume {value}%", f"{name}：音量{value}%")
    else:
        field, value = "status", _STATUS[wanted]
        state = _SAID[value]
        said = say(snapshot, f"{name}: {state.en}", f"{name}：{state.zh}")
    there: tuple[Note, ...] = (ALREADY,) if chosen.get(field) == value else ()
    effects = () if there else (Effect(f"{PLAYERS}.{name}.{field}", value),)
    shows = ("video",) if wanted == "play" and chosen.get("video") else ()
    return Resolved(effects, data={"said": said}, label=label, notes=there, facts=shows)


def read(call: Call, snapshot: Snapshot) -> Resolution:
    """What plays on the computer, the playing players first; the words are the players' own."""
    del call
    if PLAYERS not in snapshot.readings:
        return _NO_DESKTOP
    rows = [row for row in rows_in(snapshot, PLAYERS) if row.get("status") is not None]
    rows.sort(key=lambda row: row.get("status") != "playing")
    lines = [_line(row, snapshot) for row in rows]
    none = say(snapshot, "Nothing plays on the computer.", "电脑上没有播放任何内容。")
    keys = ("id", "status", "title", "artist", "album", "volume")
    return Resolved(
        data={
            "players": [{key: row.get(key) for key in keys} for row in rows],
            "said": say(snapshot, "; ".join(lines), "；".join(lines)) or none,
        },
        label=label_for(OriginKind.MEDIA, [str(row["id"]) for row in rows]),
    )


def _player(call: Call, snapshot: Snapshot, wanted: str) -> Row | Resolution:
    """The player that is meant: the only one, the one that is named, or (of several) the only one
    whose state fits: one that plays to pause it, one that is paused to play on."""
    if PLAYERS not in snapshot.readings:
        return _NO_DESKTOP
    rows = rows_in(snapshot, PLAYERS)
    name = text_in(call, "player")
    if not rows:
        return impossible(
            "no_player", "No media player is running on the computer.", "电脑上没有运行播放器。"
        )
    found = named(rows, name, ("id",)) if name else rows
    if not found:
        known = ", ".join(str(row["id"]) for row in rows)
        return impossible(
            "no_such_player",
            f"There is no player “{name}” on the computer; it has {known}.",
            f"电脑上没有播放器“{name}”，有：{known}。",
        )
    if len(found) > 1:
        fitting = "paused" if wanted == "play" else "playing"
        found = [row for row in found if row.get("status") == fitting] or found
    if len(found) == 1:
        return found[0]
    choices = tuple(str(row["id"]) for row in found)
    listed = ", ".join(choices)
    return Missing(
        "player", Words(f"Which player: {listed}?", f"哪个播放器：{listed}？"), choices
    )  # fmt: skip


def _line(row: Row, snapshot: Snapshot) -> str:
    title, artist = str(row.get("title") or ""), str(row.get("artist") or "")
    en = f"“{title}” by {artist}" if title and artist else f"“{title}”" if title else ""
    zh = f"{artist}的《{title}》" if title and artist else f"《{title}》" if title else ""
    status = _SAID[str(row["status"])]
    return say(
        snapshot,
        f"{row['id']} is {status.en}{': ' if en else ''}{en}",
        f"{row['id']} {status.zh}{zh}",
    )


_NO_DESKTOP = impossible(
    "no_desktop",
    "I cannot reach the computer's desktop now; start a desktop session.",
    "现在连不上电脑桌面，请先启动桌面会话。",
)

NOTIFY = Capability(
    "desktop.notify",
    Words("show a notification on the computer", "在电脑上显示通知"),
    Risk.REVERSIBLE,
    arguments=(
        Argument("title", Kind.TEXT, Words("text", "内容"), True, maximum=200, private=True),
        Argument("body", Kind.TEXT, Words("details", "详情"), maximum=1000, private=True),
        Argument("urgency", Kind.CHOICE, Words("urgency", "紧急程度"), choices=URGENCIES,
                 default="normal"),
    ),
    actuators=(f"{NOTIFICATIONS}.*",),
    undoable=True,
    readback_s=5.0,
    rules=(33, 34, 37),
    done=Words("It is shown on the computer.", "已在电脑上显示。"),
    en=(
        e("show a notification on the computer that says tea is ready", title="tea is ready"),
        e("notify my desktop that the meeting starts", title="the meeting starts"),
        e("put up a desktop notification saying dinner is ready", title="dinner is ready"),
        e("pop up on my computer that the laundry is done", title="the laundry is done"),
        e("send a notification to my computer: call grandma", title="call grandma"),
        e("tell my computer screen that I am leaving now", title="I am leaving now"),
        e("show a notification on my computer that says the bus is here", title="the bus is here"),
    ),
    zh=(
        e("在电脑上显示通知茶泡好了", title="茶泡好了"),
        e("在电脑桌面弹出提示会议开始了", title="会议开始了"),
        e("给电脑发个通知说晚饭好了", title="晚饭好了"),
        e("电脑上弹个通知衣服洗好了", title="衣服洗好了"),
        e("给电脑发个通知说快递来了", title="快递来了"),
        e("在桌面上通知我给奶奶打电话", title="给奶奶打电话"),
        e("让电脑屏幕提示我现在出门", title="我现在出门"),
    ),
)  # fmt: skip

MEDIA = Capability(
    "desktop.media",
    Words("control the computer's media player", "控制电脑上的播放器"),
    Risk.REVERSIBLE,
    arguments=(
        Argument("action", Kind.CHOICE, Words("action", "操作"), choices=ACTIONS),
        level_argument(Words("volume in percent", "音量百分比"), maximum=100, name="volume"),
        Argument("player", Kind.TEXT, Words("player", "播放器"), maximum=255),
    ),
    one_of=(("action", "volume"),),
    actuators=(f"{PLAYERS}.*.status", f"{PLAYERS}.*.volume", f"{SKIP}.*"),
    undoable=True,
    time_to_live_s=10.0,
    readback_s=3.0,
    rules=(14, 34, 37),
    done=Words("{data.said}.", "{data.said}。"),
    content=OriginKind.MEDIA,
    en=(
        e("pause the player on the computer", action="pause"),
        e("pause the music on my computer", action="pause"),
        e("pause firefox on the computer", action="pause", player="firefox"),
        e("play on the computer", action="play"),
        e("play spotify on the computer", action="play", player="spotify"),
        e("resume the music on my desktop", action="play"),
        e("skip to the next song on the computer", action="next"),
        e("next track on my computer", action="next"),
        e("go back a song on the computer", action="previous"),
        e("stop the computer's media player", action="stop"),
        e("set the computer's player volume to 30 percent", volume=30),
    ),
    zh=(
        e("暂停电脑上的播放器", action="pause"),
        e("暂停电脑上的音乐", action="pause"),
        e("暂停电脑上的firefox", action="pause", player="firefox"),
        e("电脑继续播放", action="play"),
        e("电脑播放器播放", action="play"),
        e("电脑上切到下一首", action="next"),
        e("电脑下一首", action="next"),
        e("电脑上回到上一首", action="previous"),
        e("停止电脑上的播放器", action="stop"),
        e("把电脑播放器音量调到百分之三十", volume=30),
    ),
)

READ = Capability(
    "desktop.read",
    Words("tell what plays on the computer", "查看电脑上正在播放什么"),
    Risk.READ,
    arguments=(
        Argument("what", Kind.CHOICE, Words("what to tell", "查询内容"), choices=WHAT,
                 default="media"),
    ),
    rules=(34, 35),
    private=True,
    tells=Words("{data.said}", "{data.said}"),
    content=OriginKind.MEDIA,
    en=(
        e("what is playing on the computer"),
        e("what song is on the desktop right now"),
        e("which player is running on my computer"),
        e("tell me what plays on my computer"),
        e("what is my computer playing"),
        e("is the computer playing anything"),
    ),
    zh=(
        e("电脑上在放什么"),
        e("电脑正在播放什么"),
        e("电脑上放的是哪首歌"),
        e("看看电脑在播放什么"),
        e("桌面上哪个播放器在播放"),
        e("电脑有没有在放歌"),
    ),
)  # fmt: skip

FUNCTIONS = (
    Function(NOTIFY, notify),
    Function(MEDIA, media, (PLAYERS,)),
    Function(READ, read, (PLAYERS,)),
)
