"""Music, radio and sound: play, control, volume, what is playing, and the library's marks.

The car's player is VSS `Cabin.Infotainment.Media`; what can be played by name are the rows of
`phone.library` (`title`, `artist`, `album`, `genre`, `kind`, `uri`, `liked`, `playlists`). VSS has
no seek, repeat, shuffle or mute: those are `Vehicle.Edgewise.Media`, used where the car has them.
Titles were written by others, so data with them carries the label of media.
"""

from edgewise.act.catalogue.cabin import aim, number_at, settle, stepped, unknown_state
from edgewise.act.catalogue.media_capabilities import (
    ACTION,
    CONTROL,
    EXTRA,
    GET_INFO,
    LIBRARY,
    LIBRARY_EDIT,
    MEDIA,
    NAVIGATION,
    PLAY,
    SET_VOLUME,
    VOLUMES,
)
from edgewise.act.catalogue.media_words import (
    ACTIONS,
    GENRES,
    INFO_KINDS,
    KINDS,
    OPERATIONS,
    SOURCE_SIGNALS,
    SOURCES,
    STREAMS,
)
from edgewise.act.catalogue.rows import (
    Row,
    impossible,
    label_for,
    named,
    plain,
    rows_in,
    say,
    text_in,
)
from edgewise.act.catalogue.words import words_of
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Note, Resolution, Resolved
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words
from edgewise.core.zone import Zone

USUAL_VOLUME_PERCENT = 20
_MOMENTARY = {
    "next": "SKIP_FORWARD",
    "previous": "SKIP_BACKWARD",
    "forward": "FAST_FORWARD",
    "rewind": "FAST_BACKWARD",
}
_MODES = {
    "repeat_one": ("Repeat", "ONE"),
    "repeat_all": ("Repeat", "ALL"),
    "repeat_off": ("Repeat", "OFF"),
    "shuffle_on": ("IsShuffle", True),
    "shuffle_off": ("IsShuffle", False),
}


NO_PLAYER = impossible(
    "no_player",
    "No player of a smart home is connected to this device yet.",
    "这台设备还没有连接家中的播放器。",
)


def _elsewhere(call: Call) -> bool:
    """Whether a player or room of a home is meant, not the device's own sound."""
    return "player" in call.arguments or "area" in call.arguments


def play(call: Call, snapshot: Snapshot) -> Resolution:
    """Play what is named, a source, or go on with what was playing."""
    if _elsewhere(call):
        return NO_PLAYER
    zone = call.arguments.get("zone")
    if zone is not None and Zone(zone) not in (Zone.ALL, Zone.DRIVER, Zone.FRONT):
        return impossible(
            "one_player",
            "This car plays the same sound for everyone.",
            "这辆车全车播放同样的声音，不能分区播放。",
        )
    query, source = text_in(call, "query"), call.arguments.get("source")
    kind = call.arguments.get("kind")
    rows = rows_in(snapshot, LIBRARY)
    row: Row | None = None
    if query or kind not in (None, "song", "radio"):
        row = find_row(rows, query, kind)
        if row is None:
            return _not_found(query or words_of(KINDS, str(kind)).en)
    elif source is None and kind == "radio":
        row = find_row(rows, "", "radio")
        source = "fm" if row is None else None
    elif source is None and not _has_something(snapshot):
        row = find_row(rows, "", "favourites") or find_row(rows, "", "song")
        if row is None:
            return _NOTHING_TO_PLAY
    effects = [Effect(f"{MEDIA}.SelectedURI", str(row["uri"]))] if row is not None else []
    if source is not None:
        effects.append(Effect(f"{MEDIA}.Played.Source", SOURCE_SIGNALS[source]))
    effects.append(Effect(ACTION, "PLAY"))
    if row is None:
        what = words_of(SOURCES, source) if source else Words("music", "音乐")
        return settle(snapshot, effects, data={"said": say(snapshot, what.en, what.zh)})
    video = row.get("kind") == "video"
    resolved = settle(
        snapshot, effects, data=_title(row, snapshot), facts=("video",) if video else ()
    )
    return _labelled(resolved)


