"""How people name sources, streams, kinds and actions of music and radio."""

from edgewise.core.capability import Choice
from edgewise.core.words import Words

KINDS = (
    Choice(
        "song",
        Words("song", "歌曲"),
        ("song", "track", "music", "tune"),
        ("歌", "歌曲", "音乐", "首"),
    ),
    Choice(
        "artist", Words("artist", "歌手"), ("artist", "singer", "band"), ("歌手", "乐队", "演唱者")
    ),
    Choice("album", Words("album", "专辑"), ("album", "record"), ("专辑",)),
    Choice("playlist", Words("playlist", "歌单"), ("playlist", "list"), ("歌单", "榜单", "列表")),
    Choice("genre", Words("genre", "风格"), ("genre", "style"), ("风格", "流派", "类型")),
    Choice(
        "radio",
        Words("radio", "电台"),
        ("radio", "station", "radio station"),
        ("电台", "广播", "收音机"),
    ),
    Choice("podcast", Words("podcast", "播客"), ("podcast", "episode"), ("播客", "节目")),
    Choice(
        "audiobook", Words("audiobook", "有声书"), ("audiobook", "book"), ("有声书", "听书", "评书")
    ),
    Choice("video", Words("video", "视频"), ("video", "movie", "film"), ("视频", "电影", "电视剧")),
    Choice(
        "favourites",
        Words("favourites", "收藏"),
        ("favourites", "favorites", "liked songs"),
        ("收藏", "我喜欢的", "最爱"),
    ),
    Choice("feature_film", Words("feature film", "影片")),
    Choice("tv_show", Words("TV show", "剧集")),
)
SOURCES = (
    Choice(
        "bluetooth", Words("Bluetooth", "蓝牙音乐"), ("bluetooth", "my phone"), ("蓝牙", "手机")
    ),
    Choice("usb", Words("USB", "USB音乐"), ("usb", "usb stick"), ("USB", "U盘", "优盘")),
    Choice("fm", Words("FM radio", "调频电台"), ("fm", "fm radio"), ("FM", "调频", "收音机")),
    Choice("am", Words("AM radio", "调幅电台"), ("am", "am radio"), ("AM", "调幅")),
    Choice(
        "dab", Words("digital radio", "数字电台"), ("dab", "digital radio"), ("DAB", "数字电台")
    ),
    Choice(
        "online",
        Words("online music", "在线音乐"),
        ("online", "streaming", "internet"),
        ("在线", "网络"),
    ),
    Choice("aux", Words("AUX", "AUX"), ("aux", "line in"), ("AUX",)),
)
SOURCE_SIGNALS = {
    "bluetooth": "BLUETOOTH",
    "usb": "USB",
    "fm": "FM",
    "am": "AM",
    "dab": "DAB",
    "online": "INTERNET",
    "aux": "AUX",
}
ACTIONS = (
    Choice("play", Words("playing", "继续播放"), ("play", "resume", "continue"), ("播放", "继续")),
    Choice("pause", Words("paused", "已暂停"), ("pause", "hold"), ("暂停", "停一下")),
    Choice("stop", Words("stopped", "已停止播放"), ("stop", "end"), ("停止", "关掉", "不听了")),
    Choice("next", Words("next track", "下一首"), ("next", "skip"), ("下一首", "换一首", "切歌")),
    Choice(
        "previous",
        Words("previous track", "上一首"),
        ("previous", "last", "back"),
        ("上一首", "前一首"),
    ),
    Choice("forward", Words("forward", "快进"), ("forward", "fast forward"), ("快进", "往后")),
    Choice("rewind", Words("rewind", "快退"), ("rewind", "backward"), ("快退", "倒回", "往前")),
    Choice(
        "seek", Words("new position", "已跳转"), ("seek", "jump", "skip to"), ("跳到", "定位到")
    ),
    Choice(
        "repeat_one", Words("repeating this one", "单曲循环"), ("repeat one", "loop"), ("单曲循环",)
    ),
    Choice(
        "repeat_all", Words("repeating all", "列表循环"), ("repeat all",), ("列表循环", "顺序循环")
    ),
    Choice(
        "repeat_off", Words("repeat off", "已关闭循环"), ("repeat off",), ("关闭循环", "取消循环")
    ),
    Choice(
        "shuffle_on", Words("shuffle on", "随机播放"), ("shuffle", "random"), ("随机播放", "随机")
    ),
    Choice(
        "shuffle_off",
        Words("shuffle off", "已关闭随机播放"),
        ("shuffle off", "in order"),
        ("顺序播放",),
    ),
)
STREAMS = (
    Choice(
        "media",
        Words("media", "媒体"),
        ("media", "music", "radio", "sound"),
        ("媒体", "音乐", "声音"),
    ),
    Choice(
        "navigation",
        Words("navigation", "导航"),
        ("navigation", "guidance", "nav"),
        ("导航", "播报"),
    ),
    Choice("call", Words("call", "通话"), ("call", "phone", "calls"), ("通话", "电话")),
    Choice(
        "assistant",
        Words("assistant", "语音助手"),
        ("assistant", "your voice", "voice", "yourself"),
        ("语音", "助手", "你的声音", "说话"),
    ),
)
INFO_KINDS = (
    Choice(
        "track", Words("playing", "正在播放"), ("song", "track", "title"), ("歌", "歌名", "什么歌")
    ),
    Choice("artist", Words("artist", "歌手"), ("artist", "singer", "who"), ("谁唱的", "歌手")),
    Choice("album", Words("album", "专辑"), ("album",), ("专辑", "哪张专辑")),
    Choice("volume", Words("volume", "音量"), ("volume", "how loud"), ("音量", "声音多大")),
    Choice("source", Words("source", "音源"), ("source", "station"), ("音源", "来源")),
)
OPERATIONS = (
    Choice(
        "like", Words("liked", "已收藏"), ("like", "love", "favourite", "save"), ("收藏", "喜欢")
    ),
    Choice(
        "unlike",
        Words("no longer liked", "已取消收藏"),
        ("unlike", "dislike"),
        ("取消收藏", "不喜欢"),
    ),
    Choice("add", Words("added", "已加入歌单"), ("add", "put on"), ("添加", "加到", "加入")),
    Choice(
        "remove", Words("taken off", "已移出歌单"), ("remove", "take off"), ("移除", "删掉", "移出")
    ),
)

GENRES = (
    ("jazz", "爵士", "爵士乐"),
    ("rock", "摇滚", "摇滚乐"),
    ("pop", "流行", "流行乐"),
    ("folk", "民谣"),
    ("piano", "钢琴", "钢琴曲"),
    ("classical", "古典", "古典乐"),
    ("country", "乡村", "乡村音乐"),
    ("electronic", "电子", "电子乐"),
    ("children", "儿歌", "儿童", "kids", "children's songs"),
    ("light", "轻音乐"),
    ("soul", "灵魂乐"),
    ("rap", "hip hop", "说唱", "嘻哈"),
    ("news", "新闻"),
)
"""Names of one genre in both languages: a library may use either."""
