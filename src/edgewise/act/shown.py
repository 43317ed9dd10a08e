"""What a value brings onto a screen, as classes: rules 14 to 16 and 20.

Allow-lists: an app is believed to be harmless at the wheel only if its kind stands here, an address
to be sound alone only if its scheme or its ending says so. Everything else counts as moving
pictures, an app of an unknown kind as a set-up screen besides. Which target is read by which:
`act/exposure.py`; what each class is on a screen: `act/facts.py`.
"""

import re
from collections.abc import Iterable

from edgewise.act.classify import fields
from edgewise.core.call import Effect
from edgewise.core.signal import JsonValue, Snapshot

VIDEO = "video"
_MEDIA = "Vehicle.Cabin.Infotainment.Media."
_OPENS = ("app.open", "screen.overlay")
"""Whatever app comes up covers what was there, in reverse the rear image (rule 20)."""
_READ, _TYPED = "screen.text", "screen.keyboard"
_BY_KIND: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("audio", "map", "clock", "weather"), ()),
    **dict.fromkeys(("video", "camera", "photos"), (VIDEO,)),
    **dict.fromkeys(("chat", "mail"), (_READ,)),
    "tool": (_TYPED,),
    "browser": (VIDEO, _READ, _TYPED),
    "game": ("game",),
    "phone": ("screen.dialpad",),
    "settings": ("screen.setup",),
}
"""Kinds of apps (`kind` of a row of `phone.apps`). A tool may be a calculator or a notebook."""
_UNKNOWN_APP = (VIDEO, "screen.setup")
_SOUND_SOURCES = ("UNKNOWN", "SIRIUS_XM", "AM", "FM", "DAB", "CD", "AUX", "USB", "BLUETOOTH",
                  "INTERNET", "VOICE", "BEEP")  # fmt: skip
"""VSS 6.0, Media.Played.Source, without TV, DVD and DISK."""
_SOUND_KINDS = (None, "song", "music", "radio", "podcast", "audiobook")
_SOUND_ENDS = (".mp3", ".m4a", ".aac", ".flac", ".ogg", ".oga", ".opus", ".wav", ".pls", ".m3u")
_FILES = ("http", "https", "file", "")
_LIBRARY = "library"
"""The phone's own library; `media.play` claims `video` for a film in it."""
_PLAYER_FIELDS = {"id", "kind", "uri", "title", "artist", "album", "state", "position_s"}


def screen(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """The app in front; `None`: none."""
    if value is None:
        return ("app.open",)
    row = fields(value)
    if row is None or not set(row) <= {"app", "kind"}:
        return (*_OPENS, *_UNKNOWN_APP)
    kind = row.get("kind")
    known = kind.strip().casefold() if isinstance(kind, str) else ""
    return (*_OPENS, *_BY_KIND.get(known, _UNKNOWN_APP))


def player(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """A player's row, or an address alone."""
    row = fields(value)
    if row is None:
        return address(value, None)
    sound = row.get("kind") in _SOUND_KINDS and set(row) <= _PLAYER_FIELDS
    return address(row.get("uri"), None) if sound else ("media.set", VIDEO)


def address(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    """What is played, by its URI; empty or `None`: nothing."""
    if value is None or value == "" or (isinstance(value, str) and _is_sound(value)):
        return ("media.set",)
    return ("media.set", VIDEO)


def source(value: JsonValue, _present: JsonValue) -> tuple[str, ...]:
    return ("media.set",) if value in _SOUND_SOURCES else ("media.set", VIDEO)


def played_on(effects: Iterable[Effect], snapshot: Snapshot) -> frozenset[str]:
    """`video` where a batch lets the player go on with what is no sound: a film that was chosen
    while parked is not resumed on the road (rule 14)."""
    goes_on = any(
        e.target == _MEDIA + "Action" and e.value not in ("STOP", "PAUSE") for e in effects
    )
    if not goes_on:
        return frozenset()
    now = {e.target: e.value for e in effects}
    uri, origin = (
        now.get(_MEDIA + name, snapshot.get(_MEDIA + name))
        for name in ("SelectedURI", "Played.Source")
    )
    chosen = address(uri, None) if uri else source(origin, None)
    return frozenset(chosen) & {VIDEO}


def _is_sound(uri: str) -> bool:
    plain = uri.strip().casefold()
    scheme, colon, rest = plain.partition(":")
    if not colon:
        scheme, rest = "", plain
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    if scheme == _LIBRARY:
        return re.fullmatch(r"\w+", rest) is not None
    return scheme in _FILES and path.endswith(_SOUND_ENDS)