def control(call: Call, snapshot: Snapshot) -> Resolution:
    """Pause, go on, skip, wind, seek, repeat, shuffle."""
    if _elsewhere(call):
        return NO_PLAYER
    action = str(call.arguments["action"])
    words = words_of(ACTIONS, action)
    data = {"said": say(snapshot, words.en, words.zh)}
    if action == "play" and not _has_something(snapshot):
        return _NOTHING_TO_PLAY
    if action in ("play", "pause", "stop"):
        value = "PLAY" if action == "play" else "STOP"
        return settle(snapshot, (Effect(ACTION, value),), data=data)
    if action in _MODES:
        name, value = _MODES[action]
        return _extra(name, value, snapshot, data)
    seconds = call.arguments.get("position")
    if action == "seek" and seconds is None:
        return Missing("position", Words("To which second?", "跳到第几秒？"))
    if seconds is None or action in ("next", "previous"):
        # A skip is an event, not a state: it is sent although the last action was the same.
        return Resolved((Effect(ACTION, _MOMENTARY[action]),), data=dict(data))
    if action in ("forward", "rewind"):
        present = number_at(snapshot, f"{EXTRA}.Position")
        if present is None:
            return unknown_state(Words("playing position", "播放位置"))
        seconds = max(present + (seconds if action == "forward" else -seconds), 0)
    return _extra("Position", float(seconds), snapshot, data)


def set_volume(call: Call, snapshot: Snapshot) -> Resolution:
    """A stream's volume, absolute or stepped, or its mute."""
    if _elsewhere(call):
        return NO_PLAYER
    stream = str(call.arguments["stream"])
    path = VOLUMES[stream]
    words = words_of(STREAMS, stream)
    if path not in snapshot.readings:
        return impossible(
            "no_such_stream",
            f"This car has no separate {words.en} volume.",
            f"这辆车没有单独的{words.zh}音量。",
        )
    name = say(snapshot, words.en.capitalize(), words.zh)
    if "mute" in call.arguments:
        return _mute(stream, bool(call.arguments["mute"]), name, snapshot)
    notes: tuple[Note, ...] = ()
    if "level" in call.arguments:
        level = int(call.arguments["level"])
    else:
        delta = int(call.arguments["delta"])
        step = stepped(snapshot, path, delta, minimum=0, maximum=100)
        if step is None:
            return unknown_state(Words(f"{words.en} volume", f"{words.zh}音量"))
        level = round(step[0])
        notes = (_LOUDEST if delta > 0 else _SILENT,) if step[1] else ()
    effects = (Effect(path, level), *(_unmuted(stream, snapshot) if level else ()))
    return settle(snapshot, effects, data={"stream_name": name, "volume": f"{level}%"}, notes=notes)


def get_info(call: Call, snapshot: Snapshot) -> Resolution:
    """What is playing, from where and how loud; unknown said as unknown."""
    track = str(snapshot.get(f"{MEDIA}.Played.Track", ""))
    artist = str(snapshot.get(f"{MEDIA}.Played.Artist", ""))
    album = str(snapshot.get(f"{MEDIA}.Played.Album", ""))
    uri = snapshot.get(f"{MEDIA}.Played.URI")
    row = next((r for r in rows_in(snapshot, LIBRARY) if uri and r.get("uri") == uri), None)
    if row is not None:
        track = track or str(row.get("title", ""))
        artist = artist or str(row.get("artist", ""))
        album = album or str(row.get("album", ""))
    volume = number_at(snapshot, VOLUMES["media"])
    source = snapshot.get(f"{MEDIA}.Played.Source")
    kind = str(call.arguments["kind"])
    en, zh = {
        "track": (_by(track, artist, "by"), _by(track, artist, "，演唱")),
        "artist": (artist, artist),
        "album": (album, album),
        "volume": ("", "") if volume is None else (f"{volume:g}%", f"{volume:g}%"),
        "source": _source_words(str(source)),
    }[kind]
    words = words_of(INFO_KINDS, kind)
    said = say(
        snapshot,
        f"{words.en.capitalize()}: {en or 'unknown'}.",
        f"{words.zh}：{zh or '未知'}。",
    )
    data = {
        "track": track or None,
        "artist": artist or None,
        "album": album or None,
        "volume_percent": volume,
        "source": source,
        "playing": aim(snapshot, ACTION) == "PLAY",
        "said": said,
    }
    return _labelled(Resolved(data=data))


