"""What is played: media whose arguments hang together in their own way, as in `shapes.py`."""

# ruff: noqa: E501  (a table of patterns is read by rows; broken rows cannot be compared)

import re
from collections.abc import Callable

from edgewise.core.regex import regex
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.shapes_car import Arguments

_GENERIC = regex(
    r"(?:some |a |any |the |my |me |more |good )*(?:music|songs?|tunes?|radio|podcasts?|audiobooks?|something|anything|videos?|movies?|it|playlist|favou?rites?|news)(?: songs?)?(?: (?:on|from|over|via|in) .*)?"
    r"|from .*|(?:点|个|一?首|一?些|一?下|我?收藏的?|我的?|最?近)*(?:音乐|歌曲?|歌儿|广播|收音机|电台|新闻|视频|电影|播客|有声书|评书|相声|最爱|蓝牙音乐|本地音乐|收藏|U盘里?的?(?:歌|音乐)?|调频|FM|蓝牙|USB)(?:听听?|吧|放放)*",
    re.IGNORECASE,
)
_SOURCE = regex(
    r"(?: (?:on|from|over|via|through) (?:spotify|bluetooth|my phone(?: over bluetooth)?|usb|the usb(?: stick)?|my phone))$",
    re.IGNORECASE,
)
_EDGE_EN = regex(
    r"^(?:me |us |some |the |a |my |an )*(?:(?:song|album|audiobook|movie|film|podcast|artist|band|playlist|track|video|music|songs|tracks|something|anything|a song)(?: (?:called|by|from|of|named))? )?",
    re.IGNORECASE,
)
_EDGE_TAIL = regex(
    r"(?: (?:playlist|album|songs?|music|podcast|audiobook|movie|in the (?:back|rear|front)|for me))+$",
    re.IGNORECASE,
)
_EDGE_ZH = regex(
    r"^(?:一?首|一?些|一?下|点|个|我的|歌手|歌曲|歌|电影|有声书|专辑|电视剧|动画片|视频|播客|音乐|小说)+(?=.)"
)
_TAIL_ZH = regex(r"(?:这张专辑|这首歌|这部电影|的?歌单|的(?:歌曲?|音乐|专辑)|专辑|听听|音乐|歌曲)$")


def _play(arguments: Arguments, plain: str) -> Arguments:
    query, kind = arguments.get("query"), arguments.get("kind")
    if kind == "favourites" or not isinstance(query, str):
        arguments.pop("query", None)
        return _source(arguments, plain)
    query = _SOURCE.sub("", query)
    if '"' in query or f'"{query.lower()}"' in plain:
        arguments["query"] = query.replace('"', "").strip()
        return _source(arguments, plain)
    if _GENERIC.fullmatch(query):
        arguments.pop("query", None)
        if arguments.get("kind") in ("song", "artist"):
            arguments.pop("kind")
        return _source(arguments, plain)
    shorter = _EDGE_TAIL.sub("", _EDGE_EN.sub("", query)) if query.isascii() else query
    if not query.isascii():
        shorter = _TAIL_ZH.sub("", _EDGE_ZH.sub("", query))
        if kind == "genre" and shorter.endswith("乐"):
            shorter = shorter[:-1]
    if shorter.strip():
        arguments["query"] = shorter.strip()
    return _source(arguments, plain)


def _source(arguments: Arguments, plain: str) -> Arguments:
    source = arguments.get("source")
    if (
        arguments.get("kind") == "radio"
        and source in ("fm", "am")
        and not re.search(r"\bfm|\bam\b|调频|调幅", plain)
    ):
        del arguments["source"]
    return arguments


_THIS = regex(
    r"(?:this|that|the|current)(?: (?:song|track|one|album|music))?|it|这首?歌?|这首歌曲|这个|当前歌曲|当前的?歌",
    re.IGNORECASE,
)


def _library(arguments: Arguments, plain: str) -> Arguments:
    item, name = arguments.get("item"), arguments.get("list")
    if isinstance(item, str) and _THIS.fullmatch(item):
        del arguments["item"]
    if arguments.get("op") in ("like", "unlike") or name in (
        "favorites",
        "favourites",
        "收藏",
        "我的收藏",
        "library",
    ):
        arguments.pop("list", None)
    if isinstance(name, str) and "list" in arguments:
        arguments["list"] = (
            re.sub(r"^(?:my|the) | playlist$|歌单(?:里|中)?$|^我的", "", name).strip() or name
        )
    return arguments


def _playback(arguments: Arguments, plain: str) -> Arguments:
    if arguments.get("action") == "shuffle_on" and read_polarity(plain).on is False:
        arguments["action"] = "shuffle_off"
    if arguments.get("action") == "play" and read_polarity(plain).negated:
        arguments["action"] = "stop"
    if arguments.get("action") not in ("seek", "forward", "rewind"):
        arguments.pop("position", None)
    return arguments


MEDIA_SHAPES: dict[str, Callable[[Arguments, str], Arguments]] = {
    "media.play": _play,
    "media.library_edit": _library,
    "media.control": _playback,
}
