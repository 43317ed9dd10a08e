"""What the family of media declares: arguments, actuators, words. What they mean: `media.py`."""

from edgewise.act.catalogue.media_examples import (
    CONTROL_EN,
    CONTROL_ZH,
    INFO_EN,
    INFO_ZH,
    LIBRARY_EN,
    LIBRARY_ZH,
    PLAY_EN,
    PLAY_ZH,
    VOLUME_EN,
    VOLUME_ZH,
)
from edgewise.act.catalogue.media_words import (
    ACTIONS,
    INFO_KINDS,
    KINDS,
    OPERATIONS,
    SOURCES,
    STREAMS,
)
from edgewise.act.catalogue.words import level_argument, zone_argument
from edgewise.core.capability import Argument, Capability, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.words import Words

MEDIA = "Vehicle.Cabin.Infotainment.Media"

NAVIGATION = "Vehicle.Cabin.Infotainment.Navigation"

EXTRA = "Vehicle.Edgewise.Media"

LIBRARY = "phone.library"

ACTION = f"{MEDIA}.Action"

VOLUMES = {
    "media": f"{MEDIA}.Volume",
    "navigation": f"{NAVIGATION}.Volume",
    "call": "Vehicle.Edgewise.Volume.Call",
    "assistant": "Vehicle.Edgewise.Volume.Assistant",
}

PLAYER = (
    Argument("player", Kind.TEXT, Words("player at home", "家中播放器"), maximum=100),
    Argument("area", Kind.TEXT, Words("room at home", "家中房间"), maximum=100),
)
"""Which of a home's players is meant; without one the device's own."""

PLAY = Capability(
    "media.play",
    Words("play music, radio or something named", "播放音乐、电台等"),
    Risk.REVERSIBLE,
    arguments=(
        Argument("query", Kind.TEXT, Words("what to play", "播放内容"), maximum=200),
        Argument("kind", Kind.CHOICE, Words("kind", "类型"), choices=KINDS),
        Argument("source", Kind.CHOICE, Words("source", "音源"), choices=SOURCES),
        zone_argument(third_row=False),
        *PLAYER,
    ),
    actuators=(f"{MEDIA}.SelectedURI", f"{MEDIA}.Played.Source", ACTION),
    undoable=True,
    time_to_live_s=5.0,
    rules=(14,),
    en=PLAY_EN,
    zh=PLAY_ZH,
    done=Words("Playing {data.said}.", "正在播放{data.said}。"),
    content=OriginKind.MEDIA,
)

CONTROL = Capability(
    "media.control",
    Words("pause, skip or wind", "播放控制"),
    Risk.REVERSIBLE,
    arguments=(
        Argument(
            "action",
            Kind.CHOICE,
            Words("action", "操作"),
            required=True,
            choices=ACTIONS,
        ),
        Argument("position", Kind.DURATION, Words("position", "位置"), maximum=86_400),
        *PLAYER,
    ),
    actuators=(ACTION, f"{EXTRA}.Position", f"{EXTRA}.Repeat", f"{EXTRA}.IsShuffle"),
    undoable=True,
    time_to_live_s=2.0,
    en=CONTROL_EN,
    zh=CONTROL_ZH,
    done=Words("Done: {data.said}.", "好的，{data.said}。"),
)

SET_VOLUME = Capability(
    "media.set_volume",
    Words("set the volume", "调节音量"),
    Risk.REVERSIBLE,
    arguments=(
        Argument(
            "stream",
            Kind.CHOICE,
            Words("sound", "声音"),
            choices=STREAMS,
            default="media",
        ),
        level_argument(Words("volume", "音量"), maximum=100),
        Argument(
            "delta",
            Kind.INTEGER,
            Words("volume change", "音量变化"),
            minimum=-100,
            maximum=100,
            relative=True,
        ),
        Argument("mute", Kind.BOOLEAN, Words("mute", "静音")),
        *PLAYER,
    ),
    one_of=(("level", "delta", "mute"),),
    actuators=(*VOLUMES.values(), f"{NAVIGATION}.Mute", f"{EXTRA}.IsMuted"),
    undoable=True,
    time_to_live_s=2.0,
    en=VOLUME_EN,
    zh=VOLUME_ZH,
    done=Words("{data.stream_name} volume {data.volume}.", "{data.stream_name}音量{data.volume}。"),
)

GET_INFO = Capability(
    "media.get_info",
    Words("tell what is playing", "查询正在播放什么"),
    Risk.READ,
    arguments=(
        Argument(
            "kind",
            Kind.CHOICE,
            Words("what to tell", "查询内容"),
            choices=INFO_KINDS,
            default="track",
        ),
    ),
    en=INFO_EN,
    zh=INFO_ZH,
    tells=Words("{data.said}", "{data.said}"),
    content=OriginKind.MEDIA,
)

LIBRARY_EDIT = Capability(
    "media.library_edit",
    Words("like a song or change a playlist", "收藏歌曲或编辑歌单"),
    Risk.REVERSIBLE,
    arguments=(
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            required=True,
            choices=OPERATIONS,
        ),
        Argument("item", Kind.TEXT, Words("song", "歌曲"), maximum=200),
        Argument("list", Kind.TEXT, Words("playlist", "歌单"), maximum=100),
    ),
    actuators=(f"{LIBRARY}.*",),
    undoable=True,
    en=LIBRARY_EN,
    zh=LIBRARY_ZH,
    done=Words("{data.said} {data.state}.", "{data.said}{data.state}。"),
    content=OriginKind.MEDIA,
)