def library_edit(call: Call, snapshot: Snapshot) -> Resolution:
    """Mark a song as liked or not, put it on a playlist or take it off."""
    rows = rows_in(snapshot, LIBRARY)
    item = text_in(call, "item")
    if item:
        row = find_row(rows, item, None)
    else:
        uri = snapshot.get(f"{MEDIA}.Played.URI")
        row = next((r for r in rows if uri and r.get("uri") == uri), None)
    if row is None:
        return _not_found(item) if item else _NOTHING_PLAYS
    operation, playlist = str(call.arguments["op"]), text_in(call, "list")
    changed = dict(row)
    if operation in ("like", "unlike"):
        changed["liked"] = operation == "like"
    elif not playlist:
        return Missing("list", Words("Which playlist?", "哪个歌单？"))
    else:
        kept = [name for name in row.get("playlists", []) if plain(str(name)) != plain(playlist)]
        changed["playlists"] = [*kept, playlist] if operation == "add" else kept
    words = words_of(OPERATIONS, operation)
    data = {**_title(row, snapshot), "state": say(snapshot, words.en, words.zh)}
    return _labelled(settle(snapshot, _changed(row, changed), data=data))


def find_row(rows: list[Row], query: str, kind: str | None) -> Row | None:
    """The row that `query` names: by title, artist, album, genre or playlist, or title and artist.

    Without a query, the first row of `kind`; liked ones for `favourites`.
    """
    playable = [row for row in rows if row.get("uri") and _is_kind(row, kind)]
    if not query:
        return playable[0] if playable else None
    keys = _KEYS.get(kind or "", ("title", "artist", "album", "genre", "playlists"))
    for words in (query, *_genre_names(query)):
        found = named(playable, words, keys if words == query else ("genre",))
        if found:
            return found[0]
    said = plain(query)
    both = (
        row
        for row in playable
        if plain(str(row.get("title", ""))) in said and plain(str(row.get("artist", ""))) in said
    )
    return next((row for row in both if row.get("title") and row.get("artist")), None)


def _genre_names(query: str) -> tuple[str, ...]:
    """Every name of the genre that `query` is; none if it is no genre."""
    return next((names for names in GENRES if plain(query) in names), ())


def _has_something(snapshot: Snapshot) -> bool:
    """Whether the player has anything that it could go on with."""
    source = snapshot.get(f"{MEDIA}.Played.Source", "UNKNOWN")
    return bool(snapshot.get(f"{MEDIA}.SelectedURI")) or source != "UNKNOWN"


def _is_kind(row: Row, kind: str | None) -> bool:
    if kind == "favourites":
        return row.get("liked") is True
    if kind in ("feature_film", "tv_show"):
        return row.get("kind") == "video"
    if kind in ("radio", "podcast", "audiobook", "video"):
        return row.get("kind") == kind
    return kind is None or row.get("kind", "song") in ("song", "music")


def _changed(row: Row, changed: Row) -> tuple[Effect, ...]:
    return () if changed == row else (Effect(f"{LIBRARY}.{row['id']}", changed),)


def _extra(name: str, value: object, snapshot: Snapshot, data: dict[str, str]) -> Resolution:
    path = f"{EXTRA}.{name}"
    if path not in snapshot.readings:
        return impossible(
            "not_provided", "The car's player cannot do that.", "车上的播放器不支持这个操作。"
        )
    return settle(snapshot, (Effect(path, value),), data=data)


def _mute(stream: str, mute: bool, name: str, snapshot: Snapshot) -> Resolution:
    data = {"stream_name": name, "volume": say(snapshot, "muted", "已静音")}
    if not mute:
        data["volume"] = say(snapshot, "on again", "已取消静音")
    if stream == "navigation":
        value = "MUTED" if mute else "UNMUTED"
        return settle(snapshot, (Effect(f"{NAVIGATION}.Mute", value),), data=data)
    if stream == "media" and f"{EXTRA}.IsMuted" in snapshot.readings:
        return settle(snapshot, (Effect(f"{EXTRA}.IsMuted", mute),), data=data)
    path = VOLUMES[stream]
    if mute:
        return settle(snapshot, (Effect(path, 0),), data=data)
    effects = () if number_at(snapshot, path) else (Effect(path, USUAL_VOLUME_PERCENT),)
    return settle(snapshot, effects, data=data)


def _unmuted(stream: str, snapshot: Snapshot) -> tuple[Effect, ...]:
    if stream == "media" and aim(snapshot, f"{EXTRA}.IsMuted") is True:
        return (Effect(f"{EXTRA}.IsMuted", False),)
    if stream == "navigation" and aim(snapshot, f"{NAVIGATION}.Mute") == "MUTED":
        return (Effect(f"{NAVIGATION}.Mute", "UNMUTED"),)
    return ()


def _title(row: Row, snapshot: Snapshot) -> dict[str, str]:
    title, artist = str(row.get("title", "")), str(row.get("artist", ""))
    said = say(snapshot, _by(title, artist, "by"), f"{artist}的《{title}》" if artist else title)
    return {"title": title, "artist": artist, "said": said}


def _by(title: str, artist: str, word: str) -> str:
    return f"{title} {word} {artist}" if title and artist else title


def _source_words(signal: str) -> tuple[str, str]:
    for source, name in SOURCE_SIGNALS.items():
        if name == signal:
            words = words_of(SOURCES, source)
            return words.en, words.zh
    return "", ""


def _labelled(resolved: Resolved) -> Resolved:
    label = label_for(OriginKind.MEDIA, private=False)
    return Resolved(
        resolved.effects, resolved.data, label, resolved.notes, resolved.atomic, resolved.facts
    )


def _not_found(query: str) -> Resolution:
    return impossible(
        "not_found", f"I found nothing called {query} to play.", f"没有找到可以播放的“{query}”。"
    )


_NOTHING_PLAYS = impossible(
    "nothing_playing",
    "I cannot tell which song is playing; say its name.",
    "不知道正在播放的是哪首，请说出歌名。",
)
_NOTHING_TO_PLAY = impossible(
    "nothing_to_play",
    "There is nothing to play yet; say a song, a station or a source.",
    "还没有可以播放的内容，请说出歌名、电台或音源。",
)
_LOUDEST = Note(Words("That is the loudest.", "已经是最大音量。"))
_SILENT = Note(Words("It is silent now.", "已经是最小音量。"))
_KEYS: dict[str, tuple[str, ...]] = {
    "song": ("title",),
    "artist": ("artist",),
    "album": ("album",),
    "genre": ("genre",),
    "playlist": ("playlists",),
}

FUNCTIONS: tuple[Function, ...] = (
    Function(PLAY, play, reads=(LIBRARY,)),
    Function(CONTROL, control),
    Function(SET_VOLUME, set_volume),
    Function(GET_INFO, get_info, reads=(LIBRARY,)),
    Function(LIBRARY_EDIT, library_edit, reads=(LIBRARY,)),
)
